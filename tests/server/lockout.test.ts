/** Who has to wait after wrong passwords, for how long, and who has not. */
import { randomUUID } from "node:crypto";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { limits } from "../../latchkey.config";
import { createLockout, type Lockout } from "../../lib/server/lockout";
import { connectRedis } from "../../lib/server/redis";
import { redisServers } from "../support/redis";

const { fromOneAddress, fromAnywhere, ofOneAddress, lockSeconds, longestDelaySeconds } = limits.passwords;

let account: string;
beforeEach(() => {
  account = `${randomUUID()}@example.test`;
});

interface From {
  account?: string;
  address?: string;
  device?: string | null;
}

/** What an attempt comes to, as one word or the seconds to wait. */
async function attempt(lockout: Lockout, password: "right" | "wrong", from: From = {}) {
  const complete = { account, address: "10.0.0.1", device: null, ...from };
  const checked = await lockout.attempt(complete, async () => (password === "right" ? "somebody" : null));
  return checked.outcome === "wait" ? checked.seconds : checked.outcome;
}

async function guess(lockout: Lockout, times: number, from: (time: number) => From = () => ({})) {
  for (let time = 0; time < times; time += 1)
    expect(await attempt(lockout, "wrong", from(time))).toBe("wrong");
}
/** Each from another address. */
const strangers = (time: number): From => ({ address: `198.51.${time >> 8}.${time & 255}` });

// The library reads Date.now and sets timers, neither of which is the runtime's clock: so both are faked.
describe("in this process", () => {
  let lockout: Lockout;
  beforeEach(() => {
    vi.useFakeTimers();
    lockout = createLockout(null);
  });
  afterEach(() => void vi.useRealTimers());

  test("ten wrong passwords from one address make that address wait a quarter of an hour, for that account", async () => {
    await guess(lockout, fromOneAddress);
    expect(await attempt(lockout, "right")).toBe(lockSeconds);
    expect(await attempt(lockout, "right", { account: account.toUpperCase() })).toBe(lockSeconds);
    expect(await attempt(lockout, "right", { address: "10.0.0.2" })).toBe("right");
    expect(await attempt(lockout, "right", { account: "another@example.test" })).toBe("right");
    vi.advanceTimersByTime(lockSeconds * 1000 - 1);
    expect(await attempt(lockout, "right")).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await attempt(lockout, "right")).toBe("right");
  });

  test("who waits makes the wait no longer", async () => {
    await guess(lockout, fromOneAddress);
    for (let more = 0; more < 100; more += 1) await attempt(lockout, "wrong");
    expect(await attempt(lockout, "wrong")).toBe(lockSeconds);
  });

  test("one fewer than the limit locks nothing, and the right one begins the count anew", async () => {
    for (let round = 0; round < 2; round += 1) {
      await guess(lockout, fromOneAddress - 1);
      expect(await attempt(lockout, "right")).toBe("right");
    }
  });

  test("an IPv6 network has one budget, however many addresses it has", async () => {
    await guess(lockout, fromOneAddress, (time) => ({ address: `2001:db8:1:2::${time}` }));
    expect(await attempt(lockout, "right", { address: "2001:db8:1:2:ffff::1" })).toBe(lockSeconds);
    expect(await attempt(lockout, "right", { address: "2001:db8:1:3::1" })).toBe("right");
  });

  test("strangers everywhere make other strangers wait for seconds that double, and never over a minute", async () => {
    await guess(lockout, fromAnywhere - 1, strangers);
    const waits: unknown[] = [];
    for (let more = 0; more < 9; more += 1) {
      expect(await attempt(lockout, "wrong", strangers(1000 + more))).toBe("wrong");
      const wait = await attempt(lockout, "right", { address: "10.0.0.3" });
      waits.push(wait);
      vi.advanceTimersByTime(Number(wait) * 1000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(longestDelaySeconds).toBe(60);
    expect(await attempt(lockout, "right", { address: "10.0.0.3" })).toBe("right");
  });

  test("strangers never make an address wait that knew the password, nor a device", async () => {
    expect(await attempt(lockout, "right", { address: "10.0.0.5" })).toBe("right");
    await guess(lockout, fromAnywhere, strangers);
    expect(await attempt(lockout, "right", { address: "10.0.0.6" })).toBe(1);
    expect(await attempt(lockout, "right", { address: "10.0.0.5" })).toBe("right");
    expect(await attempt(lockout, "right", { address: "10.0.0.6", device: "laptop" })).toBe("right");
  });

  test("strangers on the same address do not make a known device wait", async () => {
    await guess(lockout, fromOneAddress);
    expect(await attempt(lockout, "right")).toBe(lockSeconds);
    expect(await attempt(lockout, "right", { device: "laptop" })).toBe("right");
  });

  test("a known device has a budget of its own, and takes nothing from others", async () => {
    await guess(lockout, fromOneAddress, () => ({ device: "stolen" }));
    expect(await attempt(lockout, "right", { device: "stolen" })).toBe(lockSeconds);
    expect(await attempt(lockout, "right", { device: "laptop" })).toBe("right");
    expect(await attempt(lockout, "right", { address: "10.0.0.9" })).toBe("right");
  });

  test("an address that guesses at many accounts waits between guesses, at any account", async () => {
    await guess(lockout, ofOneAddress, (time) => ({ account: `${time} ${account}` }));
    expect(await attempt(lockout, "right")).toBe(1);
    expect(await attempt(lockout, "right", { address: "10.0.0.2" })).toBe("right");
    vi.advanceTimersByTime(1000);
    expect(await attempt(lockout, "wrong", { account: "yet another" })).toBe("wrong");
    expect(await attempt(lockout, "right")).toBe(2);
    vi.advanceTimersByTime(2000);
    expect(await attempt(lockout, "right")).toBe("right");
  });

  test("all sent at once are checked no more often than the limit", async () => {
    const sent = Array.from({ length: 3 * fromOneAddress }, () => attempt(lockout, "wrong"));
    const answers = await Promise.all(sent);
    expect(answers.filter((answer) => answer === "wrong")).toHaveLength(fromOneAddress);
  });

  test("a check that fails by itself counts for nothing", async () => {
    for (let times = 0; times < 2 * fromOneAddress; times += 1) {
      const broken = lockout.attempt({ account, address: "10.0.0.1", device: null }, async () => {
        throw new Error("the database is away");
      });
      await expect(broken).rejects.toThrow("away");
    }
    expect(await attempt(lockout, "right")).toBe("right");
  });

  test("nothing is kept for ever", async () => {
    await guess(lockout, 300, strangers).catch(() => {});
    await attempt(lockout, "right", { device: "laptop" });
    vi.advanceTimersByTime(7 * 24 * 60 * 60 * 1000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe.each(redisServers)("on the Redis at %s", (url) => {
  test("several instances share every count, and no name is in it", async () => {
    const log = pino({ level: "silent" });
    const [one, two] = [await connectRedis(url, log), await connectRedis(url, log)];
    try {
      const [here, there] = [createLockout(one), createLockout(two)];
      await guess(here, fromOneAddress - 1);
      await guess(there, 1);
      expect(await attempt(here, "right")).toBe(lockSeconds);
      expect(await attempt(there, "right", { address: "10.0.0.2" })).toBe("right");
      expect(await one.client.keys(`*${account}*`)).toEqual([]);
    } finally {
      one.close();
      two.close();
    }
  });
});
