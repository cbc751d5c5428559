/** What an administrator can do about a person. */
import type { ReactNode } from "react";
import type { UserDetail } from "@/lib/db/all-users";
import { counted } from "./app-words";
import { ActionButton } from "./ui/action-button";
import type { FormAction } from "./ui/action-state";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";

interface UserStandingProps {
  user: UserDetail;
  actions: Record<"suspend" | "resume" | "makeAdmin" | "takeAdmin" | "invite" | "resetFactors", FormAction>;
}

export function UserStanding({ user, actions }: UserStandingProps) {
  const fields = { user: user.id };
  const { name } = user;
  return (
    <Card className="divide-y divide-line">
      {!user.hasPassword && user.status === "active" && (
        <Line title="Send the letter again" text="They have not chosen a password yet. The link before ends.">
          <ActionButton
            action={actions.invite}
            fields={fields}
            done={`A letter is on its way to ${user.email}`}
          >
            Send letter
          </ActionButton>
        </Line>
      )}
      {user.isAdmin ? (
        <Line title="Take administration" text="They keep their account and everything that is theirs.">
          <ConfirmDialog
            trigger="Take administration"
            title={`Take administration from ${name}?`}
            confirm="Take administration"
            action={actions.takeAdmin}
            fields={fields}
            done={`${name} is no administrator any more`}
          >
            <p>With the next request there is no administration for them, and none for their tokens.</p>
          </ConfirmDialog>
        </Line>
      ) : (
        <Line title="Make administrator" text="Administrators see and change everything here.">
          <ConfirmDialog
            trigger="Make administrator"
            title={`Make ${name} an administrator?`}
            confirm="Make administrator"
            action={actions.makeAdmin}
            fields={fields}
            done={`${name} is an administrator`}
          >
            <p>
              They see every person, company, app and token, and can suspend and delete them. They can make
              and remove administrators, you included.
            </p>
          </ConfirmDialog>
        </Line>
      )}
      {user.hasSecondFactor && (
        <Line
          title="Reset second factor"
          text="For who has lost their phone and their codes, once you know that it is them."
        >
          <ConfirmDialog
            trigger="Reset second factor"
            title={`Reset the second factor of ${name}?`}
            confirm="Reset second factor"
            action={actions.resetFactors}
            fields={fields}
            done={`${name} signs in with the password alone`}
          >
            <p>
              Their authenticator app, recovery codes and passkeys end, and so does every sign-in of theirs.
              The password alone opens the next one.
            </p>
          </ConfirmDialog>
        </Line>
      )}
      {user.status === "active" ? (
        <Line title="Suspend this person" text="Nothing of theirs works until they are resumed.">
          <ConfirmDialog
            trigger="Suspend"
            title={`Suspend ${name}?`}
            confirm="Suspend"
            action={actions.suspend}
            fields={fields}
            done={`${name} is suspended`}
          >
            <p>
              They are signed out and cannot sign in, and <strong>{counted(user.liveTokens, "token")}</strong>{" "}
              {user.liveTokens === 1 ? "stops" : "stop"} working with the next request. Their apps go on
              working for other people.
            </p>
            <p>Once they are resumed, tokens that have not expired work again.</p>
          </ConfirmDialog>
        </Line>
      ) : (
        <Line
          title="Resume this person"
          text="They can sign in, and tokens that have not expired work again."
        >
          <ActionButton action={actions.resume} fields={fields} done={`${name} is active`}>
            Resume
          </ActionButton>
        </Line>
      )}
    </Card>
  );
}

function Line({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3.5 sm:px-5">
      <div className="min-w-0">
        <h2 className="font-semibold text-base">{title}</h2>
        <p className="text-faint text-sm">{text}</p>
      </div>
      {children}
    </div>
  );
}
