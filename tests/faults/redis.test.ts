/** Redis stops, and hangs: the API goes on under load, every process counts for itself, and the log says so once. */
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { personalToken } from "../support/credentials";
import { type RedisProxy, redisServers, startRedisProxy } from "../support/redis";
import { startTestServer, type TestServer } from "../support/runtime";
import { type Askers, startAskers } from "./support/askers";

// A few seconds each, and more where the machine is busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const gone = "Redis does not answer: this instance counts for itself meanwhile";
const back = "Redis answers again";
const plenty = { token: { requests: 1e6, seconds: 60 }, app: { requests: 1e6, seconds: 60 } };

describe.each(redisServers)("on the Redis at %s", () => {
  let proxy: RedisProxy;
  let server: TestServer;
  let askers: Askers;
  beforeEach(async () => {
    proxy = await startRedisProxy();
    server = await startTestServer({ folder: null }, { redisUrl: proxy.url }, { rateLimits: plenty });
    const bearer = await personalToken(server.rt.db, await server.facts.addUser(), { companies: "all" });
    const headers = { authorization: `Bearer ${bearer}` };
    askers = startAskers(16, () => fetch(`${server.url}/public/v1/me`, { headers }));
    await wait(300);
  }, 60_000);
  afterEach(async () => {
    await askers?.stop();
    await server?.close();
    proxy?.resume();
    await proxy?.stop();
  });
  const said = () =>
    server.log
      .map((line): { level: number; msg: string } => JSON.parse(line))
      .filter(({ level }) => level >= 30)
      .map(({ msg }) => msg);

  /** All were served, none waited for long, and what was said was said once. */
  const expectServed = async () => {
    await expect.poll(said, { timeout: 10_000 }).toEqual([gone, back]);
    await wait(300);
    await askers.stop();
    expect(askers.told.filter(({ status }) => status !== 200)).toEqual([]);
    for (const { ms } of askers.told) expect(ms - 3 * askers.lag).toBeLessThan(2500);
    expect(said()).toEqual([gone, back]);
  };

  test("it stops for two seconds", async () => {
    await proxy.stop();
    await wait(2000);
    expect(said()).toEqual([gone]);
    await proxy.start();
    await expectServed();
  });

  test("it hangs for three seconds: one call in a while finds out, the others do not wait", async () => {
    const before = askers.told.length;
    proxy.hang();
    await wait(3000);
    const during = askers.told.slice(before);
    const slow = during.filter(({ ms }) => ms > 400 + 3 * askers.lag);
    expect(during.length).toBeGreaterThan(100);
    // The sixteen that were on their way, and then one a second.
    expect(slow.length).toBeLessThanOrEqual(16 + 4);
    proxy.resume();
    await expectServed();
  });
});
