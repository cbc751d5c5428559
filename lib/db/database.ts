/** Opens the one database of this process: PostgreSQL by its URL, or an embedded one in a folder. */
import fs from "node:fs";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import type { Random } from "../oauth/tokens";
import { PrismaClient } from "./generated/client";
import { PgliteStream } from "./pglite-stream";

/** A database handle, with the clock and the dice that what is written to it needs. */
export interface Database {
  kind: "embedded" | "postgresql";
  /** The query builder, for everything that is not on a hot path. */
  prisma: PrismaClient;
  /** The same connections, for the few statements Prisma's builder cannot express. */
  pool: pg.Pool;
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
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return "url" in options.location
    ? openPostgresql(options.location.url, options)
    : openEmbedded(options.location.folder, options);
}

function openPostgresql(url: string, options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 5000,
  });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on("error", () => {});
  return assemble("postgresql", pool, options, async () => {});
}

async function openEmbedded(folder: string | null, options: DatabaseOptions): Promise<Database> {
  if (folder !== null) fs.mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 });
  const lite = await PGlite.create(folder ?? "memory://");
  // One session: PGlite has one backend, so a second connection would share the first one's transaction.
  const pool = new pg.Pool({
    max: 1,
    idleTimeoutMillis: 0,
    stream: () => new PgliteStream(lite),
    user: "postgres",
  });
  return assemble("embedded", pool, options, () => lite.close());
}

function assemble(
  kind: Database["kind"],
  pool: pg.Pool,
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
  return { kind, prisma, pool, now, random, close };
}
