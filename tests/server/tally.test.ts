import { randomUUID } from "node:crypto";
import pino from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { connectRedis, type Redis } from "../../lib/server/redis";
import { createTally } from "../../lib/server/tally";
import { redisServers, startRedisProxy } from "../support/redis";

const log = pino({ level: "silent" });
const three = { full: 3, seconds: 60 };
/** A name nothing else counts under: a Redis outlives its tests. */
const unused = () => `test:${randomUUID()}`;

describe.each([
  { name: "in this process", url: null },
  ...redisServers.map((url) => ({ name: "on Redis", url })),
])("a tally $name", ({ url }) => {
  const open: Redis[] = [];
  afterEach(() => {
    for (const redis of open.splice(0)) redis.close();
  });
  async function connect() {
    if (url === null) return null;
    const redis = await connectRedis(url, log);
    open.push(redis);
    return redis;
  }

  test("is full at its number and says which one filled it, for each key by itself", async () => {
    const tally = createTally(unused(), three, await connect());
    expect([await tally.add("a"), await tally.add("a"), await tally.fullFor("a")]).toEqual([false, false, 0]);
    expect([await tally.add("a"), await tally.fullFor("a")]).toEqual([true, 60]);
    expect(await tally.fullFor("b")).toBe(0);
  });

  test("that only counts is never full, and may be filled for a time", async () => {
    const tally = createTally(unused(), three, await connect());
    for (const count of [1, 2, 3, 4]) expect(await tally.count("a")).toBe(count);
    await tally.fill("b", 5);
    expect([await tally.fullFor("b"), await tally.fullFor("c")]).toEqual([5, 0]);
  });

  test("begins anew once it is cleared", async () => {
    const tally = createTally(unused(), three, await connect());
    for (const filled of [false, false, true]) expect(await tally.add("a")).toBe(filled);
    await tally.clear("a");
    expect([await tally.fullFor("a"), await tally.add("a")]).toEqual([0, false]);
  });
});

describe.each(redisServers)("with the Redis at %s", (url) => {
  test("two instances count together, and each for itself while Redis is away", async () => {
    const proxy = await startRedisProxy();
    const [one, two] = [await connectRedis(url, log), await connectRedis(proxy.url, log)];
    try {
      const name = unused();
      const [first, second] = [createTally(name, three, one), createTally(name, three, two)];
      await first.add("a");
      await first.add("a");
      expect([await second.add("a"), await first.fullFor("a")]).toEqual([true, 60]);
      await proxy.stop();
      expect(await second.fullFor("b")).toBe(0);
      for (const filled of [false, false, true]) expect(await second.add("b")).toBe(filled);
      expect([await second.fullFor("b"), await first.fullFor("b")]).toEqual([60, 0]);
    } finally {
      one.close();
      two.close();
      await proxy.stop().catch(() => {});
    }
  });
});
