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
    expect([await tally.add("a"), await tally.add("a"), await tally.isFull("a")]).toEqual([
      false,
      false,
      false,
    ]);
    expect([await tally.add("a"), await tally.isFull("a")]).toEqual([true, true]);
    expect(await tally.isFull("b")).toBe(false);
  });

  test("begins anew once it is cleared", async () => {
    const tally = createTally(unused(), three, await connect());
    for (const filled of [false, false, true]) expect(await tally.add("a")).toBe(filled);
    await tally.clear("a");
    expect([await tally.isFull("a"), await tally.add("a")]).toEqual([false, false]);
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
      expect([await second.add("a"), await first.isFull("a")]).toEqual([true, true]);
      await proxy.stop();
      expect(await second.isFull("b")).toBe(false);
      for (const filled of [false, false, true]) expect(await second.add("b")).toBe(filled);
      expect([await second.isFull("b"), await first.isFull("b")]).toEqual([true, false]);
    } finally {
      one.close();
      two.close();
      await proxy.stop().catch(() => {});
    }
  });
});
