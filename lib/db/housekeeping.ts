/** Takes away what is due, in small batches with pauses, so that no table grows without bound (house rule 10). */
import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { withAdvisoryLock } from "./advisory-lock";
import type { Database } from "./database";
import { dueBefore, type Leaving, leaving, nameOf } from "./leaving";

/** The advisory lock of the one process that sweeps. */
export const SWEEP_LOCK = 72_707_370;
/** Rows the first batch of a table takes, and the most and the fewest that one takes. */
const BATCH = { first: 500, most: 8_000, fewest: 250 };
/** How long a batch should take, in milliseconds: on the embedded database nobody else is answered meanwhile. */
const BATCH_MS = { postgresql: 40, embedded: 15 };
/** For each millisecond of work so many of rest: requests keep at least four fifths of one connection's share. */
const REST = 4;
const BUDGET_MS = 45_000;
const AUDIT_DAYS = 730;

export interface SweepOptions {
  /** How long audit events are kept. */
  auditDays?: number;
  /** When to stop although rows are left, in milliseconds; the next sweep goes on. */
  budgetMs?: number;
  /** Stops the sweep after the batch it is at. */
  signal?: AbortSignal;
  /** Hears what left, batch by batch. */
  onTaken?(table: string, rows: number): void;
}

type Queries = Pick<pg.Pool, "query">;

/**
 * Sweeps, unless another process is at it.
 * @returns how many rows left
 */
export async function sweep(db: Database, options: SweepOptions = {}): Promise<number> {
  const { budgetMs = BUDGET_MS, auditDays = AUDIT_DAYS } = options;
  const until = performance.now() + budgetMs;
  const isOver = () => performance.now() >= until || options.signal?.aborted === true;
  const work = async (queries: Queries) => {
    let total = 0;
    for (const entry of leaving(auditDays))
      total += await sweepTable(db, queries, entry, { ...options, isOver });
    return total;
  };
  // The embedded database belongs to one process, and its one connection is not to be kept from requests.
  if (db.kind === "embedded") return work(db.pool);
  return (await withAdvisoryLock(db, { key: SWEEP_LOCK, wait: false }, work)) ?? 0;
}

/** Takes what is due of one table, the oldest first. */
async function sweepTable(
  db: Database,
  queries: Queries,
  entry: Leaving,
  { isOver, signal, onTaken }: SweepOptions & { isOver(): boolean },
): Promise<number> {
  const before = dueBefore(entry, db.now());
  let total = 0;
  let size = BATCH.first;
  let from = "-infinity";
  while (!isOver()) {
    const began = performance.now();
    const { rows } = await queries.query<{ taken: number; last: string | null }>(batch(entry), [
      before,
      from,
      size,
    ]);
    const took = performance.now() - began;
    const { taken = 0, last = null } = rows[0] ?? {};
    total += taken;
    if (taken > 0) onTaken?.(nameOf(entry), taken);
    if (taken < size || last === null) break;
    from = last;
    size = nextSize(size, took, BATCH_MS[db.kind]);
    await rest(took * REST, signal);
  }
  return total;
}

/**
 * FOR UPDATE SKIP LOCKED: a redemption of what is being taken goes first, and is not waited for. The next batch begins
 * where this one ended, so that no batch walks over what those before it left in the index until a vacuum. Its commit is
 * not waited for: what a crash brings back is due again, and the disk is for answers.
 */
function batch({ table, some, column, released }: Leaving): string {
  return `WITH gone AS (
      DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${table} WHERE ${column} < $1 AND ${column} >= $2${some ? ` AND ${some.where}` : ""}
        ORDER BY ${column} LIMIT $3 FOR UPDATE SKIP LOCKED)) RETURNING ${released?.needs ?? column}
    )${released ? `, kept AS (${released.sql})` : ""}
    SELECT count(*)::int AS taken, max(${column})::text AS last,
      set_config('synchronous_commit', 'off', true) FROM gone`;
}

/** Twice as many where there is time, half as many where it took too long. */
function nextSize(size: number, took: number, aim: number): number {
  if (took < aim / 2) return Math.min(size * 2, BATCH.most);
  return took > aim ? Math.max(Math.floor(size / 2), BATCH.fewest) : size;
}

async function rest(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal, ref: false });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
