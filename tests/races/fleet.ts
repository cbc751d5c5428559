/** Servers that share one database: two processes on PostgreSQL, one on an embedded database. */
import { type ChildProcess, fork } from "node:child_process";
import { apis, limits, scopes } from "../../latchkey.config";
import { type Database, openDatabase } from "../../lib/db/database";
import { migrate } from "../../lib/db/migrate";
import { createStore } from "../../lib/db/store";
import type { AuthorizationServer } from "../../lib/oauth/server";
import { bundled } from "../faults/support/bundled";
import {
  createPostgresql,
  databaseFacts,
  migrations,
  postgresqlServers,
  random,
  root,
} from "../support/databases";
import type { Facts } from "../support/facts";
import { startTestServer } from "../support/runtime";

export interface Fleet {
  /** Two addresses; the same twice where there can be but one process. */
  urls: readonly [string, string];
  db: Database;
  facts: Facts;
  as: AuthorizationServer;
  close(): Promise<void>;
}

export const fleets: readonly { name: string; start(): Promise<Fleet> }[] = [
  { name: "one process on PGlite", start: embedded },
  ...postgresqlServers.map((url) => ({
    name: "two processes on PostgreSQL",
    start: () => twoProcesses(url),
  })),
];

async function embedded(): Promise<Fleet> {
  const { rt, url, facts, close } = await startTestServer();
  return { urls: [url, url], db: rt.db, as: rt.as, facts, close };
}

async function twoProcesses(server: string): Promise<Fleet> {
  const { url, drop } = await createPostgresql(server);
  const now = () => new Date();
  const db = await openDatabase({ location: { url }, now, random });
  await migrate(db, migrations);
  const file = await bundled("tests/races/server.ts");
  const [one, other] = await Promise.all([startProcess(file.path, url), startProcess(file.path, url)]);
  const as: AuthorizationServer = {
    issuer: "http://localhost:3000",
    store: createStore(db, { client() {}, token() {} }),
    now,
    random,
    scopes,
    apis,
    credentialPrefix: "",
    authorizationRequestSeconds: limits.authorizationRequestSeconds,
    refreshReplaySeconds: limits.refreshReplaySeconds,
    checkServiceAccount: async () => ({ refused: "wrong" }),
    observe() {},
    observeRedirect() {},
    succeeded() {},
  };
  const close = async () => {
    await Promise.all([one.stop(), other.stop()]);
    file.remove();
    await db.close();
    await drop();
  };
  return { urls: [one.url, other.url], db, facts: databaseFacts(db), as, close };
}

async function startProcess(file: string, url: string): Promise<{ url: string; stop(): Promise<void> }> {
  const env = {
    PATH: process.env.PATH ?? "",
    DATABASE_URL: url,
    AUTH_SECRET: "only-for-tests-only-for-tests-only-for-tests",
    LOG_LEVEL: "silent",
  };
  const child = fork(file, [], { cwd: root, env: { ...env, NODE_ENV: "test" }, execArgv: [] });
  const port = await firstMessage(child);
  const stop = () =>
    new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.kill("SIGKILL");
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}

function firstMessage(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("message", (address: { port: number }) => resolve(address.port));
    child.once("exit", (code) => reject(new Error(`the server process ended with ${code}`)));
  });
}
