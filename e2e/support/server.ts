// Starts the production server as `npm start` does, with a database of its own, and ends it.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createDatabase } from "./database.ts";

export type Database = "embedded" | "postgresql";

export interface Server {
  /** The issuer, without a slash at the end. */
  readonly url: string;
  /** What the server wrote to stdout and stderr so far. */
  readonly log: () => Promise<string>;
  /** SIGTERM, as an operator would; throws unless the server then ends with 0. */
  readonly stop: () => Promise<void>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
// The developer's own settings must not change the tests.
const settings = ["HOST", "DATABASE_URL", "REDIS_URL", "LOG_LEVEL"];

/** Starts a server on a free port and waits until it is ready; `extra` adds or replaces environment variables. */
export async function startServer(database: Database, extra: Record<string, string> = {}): Promise<Server> {
  const folder = await mkdtemp(path.join(tmpdir(), "latchkey-e2e-"));
  const own = database === "postgresql" ? await createDatabase() : undefined;
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const secret = randomBytes(32).toString("base64url");
  const given = { PORT: String(port), ISSUER_URL: url, DATA_DIR: folder, AUTH_SECRET: secret, DEMO: "1" };
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: "production" };
  for (const name of settings) delete env[name];
  if (own) env.DATABASE_URL = own.url;

  // `--no-env-file`: a developer's .env may point at a database with something in it.
  const child = spawn(process.execPath, ["scripts/start.mjs", "--no-env-file"], {
    cwd: root,
    env: { ...env, ...given, ...extra },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const logFile = path.join(folder, "server.log");
  const out = createWriteStream(logFile);
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  const log = () => readFile(logFile, "utf8");
  let code: number | string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once("close", (status, signal) => {
      code = status ?? signal ?? "unknown";
      out.end(resolve);
    });
  });

  async function clean() {
    await own?.drop();
    await rm(folder, { recursive: true, force: true });
  }

  async function stop() {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await ended;
    clearTimeout(timer);
    const text = await log();
    await clean();
    if (code !== 0) throw new Error(`The server ended with ${code} instead of 0.\n${tail(text)}`);
  }

  try {
    await untilReady(url, () => code !== undefined);
  } catch (error) {
    child.kill("SIGKILL");
    await ended;
    const text = await log();
    await clean();
    throw new Error(`The server did not become ready.\n${tail(text)}`, { cause: error });
  }
  return { url, log, stop };
}

async function untilReady(url: string, isOver: () => boolean) {
  const deadline = Date.now() + 180_000; // it may have to build first
  while (Date.now() < deadline && !isOver()) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(isOver() ? "it ended" : "it took more than three minutes");
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
