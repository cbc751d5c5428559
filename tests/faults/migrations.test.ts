/** Migrations while others start, serve and wait: several processes on one PostgreSQL. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../lib/db/database";
import { migrate, migrationNames } from "../../lib/db/migrate";
import { createPostgresql, migrations, postgresqlServers, random } from "../support/databases";
import type { TestApp } from "../support/facts";
import { startTestServer } from "../support/runtime";
import { basic, encode, exchangeFields } from "../support/world";
import { postForm } from "./support/load";
import { buildProgram, type Program, type ServerProcess } from "./support/process";

const tables = [
  ...["users", "companies", "memberships", "sessions", "apps", "client_secrets", "redirect_uris", "settings"],
  ...["authorization_requests", "authorization_codes", "consents", "consent_receipts", "audit_events"],
  ...["tokens", "refresh_families", "refresh_tokens", "request_log", "request_traits", "projects"],
];
/** What a newer version may do while the older one still serves: everything it adds can be left out. */
const expansion = [
  ...tables.map((table) => `ALTER TABLE ${table} ADD COLUMN added_later text;`),
  ...tables.map((table) => `ALTER TABLE ${table} ADD COLUMN counted_later int NOT NULL DEFAULT 0;`),
  "CREATE TABLE later (id int PRIMARY KEY);",
  "CREATE INDEX later_idx ON tokens (added_later);",
].join("\n");

describe.each(postgresqlServers)("on PostgreSQL", { timeout: 60_000 }, (server) => {
  let program: Program;
  let place: Awaited<ReturnType<typeof createPostgresql>>;
  let env: Record<string, string>;
  let folder: string;
  const running: ServerProcess[] = [];

  beforeAll(async () => {
    program = await buildProgram();
  });
  afterAll(() => program?.remove());
  beforeEach(async () => {
    place = await createPostgresql(server);
    env = { DATABASE_URL: place.url, AUTH_SECRET: "only-for-tests-only-for-tests-only-for-tests" };
    folder = mkdtempSync(path.join(tmpdir(), "latchkey-newer-"));
    cpSync(migrations, folder, { recursive: true });
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.kill()));
    rmSync(folder, { recursive: true, force: true });
    await place.drop();
  });

  /** One more migration, a newer version's. */
  function addMigration(name: string, sql: string) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, "migration.sql"), sql);
  }
  async function start(count: number): Promise<ServerProcess[]> {
    const started = await Promise.all(Array.from({ length: count }, () => program.start(env)));
    running.push(...started);
    return started;
  }
  const isReady = async ({ url }: Pick<ServerProcess, "url">) =>
    (await fetch(`${url}/readyz`)).status === 200;

  test("instances that start at once on an empty database apply each migration once, and all serve", async () => {
    const started = await start(3);
    const rows = await started[0]?.query("SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1");
    expect(rows?.map(({ name }) => name)).toEqual(migrationNames(migrations));
    expect(await Promise.all(started.map(isReady))).toEqual([true, true, true]);
  });

  test("an older instance goes on serving while a newer one expands the schema, and afterwards", async () => {
    const [older] = await start(1);
    if (!older) throw new Error("the older instance has started");
    const app = await older.addApp({
      policy: { grants: ["authorization_code", "client_credentials"] },
    });
    const userId = await older.addUser();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
    let isOver = false;
    const failures: unknown[] = [];
    const rounds = async () => {
      let count = 0;
      do {
        await walk(agent, older, app, userId).catch((error) => failures.push(error));
        count += 1;
      } while (!isOver);
      return count;
    };
    await walk(agent, older, app, userId); // its statements are prepared
    const load = rounds();
    addMigration("99990101000000_newer", expansion);
    const newer = await startTestServer({ url: place.url }, {}, { migrations: folder });
    const token = await walk(agent, older, app, userId);
    isOver = true;
    expect(await load).toBeGreaterThan(0);
    expect(failures).toEqual([]);
    expect(await older.query("SELECT 1 AS there FROM later")).toEqual([]); // the newer one has applied its own
    expect([await isReady(older), await isReady(newer)]).toEqual([true, true]);
    expect(await apiStatus(newer.url, token)).toBe(200);
    await newer.close();
    agent.destroy();

    // The older version may even start again, as when a deployment is taken back.
    const [again] = await start(1);
    if (!again) throw new Error("the older instance has started again");
    expect(await isReady(again)).toBe(true);
    expect(await apiStatus(again.url, token)).toBe(200);
  });

  test("a migration that fails half-way leaves everything as it was, and those who serve do not notice", async () => {
    const [older] = await start(1);
    if (!older) throw new Error("the older instance has started");
    const schema = `SELECT table_name, column_name, data_type FROM information_schema.columns
      WHERE table_schema = 'public' ORDER BY 1, 2`;
    const before = await older.query(schema);
    addMigration("99990101000000_newer", `${expansion}\nINSERT INTO nowhere VALUES (1);`);
    await expect(startTestServer({ url: place.url }, {}, { migrations: folder })).rejects.toThrow(
      "The migration 99990101000000_newer failed and was undone",
    );
    expect(await older.query(schema)).toEqual(before);
    expect(await isReady(older)).toBe(true);
    addMigration("99990102000000_later", "SELECT 1");
    writeFileSync(path.join(folder, "99990101000000_newer", "migration.sql"), expansion);
    const mended = await startTestServer({ url: place.url }, {}, { migrations: folder });
    expect([await isReady(older), await isReady(mended)]).toEqual([true, true]);
    await mended.close();
  });

  test("a migration that waits for a table lets those behind it pass, and gets it in the end", async () => {
    const db = await openDatabase({ location: place.location, now: () => new Date(), random });
    await migrate(db, migrations);
    addMigration("99990101000000_newer", "ALTER TABLE tokens ADD COLUMN added_later text");
    const report = new pg.Client({ connectionString: place.url });
    await report.connect();
    await report.query("BEGIN; SELECT count(*) FROM tokens");
    let isOver = false;
    const applied = migrate(db, folder).finally(() => {
      isOver = true;
    });
    const waits: number[] = [];
    for (let asked = 0; !isOver; asked += 1) {
      const began = performance.now();
      await db.pool.query("SELECT 1 FROM tokens LIMIT 1");
      waits.push(performance.now() - began);
      if (asked > 0 && Math.max(...waits) > 500) await report.query("COMMIT");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await applied).toEqual(["99990101000000_newer"]);
    expect(Math.max(...waits)).toBeLessThan(5_000); // one second, and what else this machine does
    await report.end();
    await db.close();
  });
});

/** Every kind of request an app makes. @returns a live access token */
async function walk(agent: http.Agent, { url, codes }: ServerProcess, app: TestApp, userId: string) {
  const [code = ""] = await codes(1, app, userId);
  const ask = (path: string, fields: Record<string, string | undefined>) =>
    postForm(agent, url + path, fields, app);
  const exchanged = await ask("/oauth/token", exchangeFields(code));
  const { refresh_token } = exchanged.body;
  const refreshed = await ask("/oauth/token", { grant_type: "refresh_token", refresh_token });
  const token = refreshed.body.access_token ?? "";
  const machine = await ask("/oauth/token", { grant_type: "client_credentials" });
  const live = await ask("/oauth/introspect", { token });
  const statuses = [exchanged, refreshed, machine, live].map(({ status }) => status);
  expect([...statuses, live.body.active, await apiStatus(url, token)]).toEqual([
    200,
    200,
    200,
    200,
    true,
    200,
  ]);
  const revoked = await fetch(`${url}/oauth/revoke`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", authorization: basic(app) },
    body: encode({ token: machine.body.access_token }),
  });
  expect(revoked.status).toBe(200);
  return token;
}

async function apiStatus(url: string, token: string): Promise<number> {
  return (await fetch(`${url}/public/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;
}
