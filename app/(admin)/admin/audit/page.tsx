/** The audit log of the installation: who did what, when, to whom and to what. */
import { Download, ScrollText } from "lucide";
import type { Metadata } from "next";
import { listHref, listQuery, type SearchParams } from "@/app/(portal)/settings/list-query";
import { AuditFilterForm } from "@/components/audit-filter-form";
import { AuditTable } from "@/components/audit-table";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Icon } from "@/components/ui/icon";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { listAuditLog, resolveAudit } from "@/lib/db/audit-log";
import { auditQuery, toSearch } from "@/lib/server/audit-query";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";

export const metadata: Metadata = { title: "Audit log" };

const path = "/admin/audit";

export default async function AuditPage({ searchParams }: { searchParams: SearchParams }) {
  const asked = auditQuery.installation.parse(await searchParams);
  const { after } = await listQuery(searchParams);
  await requireAdmin(listHref(path, { ...asked, after }));
  const { db } = runtime();
  const filters = await resolveAudit(db, toSearch(asked));
  const { events, next } = filters ? await listAuditLog(db, filters, { after }) : { events: [], next: null };
  return (
    <>
      <PageHead
        title="Audit log"
        text="Who did what, newest first. Nothing in it is ever changed; old events leave by themselves."
        aside={
          // A plain link: a file is not a page that could be fetched ahead.
          <a href={listHref("/admin/audit.csv", asked)} download className={buttonClass()}>
            <Icon of={Download} /> Export CSV
          </a>
        }
      />
      <AuditFilterForm path={path} asked={asked} />
      {events.length > 0 ? (
        <AuditTable
          caption="Audit log"
          events={events}
          personHref={(id) => `/admin/users/${id}`}
          appHref={(id) => `/admin/apps/${id}`}
          companyHref={(id) => `/admin/companies/${id}`}
        />
      ) : (
        <EmptyState
          heading="h2"
          icon={ScrollText}
          title="Nothing fits"
          text="Nothing of this kind has happened, or nobody and nothing here is called that."
        />
      )}
      <Pagination
        start={after ? listHref(path, asked) : null}
        next={next && listHref(path, { ...asked, after: next })}
      />
    </>
  );
}
