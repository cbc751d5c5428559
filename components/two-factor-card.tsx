/** Two-factor authentication: whether it is on, and the authenticator app that turns it on. */
import { Smartphone } from "lucide";
import type { SecondFactors } from "@/lib/db/second-factors";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card, CardBody, CardHead } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Icon } from "./ui/icon";
import { Moment } from "./ui/moment";
import { SubmitButton } from "./ui/submit-button";

interface TwoFactorCardProps {
  totp: SecondFactors["totp"];
  start: () => Promise<void>;
  remove: FormAction;
}

export function TwoFactorCard({ totp, start, remove }: TwoFactorCardProps) {
  return (
    <Card>
      <CardHead
        title="Two-factor authentication"
        text="After your password you are asked for a code, which only your phone can know."
        aside={totp ? <Badge tone="good">On</Badge> : <Badge>Off</Badge>}
      />
      <CardBody>
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <div className="flex min-w-0 items-start gap-3">
            <Icon of={Smartphone} className="mt-0.5 size-5 text-faint" strokeWidth={1.75} />
            <div className="min-w-0">
              <h3 className="font-medium text-md" id="authenticator">
                Authenticator app
              </h3>
              <p className="text-faint text-sm">{totp ? <Used {...totp} /> : "Not set up"}</p>
            </div>
          </div>
          <div className="flex items-center gap-1">
            <form action={start}>
              <SubmitButton variant={totp ? "secondary" : "primary"} size="sm">
                {totp ? "Replace" : "Set up"}
              </SubmitButton>
            </form>
            {totp && (
              <ConfirmDialog
                trigger="Remove"
                triggerDescribedBy="authenticator"
                title="Turn off two-factor authentication?"
                confirm="Turn off"
                action={remove}
                fields={{}}
                done="Two-factor authentication is off"
              >
                <p>
                  From then on your <strong>password alone</strong> signs you in. Your recovery codes end with
                  it; passkeys stay.
                </p>
              </ConfirmDialog>
            )}
          </div>
        </div>
      </CardBody>
    </Card>
  );
}

function Used({ createdAt, lastUsedAt }: NonNullable<SecondFactors["totp"]>) {
  return (
    <>
      Added <Moment at={createdAt} />
      {lastUsedAt && (
        <>
          , last used <Moment at={lastUsedAt} />
        </>
      )}
    </>
  );
}
