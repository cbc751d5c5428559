/**
 * How `npm run backup` gets a copy out of a running server: each asks by a folder of its own in the data folder, which
 * only the server's user can enter. Nothing listens, on no port and no socket, and a request names no place to write to.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { copyDatabase } from "../db/backup";
import type { Database } from "../db/database";
import { DATABASE, REQUESTS, Refused } from "./backup-folder";
import type { Log } from "./log";

/** The states of a request: files in its folder, one at a time. */
const ASKED = "asked";
const TAKEN = "taken";
const DONE = "done";
const FAILED = "failed";

/** How often both sides look, in milliseconds. */
const LOOK_EVERY_MS = 250;
/** For how long a server may not notice a request, in milliseconds. */
const NOTICE_MS = 15_000;
/** What nobody has collected by then is removed, in milliseconds. */
const FORGOTTEN_MS = 60 * 60 * 1000;

export interface Answering {
  /** Waits for a copy that is being made. */
  close(): Promise<void>;
}

/**
 * Copies the embedded database for whoever asks, until closed.
 * @param folder where the database is
 */
export function answerBackups(db: Database, dataDir: string, folder: string, log: Log): Answering {
  const requests = path.join(dataDir, REQUESTS);
  let busy = false;
  let failing = false;
  const doOne = async (work: () => Promise<void>) => {
    busy = true;
    try {
      await work();
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, "backups cannot be answered");
      failing = true; // one line, however often it is tried
    }
    busy = false;
  };
  // First away with those of a process that was killed.
  let round = doOne(() => rm(requests, { recursive: true, force: true }));
  const look = setInterval(() => {
    if (!busy) round = doOne(() => answerAll(requests, db, folder, log));
  }, LOOK_EVERY_MS).unref();
  const close = async () => {
    clearInterval(look);
    await round;
  };
  return { close };
}

async function answerAll(requests: string, db: Database, folder: string, log: Log): Promise<void> {
  for (const name of await listOf(requests)) {
    const request = path.join(requests, name);
    const states = await listOf(request);
    if (states.includes(ASKED)) await answerOne(request, db, folder, log);
    else if (await isForgotten(request)) await rm(request, { recursive: true, force: true });
  }
}

async function answerOne(request: string, db: Database, folder: string, log: Log): Promise<void> {
  await rename(path.join(request, ASKED), path.join(request, TAKEN));
  try {
    await copyDatabase(db, folder, path.join(request, DATABASE));
    await tell(request, DONE, "");
    log.info("the database was copied for a backup");
  } catch (error) {
    log.error({ err: error }, "the database could not be copied for a backup");
    await rm(path.join(request, DATABASE), { recursive: true, force: true });
    await tell(request, FAILED, error instanceof Error ? error.message : String(error));
  }
}

/** A state appears with its words, or not at all. */
async function tell(request: string, state: string, words: string): Promise<void> {
  const draft = path.join(request, `${state}.draft`);
  await writeFile(draft, words, { mode: 0o600 });
  await rename(draft, path.join(request, state));
}

async function isForgotten(request: string): Promise<boolean> {
  const found = await stat(request).catch(() => null); // its owner may have removed it just now
  return found !== null && Date.now() - found.mtimeMs > FORGOTTEN_MS;
}

async function listOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return [];
    throw error;
  }
}

/** A copy the server made; `remove` when it is packed. */
export interface ServedCopy {
  database: string;
  remove(): Promise<void>;
}

/**
 * Asks the server that holds the data folder for a copy of its database.
 * @param isGone has the server ended meanwhile?
 * @returns null when the server ended, or began, before it had answered
 * @throws Refused when it does not answer, or says why it cannot
 */
export async function askServer(dataDir: string, isGone: () => boolean): Promise<ServedCopy | null> {
  const request = path.join(dataDir, REQUESTS, randomBytes(8).toString("hex"));
  await mkdir(request, { recursive: true, mode: 0o700 });
  const remove = () => rm(request, { recursive: true, force: true });
  try {
    await tell(request, ASKED, "");
    if (await answered(request, isGone)) return { database: path.join(request, DATABASE), remove };
  } catch (error) {
    await remove();
    throw error;
  }
  await remove();
  return null;
}

async function answered(request: string, isGone: () => boolean): Promise<boolean> {
  const since = performance.now();
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    const states = await listOf(request);
    if (states.includes(DONE)) return true;
    if (states.includes(FAILED))
      throw new Refused(
        `The server could not copy its database: ${await readFile(path.join(request, FAILED), "utf8")}`,
      );
    if (states.length === 0 || isGone()) return false; // a server that starts clears old requests away, and ours with them
    if (states.includes(ASKED) && performance.now() - since > NOTICE_MS)
      throw new Refused("The server that uses this data folder does not answer. Stop it, and try again.");
  }
}
