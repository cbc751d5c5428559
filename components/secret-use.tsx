/** What is known of a secret's use, in words and numbers: what ending it would stop. */
import { brand } from "@/latchkey.config";
import type { UsedSecret } from "@/lib/db/secret-evidence";
import { counted } from "./app-words";
import { Moment } from "./ui/moment";
import { UsedFrom } from "./used-from";

const hourMs = 60 * 60 * 1000;

export function secretName({ last4 }: Pick<UsedSecret, "last4">): string {
  return `${brand.credentialPrefix}cs_…${last4}`;
}

/** "used 1,204 times in the last 24 hours, last 3 minutes ago · 203.0.113.7 · curl 8" */
export function SecretUse({ secret }: { secret: UsedSecret }) {
  const { lastUsedAt, lastUsedAddress, lastUsedAgent, usesOfDay } = secret;
  if (!lastUsedAt) return "not used yet";
  return (
    <>
      {usesOfDay > 0 && `used ${counted(usesOfDay, "time")} in the last 24 hours, `}
      last {usesOfDay > 0 ? "" : "used "}
      <Moment at={lastUsedAt} />
      <UsedFrom address={lastUsedAddress} agent={lastUsedAgent} />
    </>
  );
}

/** Of a secret that was rotated: "still used 3 minutes ago from 203.0.113.7 (curl 8)" or "silent for 26 hours". */
export function OldSecretUse({ secret }: { secret: UsedSecret }) {
  const silentMs = Date.now() - (secret.lastUsedAt ?? secret.createdAt).getTime();
  if (!secret.lastUsedAt) return "never used";
  if (silentMs >= hourMs)
    return (
      <>
        silent for <strong className="font-medium text-soft">{span(silentMs)}</strong>
      </>
    );
  return (
    <>
      <strong className="font-medium text-warn">still</strong> <SecretUse secret={secret} />
    </>
  );
}

/** A span of time: "26 hours", "4 days". */
export function span(milliseconds: number): string {
  const hours = Math.floor(milliseconds / hourMs);
  return hours < 72 ? counted(hours, "hour") : counted(Math.floor(hours / 24), "day");
}

/** For the dialog that lets secrets end: what stops with each. */
export function SecretStops({ secrets }: { secrets: readonly UsedSecret[] }) {
  if (secrets.length === 0) return null;
  return (
    <ul className="grid gap-1 rounded-md bg-sunk px-3.5 py-2.5 text-sm text-soft">
      {secrets.map((secret) => (
        <li key={secret.id}>
          <code className="font-mono">{secretName(secret)}</code>: <SecretUse secret={secret} />
        </li>
      ))}
    </ul>
  );
}
