/** A million expired tokens leave while apps go on asking for new ones, hardly slower than without. */
import http from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { withAdvisoryLock } from "../../lib/db/advisory-lock";
import { BACKLOG_LIMIT, findBacklog } from "../../lib/db/backlog";
import { openDatabase } from "../../lib/db/database";
import { SWEEP_LOCK, sweep } from "../../lib/db/housekeeping";
import { migrate } from "../../lib/db/migrate";
import { createPostgresql, databaseFacts, migrations, postgresqlServers, random } from "../support/databases";
import { postForm } from "./support/load";
import { buildProgram } from "./support/process";

const ROWS = 1_000_000;
const CONNECTIONS = 64;
const WINDOW_MS = 4_000;

describe.each(postgresqlServers)("on PostgreSQL", (server) => {
  test("1,000,000 expired tokens leave, and client_credentials keeps nine tenths of its rate", async () => {
    const program = await buildProgram();
    const place = await createPostgresql(server);
    const db = await openDatabase({ location: place.location, now: () => new Date(), random });
    await migrate(db, migrations);
    const app = await databaseFacts(db).addApp({ policy: { grants: ["client_credentials"] } });
    await db.pool.query(
      `INSERT INTO tokens (hash, kind, last4, app_id, scopes, created_at, expires_at)
       SELECT sha256(n::text::bytea), 'access', 'xxxx', $1, '{read}', now() - interval '3 days',
         now() - interval '2 days' - n * interval '1 millisecond' FROM generate_series(1, $2::int) AS n`,
      [app.client_id, ROWS],
    );
    await db.pool.query("ANALYZE tokens");
    const env = { DATABASE_URL: place.url, AUTH_SECRET: "only-for-tests-only-for-tests-only-for-tests" };
    const process = await program.start(env);

    onTestFinished(async () => {
      await process.kill();
      await db.close();
      await place.drop();
      program.remove();
    });

    let answers = 0;
    let isOver = false;
    const agent = new http.Agent({ keepAlive: true });
    const client = async () => {
      while (!isOver) {
        const fields = { grant_type: "client_credentials" };
        const { status } = await postForm(agent, `${process.url}/oauth/token`, fields, app);
        expect(status).toBe(200);
        answers += 1;
      }
    };
    const clients = Promise.all(Array.from({ length: CONNECTIONS }, client));
    /** Answers a second while the work goes on. */
    const rateDuring = async (work: () => Promise<unknown>) => {
      const [began, before] = [performance.now(), answers];
      await work();
      return (1000 * (answers - before)) / (performance.now() - began);
    };
    // Neither we nor the server's own housekeeping: whoever has the lock keeps the other away.
    const quiet = () =>
      withAdvisoryLock(db, { key: SWEEP_LOCK, wait: true }, () => rateDuring(() => wait(WINDOW_MS)));
    const due = async () => (await findBacklog(db, 730)).find(({ table }) => table === "tokens")?.rows ?? 0;
    expect(await due()).toBe(BACKLOG_LIMIT);

    await quiet(); // warm
    let taken = 0;
    const sweeping = async () => {
      taken += await sweep(db, { budgetMs: WINDOW_MS });
    };
    const without: number[] = [];
    const during: number[] = [];
    while ((await due()) > 0) {
      without.push((await quiet()) ?? 0);
      const before = taken;
      const rate = await rateDuring(sweeping);
      if (taken > before) during.push(rate);
    }
    isOver = true;
    await clients;
    agent.destroy();
    const figures = { without: median(without), during: median(during), rounds: during.length, taken };
    console.log(figures, { ratio: figures.during / figures.without });
    // What is not ours of them, the server itself took in its own minute.
    expect(taken).toBeGreaterThan(ROWS / 4);
    expect(figures.during / figures.without).toBeGreaterThanOrEqual(0.9);
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
