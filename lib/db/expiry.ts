/**
 * Tells what ends soon: client secrets, personal and legacy tokens, fourteen days, seven days and a day before. Each is
 * told once: a stage's progress is moved on by the write that tells what lies between (docs/decisions/0023).
 */
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { addEachNotice, addNotices } from "./notices";
import { keepersOf, managersOf } from "./recipients";
import { enqueue, secretExpiring } from "./webhook-events";

/** How many days before its end something is told; and how far back a stage that was missed is made up for. */
const STAGES = [
  { days: 14, back: 7 },
  { days: 7, back: 6 },
  { days: 1, back: 1 },
] as const;
type Stage = (typeof STAGES)[number];

const DAY_MS = 24 * 60 * 60 * 1000;
/** How many one transaction tells of; those that end in the same moment come along. */
const BATCH = 200;
/** Transactions for one stage in one round; the next round goes on. */
const MOST_BATCHES = 10;

/** What a letter about an end says. */
interface Ending {
  /** `legacy`, `personal` or `secret`. */
  kind: string;
  name: string;
  last4: string;
  endsAt: Date;
}

interface EndingToken extends Ending {
  userId: string | null;
  companyId: string | null;
}

interface EndingSecret extends Ending {
  id: string;
  appId: string;
  /** Is it one of a company's own credentials? */
  ofCompany: boolean;
  /** Another secret has taken its place, and it was not used since. */
  isReplaced: boolean;
}

/** @returns how many ends were told */
export async function announceEnds(db: Database, signal?: AbortSignal): Promise<number> {
  let told = 0;
  for (const stage of STAGES)
    for (const tell of [tellTokens, tellSecrets]) {
      let batches = 0;
      for (let more = true; more && batches < MOST_BATCHES && !signal?.aborted; batches += 1) {
        const batch = await db.prisma.$transaction((tx) => step(db, tx, stage, tell));
        told += batch.told;
        more = batch.more;
      }
    }
  return told;
}

interface Tell {
  (db: Database, tx: Prisma.TransactionClient, stage: Stage, from: Date, to: Date): Promise<Ending[]>;
  /** Names its progress. */
  subject: string;
}

/** One process at a time: another that holds the stage's progress is left to it. */
async function step(
  db: Database,
  tx: Prisma.TransactionClient,
  stage: Stage,
  tell: Tell,
): Promise<{ told: number; more: boolean }> {
  const key = `expiry ${tell.subject} ${stage.days}`;
  const now = db.now();
  const earliest = new Date(now.getTime() - stage.back * DAY_MS);
  // Raw because Prisma's builder can neither leave a row alone that is there nor skip a locked one.
  await tx.$executeRaw`INSERT INTO progress (key, until) VALUES (${key}, ${earliest}) ON CONFLICT DO NOTHING`;
  const [held] = await tx.$queryRaw<{ until: Date }[]>`
    SELECT until FROM progress WHERE key = ${key} FOR UPDATE SKIP LOCKED`;
  if (!held || held.until >= now) return { told: 0, more: false };
  const since = held.until < earliest ? earliest : held.until;
  const ahead = (at: Date) => new Date(at.getTime() + stage.days * DAY_MS);
  const ends = await tell(db, tx, stage, ahead(since), ahead(now));
  const last = ends.at(-1);
  const more = ends.length >= BATCH && last !== undefined;
  const until = more ? new Date(last.endsAt.getTime() - stage.days * DAY_MS) : now;
  await tx.progress.update({ where: { key }, data: { until } });
  return { told: ends.length, more };
}

/** Those made for a shorter time than the stage's are not told: whoever made them knows. */
async function tellTokens(
  db: Database,
  tx: Prisma.TransactionClient,
  { days }: Stage,
  from: Date,
  to: Date,
): Promise<Ending[]> {
  // Raw because Prisma's builder has no WITH TIES.
  const tokens = await tx.$queryRaw<EndingToken[]>`
    SELECT t.kind::text AS kind, coalesce(t.name, '') AS name, t.last4, t.expires_at AS "endsAt",
      t.user_id AS "userId", t.company_id AS "companyId"
    FROM tokens t
    WHERE t.kind <> 'access' AND t.expires_at > ${from} AND t.expires_at <= ${to}
      AND t.created_at < t.expires_at - make_interval(days => ${days}::int)
    ORDER BY t.expires_at FETCH FIRST (${BATCH}::int) ROWS WITH TIES`;
  const companies = new Set(
    tokens.flatMap(({ companyId, kind }) => (kind === "legacy" ? (companyId ?? []) : [])),
  );
  const managers = new Map<string, string[]>();
  for (const companyId of companies) managers.set(companyId, await managersOf(tx, companyId));
  const notices = tokens.flatMap((token) => {
    const people = token.userId !== null ? [token.userId] : (managers.get(token.companyId ?? "") ?? []);
    return people.map((userId) => ({ userId, kind: "expiry" as const, details: detailsOf(token) }));
  });
  await addEachNotice(tx, db, notices);
  return tokens;
}
tellTokens.subject = "tokens";

/** The app's server hears of every one; people of those that nothing has replaced, or that are still used. */
async function tellSecrets(
  db: Database,
  tx: Prisma.TransactionClient,
  { days }: Stage,
  from: Date,
  to: Date,
): Promise<Ending[]> {
  const secrets = await tx.$queryRaw<EndingSecret[]>`
    SELECT 'secret' AS kind, a.name, s.last4, s.expires_at AS "endsAt", s.id, s.app_id AS "appId",
      a.kind = 'credential' AS "ofCompany", EXISTS (
        SELECT 1 FROM client_secrets n WHERE n.app_id = s.app_id AND n.created_at > s.created_at
          AND (n.expires_at IS NULL OR n.expires_at > s.expires_at)
          AND coalesce(s.last_used_at < n.created_at, true)) AS "isReplaced"
    FROM client_secrets s JOIN apps a ON a.id = s.app_id
    WHERE s.expires_at > ${from} AND s.expires_at <= ${to}
    ORDER BY s.expires_at FETCH FIRST (${BATCH}::int) ROWS WITH TIES`;
  for (const secret of secrets) {
    await enqueue(tx, db, secretExpiring(secret.appId, { ...secret, expiresAt: secret.endsAt }, days));
    if (secret.isReplaced) continue;
    const details = { ...detailsOf(secret), appId: secret.appId, ofCompany: secret.ofCompany };
    await addNotices(tx, db, await keepersOf(tx, secret.appId), { kind: "expiry", details });
  }
  return secrets;
}
tellSecrets.subject = "secrets";

function detailsOf({ kind, name, last4, endsAt }: Ending) {
  return { kind, name, last4, endsAt: endsAt.toISOString() };
}
