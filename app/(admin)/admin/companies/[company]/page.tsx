/** One company: its plan, who belongs to it, what is its own. */
import type { Metadata } from "next";
import { z } from "zod";
import type { SearchParams } from "@/app/(portal)/settings/list-query";
import { CompanyApps, CompanyPeople } from "@/components/company-people";
import { CompanyStanding } from "@/components/company-standing";
import { Facts } from "@/components/facts";
import { PlanBadge } from "@/components/plan-badge";
import { RecentAudit } from "@/components/recent-audit";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Logo } from "@/components/ui/logo";
import { Moment } from "@/components/ui/moment";
import { Note } from "@/components/ui/note";
import { PageHead } from "@/components/ui/page-head";
import { listAuditLog } from "@/lib/db/audit-log";
import { runtime } from "@/lib/server/runtime";
import * as actions from "./actions";
import { type CompanyParams, loadCompany } from "./load-company";

export async function generateMetadata({ params }: CompanyParams): Promise<Metadata> {
  const { company } = await loadCompany((await params).company);
  return { title: company.name };
}

/** Events on the page. */
const FEW = 5;

const query = z.object({ welcome: z.literal("1").optional().catch(undefined) });

export default async function CompanyPage({
  params,
  searchParams,
}: CompanyParams & { searchParams: SearchParams }) {
  const { company } = await loadCompany((await params).company);
  const { welcome } = query.parse(await searchParams);
  const { events } = await listAuditLog(runtime().db, { companyId: company.id }, { limit: FEW });
  const count = (number: number) => number.toLocaleString("en-GB");
  return (
    <>
      <Breadcrumbs trail={[{ href: "/admin/companies", label: "Companies" }]} here={company.name} />
      <PageHead
        title={company.name}
        picture={<Logo name={company.name} src={null} size="lg" />}
        text={<code className="wrap-anywhere font-mono text-sm">{company.id}</code>}
        aside={<PlanBadge apiAccess={company.apiAccess} />}
      />
      <div className="grid grid-cols-1 gap-5">
        {welcome && (
          <Note role="status">A letter is on its way to its owner, with a link to choose a password.</Note>
        )}
        <Facts
          facts={[
            { title: "Members", value: count(company.members) },
            { title: "Apps", value: count(company.apps.length), note: "of its own" },
            { title: "Projects", value: count(company.projects) },
            { title: "Created", value: <Moment at={company.createdAt} style="date" /> },
          ]}
        />
        <CompanyPeople company={company} />
        <CompanyApps company={company} />
        <CompanyStanding
          company={company}
          actions={{ rename: actions.renameOne, include: actions.includeApi, exclude: actions.excludeApi }}
        />
        <RecentAudit events={events} href={`/admin/audit?${new URLSearchParams({ company: company.id })}`} />
      </div>
    </>
  );
}
