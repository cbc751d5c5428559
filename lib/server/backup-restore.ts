/** `npm run restore -- file.tar.gz [--replace]`: puts a backup into the data folder, once it has proved to be good. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { unpackAndRead } from "./backup";
import { ASIDE, contents, DRAFT, dataDirOf, fileOf, Refused } from "./backup-folder";
import { DataDirTaken, lockDataDir } from "./lock";

const USAGE = "npm run restore -- file.tar.gz [--replace]";

/**
 * @param args the file, and `--replace` to put what is there aside
 * @param env DATA_DIR
 * @param calledFrom what a relative file is relative to
 * @returns a line that says what was restored
 * @throws Refused for a bad backup, for a folder that is not empty, and while a server runs on it
 */
export async function restore(
  args: readonly string[],
  env: Record<string, string | undefined>,
  calledFrom: string,
): Promise<string> {
  const unknown = args.find((arg) => arg.startsWith("--") && arg !== "--replace");
  if (unknown !== undefined) throw new Refused(`There is no option ${unknown}: ${USAGE}`);
  const file = fileOf(args, USAGE, calledFrom);
  const dataDir = dataDirOf(env);
  if (!existsSync(file)) throw new Refused(`There is no file ${file}.`);
  const lock = lockedOrRefused(dataDir);
  const draft = path.join(dataDir, `${DRAFT}${randomBytes(6).toString("hex")}`);
  try {
    const before = contents(dataDir);
    if (before.length > 0 && !args.includes("--replace"))
      throw new Refused(`${dataDir} is not empty. With --replace what is there is kept aside.`);
    await mkdir(draft, { mode: 0o700 });
    const { rows, tables } = await unpackAndRead(file, draft);
    const aside = await swap(dataDir, draft);
    return `Restored ${rows} rows of ${tables} tables to ${dataDir}.${aside ? ` What was there is in ${aside}.` : ""}`;
  } finally {
    await rm(draft, { recursive: true, force: true });
    lock.release();
  }
}

function lockedOrRefused(dataDir: string): { release(): void } {
  try {
    return lockDataDir(dataDir);
  } catch (error) {
    throw error instanceof DataDirTaken ? new Refused(error.message) : error;
  }
}

/** Puts what is there aside and what was unpacked in its place; only renames. @returns where the old is, if there was any */
async function swap(dataDir: string, draft: string): Promise<string | null> {
  const old = contents(dataDir);
  const aside = path.join(dataDir, `${ASIDE}${new Date().toISOString().replace(/[:.]/g, "-")}`);
  if (old.length > 0) await mkdir(aside, { mode: 0o700 });
  const brought = new Set(readdirSync(draft));
  for (const { name, place } of old) {
    await rename(place, path.join(aside, name));
    if (brought.delete(name)) await rename(path.join(draft, name), place);
  }
  for (const name of brought) await rename(path.join(draft, name), path.join(dataDir, name));
  return old.length > 0 ? aside : null;
}
