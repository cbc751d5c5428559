/**
 * Measures the production server beside a floor, in interleaved rounds, and checks every answer outside the timed loop.
 *
 *   npm run bench -- [--seconds 5] [--rounds 3] [--profile folder]
 */
import { execFileSync, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { createDatabase } from "../e2e/support/database";
import type { DatabaseOptions } from "../lib/db/database";
import { check } from "./check";
import type { Load, Loaded } from "./load";
import { type Prepared, prepare } from "./prepare";
import type { Question, Reading } from "./probe";
import { type Measured, report } from "./report";

const here = import.meta.dirname;
const WARM_UP_SECONDS = 2;
/** More exchanges a second than the server answers, so that codes last to the end of a round. */
const CODES_PER_SECOND = { embedded: 3000, postgresql: 7000 };

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    profile: { type: "string" },
  },
});

type Target = "floor" | "exchange" | "bearer";
const workloads = (["floor", "exchange", "bearer"] as const).flatMap((target) =>
  (target === "exchange" ? [1, 16] : [1, 16, 64]).map((connections) => ({ target, connections })),
);

async function bench(cleanUp: (() => Promise<unknown>)[]): Promise<number> {
  const seconds = positive("seconds");
  const rounds = positive("rounds");
  const folder = await mkdtemp(path.join(os.tmpdir(), "latchkey-bench-"));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  const database = process.env.TEST_DATABASE_URL ? "postgresql" : "embedded";
  const own = database === "postgresql" ? await createDatabase() : null;
  if (own) cleanUp.push(own.drop);
  const location = own ? { url: own.url } : { folder: path.join(folder, "data", "database") };

  say("Preparing apps, users, consents, tokens and codes…");
  const timed = (rounds * 2 + (options.profile ? 1 : 0)) * seconds + WARM_UP_SECONDS;
  const prepared = await prepare(location, timed * CODES_PER_SECOND[database]);
  const server = await startServer(folder, own?.url);
  cleanUp.push(server.stop);
  const floor = await startFloor(own ? location : { folder: path.join(folder, "floor") });
  cleanUp.push(floor.stop);

  const exchanges = prepared.codes.map(exchangeRequest);
  const requests: Record<Exclude<Target, "exchange">, string[]> = {
    floor: exchanges.slice(0, 1000),
    bearer: prepared.tokens.map(bearerRequest),
  };
  const checks = check(prepared);
  let used = 0;

  async function run(target: Target, connections: number, length: number): Promise<Measured> {
    const before = await server.read();
    const loaded = await load({
      port: target === "floor" ? floor.port : server.port,
      connections,
      seconds: length,
      requests:
        target === "exchange"
          ? exchanges.slice(used, used + length * CODES_PER_SECOND[database])
          : requests[target],
      once: target === "exchange",
    });
    const after = await server.read();
    checks[target](loaded, used);
    if (target === "exchange") used += loaded.answers.length;
    return measured(loaded, before, after);
  }

  for (const target of ["floor", "exchange", "bearer"] as const) await run(target, 16, WARM_UP_SECONDS);
  const results = workloads.map((workload) => ({ ...workload, rounds: [] as Measured[] }));
  for (let round = 1; round <= rounds; round++) {
    for (const result of results) {
      say(`Round ${round} of ${rounds}: ${result.target}, connections: ${result.connections}`);
      result.rounds.push(await run(result.target, result.connections, seconds));
    }
  }
  if (options.profile) {
    mkdirSync(options.profile, { recursive: true });
    for (const target of ["exchange", "bearer"] as const) {
      await server.profile(path.resolve(options.profile, `${database}-${target}.cpuprofile`), () =>
        run(target, 16, seconds),
      );
    }
  }

  const { rssBytes } = await server.read();
  await server.stop();
  const problems = await checks.atTheEnd(location, await floor.rows());
  report({ database, seconds, rounds, results, rssBytes, commit: commit(), problems });
  return problems.length === 0 ? 0 : 1;
}

function measured({ seconds, answers }: Loaded, before: Reading, after: Reading): Measured {
  const sorted = answers.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const percentile = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return {
    answers: answers.length,
    seconds,
    rate: answers.length / seconds,
    p50: percentile(0.5),
    p99: percentile(0.99),
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    statements: after.statements - before.statements,
  };
}

function exchangeRequest({ client_id, client_secret, ...form }: Prepared["codes"][number]): string {
  const credentials = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
  const body = new URLSearchParams({ grant_type: "authorization_code", ...form }).toString();
  return http("POST /oauth/token", `Basic ${credentials}`, body);
}

function bearerRequest({ value }: Prepared["tokens"][number]): string {
  return http("GET /public/v1/me", `Bearer ${value}`);
}

function http(line: string, authorization: string, body?: string): string {
  const form = `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body?.length}\r\n`;
  return `${line} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\n${body ? form : ""}\r\n${body ?? ""}`;
}

/** Starts the production server as `npm start` does, with the probe in it. */
async function startServer(folder: string, databaseUrl: string | undefined) {
  const port = await freePort();
  const env = {
    NODE_ENV: "production" as const,
    PATH: process.env.PATH, // none of the caller's settings
    PORT: String(port),
    ISSUER_URL: `http://localhost:${port}`,
    DATA_DIR: path.join(folder, "data"),
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    DEMO: "0",
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  };
  const child = fork("scripts/start.mjs", ["--no-env-file"], {
    execArgv: ["--import", path.join(here, "probe.mjs")],
    env,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ask = (question: Question) => tell<Reading | null>(child, question);
  const read = async () => {
    const reading = await ask({ ask: "reading" });
    if (!reading) throw new Error("the server could not be read");
    return reading;
  };
  const profile = async (file: string, work: () => Promise<unknown>) => {
    await ask({ ask: "profile" });
    await work();
    await ask({ ask: "save profile", file });
  };
  await until(async () => {
    if (child.exitCode !== null) throw new Error("the server did not start");
    return (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.status === 200;
  });
  return { port, read, profile, stop: () => stopped(child) };
}

async function startFloor(location: DatabaseOptions["location"]) {
  const child = helper("floor");
  const port = await tell<number>(child, location);
  return { port, rows: () => tell<number>(child, { ask: "rows" }), stop: () => stopped(child) };
}

async function load(work: Load): Promise<Loaded> {
  return tell<Loaded>(helper("load"), work);
}

type Child = ReturnType<typeof fork>;

function helper(name: string): Child {
  return fork(path.join(here, `${name}.mjs`), { serialization: "advanced" });
}

/** Sends a message; its answer is the next one. */
function tell<Answer>(child: Child, message: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    next<Answer>(child).then(resolve, reject);
    child.send(message, (error) => error && reject(error));
  });
}

function next<Answer>(child: Child): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null, signal: string | null) =>
      reject(new Error(`${child.spawnargs.at(-1)} ended early, with ${code ?? signal}`));
    child.once("exit", gone);
    child.once("message", (message: { answer: Answer }) => {
      child.off("exit", gone);
      resolve(message.answer);
    });
  });
}

/** Ends a child by SIGTERM; it must end with 0. */
async function stopped(child: Child): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await exit;
  }
  if (child.exitCode !== 0)
    throw new Error(`${child.spawnargs.at(-1)} ended with ${child.exitCode ?? child.signalCode}`);
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === "object" ? address.port : 0));
    });
  });
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") ? ", with changes" : "");
  } catch {
    return "none";
  }
}

function positive(name: "seconds" | "rounds"): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} must be a whole number above 0`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const cleanUp: (() => Promise<unknown>)[] = [];
let cleaning: Promise<void> | undefined;
// Once, and waited for by whoever asks: an interrupted bench fails while it is being cleaned up after.
const clean = () => {
  cleaning ??= (async () => {
    for (const step of cleanUp.reverse()) await step().catch((error) => say(String(error)));
  })();
  return cleaning;
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void clean().then(() => process.exit(1)));
try {
  process.exitCode = await bench(cleanUp);
} finally {
  await clean();
}
