/** The data folder as backups see it: what belongs to a copy, what is only for the process that runs. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { UNFINISHED } from "../db/embedded-folder";
import type { Entry } from "./backup-archive";

/** The embedded database, in the data folder. */
export const DATABASE = "database";
/** Where a backup asks the running server for a copy. */
export const REQUESTS = "backup";
/** Held by the running process (lock.ts). */
const LOCK = "lock";
/** What a restore puts aside, and what it has not finished. */
export const ASIDE = "replaced-";
export const DRAFT = "restoring-";

/** A backup or restore that cannot be done; its message tells the operator why, in one line. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** DATA_DIR, as the server reads it. @throws Refused where the facts are in PostgreSQL */
export function dataDirOf(env: Record<string, string | undefined>): string {
  if (env.DATABASE_URL)
    throw new Refused("DATABASE_URL is set: PostgreSQL is saved with pg_dump, as docs/backup.md shows.");
  return path.resolve(env.DATA_DIR || "./data");
}

/** Everything in the data folder that a copy needs: the database, the generated secret, and what may join them. */
export function contents(dataDir: string): Entry[] {
  if (!existsSync(dataDir)) return [];
  return readdirSync(dataDir)
    .filter((name) => !isOfProcess(name))
    .sort()
    .map((name) => ({ name, place: path.join(dataDir, name) }));
}

function isOfProcess(name: string): boolean {
  return (
    name === LOCK ||
    name === REQUESTS ||
    name.startsWith(ASIDE) ||
    name.startsWith(DRAFT) ||
    name === `${DATABASE}${UNFINISHED}`
  );
}

/** The two arguments both commands know. @throws Refused with how it is to be called */
export function fileOf(args: readonly string[], usage: string, calledFrom: string): string {
  const [file, ...more] = args.filter((arg) => !arg.startsWith("--"));
  if (!file || more.length > 0) throw new Refused(`Call it so: ${usage}`);
  return path.resolve(calledFrom, file);
}
