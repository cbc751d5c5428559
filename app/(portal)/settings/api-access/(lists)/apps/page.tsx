/** A developer's own apps. */
import { Blocks, Plus, SearchX } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { AppList } from "@/components/app-list";
import { ListHead } from "@/components/list-head";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Icon } from "@/components/ui/icon";
import { Pagination } from "@/components/ui/pagination";
import { SearchField } from "@/components/ui/search-field";
import { brand } from "@/latchkey.config";
import { listApps } from "@/lib/db/apps";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { listHref, listQuery, type SearchParams } from "../../../list-query";

export const metadata: Metadata = { title: "Developer apps" };

const path = "/settings/api-access/apps";

export default async function AppsPage({ searchParams }: { searchParams: SearchParams }) {
  const { q, after } = await listQuery(searchParams);
  const user = await requireUser(listHref(path, { q, after }));
  const { apps, next } = await listApps(runtime().db, user.id, { search: q || undefined, after });
  const none = apps.length === 0 && !q && !after;
  return (
    <section aria-labelledby="apps">
      <ListHead
        id="apps"
        title="Developer apps"
        text={`Apps you make, so that people can use their ${brand.name} account with them.`}
      />
      {none ? (
        <EmptyState
          icon={Blocks}
          title="Nothing made yet"
          text="Register what you build: it gets a client ID, and people can allow it to reach their data."
          action={<CreateAppLink />}
        />
      ) : (
        <>
          <div className="mb-4 flex justify-between gap-3">
            <SearchField action={path} label="Search apps" value={q} />
            <CreateAppLink />
          </div>
          {apps.length > 0 ? <AppList apps={apps} /> : <NoMatch q={q} />}
          <Pagination
            start={after ? listHref(path, { q }) : null}
            next={next && listHref(path, { q, after: next })}
          />
        </>
      )}
    </section>
  );
}

function CreateAppLink() {
  return (
    <Link href={`${path}/new`} className={buttonClass({ variant: "primary" })}>
      <Icon of={Plus} /> Create app
    </Link>
  );
}

function NoMatch({ q }: { q: string }) {
  return (
    <EmptyState
      icon={SearchX}
      title={q ? `Nothing matches “${q}”` : "Nothing more"}
      text="Search looks at names, and at whole client IDs."
      action={
        <Link href={path} className={buttonClass()}>
          Show all
        </Link>
      }
    />
  );
}
