/** An app's secrets that still work, each with a way to end it. */
import { brand } from "@/latchkey.config";
import type { SecretRow } from "@/lib/db/client-secrets";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Moment } from "./ui/moment";
import { timeInWords } from "./ui/time-in-words";

interface SecretListProps {
  appId: string;
  appName: string;
  secrets: readonly SecretRow[];
  revoke: FormAction;
}

export function SecretList({ appId, appName, secrets, revoke }: SecretListProps) {
  if (secrets.length === 0) {
    return <p className="px-4 py-6 text-md text-soft sm:px-5">No secret works now.</p>;
  }
  return (
    <ul>
      {secrets.map((secret) => (
        <li
          key={secret.id}
          className="flex items-center justify-between gap-3 border-line px-4 py-3.5 not-first:border-t sm:px-5"
        >
          <div className="grid min-w-0 gap-0.5">
            <p id={`secret-${secret.id}`} className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <code className="font-mono text-sm">{nameOf(secret)}</code>
              <SecretState secret={secret} />
            </p>
            <p className="text-faint text-sm">
              Created <Moment at={secret.createdAt} /> ·{" "}
              {secret.lastUsedAt ? (
                <>
                  last used <Moment at={secret.lastUsedAt} />
                </>
              ) : (
                "not used yet"
              )}
            </p>
          </div>
          <ConfirmDialog
            trigger="Revoke"
            triggerDescribedBy={`secret-${secret.id}`}
            title={`Revoke ${nameOf(secret)}?`}
            confirm="Revoke"
            action={revoke}
            fields={{ app: appId, secret: secret.id }}
            done={`${nameOf(secret)} is revoked`}
          >
            <p>
              {secret.lastUsedAt ? (
                <>
                  It was last used{" "}
                  <strong>
                    <Moment at={secret.lastUsedAt} />
                  </strong>
                  .{" "}
                </>
              ) : (
                "It has not been used yet. "
              )}
              A server of {appName} that still sends it gets{" "}
              <code className="font-mono text-sm">invalid_client</code> from the next request on. Tokens
              already issued go on working.
            </p>
            {secrets.length === 1 && (
              <p>
                <strong>This is the only secret.</strong> Until there is another one, {appName} gets no
                tokens.
              </p>
            )}
          </ConfirmDialog>
        </li>
      ))}
    </ul>
  );
}

function nameOf({ last4 }: SecretRow): string {
  return `${brand.credentialPrefix}cs_…${last4}`;
}

const newForMs = 10 * 60 * 1000;

function SecretState({ secret }: { secret: SecretRow }) {
  const now = new Date();
  if (secret.expiresAt) {
    const ended = secret.expiresAt <= now;
    return (
      <Badge tone={ended ? "bad" : "warn"}>
        {ended ? "Ended" : `Ends ${timeInWords(secret.expiresAt, now)}`}
      </Badge>
    );
  }
  const isNew = !secret.lastUsedAt && now.getTime() - secret.createdAt.getTime() < newForMs;
  return isNew ? <Badge tone="accent">New</Badge> : <Badge tone="good">Active</Badge>;
}
