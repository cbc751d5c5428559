/**
 * When tokens, secrets, apps and sessions were last used, of the first two also where from and with which program: noted in
 * memory, written in batches, never on a request's path.
 */
import type { Caller } from "../oauth/message";
import { Batch } from "./batch";
import { binaryArray } from "./binary-array";
import { toBuffer } from "./bytes";
import type { Database } from "./database";

/** A row is written at most once in this time (house rule 10). */
export const WRITE_EVERY_MS = 60_000;
/** Tokens, secrets, apps or sessions that are remembered at once. */
const LIMIT = 100_000;
/** How much is kept of what the caller wrote, in characters. */
const ADDRESS_LIMIT = 64;
const AGENT_LIMIT = 300;

interface Use {
  key: string;
  /** In milliseconds since 1970. */
  at: number;
  /** Empty: not known. */
  address: string;
  agent: string;
  count: number;
}

/** One batch statement per table. Several processes write: what is older than what is there changes nothing. */
const used = (table: string) => `UPDATE ${table} t
  SET last_used_at = u.at, last_used_address = nullif(u.address, ''), last_used_agent = nullif(u.agent, '')
  FROM unnest($1::bytea[], $2::timestamptz[], $3::text[], $4::text[]) AS u(key, at, address, agent)
  WHERE t.hash = u.key AND (t.last_used_at IS NULL OR t.last_used_at <= u.at)`;

/** With how often, by the hour of the last use; one statement, or a failure in between would count everything twice. */
const WRITE_SECRETS = `WITH used AS (${used("client_secrets")})
  INSERT INTO secret_uses AS n (secret_id, hour, count)
  SELECT s.id, date_trunc('hour', u.at, 'UTC'), u.count
  FROM unnest($1::bytea[], $2::timestamptz[], $5::int[]) AS u(key, at, count)
  JOIN client_secrets s ON s.hash = u.key ORDER BY s.id
  ON CONFLICT (secret_id, hour) DO UPDATE SET count = n.count + excluded.count`;

const WRITE_APPS = `UPDATE apps a SET last_used_at = greatest(a.last_used_at, u.at)
  FROM unnest($1::text[], $2::timestamptz[]) AS u(key, at) WHERE a.id = u.key`;

const WRITE_SESSIONS = `UPDATE sessions s SET last_active_at = greatest(s.last_active_at, u.at)
  FROM unnest($1::text[], $2::timestamptz[]) AS u(key, at) WHERE s.id = u.key`;

export class UsageLog {
  private readonly tokens: Batch<Use>;
  private readonly secrets: Batch<Use>;
  private readonly apps: Batch<Use>;
  private readonly sessions: Batch<Use>;

  /** @param onError hears of a failed write; the uses are kept for the next one */
  constructor(
    private readonly db: Database,
    onError: (error: unknown) => void,
  ) {
    const batch = (write: (uses: readonly Use[]) => Promise<unknown>) =>
      new Batch<Use>({
        join: latest,
        write: async (uses) => {
          await write(uses);
        },
        onError,
        everyMs: WRITE_EVERY_MS,
        limit: LIMIT,
      });
    this.tokens = batch((uses) => db.pool.query(used("tokens"), columns(uses)));
    this.secrets = batch((uses) =>
      db.pool.query(WRITE_SECRETS, [...columns(uses), uses.map(({ count }) => count)]),
    );
    this.apps = batch((uses) => db.pool.query(WRITE_APPS, [keysOf(uses), momentsOf(uses)]));
    this.sessions = batch((uses) => db.pool.query(WRITE_SESSIONS, [keysOf(uses), momentsOf(uses)]));
  }

  /**
   * @param hash base64url
   * @param caller who presented it to its API; left out where a resource server asked about it
   */
  token(hash: string, caller?: Caller): void {
    this.note(this.tokens, hash, caller);
  }

  /**
   * @param client_id null where the secret was presented after its end: the app was not used, but somebody still has it
   * @param secretHash base64url; null for a public client
   */
  client(client_id: string | null, secretHash: string | null, caller?: Caller): void {
    if (client_id !== null) this.note(this.apps, client_id);
    if (secretHash !== null) this.note(this.secrets, secretHash, caller);
  }

  session(id: string): void {
    this.note(this.sessions, id);
  }

  /** What the caller wrote is kept as it is until it is written: cleaning it takes time that a request has not. */
  private note(batch: Batch<Use>, key: string, caller?: Caller): void {
    const at = this.db.now().getTime();
    const address = caller?.address ?? "";
    const agent = caller?.headers["user-agent"] ?? "";
    const waiting = batch.pending(key);
    if (waiting === null) {
      batch.note(key, { key, at, address, agent, count: 1 });
      return;
    }
    waiting.at = at;
    waiting.count += 1;
    if (address === "") return;
    waiting.address = address;
    waiting.agent = agent;
  }

  private get batches(): readonly Batch<Use>[] {
    return [this.tokens, this.secrets, this.apps, this.sessions];
  }

  /** Writes what is due, or everything. */
  async flush(everything: boolean): Promise<void> {
    for (const batch of this.batches) await batch.flush(everything);
  }

  /** Stops the timers and writes what is left. */
  async close(): Promise<void> {
    for (const batch of this.batches) await batch.close();
  }
}

/** Of one minute's uses the last, with the last caller that was known. */
function latest(earlier: Use, later: Use): Use {
  later.count += earlier.count;
  if (later.address === "" && earlier.address !== "") {
    later.address = earlier.address;
    later.agent = earlier.agent;
  }
  return later;
}

function columns(uses: readonly Use[]): Buffer[] {
  return [
    binaryArray(
      "bytea",
      uses.map(({ key }) => toBuffer(key)),
    ),
    momentsOf(uses),
    binaryArray(
      "text",
      uses.map(({ address }) => addressOf(address)),
    ),
    binaryArray(
      "text",
      uses.map(({ agent }) => agentOf(agent)),
    ),
  ];
}

function keysOf(uses: readonly Use[]): Buffer {
  return binaryArray(
    "text",
    uses.map(({ key }) => key),
  );
}

function momentsOf(uses: readonly Use[]): Buffer {
  return binaryArray(
    "timestamptz",
    uses.map(({ at }) => new Date(at).toISOString()),
  );
}

/** An address as it is kept. */
export function addressOf(address: string): string {
  return plain(address, ADDRESS_LIMIT);
}

/** A user agent as it is kept: strangers wrote it. */
export function agentOf(agent: string): string {
  return plain(agent, AGENT_LIMIT);
}

/** Without characters that are not seen, control characters and the marks that turn writing round among them. */
function plain(text: string, limit: number): string {
  return text
    .slice(0, 2 * limit)
    .replace(/\p{C}/gu, "")
    .trim()
    .slice(0, limit);
}
