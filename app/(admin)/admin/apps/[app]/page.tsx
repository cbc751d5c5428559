/** One app of whomever: its use, its registration, its policy and secrets, and what can be done about it. */
import type { Metadata } from "next";
import Link from "next/link";
import { AdminAppSecrets } from "@/components/admin-app-secrets";
import { AdminAppStanding } from "@/components/admin-app-standing";
import { AppBadges } from "@/components/app-badges";
import { AppFacts } from "@/components/app-facts";
import { kindWords, logoSrc } from "@/components/app-words";
import { Facts } from "@/components/facts";
import { PolicySummary } from "@/components/policy-summary";
import { RecentAudit } from "@/components/recent-audit";
import { RegistrationNote } from "@/components/registration-note";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Card, CardHead } from "@/components/ui/card";
import { Logo } from "@/components/ui/logo";
import { Moment } from "@/components/ui/moment";
import { Note } from "@/components/ui/note";
import { PageHead } from "@/components/ui/page-head";
import type { AnyAppDetail } from "@/lib/db/all-apps";
import { listAuditLog } from "@/lib/db/audit-log";
import { presets } from "@/lib/oauth/presets";
import { describePolicy } from "@/lib/oauth/switches";
import { runtime } from "@/lib/server/runtime";
import * as actions from "./actions";
import { type AppParams, loadApp } from "./load-app";

/** Events on the page. */
const FEW = 5;

export async function generateMetadata({ params }: AppParams): Promise<Metadata> {
  const { app } = await loadApp((await params).app);
  return { title: app.name };
}

export default async function AdminAppPage({ params }: AppParams) {
  const { app } = await loadApp((await params).app);
  const { events } = await listAuditLog(runtime().db, { appId: app.id }, { limit: FEW });
  return (
    <>
      <Breadcrumbs trail={[{ href: "/admin/apps", label: "Apps" }]} here={app.name} />
      <PageHead
        title={app.name}
        picture={<Logo name={app.name} src={logoSrc(app.logoId)} size="lg" />}
        text={<OwnedBy app={app} />}
        aside={<AppBadges {...app} />}
      />
      {app.status === "pending" ? (
        <div className="mb-5">
          <Note tone="warn">
            It waits for a decision, which is made in{" "}
            <Link href="/admin/apps?show=waiting" className="font-medium underline underline-offset-4">
              the queue
            </Link>
            .
          </Note>
        </div>
      ) : (
        <RegistrationNote app={app} />
      )}
      <div className="grid grid-cols-1 gap-5">
        <Facts
          facts={[
            { title: "People", value: app.people.toLocaleString("en-GB"), note: "have allowed it" },
            {
              title: "Tokens",
              value: app.liveTokens.toLocaleString("en-GB"),
              note: app.status === "active" ? "work now" : "do not work",
            },
            { title: "Last used", value: app.lastUsedAt ? <Moment at={app.lastUsedAt} /> : "Never" },
            { title: "Created", value: <Moment at={app.createdAt} style="date" /> },
          ]}
        />
        <Card>
          <CardHead title="Registration" text={kindWords[app.kind]} />
          <AppFacts app={app} />
        </Card>
        <Card>
          <CardHead title="Policy" text={`Preset: ${presets[app.policy.preset].label}`} />
          <PolicySummary lines={describePolicy(app.policy)} />
        </Card>
        <AdminAppSecrets app={app} />
        <AdminAppStanding
          app={app}
          actions={{
            suspend: actions.suspendOne,
            resume: actions.resumeOne,
            verify: actions.verifyOne,
            unverify: actions.unverifyOne,
            transfer: actions.transferOne,
            remove: actions.deleteOne,
          }}
        />
        <RecentAudit events={events} href={`/admin/audit?${new URLSearchParams({ app: app.id })}`} />
      </div>
    </>
  );
}

function OwnedBy({ app: { owner } }: { app: AnyAppDetail }) {
  const where = owner.type === "company" ? "companies" : "users";
  return (
    <span className="text-faint text-sm">
      Owned by {owner.type === "company" && "the company "}
      <Link
        href={`/admin/${where}/${owner.id}`}
        className="text-soft underline underline-offset-4 hover:text-ink"
      >
        {owner.name}
      </Link>
    </span>
  );
}
