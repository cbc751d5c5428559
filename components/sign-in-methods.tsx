/** How a person signs in: the password, and who they are at the provider. */
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { buttonClass } from "./ui/button";
import { Card, CardHead } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Moment } from "./ui/moment";

interface SignInMethodsProps {
  hasPassword: boolean;
  /** The provider of this installation; null for none. */
  provider: { name: string; issuer: string } | null;
  identities: readonly {
    issuer: string;
    subject: string;
    email: string;
    createdAt: Date;
    lastUsedAt: Date | null;
  }[];
  unlink: FormAction;
}

export function SignInMethods({ hasPassword, provider, identities, unlink }: SignInMethodsProps) {
  const canLink = provider && !identities.some(({ issuer }) => issuer === provider.issuer);
  return (
    <Card>
      <CardHead title="Sign-in methods" text="Each of these is enough to sign in." />
      <ul>
        <li className="flex min-h-14 items-center gap-3 px-4 py-3 sm:px-5">
          <span className="min-w-0 flex-1 font-medium">Password</span>
          <Badge>{hasPassword ? "Set" : "None"}</Badge>
        </li>
        {identities.map(({ issuer, subject, email, createdAt, lastUsedAt }) => {
          const name = issuer === provider?.issuer ? provider.name : new URL(issuer).host;
          const id = `identity-${subject}`;
          return (
            <li
              key={`${issuer} ${subject}`}
              className="flex items-center gap-3 border-line border-t px-4 py-3 sm:px-5"
            >
              <span id={id} className="min-w-0 flex-1">
                <span className="block truncate font-medium">{name}</span>
                <span className="block text-faint text-sm">
                  <span className="wrap-anywhere">{email}</span>
                  {email && " · "}
                  {lastUsedAt ? "used " : "linked "}
                  <Moment at={lastUsedAt ?? createdAt} />
                </span>
              </span>
              <ConfirmDialog
                trigger="Unlink"
                triggerDescribedBy={id}
                title={`Unlink ${name}?`}
                confirm="Unlink"
                action={unlink}
                fields={{ issuer, subject }}
                done={`${name} is unlinked`}
              >
                <p>You no longer sign in with it. What you are signed in to stays so.</p>
              </ConfirmDialog>
            </li>
          );
        })}
        {canLink && (
          <li className="flex items-center gap-3 border-line border-t px-4 py-3 sm:px-5">
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{provider.name}</span>
              <span className="block text-faint text-sm">Not linked</span>
            </span>
            <a href="/login/sso?for=link" className={buttonClass({ size: "sm" })}>
              {`Link ${provider.name}`}
            </a>
          </li>
        )}
      </ul>
    </Card>
  );
}
