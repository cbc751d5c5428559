/** When tokens, secrets and apps were last used: noted in memory, written in batches, never on a request's path. */
import { Batch } from "./batch";
import { toBuffer } from "./bytes";
import type { Database } from "./database";

/** A row is written at most once in this time (house rule 10). */
const WRITE_EVERY_MS = 60_000;
/** Tokens, secrets or apps that are remembered at once. */
const LIMIT = 100_000;

interface Use {
  key: string;
  at: Date;
}

/** One batch statement per table; `greatest` because several processes write. */
const statements = {
  token: `UPDATE tokens t SET last_used_at = greatest(t.last_used_at, u.at)
    FROM unnest($1::bytea[], $2::timestamptz[]) AS u(key, at) WHERE t.hash = u.key`,
  secret: `UPDATE client_secrets s SET last_used_at = greatest(s.last_used_at, u.at)
    FROM unnest($1::bytea[], $2::timestamptz[]) AS u(key, at) WHERE s.hash = u.key`,
  app: `UPDATE apps a SET last_used_at = greatest(a.last_used_at, u.at)
    FROM unnest($1::text[], $2::timestamptz[]) AS u(key, at) WHERE a.id = u.key`,
};

export class UsageLog {
  private readonly tokens: Batch<Use>;
  private readonly secrets: Batch<Use>;
  private readonly apps: Batch<Use>;

  /** @param onError hears of a failed write; the uses are kept for the next one */
  constructor(
    private readonly db: Database,
    onError: (error: unknown) => void,
  ) {
    const batch = (statement: string, toKey: (key: string) => string | Uint8Array) =>
      new Batch<Use>({
        join: (_, later) => later,
        write: async (uses) => {
          await db.pool.query(statement, [uses.map(({ key }) => toKey(key)), uses.map(({ at }) => at)]);
        },
        onError,
        everyMs: WRITE_EVERY_MS,
        limit: LIMIT,
      });
    this.tokens = batch(statements.token, toBuffer);
    this.secrets = batch(statements.secret, toBuffer);
    this.apps = batch(statements.app, (id) => id);
  }

  /** @param hash base64url */
  token(hash: string): void {
    this.note(this.tokens, hash);
  }

  /** @param secretHash base64url; null for a public client */
  client(client_id: string, secretHash: string | null): void {
    this.note(this.apps, client_id);
    if (secretHash !== null) this.note(this.secrets, secretHash);
  }

  private note(batch: Batch<Use>, key: string): void {
    batch.note(key, { key, at: this.db.now() });
  }

  /** Writes what is due, or everything. */
  async flush(everything: boolean): Promise<void> {
    for (const batch of [this.tokens, this.secrets, this.apps]) await batch.flush(everything);
  }

  /** Stops the timers and writes what is left. */
  async close(): Promise<void> {
    for (const batch of [this.tokens, this.secrets, this.apps]) await batch.close();
  }
}
