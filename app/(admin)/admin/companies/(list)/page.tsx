/** The companies of the installation. */
import { Building, Plus, SearchX } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { listHref, listQuery, type SearchParams } from "@/app/(portal)/settings/list-query";
import { CompanyList } from "@/components/company-list";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Icon } from "@/components/ui/icon";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { SearchField } from "@/components/ui/search-field";
import { listCompanies } from "@/lib/db/all-companies";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";

export const metadata: Metadata = { title: "Companies" };

const path = "/admin/companies";

export default async function CompaniesPage({ searchParams }: { searchParams: SearchParams }) {
  const { q, after } = await listQuery(searchParams);
  const admin = await requireAdmin(listHref(path, { q, after }));
  const { companies, next } = await listCompanies(runtime().db, admin.id, { search: q || undefined, after });
  return (
    <>
      <PageHead
        title="Companies"
        text="The organisations people belong to, and whether their plan includes the API."
        aside={
          <Link href={`${path}/new`} className={buttonClass({ variant: "primary" })}>
            <Icon of={Plus} /> Create company
          </Link>
        }
      />
      <div className="mb-4">
        <SearchField action={path} label="Search companies" value={q} />
      </div>
      {companies.length > 0 ? <CompanyList companies={companies} /> : <Nothing q={q} />}
      <Pagination
        start={after ? listHref(path, { q }) : null}
        next={next && listHref(path, { q, after: next })}
      />
    </>
  );
}

function Nothing({ q }: { q: string }) {
  return q ? (
    <EmptyState
      heading="h2"
      icon={SearchX}
      title={`Nothing matches “${q}”`}
      text="Search looks at how names begin."
    />
  ) : (
    <EmptyState
      heading="h2"
      icon={Building}
      title="No companies yet"
      text="Make one with its first owner, who invites the others."
    />
  );
}
