// Keeps the data folder to one process: two on one embedded database silently lose data.

import { randomBytes } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { z } from "zod";

const beat = 1_000;

const Holder = z.object({
  pid: z.number().int().positive(),
  /** When the process started, in the kernel's own clock; tells it from a later one with the same id. */
  started: z.string().nullable(),
  /** The machine's boot and the process id namespace that `pid` belongs to. */
  realm: z.string(),
});

type Holder = z.infer<typeof Holder>;
type Claim = { readonly number: number; readonly file: string };

/** Another process holds the data folder; the message names it. */
export class DataDirTaken extends Error {}

/**
 * Takes the folder for this process until `release()` or the end of the process.
 *
 * Claims are numbered files; the highest one counts. To take over from a dead process one creates the next number,
 * which only one can do, and nobody ever has to remove a claim that another may just have renewed. A released claim
 * stays as an empty file, so that the numbers only rise.
 *
 * @param dir the data folder; created when missing, for its owner only
 * @param patience for how many milliseconds a holder that cannot be looked up, because it runs (or ran) on another
 *   machine or in another container, may leave its claim untouched before it counts as dead
 * @throws DataDirTaken naming the process that holds the folder
 */
export function lockDataDir(dir: string, patience = 10_000): { release(): void } {
  const folder = path.resolve(dir, "lock");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const claim = take(folder, patience);
  for (const older of claims(folder)) if (older.number < claim.number) rmSync(older.file, { force: true });

  const pulse = setInterval(() => keep(claim, folder), beat).unref();
  const release = () => {
    clearInterval(pulse);
    process.off("exit", release);
    if (newest(folder)?.number === claim.number) writeFileSync(claim.file, "");
  };
  process.on("exit", release); // synchronous, because nothing else runs to its end in a process that is told to stop
  return { release };
}

function take(folder: string, patience: number): Claim {
  for (;;) {
    const last = newest(folder);
    const holder = last && read(last);
    if (last && holder && isAlive(holder, last, patience)) {
      throw new DataDirTaken(
        `The data folder ${path.dirname(folder)} is in use by process ${holder.pid}. ` +
          "Stop that process first, or give this one another DATA_DIR.",
      );
    }
    const mine = claimOf(folder, (last?.number ?? 0) + 1);
    if (!create(mine)) continue;
    // Somebody who looked later may be further already, and cleared the number away that we just used again.
    if (newest(folder)?.number === mine.number) return mine;
    rmSync(mine.file, { force: true });
  }
}

/** Creates the claim with its content, or not at all: a link never overwrites and is never seen half written. */
function create(claim: Claim): boolean {
  const draft = `${claim.file}.${randomBytes(6).toString("hex")}`;
  const me: Holder = { pid: process.pid, started: startOf(process.pid), realm: realm() };
  writeFileSync(draft, JSON.stringify(me), { mode: 0o600 });
  try {
    linkSync(draft, claim.file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Shows processes that cannot see ours that we live, and ends this one should it have been given up nevertheless. */
function keep(claim: Claim, folder: string) {
  const last = newest(folder);
  if (last && last.number > claim.number) {
    process.stderr.write(`Another process took over ${path.dirname(folder)} while this one was suspended.\n`);
    process.exit(1);
  }
  try {
    utimesSync(claim.file, new Date(), new Date());
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error; // the folder was removed by hand
  }
}

function isAlive(holder: Holder, claim: Claim, patience: number): boolean {
  if (holder.realm !== realm()) return beats(claim, patience); // a container beside this one, or before it
  if (!exists(holder.pid)) return false;
  const started = startOf(holder.pid);
  if (started === "ended") return false;
  return started && holder.started ? started === holder.started : beats(claim, patience);
}

/** Watches whether the holder touches its claim; needs no common clock and no common process ids. */
function beats(claim: Claim, patience: number): boolean {
  const before = touched(claim);
  const until = performance.now() + patience;
  while (performance.now() < until) {
    if (touched(claim) !== before || newest(path.dirname(claim.file))?.number !== claim.number) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  return false;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/**
 * Fields 3 and 22 of /proc/<pid>/stat, counted after the command's name, which may hold spaces.
 * "ended" for one that only waits for its parent to notice; null where there is no /proc.
 */
function startOf(pid: number): string | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields?.[0] === "Z" || fields?.[0] === "X" ? "ended" : (fields?.[19] ?? null);
}

function realm(): string {
  const boot = readOrNull("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  try {
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return boot;
  }
}

function newest(folder: string): Claim | undefined {
  return claims(folder).sort((a, b) => b.number - a.number)[0];
}

function claims(folder: string): Claim[] {
  return list(folder)
    .filter((name) => /^\d+$/.test(name))
    .map((name) => claimOf(folder, Number(name)));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return []; // removed by hand, under a running process
    throw error;
  }
}

function claimOf(folder: string, number: number): Claim {
  return { number, file: path.join(folder, String(number)) };
}

/** Nothing for a claim that was released or cleared away meanwhile. */
function read(claim: Claim): Holder | undefined {
  const text = readOrNull(claim.file);
  if (!text) return undefined;
  const unknown = { pid: 0, started: null, realm: "" }; // another version's, or cut short by a crash: watched instead
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return unknown;
  }
}

function touched(claim: Claim): number {
  return statSync(claim.file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    // ESRCH: the process ended between opening its file in /proc and reading it.
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ESRCH") return null;
    throw error; // not being allowed to read a claim does not make it free
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
