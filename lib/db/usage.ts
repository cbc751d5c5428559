/** When tokens, secrets and apps were last used: noted in memory, written in batches, never on a request's path. */
import type { Database } from "./database";

/** A row is written at most once in this time (house rule 10). */
const WRITE_EVERY_MS = 60_000;
/** How long a first use may wait for its write. */
const FLUSH_AFTER_MS = 2_000;

interface Use {
  at: Date;
  writtenAt: number;
  dirty: boolean;
}

type Kind = "token" | "secret" | "app";

/** One batch statement per table; `greatest` because several processes write. */
const statements: Record<Kind, string> = {
  token: `UPDATE tokens t SET last_used_at = greatest(t.last_used_at, u.at)
    FROM unnest($1::text[], $2::timestamptz[]) AS u(key, at) WHERE t.hash = decode(u.key, 'hex')`,
  secret: `UPDATE client_secrets s SET last_used_at = greatest(s.last_used_at, u.at)
    FROM unnest($1::text[], $2::timestamptz[]) AS u(key, at) WHERE s.hash = decode(u.key, 'hex')`,
  app: `UPDATE apps a SET last_used_at = greatest(a.last_used_at, u.at)
    FROM unnest($1::text[], $2::timestamptz[]) AS u(key, at) WHERE a.id = u.key`,
};

export class UsageLog {
  private readonly uses: Record<Kind, Map<string, Use>> = {
    token: new Map(),
    secret: new Map(),
    app: new Map(),
  };
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();

  /** @param onError hears of a failed write; the uses are kept for the next one */
  constructor(
    private readonly db: Database,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** @param hash base64url */
  token(hash: string): void {
    this.note("token", hex(hash));
  }

  /** @param secretHash base64url; null for a public client */
  client(client_id: string, secretHash: string | null): void {
    this.note("app", client_id);
    if (secretHash !== null) this.note("secret", hex(secretHash));
  }

  private note(kind: Kind, key: string): void {
    const at = this.db.now();
    const use = this.uses[kind].get(key);
    if (use) {
      use.at = at;
      use.dirty = true;
    } else {
      this.uses[kind].set(key, { at, writtenAt: 0, dirty: true });
    }
    this.schedule();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.flush(false);
    }, FLUSH_AFTER_MS).unref();
  }

  /** Writes what is due, or everything. One flush at a time. */
  flush(everything: boolean): Promise<void> {
    this.flushing = this.flushing.then(async () => {
      for (const kind of ["token", "secret", "app"] as const) await this.write(kind, everything);
      const waiting = Object.values(this.uses).some((uses) => [...uses.values()].some((use) => use.dirty));
      if (waiting && !everything) this.schedule();
    });
    return this.flushing;
  }

  private async write(kind: Kind, everything: boolean): Promise<void> {
    const time = performance.now();
    const uses = this.uses[kind];
    const due: [string, Use][] = [];
    for (const [key, use] of uses) {
      const recently = use.writtenAt > 0 && time - use.writtenAt < WRITE_EVERY_MS;
      if (use.dirty && (everything || !recently)) due.push([key, use]);
      else if (!use.dirty && !recently) uses.delete(key);
    }
    if (due.length === 0) return;
    for (const [, use] of due) {
      use.dirty = false;
      use.writtenAt = time;
    }
    // In key order, so that two processes never wait for each other's rows.
    due.sort(([a], [b]) => (a < b ? -1 : 1));
    try {
      await this.db.pool.query(statements[kind], [due.map(([key]) => key), due.map(([, use]) => use.at)]);
    } catch (error) {
      for (const [, use] of due) use.dirty = true;
      this.onError(error);
    }
  }

  /** Stops the timer and writes what is left. */
  async close(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.flush(true);
  }
}

const hex = (hash: string): string => Buffer.from(hash, "base64url").toString("hex");
