/** How many requests of each app were answered and how, by hour: counted in memory, written in batches. */
import { Batch } from "./batch";
import type { Database } from "./database";

/** Written so often at most, in milliseconds: what is counted in between shares a row's write. */
const WRITE_EVERY_MS = 5_000;
const LIMIT = 50_000;
const HOUR_MS = 60 * 60 * 1000;

/** The outcome of a request that was answered as asked; the others have their error. */
export const OK = "ok";

interface Counted {
  appId: string;
  endpoint: string;
  grantType: string;
  outcome: string;
  summary: string;
  count: number;
  /** In milliseconds since 1970. */
  firstAt: number;
  lastAt: number;
}

/** Joined with `apps`, so that what an app left behind when it was deleted does not stop the rest. */
const WRITE = `INSERT INTO request_counts AS c
    (app_id, hour, endpoint, grant_type, outcome, summary, count, first_at, last_at)
  SELECT a.id, date_trunc('hour', n.first_at, 'UTC'), n.endpoint, n.grant_type, n.outcome, n.summary, n.count,
    n.first_at, n.last_at
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::timestamptz[],
    $8::timestamptz[]) AS n(app_id, endpoint, grant_type, outcome, summary, count, first_at, last_at)
  JOIN apps a ON a.id = n.app_id
  ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (app_id, hour, endpoint, grant_type, outcome, summary) DO UPDATE
    SET count = c.count + excluded.count, first_at = least(c.first_at, excluded.first_at),
      last_at = greatest(c.last_at, excluded.last_at)`;

export class RequestCounts {
  private readonly counts: Batch<Counted>;

  /** @param onError hears of a failed write; the counts are kept for the next one */
  constructor(
    private readonly db: Database,
    onError: (error: unknown) => void,
  ) {
    this.counts = new Batch<Counted>({
      join: added,
      write: (counts) => write(db, counts),
      onError,
      everyMs: WRITE_EVERY_MS,
      limit: LIMIT,
    });
  }

  /** @param outcome {@link OK}, or the error. @param summary what requests refused alike have in common */
  note(appId: string, endpoint: string, grantType: string, outcome: string, summary = ""): void {
    const at = this.db.now().getTime();
    const hour = Math.floor(at / HOUR_MS);
    const key = `${appId} ${hour} ${endpoint} ${grantType} ${outcome} ${summary}`;
    const waiting = this.counts.pending(key);
    if (waiting) {
      waiting.count += 1;
      waiting.lastAt = at;
      return;
    }
    this.counts.note(key, {
      ...{ appId, endpoint, grantType, outcome, summary },
      ...{ count: 1, firstAt: at, lastAt: at },
    });
  }

  /** Writes what was counted so far. */
  async flush(): Promise<void> {
    await this.counts.flush(true);
  }

  /** Stops the timer and writes what is left. */
  async close(): Promise<void> {
    await this.counts.close();
  }
}

function added(earlier: Counted, later: Counted): Counted {
  later.count += earlier.count;
  later.firstAt = earlier.firstAt;
  return later;
}

async function write({ pool }: Database, counts: readonly Counted[]): Promise<void> {
  await pool.query(WRITE, [
    counts.map(({ appId }) => appId),
    counts.map(({ endpoint }) => endpoint),
    counts.map(({ grantType }) => grantType),
    counts.map(({ outcome }) => outcome),
    counts.map(({ summary }) => summary),
    counts.map(({ count }) => count),
    counts.map(({ firstAt }) => new Date(firstAt)),
    counts.map(({ lastAt }) => new Date(lastAt)),
  ]);
}
