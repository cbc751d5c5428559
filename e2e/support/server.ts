// Starts the production server as `npm start` does, with a database of its own, and ends it.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { secretsIn } from "../../tests/support/log-secrets.ts";
import { createDatabase } from "./database.ts";
import { password } from "./people.ts";

export type Database = "embedded" | "postgresql";

/** What a server needs to itself: an address, a data folder and, with PostgreSQL, a database. */
export interface Place {
  /** The issuer, without a slash at the end. */
  readonly url: string;
  readonly dataDir: string;
  /** Of the PostgreSQL database; nothing for the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly env: Record<string, string>;
  readonly clean: () => Promise<void>;
}

/** A process that was started, whether or not it ever serves. */
export interface Launched {
  readonly pid: number;
  /** What it wrote to stdout and stderr so far. */
  readonly log: () => string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Waits until /readyz says so. */
  readonly ready: () => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

export interface Server extends Pick<Place, "url" | "databaseUrl" | "dataDir"> {
  /** What the server wrote to stdout and stderr so far. */
  readonly log: () => string;
  /** SIGTERM, as an operator would; throws unless the server then ends with 0 and its log holds no credential. */
  readonly stop: () => Promise<void>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
// The developer's own settings must not change the tests.
const settings = ["HOST", "DATABASE_URL", "REDIS_URL", "LOG_LEVEL", "SMTP_URL", "SSO_ISSUER"];
// `--no-env-file`: a developer's .env may point at a database with something in it.
const directly = [process.execPath, "scripts/start.mjs", "--no-env-file"];
const byNpm = ["npm", "start", "--silent", "--", "--no-env-file"];

/** Starts a server and waits until it is ready; `extra` adds or replaces environment variables. */
export async function startServer(database: Database, extra: Record<string, string> = {}): Promise<Server> {
  const place = await makePlace(database);
  const server = launch(place, extra);
  try {
    await server.ready();
  } catch (error) {
    server.kill("SIGKILL");
    await server.ended;
    await place.clean();
    throw error;
  }
  async function stop() {
    const code = await end(server);
    await place.clean();
    if (code !== 0) throw new Error(`The server ended with ${code} instead of 0.\n${tail(server.log())}`);
    // The demo's password is printed for everybody, once.
    const log = server.log().replace(/Demo sign-ins.*\n/, "");
    const leaked = secretsIn(log, [password, place.env.AUTH_SECRET ?? password]);
    if (leaked.length > 0) throw new Error(`The log holds what it must not: ${leaked.join(", ")}`);
  }
  const { url, databaseUrl, dataDir } = place;
  return { url, databaseUrl, dataDir, log: server.log, stop };
}

export async function makePlace(database: Database): Promise<Place> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "latchkey-e2e-"));
  const own = database === "postgresql" ? await createDatabase() : undefined;
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const secret = randomBytes(32).toString("base64url");
  const env = {
    PORT: String(port),
    ISSUER_URL: url,
    DATA_DIR: dataDir,
    AUTH_SECRET: secret,
    DEMO: "1",
    WEBHOOK_ALLOW_PRIVATE: "1",
  };
  return {
    url,
    dataDir,
    databaseUrl: own?.url,
    env: own ? { ...env, DATABASE_URL: own.url } : env,
    async clean() {
      await own?.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a server there and does not wait.
 * @param inTerminal by `npm start`, in a process group of its own that gets the signals, as a terminal does it
 */
export function launch(
  place: Pick<Place, "url" | "env">,
  extra: Record<string, string> = {},
  inTerminal = false,
): Launched {
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: "production" };
  for (const name of settings) delete env[name];
  const [file = "", ...args] = inTerminal ? byNpm : directly;
  const child = spawn(file, args, {
    cwd: root,
    env: { ...env, ...place.env, ...extra },
    stdio: ["ignore", "pipe", "pipe"],
    detached: inTerminal,
  });
  let written = "";
  const keep = (text: string) => {
    written += text;
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  let over = false;
  const ended = new Promise<number | string>((resolve) => {
    child.once("close", (status, signal) => {
      over = true;
      resolve(status ?? signal ?? "unknown");
    });
  });
  const log = () => written;
  return {
    pid: child.pid ?? 0,
    log,
    ended,
    ready: async () => {
      const problem = await untilReady(place.url, () => over);
      if (problem) throw new Error(`The server did not become ready: ${problem}.\n${tail(log())}`);
    },
    kill: (signal) => {
      if (!inTerminal) child.kill(signal);
      else if (child.pid && !over) process.kill(-child.pid, signal);
    },
  };
}

/** SIGTERM, and SIGKILL for one that does not listen. @returns what it ended with */
export async function end(server: Launched): Promise<number | string> {
  server.kill("SIGTERM");
  const timer = setTimeout(() => server.kill("SIGKILL"), 20_000);
  const code = await server.ended;
  clearTimeout(timer);
  return code;
}

/** @returns what went wrong, or nothing */
async function untilReady(url: string, isOver: () => boolean): Promise<string | undefined> {
  const deadline = Date.now() + 180_000; // it may have to build first
  while (Date.now() < deadline) {
    if (isOver()) return "it ended";
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return "it took more than three minutes";
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

function tail(text: string) {
  return text.split("\n").slice(-60).join("\n");
}
