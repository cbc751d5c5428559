/** The apps a company owns, for who maintains them. */
import { Blocks, Plus, SearchX } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { AppList } from "@/components/app-list";
import { NoCompany } from "@/components/no-company";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Icon } from "@/components/ui/icon";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { SearchField } from "@/components/ui/search-field";
import { listApps } from "@/lib/db/apps";
import type { Standing } from "@/lib/db/company-roles";
import { runtime } from "@/lib/server/runtime";
import { listHref, listQuery, type SearchParams } from "../../settings/list-query";
import { loadCompany } from "../load-company";

export const metadata: Metadata = { title: "Company apps" };

const path = "/company/apps";

export default async function CompanyAppsPage({ searchParams }: { searchParams: SearchParams }) {
  const { q, after } = await listQuery(searchParams);
  const { user, company } = await loadCompany(listHref(path, { q, after }));
  return (
    <>
      <PageHead
        title="Company apps"
        text={
          company
            ? `Apps that belong to ${company.name}: its owners and auth managers maintain them all, and whoever they name.`
            : "Apps that belong to a company."
        }
      />
      {company ? <Apps userId={user.id} company={company} q={q} after={after} /> : <NoCompany />}
    </>
  );
}

interface AppsProps {
  userId: string;
  company: Standing;
  q: string;
  after: string | undefined;
}

async function Apps({ userId, company, q, after }: AppsProps) {
  const query = { companyId: company.id, search: q || undefined, after };
  const { apps, next } = await listApps(runtime().db, userId, query);
  if (apps.length === 0 && !q && !after) return <None company={company} />;
  return (
    <>
      <div className="mb-4 flex justify-between gap-3">
        <SearchField action={path} label="Search apps" value={q} />
        {company.manages && <CreateAppLink />}
      </div>
      {apps.length > 0 ? <AppList apps={apps} inCompany heading="h2" /> : <NoMatch q={q} />}
      <Pagination
        start={after ? listHref(path, { q }) : null}
        next={next && listHref(path, { q, after: next })}
      />
    </>
  );
}

function CreateAppLink() {
  return (
    <Link href={`${path}/new`} className={buttonClass({ variant: "primary" })}>
      <Icon of={Plus} /> Create app
    </Link>
  );
}

function None({ company }: { company: Standing }) {
  return company.manages ? (
    <EmptyState
      heading="h2"
      icon={Blocks}
      title="No apps yet"
      text="An app of the company stays when the person who made it leaves. You can also transfer one of your own, on its page."
      action={<CreateAppLink />}
    />
  ) : (
    <EmptyState
      heading="h2"
      icon={Blocks}
      title="You maintain none of the company's apps"
      text={`Owners and auth managers make them, and name who maintains them: ${whom(company)}.`}
    />
  );
}

/** The first of those who can help. */
function whom({ managers }: Standing): string {
  const names = managers.slice(0, 3).map(({ name }) => name);
  return names.length > 0 ? `ask ${names.join(" or ")}` : "contact support";
}

function NoMatch({ q }: { q: string }) {
  return (
    <EmptyState
      heading="h2"
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
