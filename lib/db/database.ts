/** Opens the one database of this process: PostgreSQL by its URL, or an embedded one in a folder. */
import fs from "node:fs";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import type { Random } from "../oauth/tokens";
import type { Availability, AvailabilityListener } from "./availability";
import { BoundedPool } from "./bounded-pool";
import { EmbeddedEngine } from "./embedded-engine";
import { PrismaClient } from "./generated/client";
import { PgliteStream } from "./pglite-stream";
import { PostgresqlWatch } from "./postgresql-watch";
import { isUnavailable } from "./unavailable";

/** Of the embedded database: a long statement keeps the one connection, and nothing is wrong with that, in ms. */
const EMBEDDED_WAIT_MS = 10_000;

/** How long anybody waits, in milliseconds; together they stay under two seconds. */
const POSTGRESQL = {
  /** For a connection, whether a new one or somebody else's. */
  connectionTimeoutMillis: 1_200,
  /** For a lock: whoever holds one that long will hold it longer. */
  lock_timeout: 1_200,
  /** A process that vanished in a transaction, without its machine saying so, keeps its locks no longer than this. */
  idle_in_transaction_session_timeout: 20_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 5_000,
};

/** A database handle, with the clock and the dice that what is written to it needs. */
export interface Database {
  kind: "embedded" | "postgresql";
  /** The query builder, for everything that is not on a hot path. */
  prisma: PrismaClient;
  /** The same connections, for the few statements Prisma's builder cannot express. */
  pool: pg.Pool;
  /** Is it there? */
  availability: Availability;
  now(): Date;
  random: Random;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgresql://…`, or the folder of an embedded database; null keeps an embedded one in memory, for tests. */
  location: { url: string } | { folder: string | null };
  now(): Date;
  random: Random;
  /** Connections to PostgreSQL. */
  connections?: number;
  /** Hears when the database goes and comes. */
  listener?: AvailabilityListener;
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return "url" in options.location
    ? openPostgresql(options.location.url, options)
    : openEmbedded(options.location.folder, options);
}

function openPostgresql(url: string, options: DatabaseOptions): Database {
  const connection = { connectionString: url, ...POSTGRESQL };
  const watch = new PostgresqlWatch(connection, options.listener ?? {});
  const pool = new BoundedPool(
    { ...connection, max: options.connections ?? 10, stream: watch.openSocket },
    watch,
  );
  watch.follow(pool);
  return assemble("postgresql", pool, watch, options, async () => watch.close());
}

async function openEmbedded(folder: string | null, options: DatabaseOptions): Promise<Database> {
  if (folder !== null) fs.mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 });
  const engine = await EmbeddedEngine.open(folder, options.listener ?? {});
  // One session: PGlite has one backend, so a second connection would share the first one's transaction.
  const pool = new BoundedPool(
    {
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: EMBEDDED_WAIT_MS,
      stream: () => new PgliteStream(engine),
      user: "postgres",
    },
    engine,
  );
  pool.on("release", (error) => {
    if (isUnavailable(error)) engine.noteFailure();
  });
  return assemble("embedded", pool, engine, options, () => engine.close());
}

function assemble(
  kind: Database["kind"],
  pool: pg.Pool,
  availability: Availability,
  { now, random }: DatabaseOptions,
  closeEngine: () => Promise<void>,
): Database {
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    // The embedded database has one connection: a transaction may have to wait for its turn.
    transactionOptions: { maxWait: 10_000, timeout: 10_000 },
  });
  const close = async () => {
    await prisma.$disconnect();
    await pool.end();
    await closeEngine();
  };
  return { kind, prisma, pool, availability, now, random, close };
}
