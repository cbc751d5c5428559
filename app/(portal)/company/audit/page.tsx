/** What was done in the company, for its owners and auth managers. */
import { ScrollText } from "lucide";
import type { Metadata } from "next";
import { AuditFilters } from "@/components/audit-filters";
import { AuditTable } from "@/components/audit-table";
import { NotForMembers } from "@/components/company-refusal";
import { NoCompany } from "@/components/no-company";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { limits } from "@/latchkey.config";
import { findActorId, listCompanyAuditLog } from "@/lib/db/audit-log";
import type { Standing } from "@/lib/db/company-roles";
import { type AuditQuery, auditQuery, toSearch } from "@/lib/server/audit-query";
import { runtime } from "@/lib/server/runtime";
import { listHref, listQuery, type SearchParams } from "../../settings/list-query";
import { loadCompany } from "../load-company";

export const metadata: Metadata = { title: "Company audit log" };

const path = "/company/audit";

/** What happens in companies. */
const kinds = [
  "app",
  "maintainer",
  "policy",
  "redirects",
  "secret",
  "credential",
  "token",
  "consent",
  "company",
  "member",
  "invitation",
  "service_account",
  "webhook",
];

export default async function CompanyAuditPage({ searchParams }: { searchParams: SearchParams }) {
  const asked = auditQuery.company.parse(await searchParams);
  const { after } = await listQuery(searchParams);
  const { user, company } = await loadCompany(listHref(path, { ...asked, after }));
  return (
    <>
      <PageHead
        title="Company audit log"
        text={`Who did what${company ? ` in ${company.name}` : ""}, kept for ${Math.round(limits.auditDays / 365)} years.`}
      />
      {!company && <NoCompany />}
      {company && !company.manages && <NotForMembers company={company} what="the audit log" />}
      {company?.manages && <Log userId={user.id} company={company} asked={asked} after={after} />}
    </>
  );
}

interface LogProps {
  userId: string;
  company: Standing;
  asked: AuditQuery<"company">;
  after: string | undefined;
}

async function Log({ userId, company, asked, after }: LogProps) {
  const { db } = runtime();
  const { actor, person, app, ...rest } = toSearch(asked);
  // An address nobody has filters everything away, as one does that did nothing here.
  const actorId = actor ?? (person ? ((await findActorId(db, person)) ?? "") : undefined);
  const filters = { actorId, appId: app, ...rest };
  const { events, next } = await listCompanyAuditLog(db, userId, company.id, filters, { after });
  const { actor: who, app: which } = events[0] ?? {};
  return (
    <>
      <AuditFilters
        path={path}
        values={asked}
        chosen={{ actor: who?.name ?? undefined, app: which?.name ?? undefined }}
        kinds={kinds}
      />
      {events.length > 0 ? (
        <AuditTable
          caption={`What was done in ${company.name}`}
          events={events}
          personHref={(id) => listHref(path, { actor: id })}
          appHref={(id) => listHref(path, { app: id })}
        />
      ) : (
        <EmptyState
          heading="h2"
          icon={ScrollText}
          title={Object.values(asked).some(Boolean) || after ? "Nothing fits" : "Nothing happened yet"}
          text="Changes of members, apps, credentials and tokens of the company are written down here."
        />
      )}
      <Pagination
        start={after ? listHref(path, asked) : null}
        next={next && listHref(path, { ...asked, after: next })}
      />
    </>
  );
}
