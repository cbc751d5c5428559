/** Work that one process at a time may do, told by an advisory lock of the database. */
import type pg from "pg";
import type { Database } from "./database";

/**
 * Does the work while holding the lock, on the connection that holds it: whatever becomes of this process, the lock ends
 * with that connection.
 * @param key the lock's number, the same in every process
 * @param wait false: when another has it, nothing is done
 * @returns what the work returns; null when another has the lock
 */
export async function withAdvisoryLock<Result>(
  db: Database,
  { key, wait }: { key: number; wait: boolean },
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result | null> {
  const client = await db.pool.connect();
  try {
    // Waiting for a turn may take long, and so may what waits for it: the time limits are meant for requests.
    if (wait) await client.query("SET lock_timeout = 0; SET statement_timeout = 0");
    const taken = wait
      ? "SELECT pg_advisory_lock($1) IS NOT NULL AS mine"
      : "SELECT pg_try_advisory_lock($1) AS mine";
    const { rows } = await client.query<{ mine: boolean }>(taken, [key]);
    const result = rows[0]?.mine ? await work(client) : null;
    if (rows[0]?.mine) await client.query("SELECT pg_advisory_unlock($1)", [key]);
    if (wait) await client.query("RESET lock_timeout; RESET statement_timeout");
    client.release();
    return result;
  } catch (error) {
    client.release(true); // not handed on: the session ends, and with it its lock and whatever it had begun
    throw error;
  }
}
