/** Copies of the embedded database: taken while it serves, and opened once to prove them. */
import { constants, type Dirent } from "node:fs";
import { copyFile, mkdir, readdir, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Database } from "./database";

/** Names the process that had the folder open; a copy has none. */
const PROCESS_FILE = "postmaster.pid";
/** Files copied at once. */
const AT_ONCE = 16;

/**
 * Copies the files of the embedded database as they are at one moment. The database has one connection: who holds it
 * is alone, and no process writes behind it. Requests wait meanwhile, for as long as the disk needs to copy.
 * @param db an embedded database
 * @param folder where its files are
 * @param target is created; must not exist
 * @throws Error when the disk has not the room for it
 */
export async function copyDatabase(db: Database, folder: string, target: string): Promise<void> {
  await checkRoom(folder, path.dirname(target));
  const client = await db.pool.connect();
  try {
    await client.query("CHECKPOINT"); // what opens the copy has next to nothing to recover
    await copyFolder(folder, target);
  } finally {
    client.release();
  }
}

/** What PostgreSQL panics without, it keeps: a copy never takes the last of the disk. In bytes. */
const SPARE = 128 * 1024 * 1024;

/** @throws Error when the disk of `place` cannot take another copy of `folder` and still have room to spare */
export async function checkRoom(
  folder: string,
  place: string,
  statDisk: (place: string) => Promise<{ bavail: number; bsize: number }> = statfs,
): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  let needed = SPARE;
  for (const entry of found) if (entry.isFile()) needed += await sizeOf(placeOf(entry));
  const { bavail, bsize } = await statDisk(place);
  if (bavail * bsize >= needed) return;
  const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);
  throw new Error(
    `a copy takes ${megabytes(needed)} MB of disk, and ${megabytes(bavail * bsize)} MB are free`,
  );
}

/** 0 for a file that went since it was listed: the server goes on meanwhile. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
}

/** Copies a folder with everything in it, empty folders too: PostgreSQL does not start without some of them. */
async function copyFolder(folder: string, target: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const entries = found.filter(({ name }) => name !== PROCESS_FILE);
  const to = (entry: Dirent) => path.join(target, path.relative(folder, placeOf(entry)));
  await mkdir(target, { mode: 0o700 });
  for (const entry of entries)
    if (entry.isDirectory()) await mkdir(to(entry), { recursive: true, mode: 0o700 });
  const files = entries.filter((entry) => entry.isFile()).values();
  const copyNext = async () => {
    // A file system that can shares the blocks instead of copying them.
    for (const file of files) await copyFile(placeOf(file), to(file), constants.COPYFILE_FICLONE);
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, copyNext));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

function placeOf(entry: Dirent): string {
  return path.join(entry.parentPath, entry.name);
}

/** What a copy holds. */
export interface CopyFacts {
  tables: number;
  rows: number;
}

/**
 * Opens a copy, reads every row of every table and closes it again.
 * @throws what PGlite throws for files that make no database, and Error for a database that is not ours
 */
export async function readCopy(folder: string): Promise<CopyFacts> {
  const lite = await PGlite.create(folder);
  try {
    const names = await lite.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    const tables = names.rows.map(({ name }) => name);
    if (!tables.includes("_prisma_migrations")) throw new Error("the database holds no tables of Latchkey");
    let rows = 0;
    for (const table of tables) {
      // The whole row: its values are read too, wherever they are stored.
      const counted = await lite.query<{ rows: number }>(
        `SELECT count(t::text)::int AS rows FROM ${table} AS t`,
      );
      rows += counted.rows[0]?.rows ?? 0;
    }
    return { tables: tables.length, rows };
  } finally {
    await lite.close();
  }
}
