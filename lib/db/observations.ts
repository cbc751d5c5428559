/** What apps' requests needed of their policies and where they sent people: counted in memory, written in batches. */
import type { Trait } from "../oauth/switches";
import { Batch } from "./batch";
import type { Database } from "./database";

/** Redirect URIs kept per app: those used last. */
export const KEPT_URIS = 50;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Longer ones could not be registered either. */
const URI_LIMIT = 2000;

interface TraitCount {
  appId: string;
  /** `2026-03-01`, in UTC. */
  day: string;
  trait: Trait;
  count: number;
  at: Date;
}

interface UriCount {
  appId: string;
  uri: string;
  count: number;
  firstAt: Date;
  at: Date;
}

/** Joined with `apps`, so that what an app left behind when it was deleted does not stop the rest. */
const WRITE_TRAITS = `INSERT INTO request_traits AS t (app_id, day, trait, count, last_at)
  SELECT a.id, n.day, n.trait, n.count, n.at
  FROM unnest($1::text[], $2::date[], $3::text[], $4::int[], $5::timestamptz[]) AS n(app_id, day, trait, count, at)
  JOIN apps a ON a.id = n.app_id ORDER BY a.id, n.trait, n.day
  ON CONFLICT (app_id, trait, day) DO UPDATE
    SET count = t.count + excluded.count, last_at = greatest(t.last_at, excluded.last_at)`;

/** One statement, or a failure in between would count everything twice: what is not among the last used leaves. */
const WRITE_URIS = `WITH noted AS (
    SELECT a.id AS app_id, n.uri, n.count, n.first_at, n.at
    FROM unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::timestamptz[])
      AS n(app_id, uri, count, first_at, at)
    JOIN apps a ON a.id = n.app_id
  ), ranked AS (
    SELECT app_id, uri, row_number() OVER (PARTITION BY app_id ORDER BY max(at) DESC, uri) AS place
    FROM (
      SELECT app_id, uri, at FROM noted
      UNION ALL
      SELECT app_id, uri, last_at FROM observed_redirect_uris WHERE app_id IN (SELECT app_id FROM noted)
    ) AS either
    GROUP BY app_id, uri
  ), dropped AS (
    DELETE FROM observed_redirect_uris o USING ranked r
    WHERE r.place > ${KEPT_URIS} AND o.app_id = r.app_id AND o.uri = r.uri
  )
  INSERT INTO observed_redirect_uris AS o (app_id, uri, count, first_at, last_at)
  SELECT n.app_id, n.uri, n.count, n.first_at, n.at
  FROM noted n JOIN ranked r ON r.app_id = n.app_id AND r.uri = n.uri AND r.place <= ${KEPT_URIS}
  ORDER BY n.app_id, n.uri
  ON CONFLICT (app_id, uri) DO UPDATE
    SET count = o.count + excluded.count, last_at = greatest(o.last_at, excluded.last_at)`;

export class Observations {
  private readonly traits: Batch<TraitCount>;
  private readonly uris: Batch<UriCount>;

  /** @param onError hears of a failed write; the counts are kept for the next one */
  constructor(
    private readonly db: Database,
    onError: (error: unknown) => void,
  ) {
    const common = { onError, everyMs: 0 };
    this.traits = new Batch<TraitCount>({
      ...common,
      join: added,
      write: (counts) => writeTraits(db, counts),
      limit: 20_000,
    });
    this.uris = new Batch<UriCount>({
      ...common,
      join: (earlier, later) => ({ ...added(earlier, later), firstAt: earlier.firstAt }),
      write: (counts) => writeUris(db, counts),
      limit: 2_000,
    });
  }

  /** A request that succeeded needed these of its app's policy. */
  observe(appId: string, traits: readonly Trait[]): void {
    if (traits.length === 0) return;
    const at = this.db.now();
    const date = Math.floor(at.getTime() / DAY_MS);
    for (const trait of traits) {
      const key = `${appId} ${trait} ${date}`;
      const waiting = this.traits.pending(key);
      if (waiting) {
        waiting.count += 1;
        waiting.at = at;
      } else {
        this.traits.note(key, { appId, day: at.toISOString().slice(0, 10), trait, count: 1, at });
      }
    }
  }

  /** A request of an app in domain mode named this redirect URI. */
  observeRedirect(appId: string, uri: string): void {
    if (uri.length > URI_LIMIT) return;
    const at = this.db.now();
    this.uris.note(`${appId} ${uri}`, { appId, uri, count: 1, firstAt: at, at });
  }

  /** Writes what was counted so far. */
  async flush(): Promise<void> {
    await this.traits.flush(true);
    await this.uris.flush(true);
  }

  /** Stops the timers and writes what is left. */
  async close(): Promise<void> {
    await this.traits.close();
    await this.uris.close();
  }
}

/** Two counts of the same, as one. */
function added<Count extends { count: number; at: Date }>(earlier: Count, later: Count): Count {
  return { ...later, count: earlier.count + later.count };
}

async function writeTraits({ pool }: Database, counts: readonly TraitCount[]): Promise<void> {
  await pool.query(WRITE_TRAITS, [
    counts.map(({ appId }) => appId),
    counts.map(({ day }) => day),
    counts.map(({ trait }) => trait),
    counts.map(({ count }) => count),
    counts.map(({ at }) => at),
  ]);
}

async function writeUris({ pool }: Database, counts: readonly UriCount[]): Promise<void> {
  await pool.query(WRITE_URIS, [
    counts.map(({ appId }) => appId),
    counts.map(({ uri }) => uri),
    counts.map(({ count }) => count),
    counts.map(({ firstAt }) => firstAt),
    counts.map(({ at }) => at),
  ]);
}
