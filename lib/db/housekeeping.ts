/** Takes away what has expired, in small batches, so that no table grows without bound (house rule 10). */
import type { Database } from "./database";

/** Rows one statement takes. */
const BATCH = 500;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What leaves, and how many days after its moment. A used code stays a day longer, so that a late replay is still seen
 * as one; an ended secret stays a month, so that its owner can be told it was used. A refresh token family that has run
 * its course leaves alone: access tokens it issued may have longer to live, and only one that is ended takes them along.
 */
const leaving: readonly { table: string; column: string; days: number; released?: string }[] = [
  { table: "authorization_requests", column: "expires_at", days: 0 },
  { table: "authorization_codes", column: "expires_at", days: 1 },
  { table: "tokens", column: "expires_at", days: 1 },
  { table: "refresh_tokens", column: "expires_at", days: 1 },
  {
    ...{ table: "refresh_families", column: "expires_at", days: 1 },
    released: "UPDATE tokens SET family_id = NULL FROM gone WHERE tokens.family_id = gone.id",
  },
  { table: "request_traits", column: "day", days: 31 },
  { table: "consent_receipts", column: "at", days: 730 },
  { table: "sessions", column: "expires_at", days: 0 },
  { table: "client_secrets", column: "expires_at", days: 30 },
  { table: "request_log", column: "at", days: 30 },
];

/** @returns how many rows left */
export async function sweep(db: Database): Promise<number> {
  let total = 0;
  for (const { table, column, days, released } of leaving) {
    const before = new Date(db.now().getTime() - days * DAY_MS);
    for (let taken = BATCH; taken === BATCH; total += taken) {
      // SKIP LOCKED: several processes may sweep at once without waiting for each other or for a redemption.
      const batch = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM ${table} WHERE ${column} < $1 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;
      const { rowCount } = await db.pool.query(
        released ? `WITH gone AS (${batch} RETURNING id), kept AS (${released}) SELECT id FROM gone` : batch,
        [before],
      );
      taken = rowCount ?? 0;
    }
  }
  return total;
}
