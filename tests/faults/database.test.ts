/** PostgreSQL stops, falls silent, is slow or full of others: an honest 503 in time, and full service right after. */
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { postgresqlServers } from "../support/databases";
import { authorizeFields, encode } from "../support/world";
import { type Askers, startAskers } from "./support/askers";
import { expectHonest, type Ground, outage, startGround } from "./support/outage";

// A few seconds each, and more where the machine is busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const gone = "the database does not answer: requests get 503 meanwhile";
const back = "the database answers again";

describe.each(postgresqlServers)("on PostgreSQL", (postgresql) => {
  let ground: Ground;
  beforeEach(async () => {
    ground = await startGround(postgresql);
  });
  afterEach(() => ground?.close());

  /** What the process itself and people are told meanwhile. */
  const meanwhile = async () => {
    const { url, app } = ground;
    const get = (path: string) => fetch(url + path, { redirect: "manual" });
    expect((await get("/healthz")).status).toBe(200);
    const ready = await get("/readyz");
    expect([ready.status, ready.headers.get("retry-after")]).toEqual([503, "5"]);
    const signIn = { method: "POST", body: new URLSearchParams({ email: "a@b.test", password: "wrong" }) };
    for (const page of [
      await get(`/oauth/authorize?${encode(authorizeFields(app))}`),
      await fetch(`${url}/login/sign-in`, signIn),
    ]) {
      expect([page.status, page.headers.get("retry-after")]).toEqual([503, "2"]);
      expect(await page.text()).toContain("Back in a moment");
    }
  };

  test("when it stops, everybody gets 503 at once, and is served again as soon as it is back", async () => {
    const { proxy, rt } = ground;
    const away = () => proxy.stop();
    await expectHonest(ground, await outage(ground, 3, { away, back: () => proxy.start(), meanwhile }));
    expect(ground.said()).toEqual([gone, back]);
    expect([rt.db.pool.waitingCount, rt.db.pool.totalCount <= 10]).toEqual([0, true]);
  });

  test("when it falls silent, nobody waits for two seconds", async () => {
    const { proxy } = ground;
    const away = () => proxy.hang();
    await expectHonest(ground, await outage(ground, 4, { away, back: () => proxy.resume(), meanwhile }));
    expect(ground.said()).toEqual([gone, back]);
  });

  test("connections that break while the database is there cost their own requests a 503, and no more", async () => {
    const { proxy, ask } = ground;
    const askers = startAskers(16, ask);
    for (let times = 0; times < 5; times++) {
      await wait(200);
      proxy.cut();
    }
    await wait(200); // until the last cut was felt
    await expectServed(askers);
    const statuses = new Set(askers.told.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([200, 503].slice(0, statuses.size));
    expect(ground.said().filter((line) => line === gone)).toEqual([]);
    expect(ground.said().length).toBeLessThanOrEqual(1);
  });

  test("while others hold every lock, requests are refused after a moment, and /healthz goes on", async () => {
    const { rt, ask, url, proxy, direct } = ground;
    const other = new pg.Client({ connectionString: direct });
    other.on("error", () => {});
    await other.connect();
    await other.query("BEGIN; LOCK TABLE tokens IN ACCESS EXCLUSIVE MODE");
    const askers = startAskers(100, ask);
    await wait(500);
    const health = performance.now();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(performance.now() - health - 3 * askers.lag).toBeLessThan(1000);
    await wait(3500);
    await other.query("ROLLBACK");
    await other.end();
    await expectServed(askers);
    const refused = askers.told.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(100);
    for (const { status, error, ms } of refused) {
      expect({ status, error }).toEqual({ status: 503, error: "temporarily_unavailable" });
      expect(ms - 3 * askers.lag).toBeLessThan(5000);
    }
    expect(ground.said().filter((line) => line === gone)).toEqual([]);
    expect(ground.said().length).toBeLessThanOrEqual(2);
    expect([rt.db.pool.waitingCount, proxy.connections <= 12]).toEqual([0, true]);
  });

  test("a database that takes two seconds for everything: refusals in time, no crowd, and back when it is fast", async () => {
    const { proxy, ask, rt } = ground;
    const before = process.memoryUsage().heapUsed;
    proxy.delay(2000);
    const askers = startAskers(100, ask);
    let mostWaiting = 0;
    const looking = setInterval(() => {
      mostWaiting = Math.max(mostWaiting, rt.db.pool.waitingCount);
    }, 20);
    await wait(5000);
    clearInterval(looking);
    proxy.delay(0);
    await expectServed(askers);
    const refused = askers.told.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
    for (const { ms } of refused) expect(ms - 3 * askers.lag).toBeLessThan(2000);
    expect(mostWaiting).toBeLessThanOrEqual(200);
    expect(ground.said()).toEqual([gone, back]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200e6);
  });
});

/** Before long everybody is served again, and stays so: what was asked earlier may still be refused late. */
async function expectServed(askers: Askers): Promise<void> {
  const lastOnes = () => [...new Set(askers.told.slice(-250).map(({ status }) => status))];
  await expect.poll(lastOnes, { timeout: 10_000 }).toEqual([200]);
  const from = performance.now();
  const since = () => askers.told.filter(({ at }) => at > from);
  await expect.poll(() => since().length, { timeout: 10_000 }).toBeGreaterThan(250);
  await askers.stop();
  expect([...new Set(since().map(({ status }) => status))]).toEqual([200]);
}
