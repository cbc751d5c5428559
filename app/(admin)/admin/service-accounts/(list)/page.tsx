/** The installation's service accounts. */
import { Bot, Plus, SearchX } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { listHref, listQuery, type SearchParams } from "@/app/(portal)/settings/list-query";
import { ServiceAccountList } from "@/components/service-account-list";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Icon } from "@/components/ui/icon";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { SearchField } from "@/components/ui/search-field";
import { listServiceAccounts } from "@/lib/db/service-accounts";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";

export const metadata: Metadata = { title: "Service accounts" };

const path = "/admin/service-accounts";

export default async function ServiceAccountsPage({ searchParams }: { searchParams: SearchParams }) {
  const { q, after } = await listQuery(searchParams);
  const user = await requireAdmin(listHref(path, { q, after }));
  const { accounts, next } = await listServiceAccounts(runtime().db, user.id, {
    search: q || undefined,
    after,
  });
  const none = accounts.length === 0 && !q && !after;
  return (
    <>
      <PageHead
        title="Service accounts"
        text="For programs that work on their own: they belong to a company and to nobody in particular."
      />
      {none ? (
        <EmptyState
          heading="h2"
          icon={Bot}
          title="No service accounts yet"
          text="Make one for a program that runs without a person: it gets an API Key, and works for one company."
          action={<CreateLink />}
        />
      ) : (
        <>
          <div className="mb-4 grid gap-3 sm:flex sm:justify-between">
            <SearchField action={path} label="Search service accounts" value={q} />
            <CreateLink />
          </div>
          {accounts.length > 0 ? <ServiceAccountList accounts={accounts} /> : <NoMatch q={q} />}
          <Pagination
            start={after ? listHref(path, { q }) : null}
            next={next && listHref(path, { q, after: next })}
          />
        </>
      )}
    </>
  );
}

function CreateLink() {
  return (
    <Link href={`${path}/new`} className={buttonClass({ variant: "primary" })}>
      <Icon of={Plus} /> Create service account
    </Link>
  );
}

function NoMatch({ q }: { q: string }) {
  return (
    <EmptyState
      heading="h2"
      icon={SearchX}
      title={q ? `Nothing matches “${q}”` : "Nothing more"}
      text="Search looks at names and usernames, and at whole API Keys."
      action={
        <Link href={path} className={buttonClass()}>
          Show all
        </Link>
      }
    />
  );
}
