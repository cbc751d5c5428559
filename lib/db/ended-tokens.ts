/** Tokens that ended: moved out of the table that is looked up, so that people still see what there was (docs/decisions/0024). */
import type { Database } from "./database";
import { Prisma } from "./generated/client";
import type { TokenKind } from "./generated/enums";
import { deleteFamilies } from "./refresh-tokens";
import { enqueueAll, tokenRevoked } from "./webhook-events";

/**
 * Why a token ended. `revoked` is by whoever `ended_by_id` names: its owner, a manager of its company, an administrator;
 * `leaked` is by a report of somebody unknown.
 */
export type EndReason = "revoked" | "replaced" | "expired" | "leaked";

export interface Ending {
  at: Date;
  /** The person who ended it; null where nobody knows who. */
  by: string | null;
  reason: Exclude<EndReason, "expired">;
}

/** A token that was ended just now. */
export interface JustEnded {
  hash: Uint8Array<ArrayBuffer>;
  kind: TokenKind;
  name: string | null;
  last4: string;
  appId: string | null;
  userId: string | null;
  companyId: string | null;
  scopes: string[];
  /** Its time was not over, and what its person allowed the app stands. */
  worked: boolean;
}

const KEPT =
  "hash, kind, last4, name, app_id, user_id, company_id, all_companies, created_by_id, scopes, created_at, expires_at, last_used_at";

/**
 * Ends tokens by the one statement that also keeps what they were: of two that end the same one, the second ends nothing.
 * The apps that hold them are told in the same transaction, as whoever ends a token here is somebody else than its app;
 * not of those whose consent went before, as that was told by itself.
 * @param which which of the tokens `t`; with whoever may end them in it
 */
export async function endTokens(
  db: Database,
  tx: Prisma.TransactionClient,
  which: Prisma.Sql,
  { at, by, reason }: Ending,
): Promise<JustEnded[]> {
  const kept = Prisma.raw(KEPT);
  // Raw because Prisma cannot move a row.
  const ended = await tx.$queryRaw<JustEnded[]>`
    WITH gone AS (DELETE FROM tokens t WHERE ${which} RETURNING t.*), kept AS (
      INSERT INTO ended_tokens (${kept}, ended_at, ended_by_id, reason)
      SELECT ${kept}, ${at}::timestamptz, ${by}, ${reason} FROM gone)
    SELECT hash, kind, name, last4, app_id AS "appId", user_id AS "userId", company_id AS "companyId", scopes,
      coalesce(expires_at > ${at}::timestamptz, true)
        AND (consent_id IS NULL OR EXISTS (SELECT 1 FROM consents k WHERE k.id = consent_id)) AS worked
    FROM gone`;
  await enqueueAll(tx, db, ended.filter(({ worked }) => worked).flatMap(tokenRevoked));
  return ended;
}

/**
 * Ends refresh tokens with every access token that came with them, which are kept as ended; their apps are told of both.
 * @returns how many access tokens ended
 */
export async function endFamilies(
  db: Database,
  tx: Prisma.TransactionClient,
  where: Prisma.RefreshFamilyWhereInput,
  ending: Ending,
): Promise<number> {
  const families = await tx.refreshFamily.findMany({ where, select: { id: true } });
  if (families.length === 0) return 0;
  const ids = families.map(({ id }) => id);
  // Raw because families and consents have no foreign keys for Prisma to follow (docs/decisions/0005).
  const usable = await tx.$queryRaw<Omit<JustEnded, "kind" | "name" | "worked">[]>`
    SELECT r.hash, r.last4, f.app_id AS "appId", f.user_id AS "userId", f.company_id AS "companyId", f.scopes
    FROM refresh_tokens r JOIN refresh_families f ON f.id = r.family_id
    WHERE f.id = ANY (${ids}) AND r.consumed_at IS NULL
      AND r.expires_at > ${ending.at}::timestamptz AND f.expires_at > ${ending.at}::timestamptz
      AND (f.consent_id IS NULL OR EXISTS (SELECT 1 FROM consents k WHERE k.id = f.consent_id))`;
  await enqueueAll(tx, db, usable.flatMap(tokenRevoked));
  const ended = await endTokens(db, tx, Prisma.sql`t.family_id = ANY (${ids})`, ending);
  // A rotation at this moment may still have written one.
  return ended.length + (await deleteFamilies(tx, { id: { in: ids } }));
}

/** What housekeeping does with tokens that have a name and whose time is over: one that was replaced ended by that. */
export const keepExpired = {
  needs: `${KEPT}, replaced_by`,
  sql: `INSERT INTO ended_tokens (${KEPT}, ended_at, reason)
    SELECT ${KEPT}, expires_at, CASE WHEN replaced_by IS NULL THEN 'expired' ELSE 'replaced' END FROM gone`,
} as const;
