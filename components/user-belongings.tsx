/** Where a person is signed in, belongs to, and what is theirs. */
import Link from "next/link";
import type { UserDetail } from "@/lib/db/all-users";
import { agentInWords } from "@/lib/server/user-agent";
import { AppStatusBadge } from "./app-badges";
import { LineList, lineLink } from "./line-list";
import { roleWords } from "./role-words";
import { ActionButton } from "./ui/action-button";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card, CardHead } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Moment } from "./ui/moment";

export function UserCompanies({ user }: { user: UserDetail }) {
  return (
    <Card>
      <CardHead title="Companies" />
      <LineList
        none="They belong to no company."
        lines={user.companies.map(({ id, name, role }) => ({
          key: id,
          title: (
            <Link href={`/admin/companies/${id}`} className={lineLink}>
              {name}
            </Link>
          ),
          aside: <Badge>{roleWords[role].label}</Badge>,
        }))}
      />
    </Card>
  );
}

export function UserApps({ user }: { user: UserDetail }) {
  return (
    <Card>
      <CardHead title="Apps" text="What they registered themselves; companies have their own." />
      <LineList
        none="They have registered no app."
        lines={user.apps.map(({ id, name, status }) => ({
          key: id,
          title: (
            <Link href={`/admin/apps/${id}`} className={lineLink}>
              {name}
            </Link>
          ),
          text: <code className="font-mono text-xs">{id}</code>,
          aside: <AppStatusBadge status={status} />,
        }))}
      />
    </Card>
  );
}

interface UserSessionsProps {
  user: UserDetail;
  endOne: FormAction;
  endAll: FormAction;
}

export function UserSessions({ user, endOne, endAll }: UserSessionsProps) {
  return (
    <Card>
      <CardHead
        title="Sessions"
        text="Where they are signed in. Tokens and apps are not touched by ending one."
        aside={
          user.sessions.length > 0 && (
            <ConfirmDialog
              trigger="End all sessions"
              title={`Sign ${user.name} out everywhere?`}
              confirm="End all sessions"
              action={endAll}
              fields={{ user: user.id }}
              done={`${user.name} is signed out everywhere`}
            >
              <p>They have to sign in again in every browser. What apps were allowed goes on working.</p>
            </ConfirmDialog>
          )
        }
      />
      <LineList
        none="They are signed in nowhere."
        lines={user.sessions.map((session) => ({
          key: session.id,
          title: agentInWords(session.userAgent) ?? "Unknown device",
          text: (
            <>
              {session.address || "unknown address"} · signed in <Moment at={session.createdAt} />
            </>
          ),
          aside: (
            <ActionButton
              action={endOne}
              fields={{ user: user.id, session: session.id }}
              done="The session has ended"
              variant="quiet"
            >
              End
            </ActionButton>
          ),
        }))}
      />
    </Card>
  );
}
