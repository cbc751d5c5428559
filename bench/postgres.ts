/**
 * The PostgreSQL that everybody in a run uses: one of the bench's own where PostgreSQL is installed, with the same
 * settings for all; else the one of TEST_DATABASE_URL, in databases that are dropped afterwards.
 */
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, chownSync, constants, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { freePort, until } from "./process";

export interface Postgres {
  /** For the report. */
  description: string;
  /** Makes a fresh database. @returns its URL */
  createDatabase(name: string): Promise<string>;
  /** User and system time of all its processes so far, in seconds; null where they are not ours to see. */
  cpuSeconds(): number | null;
  /** Writes what is not yet written, so that nobody writes what another has left. */
  checkpoint(): Promise<void>;
  stop(): Promise<void>;
}

/** What an operator would set who has read the manual on checkpoints and solid-state disks; fsync stays on. */
const SETTINGS = {
  fsync: "on",
  synchronous_commit: "on",
  shared_buffers: "512MB",
  max_wal_size: "8GB",
  checkpoint_timeout: "15min",
  random_page_cost: "1.1",
};

/** @param folder where a database of the bench's own may be kept */
export async function startPostgres(folder: string): Promise<Postgres> {
  const bin = binaries();
  const url = process.env.TEST_DATABASE_URL;
  if (bin !== null) return startPrivate(bin, path.join(folder, "postgresql"));
  if (url) {
    const existing = useExisting(url);
    return { ...existing, description: `${await existing.version()} of TEST_DATABASE_URL, its own settings` };
  }
  throw new Error("The bench needs PostgreSQL: install one, or name one with TEST_DATABASE_URL.");
}

/** The folder of PostgreSQL's programs; the newest where there are several. */
function binaries(): string | null {
  const packages = "/usr/lib/postgresql";
  const versions = entries(packages)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(packages, version, "bin"));
  const folders = [...versions, ...(process.env.PATH ?? "").split(path.delimiter)];
  return (
    folders.find((folder) => ["initdb", "postgres"].every((name) => runs(path.join(folder, name)))) ?? null
  );
}

async function startPrivate(bin: string, folder: string): Promise<Postgres> {
  mkdirSync(folder);
  const owner = unprivileged();
  if (owner) {
    chownSync(folder, owner.uid, owner.gid);
    // The way there must be open to the other user, too.
    execFileSync("chmod", ["o+x", path.dirname(folder)]);
  }
  const data = path.join(folder, "data");
  const port = await freePort();
  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  execFileSync(path.join(bin, "initdb"), initdb, {
    ...owner,
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const settings = { ...SETTINGS, listen_addresses: "127.0.0.1", port, unix_socket_directories: folder };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = ["-c", "logging_collector=on"];
  const server = spawn(path.join(bin, "postgres"), ["-D", data, ...options, ...log], {
    ...owner,
    cwd: folder,
    stdio: "ignore",
  });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const existing = useExisting(`postgresql://postgres@127.0.0.1:${port}/postgres`);
  await until(async () => {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}: see ${data}/log`);
    return existing.answers();
  });
  return {
    description: `${await existing.version()}, its own for this run: ${list(SETTINGS)}`,
    createDatabase: existing.createDatabase,
    checkpoint: existing.checkpoint,
    cpuSeconds: () => cpuOfFamily(server.pid),
    async stop() {
      server.kill("SIGINT"); // fast shutdown: sessions are ended, not waited for
      await ended;
    },
  };
}

function useExisting(url: string) {
  const made: string[] = [];
  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return await client.query<Record<string, string>>(sql);
    } finally {
      await client.end();
    }
  };
  const version = async () => `PostgreSQL ${(await query("SHOW server_version")).rows[0]?.server_version}`;
  return {
    version,
    answers: () => version().then(Boolean, () => false),
    async createDatabase(name: string) {
      const unique = `bench_${name.replaceAll(/\W/g, "_")}_${randomBytes(4).toString("hex")}`;
      await query(`CREATE DATABASE ${unique}`);
      made.push(unique);
      const its = new URL(url);
      its.pathname = `/${unique}`;
      return its.href;
    },
    checkpoint: async () => void (await query("CHECKPOINT")),
    cpuSeconds: () => null,
    async stop() {
      for (const name of made) await query(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** PostgreSQL refuses to run as root: then it is the user `postgres`, whom every package makes. */
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (what: string) => Number(execFileSync("id", [what, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Of a process, its children, and those of them that have ended; from /proc, so on Linux only. */
function cpuOfFamily(parent: number | undefined): number | null {
  if (process.platform !== "linux" || parent === undefined) return null;
  const TICKS_PER_SECOND = 100;
  let ticks = 0;
  for (const pid of entries("/proc").filter((name) => /^\d+$/.test(name))) {
    // Fields after the command's name, which may hold spaces: state, ppid, … utime is the 12th, then stime, cutime, cstime.
    const [, ppid, ...fields] = read(`/proc/${pid}/stat`)
      .replace(/^.*\) /s, "")
      .split(" ")
      .map(Number);
    if (Number(pid) !== parent && ppid !== parent) continue;
    ticks += fields.slice(9, Number(pid) === parent ? 13 : 11).reduce((sum, one) => sum + one, 0);
  }
  return ticks / TICKS_PER_SECOND;
}

const list = (settings: Record<string, string>) =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // it has just ended
  }
}
