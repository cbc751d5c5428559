/** How much is due to leave and has not left yet: the figure that shows housekeeping falling behind. */
import type { Database } from "./database";
import { dueBefore, leaving } from "./leaving";

/** Rows are counted up to here; more is told as this many. */
export const BACKLOG_LIMIT = 10_001;

export interface Backlog {
  table: string;
  /** Rows that are due, `BACKLOG_LIMIT` for that many or more. */
  rows: number;
  /** For how long the oldest of them has been due, in seconds; 0 when none is. */
  seconds: number;
}

/** What is due, by table: two short walks of an index each. @param auditDays how long audit events are kept */
export async function findBacklog(db: Database, auditDays: number): Promise<Backlog[]> {
  const now = db.now();
  const looked = leaving(auditDays);
  const parts = looked.map(
    ({ table, column }, at) => `SELECT '${table}' AS "table",
      (SELECT count(*)::int FROM (SELECT FROM ${table} WHERE ${column} < $${at + 1} LIMIT ${BACKLOG_LIMIT}) AS due) AS rows,
      coalesce(extract(epoch FROM $${at + 1}::timestamptz -
        (SELECT min(${column}) FROM ${table} WHERE ${column} < $${at + 1})), 0)::float AS seconds`,
  );
  const { rows } = await db.pool.query<Backlog>(
    parts.join(" UNION ALL "),
    looked.map((entry) => dueBefore(entry, now)),
  );
  return rows;
}
