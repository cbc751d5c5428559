/** The invitations of a company that nobody has used yet. */
import type { PendingInvitation } from "@/lib/db/invitations";
import { ActionButton } from "./action-button";
import { roleWords } from "./role-words";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card, CardHead } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Moment } from "./ui/moment";

interface PendingInvitationsProps {
  company: string;
  invitations: readonly PendingInvitation[];
  resend: FormAction;
  withdraw: FormAction;
}

export function PendingInvitations({ company, invitations, resend, withdraw }: PendingInvitationsProps) {
  return (
    <Card>
      <CardHead id="invitations" title="Invitations that wait" />
      <ul aria-labelledby="invitations">
        {invitations.map(({ id, email, role, invitedBy, createdAt, expiresAt }) => {
          const fields = { company, invitation: id };
          return (
            <li
              key={id}
              className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line px-4 py-3 not-first:border-t sm:px-5"
            >
              <div className="min-w-0 flex-1 basis-56">
                <p id={`invitation-${id}`} className="wrap-anywhere font-medium text-md">
                  {email}
                </p>
                <p className="text-faint text-sm">
                  Invited {invitedBy && `by ${invitedBy} `}
                  <Moment at={createdAt} />, ends <Moment at={expiresAt} />
                </p>
              </div>
              <Badge>{roleWords[role].label}</Badge>
              <div className="flex gap-1">
                <ActionButton
                  label="Send again"
                  describedBy={`invitation-${id}`}
                  action={resend}
                  fields={fields}
                  done={`Sent again to ${email}`}
                />
                <ConfirmDialog
                  trigger="Withdraw"
                  triggerDescribedBy={`invitation-${id}`}
                  title="Withdraw this invitation?"
                  confirm="Withdraw"
                  action={withdraw}
                  fields={fields}
                  done="The invitation is withdrawn"
                >
                  <p>
                    The link that <strong>{email}</strong> has been sent stops working.
                  </p>
                </ConfirmDialog>
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
