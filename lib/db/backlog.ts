/** How much is due to leave or to be sent and still there: the figures that show housekeeping, or a courier, falling behind. */
import type { Database } from "./database";
import { dueBefore, type Leaving, leaving, nameOf } from "./leaving";

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
    (entry, at) => `SELECT '${nameOf(entry)}' AS "table",
      (SELECT count(*)::int FROM (SELECT ${due(entry, at)} LIMIT ${BACKLOG_LIMIT}) AS due) AS rows,
      coalesce(extract(epoch FROM $${at + 1}::timestamptz -
        (SELECT min(${entry.column}) ${due(entry, at)})), 0)::float AS seconds`,
  );
  const { rows } = await db.pool.query<Backlog>(
    parts.join(" UNION ALL "),
    looked.map((entry) => dueBefore(entry, now)),
  );
  return rows;
}

/** What waits to be sent, and the moment from which each row does. */
const QUEUES = [
  { table: "webhook_deliveries", column: "next_at" },
  { table: "notices", column: "at" },
];

/** What is due to be sent and is not on its way, by table: the same short walks. */
export async function findUnsent(db: Database): Promise<Backlog[]> {
  const parts = QUEUES.map(
    ({ table, column }) => `SELECT '${table}' AS "table",
      (SELECT count(*)::int FROM (SELECT FROM ${table} WHERE ${column} <= $1 LIMIT ${BACKLOG_LIMIT}) AS due) AS rows,
      coalesce(extract(epoch FROM $1::timestamptz -
        (SELECT min(${column}) FROM ${table} WHERE ${column} <= $1)), 0)::float AS seconds`,
  );
  const { rows } = await db.pool.query<Backlog>(parts.join(" UNION ALL "), [db.now()]);
  return rows;
}

function due({ table, some, column }: Leaving, at: number): string {
  return `FROM ${table} WHERE ${column} < $${at + 1}${some ? ` AND ${some.where}` : ""}`;
}
