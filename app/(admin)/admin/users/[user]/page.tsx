/** One person: who they are, where they belong, what is theirs, and what can be done about them. */
import type { Metadata } from "next";
import { z } from "zod";
import type { SearchParams } from "@/app/(portal)/settings/list-query";
import { Facts } from "@/components/facts";
import { RecentAudit } from "@/components/recent-audit";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Logo } from "@/components/ui/logo";
import { Moment } from "@/components/ui/moment";
import { Note } from "@/components/ui/note";
import { PageHead } from "@/components/ui/page-head";
import { UserBadges } from "@/components/user-badges";
import { UserApps, UserCompanies, UserSessions } from "@/components/user-belongings";
import { UserStanding } from "@/components/user-standing";
import type { UserDetail } from "@/lib/db/all-users";
import { listAuditLog } from "@/lib/db/audit-log";
import { runtime } from "@/lib/server/runtime";
import * as actions from "./actions";
import { loadUser, type UserParams } from "./load-user";

export async function generateMetadata({ params }: UserParams): Promise<Metadata> {
  const { user } = await loadUser((await params).user);
  return { title: user.name };
}

/** Events on the page. */
const FEW = 5;

const query = z.object({ welcome: z.literal("1").optional().catch(undefined) });

export default async function UserPage({
  params,
  searchParams,
}: UserParams & { searchParams: SearchParams }) {
  const { user } = await loadUser((await params).user);
  const { welcome } = query.parse(await searchParams);
  const { events } = await listAuditLog(runtime().db, { personId: user.id }, { limit: FEW });
  return (
    <>
      <Breadcrumbs trail={[{ href: "/admin/users", label: "Users" }]} here={user.name} />
      <PageHead
        title={user.name}
        picture={<Logo name={user.name} src={null} size="lg" />}
        text={<span className="wrap-anywhere">{user.email}</span>}
        aside={<UserBadges isAdmin={user.isAdmin} status={user.status} />}
      />
      <div className="grid grid-cols-1 gap-5">
        {welcome && !user.hasPassword && (
          <Note role="status">
            A letter is on its way to <strong>{user.email}</strong>, with a link to choose a password.
          </Note>
        )}
        <UserFacts user={user} />
        <UserCompanies user={user} />
        <UserSessions user={user} endOne={actions.endOneSession} endAll={actions.endAllSessions} />
        <UserApps user={user} />
        <UserStanding
          user={user}
          actions={{
            suspend: actions.suspendOne,
            resume: actions.resumeOne,
            makeAdmin: actions.makeAdmin,
            takeAdmin: actions.takeAdmin,
            invite: actions.inviteAgain,
            resetFactors: actions.resetFactors,
          }}
        />
        <RecentAudit events={events} href={`/admin/audit?${new URLSearchParams({ person: user.email })}`} />
      </div>
    </>
  );
}

function UserFacts({ user }: { user: UserDetail }) {
  const [latest] = user.sessions;
  return (
    <Facts
      facts={[
        {
          title: "Signed in",
          value: latest ? <Moment at={latest.createdAt} /> : "Not now",
          note: user.hasPassword ? undefined : "no password yet",
        },
        {
          title: "Tokens",
          value: user.liveTokens.toLocaleString("en-GB"),
          note: user.status === "active" ? "work now" : "stopped",
        },
        {
          title: "Email",
          value: user.emailVerifiedAt ? "Verified" : "Not verified",
          note: user.emailVerifiedAt && <Moment at={user.emailVerifiedAt} style="date" />,
        },
        { title: "Created", value: <Moment at={user.createdAt} style="date" /> },
      ]}
    />
  );
}
