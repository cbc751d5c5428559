/** `npm run backup -- file.tar.gz`: a copy of the data folder, whether or not a server runs on it, proven by opening it. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type CopyFacts, readCopy } from "../db/backup";
import { type Entry, pack, unpack } from "./backup-archive";
import { contents, DATABASE, dataDirOf, fileOf, Refused } from "./backup-folder";
import { askServer } from "./backup-requests";
import { DataDirTaken, lockDataDir } from "./lock";

/**
 * Writes the backup under a name of its own, proves it and gives it its name: a file of that name is always whole.
 * @param args the file
 * @param env DATA_DIR
 * @param calledFrom what a relative file is relative to
 * @returns a line that says what was saved
 * @throws Refused when there is nothing to save, nowhere to save it, or the copy cannot be read again
 */
export async function backup(
  args: readonly string[],
  env: Record<string, string | undefined>,
  calledFrom: string,
): Promise<string> {
  const file = fileOf(args, "npm run backup -- file.tar.gz", calledFrom);
  const dataDir = dataDirOf(env);
  if (!existsSync(path.join(dataDir, DATABASE)))
    throw new Refused(`There is no embedded database in ${dataDir}.`);
  const within = path.relative(dataDir, file);
  if (!within.startsWith("..") && !path.isAbsolute(within))
    throw new Refused(`${file} is in the data folder itself; choose another place, best on another disk.`);
  if (existsSync(file)) throw new Refused(`${file} exists already; choose another name.`);
  const draft = `${file}.${randomBytes(6).toString("hex")}.part`;
  try {
    await withCopy(dataDir, (entries) => pack(entries, draft));
    const { rows, tables } = await proveFile(draft);
    await rename(draft, file);
    const { size } = await stat(file);
    return `Saved ${rows} rows of ${tables} tables to ${file} (${Math.ceil(size / 1024)} kB).`;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Hands over what is to be packed: of a folder that is held meanwhile, or with the copy its server made. */
async function withCopy(dataDir: string, use: (entries: Entry[]) => Promise<void>): Promise<void> {
  for (;;) {
    const lock = lockUnlessTaken(dataDir);
    if (lock) {
      try {
        return await use(contents(dataDir));
      } finally {
        lock.release();
      }
    }
    const isGone = () => {
      const free = lockUnlessTaken(dataDir);
      free?.release();
      return free !== null;
    };
    const copy = await askServer(dataDir, isGone);
    if (!copy) continue; // who holds the folder has changed
    try {
      return await use(
        contents(dataDir).map((entry) =>
          entry.name === DATABASE ? { ...entry, place: copy.database } : entry,
        ),
      );
    } finally {
      await copy.remove();
    }
  }
}

function lockUnlessTaken(dataDir: string): { release(): void } | null {
  try {
    return lockDataDir(dataDir);
  } catch (error) {
    if (error instanceof DataDirTaken) return null;
    throw error;
  }
}

/** Unpacks a backup and reads all of it. @throws Refused */
async function proveFile(file: string): Promise<CopyFacts> {
  const folder = await mkdtemp(path.join(tmpdir(), "latchkey-backup-"));
  try {
    return await unpackAndRead(file, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param folder is empty. @throws Refused for a file that is no backup, or whose database does not open */
export async function unpackAndRead(file: string, folder: string): Promise<CopyFacts> {
  await unpack(file, folder);
  const database = path.join(folder, DATABASE);
  if (!existsSync(path.join(database, "PG_VERSION")))
    throw new Refused(`${file} is no backup: it holds no database.`);
  try {
    return await readCopy(database);
  } catch (error) {
    throw new Refused(
      `The database in ${file} does not open: ${error instanceof Error ? error.message : error}.`,
    );
  }
}
