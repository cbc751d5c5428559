/** `kill -9` in the middle of W1, W3 and W4, again and again on the same facts. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import pg from "pg";
import { expect } from "vitest";
import { UNFINISHED } from "../../lib/db/embedded-folder";
import { createPostgresql, postgresqlServers } from "../support/databases";
import type { TestApp } from "../support/facts";
import { startLoad } from "./support/load";
import type { Program, ServerProcess } from "./support/process";
import {
  expectLive,
  expectNothingHalfDone,
  expectUnusedCodesWork,
  expectWalk,
  resume,
} from "./support/promises";

/** Where a server that dies keeps its facts. */
interface Place {
  /** The environment of each server that uses it. */
  env: Record<string, string>;
  /** Has the first server begun to make its tables? */
  isBegun(): Promise<boolean>;
  remove(): Promise<void>;
}

export const places: readonly { name: string; make(): Promise<Place> }[] = [
  { name: "the embedded database", make: makeFolder },
  ...postgresqlServers.map((url) => ({ name: "PostgreSQL", make: () => makePostgresql(url) })),
];

/** A data folder of its own. */
export async function makeFolder(): Promise<Place & { dataDir: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), "latchkey-faults-"));
  const dataDir = path.join(folder, "data");
  // By this mark a folder is a database to PGlite; its last files are written after it.
  const mark = path.join(dataDir, `database${UNFINISHED}`, "PG_VERSION");
  return {
    dataDir,
    env: { DATA_DIR: dataDir },
    isBegun: async () => existsSync(mark),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function makePostgresql(server: string): Promise<Place> {
  const { url, drop } = await createPostgresql(server);
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on("error", () => {}); // the database may be dropped before an idle connection has ended
  return {
    env: { DATABASE_URL: url, AUTH_SECRET: "only-for-tests-only-for-tests-only-for-tests" },
    isBegun: async () => {
      const { rows } = await pool.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS begun");
      return rows[0]?.begun === true;
    },
    remove: async () => {
      await pool.end();
      await drop();
    },
  };
}

/** Kills the very first server while it makes its tables. */
export async function killFirstStart(program: Program, { env, isBegun }: Place): Promise<void> {
  const child = program.spawn(env);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while (!(await isBegun())) await sleep(1);
  child.kill("SIGKILL");
  await ended;
}

const connections = { W1: 8, W3: 8, W4: 4 };
const CODES = 150;

/**
 * @param seed of the moments at which the server is killed, in milliseconds after the load began
 * @returns how many answers were held against the servers that came after
 */
export async function killRounds(
  program: Program,
  { env }: Place,
  rounds: number,
  seed: number,
): Promise<number> {
  const moments = fc.sample(fc.integer({ min: 20, max: 500 }), { seed, numRuns: rounds });
  let server = await program.start(env);
  const app = await server.addApp({
    policy: { grants: ["authorization_code", "client_credentials"], code_seconds: 300 },
  });
  const userId = await server.addUser();
  const told: string[] = [];
  for (const [round, moment] of moments.entries()) {
    const { tokens, server: next } = await killOnce({ program, env, server, app, userId, moment });
    expect(tokens.length, `round ${round}: answers before the kill`).toBeGreaterThan(0);
    told.push(...tokens);
    server = next;
  }
  // Not only the tokens of the last round: those of the first survived every death since.
  await expectLive(server, app, told);
  await server.kill();
  return told.length;
}

interface Scene {
  program: Program;
  env: Record<string, string>;
  server: ServerProcess;
  app: TestApp;
  userId: string;
  moment: number;
}

/** @returns every token that was answered, and the server that came after */
async function killOnce({ program, env, server, app, userId, moment }: Scene) {
  const { url } = server;
  const chains = await startLines(server, app, userId);
  const codes = await server.codes(CODES, app, userId);
  const load = startLoad({ url, app, connections, codes, chains });
  await sleep(moment);
  await server.kill();
  await load.done;
  const { record } = load;
  expect(record.refused).toEqual([]);

  const next = await program.start(env);
  await expectNothingHalfDone(next);
  const answered = Object.values(record.tokens).flat();
  await expectLive(next, app, answered);
  const held = record.chains.map(({ refresh_token }) => refresh_token);
  const later = await resume(next, app, held);
  await expectLive(next, app, later);
  await expectWalk(next, app, userId);
  await expectUnusedCodesWork(next, app, record.lostCodes);
  return { tokens: [...answered, ...later], server: next };
}

/** A first refresh token for each connection that will refresh. */
async function startLines(server: ServerProcess, app: TestApp, userId: string): Promise<string[]> {
  const codes = await server.codes(connections.W3, app, userId);
  const only = { W1: 0, W3: 0, W4: connections.W3 };
  const load = startLoad({ url: server.url, app, connections: only, codes, chains: [] });
  await load.done;
  return load.record.refreshTokens;
}
