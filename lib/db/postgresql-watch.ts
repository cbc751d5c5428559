/**
 * Notices when PostgreSQL is away or has fallen silent, and when it is back. Whatever looks like it (a refused or broken
 * connection, statements of which none is answered) makes us ask over a connection of our own; only a database that
 * does not answer that is away. Then everything that waits is refused, so that no request waits for longer than this.
 */
import net from "node:net";
import pg from "pg";
import { type Availability, type AvailabilityListener, MOMENT_MS } from "./availability";
import { DatabaseUnavailable, isUnavailable } from "./unavailable";

/** How often we look whether anything was answered, while statements are in flight, in milliseconds. */
const LOOK_MS = 150;
/** After so many looks without an answer we ask. */
const SILENT_LOOKS = 3;
/**
 * How long the answer may take, in milliseconds: a connection, a session and a statement. It is counted in ticks, and a
 * tick is one however late it comes: a process so busy that it reads answers late must not take its database for gone.
 */
const PATIENCE_MS = 900;
const TICK_MS = 50;
/** How often a database that is away is asked, in milliseconds. */
const RETRY_MS = 250;
/** For how long an answer holds, in milliseconds: of errors that come together one asks. */
const FRESH_MS = 500;
/** The server answers, that it has no room for one more connection; those that we have go on. */
const TOO_MANY_CONNECTIONS = "53300";

export class PostgresqlWatch implements Availability {
  isAway = false;
  private readonly sockets = new Set<net.Socket>();
  private pool: pg.Pool | null = null;
  /** Connections that somebody is using. */
  private busy = 0;
  private looking: NodeJS.Timeout | null = null;
  private silentLooks = 0;
  private bytesSeen = 0;
  private asking: Promise<boolean> | null = null;
  private answeredAt = Number.NEGATIVE_INFINITY;
  private failedAt = Number.NEGATIVE_INFINITY;
  private retrying: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly listener: AvailabilityListener,
  ) {}

  get isStrained(): boolean {
    const waiting = this.pool?.waitingCount ?? 0;
    return this.isAway || waiting > 0 || performance.now() - this.failedAt < MOMENT_MS;
  }

  /** Makes the sockets of the pool's connections, so that they can be taken away together. */
  readonly openSocket = (): net.Socket => {
    const socket = new net.Socket();
    this.sockets.add(socket);
    socket.on("error", () => this.suspect());
    socket.once("close", () => {
      this.sockets.delete(socket);
      if (socket.bytesRead === 0) this.suspect();
    });
    // Who was waiting in the pool when it went gets a connection that fails at once, instead of one that hangs.
    if (this.isAway) process.nextTick(() => socket.destroy(away()));
    return socket;
  };

  /** Follows what becomes of the pool's connections. */
  follow(pool: pg.Pool): void {
    this.pool = pool;
    pool.on("acquire", () => {
      this.busy += 1;
      if (this.looking === null) this.lookLater();
    });
    pool.on("release", (error) => {
      this.busy -= 1;
      if (isUnavailable(error)) this.suspect();
    });
    pool.on("error", () => this.suspect());
  }

  check(): Promise<boolean> {
    this.asking ??= this.ask().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  close(): void {
    this.isClosed = true;
    if (this.looking) clearTimeout(this.looking);
    if (this.retrying) clearTimeout(this.retrying);
  }

  private suspect(): void {
    this.failedAt = performance.now();
    void this.check();
  }

  private lookLater(): void {
    this.looking = setTimeout(() => this.look(), LOOK_MS).unref();
  }

  private look(): void {
    this.looking = null;
    let bytes = 0;
    for (const { bytesRead } of this.sockets) bytes += bytesRead;
    this.silentLooks = bytes === this.bytesSeen ? this.silentLooks + 1 : 0;
    this.bytesSeen = bytes;
    if (this.busy === 0 || this.isClosed) {
      this.silentLooks = 0;
      return;
    }
    if (this.silentLooks >= SILENT_LOOKS) {
      this.silentLooks = 0;
      void this.check();
    }
    this.lookLater();
  }

  private async ask(): Promise<boolean> {
    if (this.isAway || this.isClosed) return this.isAway;
    if (performance.now() - this.answeredAt < FRESH_MS) return false;
    let problem = await probe(this.connection);
    // A connection that was refused or broke may have met a moment of that; silence has taken its time already.
    if (problem !== null && !(problem instanceof DatabaseUnavailable)) problem = await probe(this.connection);
    if (this.isClosed) return this.isAway;
    if (problem === null) this.answeredAt = performance.now();
    else this.leave(problem);
    return this.isAway;
  }

  private leave(problem: unknown): void {
    this.isAway = true;
    this.listener.onAway?.(problem);
    for (const socket of this.sockets) socket.destroy(away());
    this.retryLater(performance.now());
  }

  private retryLater(since: number): void {
    this.retrying = setTimeout(async () => {
      const problem = await probe(this.connection);
      if (this.isClosed) return;
      if (problem !== null) return this.retryLater(since);
      this.isAway = false;
      this.answeredAt = performance.now();
      this.listener.onBack?.((this.answeredAt - since) / 1000);
    }, RETRY_MS).unref();
  }
}

function away(): DatabaseUnavailable {
  return new DatabaseUnavailable("the database does not answer");
}

/** Asks over a connection of its own. @returns null when the server answers, whatever it says; otherwise what happened */
async function probe(connection: pg.ClientConfig): Promise<unknown> {
  const socket = new net.Socket();
  const client = new pg.Client({ ...connection, stream: () => socket });
  client.on("error", () => {});
  const giveUp = () => socket.destroy(new DatabaseUnavailable(`no answer in ${PATIENCE_MS} ms`));
  let ticks = 0;
  const patience = setInterval(() => {
    ticks += 1;
    if (ticks * TICK_MS >= PATIENCE_MS) giveUp();
  }, TICK_MS).unref();
  try {
    await client.connect();
    await client.query("SELECT 1");
    return null;
  } catch (error) {
    const isThere = error instanceof pg.DatabaseError && error.code === TOO_MANY_CONNECTIONS;
    return isThere || !isUnavailable(error) ? null : error;
  } finally {
    clearInterval(patience);
    client.end().catch(() => {});
  }
}
