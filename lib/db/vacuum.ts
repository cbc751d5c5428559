/**
 * What autovacuum does on a PostgreSQL server, for the embedded database, which has none: gives the room of rows that
 * are gone back to their tables, and tells the planner what is in them.
 */
import type { Database } from "./database";

/** Autovacuum's own defaults: a table is due after so many dead rows, and a fifth of its live ones. */
const DEAD_ROWS = 50;
const DEAD_SHARE = 0.2;
/** Fewer are not worth keeping requests waiting, in rows. */
const AT_LEAST = 5_000;

/** Vacuums the embedded database's tables that need it. @returns their names; none on PostgreSQL, which sees to it */
export async function vacuumWhatGrew(db: Database): Promise<string[]> {
  if (db.kind !== "embedded") return [];
  // A session tells its counts once a second; here, all there is to count is in this one.
  await db.pool.query("SELECT pg_stat_force_next_flush()");
  const { rows } = await db.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_stat_user_tables
     WHERE greatest(n_dead_tup, n_mod_since_analyze) > greatest(${AT_LEAST}, ${DEAD_ROWS} + ${DEAD_SHARE} * n_live_tup)`,
  );
  for (const { name } of rows) await db.pool.query(`VACUUM (ANALYZE) "${name}"`);
  return rows.map(({ name }) => name);
}
