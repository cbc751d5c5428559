/** An app's secrets that still work, each with what is known of its use and a way to end it. */
import type { AppSecrets, UsedSecret } from "@/lib/db/secret-evidence";
import { SILENT_HOURS } from "@/lib/server/secret-form";
import { secretName as nameOf, OldSecretUse, SecretUse } from "./secret-use";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Moment } from "./ui/moment";
import { Note } from "./ui/note";
import { timeInWords } from "./ui/time-in-words";
import { UsedFrom } from "./used-from";

interface SecretActions {
  appId: string;
  appName: string;
  revoke: FormAction;
  /** Lets an old secret end once it is silent, or at its date after all. */
  retire: FormAction;
}

export function SecretList({ secrets, ...about }: SecretActions & { secrets: AppSecrets }) {
  const { live, stillSent } = secrets;
  return (
    <>
      {stillSent.length > 0 && (
        <div className="grid gap-2 px-4 pt-4 sm:px-5">
          {stillSent.map((secret) => (
            <StillSent key={secret.id} secret={secret} />
          ))}
        </div>
      )}
      {live.length === 0 ? (
        <p className="px-4 py-6 text-md text-soft sm:px-5">No secret works now.</p>
      ) : (
        <ul>
          {live.map((secret) => (
            <SecretLine key={secret.id} secret={secret} isOnly={live.length === 1} {...about} />
          ))}
        </ul>
      )}
    </>
  );
}

/** Refused since its end, and sent all the same: some server never got the new one. */
function StillSent({ secret }: { secret: UsedSecret }) {
  if (!secret.expiresAt || !secret.lastUsedAt) return null;
  return (
    <Note tone="warn">
      <code className="font-mono text-sm">{nameOf(secret)}</code> ended <Moment at={secret.expiresAt} />,
      still sent <Moment at={secret.lastUsedAt} />
      <UsedFrom address={secret.lastUsedAddress} agent={secret.lastUsedAgent} />. Each time it is refused with{" "}
      <code className="font-mono text-sm">invalid_client</code>.
    </Note>
  );
}

interface SecretLineProps extends SecretActions {
  secret: UsedSecret;
  isOnly: boolean;
}

function SecretLine({ secret, isOnly, ...about }: SecretLineProps) {
  const isOld = secret.expiresAt !== null;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 border-line px-4 py-3.5 not-first:border-t sm:px-5">
      <div className="grid min-w-0 flex-1 basis-64 gap-0.5">
        <p id={`secret-${secret.id}`} className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <code className="font-mono text-sm">{nameOf(secret)}</code>
          <SecretState secret={secret} />
        </p>
        <p className="wrap-anywhere text-faint text-sm">
          Created <Moment at={secret.createdAt} /> ·{" "}
          {isOld ? <OldSecretUse secret={secret} /> : <SecretUse secret={secret} />}
        </p>
        {secret.retireAfterSilentHours !== null && secret.expiresAt && (
          <p className="text-faint text-sm">
            Retires by itself when silent for {secret.retireAfterSilentHours} hours, at the latest{" "}
            <Moment at={secret.expiresAt} />
          </p>
        )}
      </div>
      <div className="-ml-2.5 flex flex-wrap sm:ml-0">
        {isOld && <Retirement secret={secret} {...about} />}
        <Revocation secret={secret} isOnly={isOnly} {...about} />
      </div>
    </li>
  );
}

function Retirement({ secret, appId, retire }: Omit<SecretLineProps, "isOnly">) {
  const describedBy = `secret-${secret.id}`;
  const fields = { app: appId, secret: secret.id };
  if (secret.retireAfterSilentHours !== null)
    return (
      <ConfirmDialog
        trigger="Keep to its date"
        triggerDescribedBy={describedBy}
        title={`Keep ${nameOf(secret)} to its date?`}
        confirm="Keep to its date"
        action={retire}
        fields={{ ...fields, silent: "never" }}
        done={`${nameOf(secret)} stays to its date`}
        harmless
      >
        <p>It no longer retires by itself when nobody uses it; it ends at its date.</p>
      </ConfirmDialog>
    );
  return (
    <ConfirmDialog
      trigger="Retire when silent"
      triggerDescribedBy={describedBy}
      title={`Retire ${nameOf(secret)} when silent?`}
      confirm={`When silent for ${SILENT_HOURS} hours`}
      action={retire}
      fields={{ ...fields, silent: String(SILENT_HOURS) }}
      done={`${nameOf(secret)} retires when silent`}
    >
      <p>
        Now it is <OldSecretUse secret={secret} />.
      </p>
      <p>
        Once nobody has sent it for {SILENT_HOURS} hours it ends, before its date. Each use keeps it, up to
        that date.
      </p>
    </ConfirmDialog>
  );
}

function Revocation({ secret, appId, appName, revoke, isOnly }: SecretLineProps) {
  return (
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
            It was{" "}
            <strong>
              <SecretUse secret={secret} />
            </strong>
            .{" "}
          </>
        ) : (
          "It has not been used yet. "
        )}
        A server of {appName} that still sends it gets{" "}
        <code className="font-mono text-sm">invalid_client</code> from the next request on. Tokens already
        issued go on working.
      </p>
      {isOnly && (
        <p>
          <strong>This is the only secret.</strong> Until there is another one, {appName} gets no tokens.
        </p>
      )}
    </ConfirmDialog>
  );
}

const newForMs = 10 * 60 * 1000;

function SecretState({ secret }: { secret: UsedSecret }) {
  const now = new Date();
  if (secret.expiresAt) return <Badge tone="warn">Ends {timeInWords(secret.expiresAt, now)}</Badge>;
  const isNew = !secret.lastUsedAt && now.getTime() - secret.createdAt.getTime() < newForMs;
  return isNew ? <Badge tone="accent">New</Badge> : <Badge tone="good">Active</Badge>;
}
