/** How often the APIs may be called: in one process, and on a Redis that several share. */
import { randomBytes } from "node:crypto";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { rateLimits as standard } from "../../latchkey.config";
import { createRateLimits } from "../../lib/server/rate-limits";
import { connectRedis, type Redis } from "../../lib/server/redis";
import { clientToken, legacyToken, personalToken } from "../support/credentials";
import { type RedisProxy, redisServers, startRedisProxy } from "../support/redis";
import { startTestServer, type TestServer } from "../support/runtime";
import { tokenFor } from "../support/world";

const small = { token: { requests: 3, seconds: 60 }, app: { requests: 5, seconds: 60 } };
const policy = '"token";q=3;w=60, "app";q=5;w=60';
const someKey = () => randomBytes(16).toString("hex");

test("the limits are 600 calls a minute with a token and 6000 with an app", () => {
  expect(standard).toEqual({
    token: { requests: 600, seconds: 60 },
    app: { requests: 6000, seconds: 60 },
  });
});

// The library reads Date.now and sets timers, neither of which is the runtime's clock: so both are faked.
describe("in memory", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("a token has its calls in each window, which begins with the first of them", async () => {
    const limits = createRateLimits(small, null);
    expect(await limits.count("a", undefined)).toEqual({
      allowed: true,
      resetSeconds: 0,
      headers: { "ratelimit-policy": '"token";q=3;w=60', ratelimit: '"token";r=2;t=60' },
    });
    vi.advanceTimersByTime(30_001);
    expect((await limits.count("a", undefined)).headers.ratelimit).toBe('"token";r=1;t=30');
    expect((await limits.count("a", undefined)).headers.ratelimit).toBe('"token";r=0;t=30');
    for (let more = 0; more < 3; more++)
      expect(await limits.count("a", undefined)).toEqual({
        allowed: false,
        resetSeconds: 30,
        headers: {
          "ratelimit-policy": '"token";q=3;w=60',
          ratelimit: '"token";r=0;t=30',
          "retry-after": "30",
        },
      });
    expect((await limits.count("b", undefined)).allowed).toBe(true);
    vi.advanceTimersByTime(29_998);
    expect((await limits.count("a", undefined)).headers["retry-after"]).toBe("1");
    vi.advanceTimersByTime(1);
    expect((await limits.count("a", undefined)).headers.ratelimit).toBe('"token";r=2;t=60');
  });

  test("an app has its calls with all of its tokens, and a token's excess is not taken from the others", async () => {
    const limits = createRateLimits(small, null);
    for (let calls = 0; calls < 10; calls++) await limits.count("greedy", "app");
    expect((await limits.count("modest", "app")).headers).toEqual({
      "ratelimit-policy": policy,
      ratelimit: '"token";r=2;t=60, "app";r=1;t=60',
    });
    expect((await limits.count("modest", "app")).allowed).toBe(true);
    expect(await limits.count("late", "app")).toEqual({
      allowed: false,
      resetSeconds: 60,
      headers: {
        "ratelimit-policy": policy,
        ratelimit: '"token";r=2;t=60, "app";r=0;t=60',
        "retry-after": "60",
      },
    });
    expect((await limits.count("late", "another app")).allowed).toBe(true);
    expect((await limits.count("late", undefined)).allowed).toBe(true);
  });

  test("nothing is kept beyond its window", async () => {
    const limits = createRateLimits(small, null);
    for (let calls = 0; calls < 1000; calls++) await limits.count(`token ${calls}`, `app ${calls % 300}`);
    expect(vi.getTimerCount()).toBe(1300);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

const places = [
  { name: "in this process", redisUrl: undefined },
  ...redisServers.map((redisUrl) => ({ name: "on Redis", redisUrl })),
];

describe.each(places)("over HTTP, counted $name", ({ redisUrl }) => {
  let server: TestServer;
  let userId: string;
  let companyId: string;
  beforeAll(async () => {
    server = await startTestServer({ folder: null }, { redisUrl }, { rateLimits: small });
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    userId = await server.facts.addUser();
    companyId = await server.facts.addCompany(userId);
  });

  const call = (bearer: string, path = "/public/v1/me", method = "GET") =>
    fetch(server.url + path, { method, headers: { authorization: `Bearer ${bearer}` } });
  const headersOf = ({ headers }: Response) => [
    headers.get("ratelimit-policy"),
    headers.get("ratelimit"),
    headers.get("retry-after"),
  ];

  const kinds: [string, string, () => Promise<string>][] = [
    [
      "an access token",
      policy,
      async () => tokenFor(server.rt, await server.facts.addApp(), userId, { companyId }),
    ],
    [
      "a company credential's token",
      policy,
      async () => clientToken(server.url, await server.facts.addApp({ companyId, preset: "machine" })),
    ],
    ["a personal token", '"token";q=3;w=60', () => personalToken(server.rt.db, userId, { companies: "all" })],
    ["a legacy token", '"token";q=3;w=60', () => legacyToken(server.rt.db, companyId)],
  ];

  test("ARC-21 tokens of apps have the limits and the headers that every other token has", async () => {
    for (const [kind, said, made] of kinds) {
      const bearer = await made();
      for (const left of [2, 1, 0]) {
        const response = await call(bearer);
        expect([kind, response.status]).toEqual([kind, 200]);
        const [told, ratelimit, retry] = headersOf(response);
        expect([told, retry]).toEqual([said, null]);
        expect(ratelimit).toMatch(new RegExp(`^"token";r=${left};t=\\d+`));
      }
      const response = await call(bearer);
      const answer = await response.json();
      expect([kind, response.status, answer.error]).toEqual([kind, 429, "rate_limited"]);
      expect(answer.error_description).toMatch(/^too many calls; try again in \d+ seconds$/);
      const [told, ratelimit, retry] = headersOf(response);
      expect(told).toBe(said);
      expect(ratelimit).toMatch(/^"token";r=0;t=\d+$/);
      expect(ratelimit).toBe(`"token";r=0;t=${retry}`);
      expect(Number(retry)).toBeLessThanOrEqual(60);
    }
  });

  test("an app has one budget for all of its tokens, and each of them is refused when it is used up", async () => {
    const app = await server.facts.addApp({ companyId, preset: "machine" });
    const tokens = [await clientToken(server.url, app), await clientToken(server.url, app)];
    const [first = "", second = ""] = tokens;
    const statuses: number[] = [];
    for (const bearer of [first, first, first, first, second, second, second])
      statuses.push((await call(bearer)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 200, 200, 429]);
    const refused = await call(await clientToken(server.url, app));
    expect(headersOf(refused)[1]).toMatch(/^"token";r=2;t=\d+, "app";r=0;t=\d+$/);
    const other = await server.facts.addApp({ companyId, preset: "machine" });
    expect((await call(await clientToken(server.url, other))).status).toBe(200);
  });

  test("whatever a good token is answered counts and says so; what is 401 neither counts nor says", async () => {
    const bearer = await personalToken(server.rt.db, userId, { companies: companyId, scopes: ["read"] });
    for (const path of [
      "/public/v1/me?client_secret=x",
      "/public/v1/me?access_token=x",
      "/admin/v1/me",
      "/public/v1/me",
    ])
      for (let again = 0; again < 5; again++) {
        const good = path === "/public/v1/me";
        const response = await call(good ? `${bearer.slice(0, -1)}~` : bearer, path);
        expect([path, response.status, ...headersOf(response)]).toEqual([path, 401, null, null, null]);
      }
    const answers = [
      await call(bearer, "/public/v1/projects", "POST"),
      await call(bearer, "/public/v1/projects/nowhere"),
      await call(bearer),
      await call(bearer, "/public/v1/projects", "POST"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 404, 200, 429]);
    for (const answer of answers) expect(headersOf(answer)[0]).toBe('"token";q=3;w=60');
  });

  test("a refused call changes nothing", async () => {
    const bearer = await personalToken(server.rt.db, userId, { companies: companyId });
    const add = () =>
      fetch(`${server.url}/public/v1/projects`, {
        method: "POST",
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
        body: JSON.stringify({ name: "Harbour", workspace_id: companyId }),
      });
    const answers = await Promise.all(Array.from({ length: 12 }, add));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...[201, 201, 201],
      ...Array.from({ length: 9 }, () => 429),
    ]);
    expect(await server.rt.db.prisma.project.count({ where: { companyId } })).toBe(3);
  });

  test("both APIs share a token's budget", async () => {
    await server.facts.makeAdmin(userId);
    const bearer = await personalToken(server.rt.db, userId, { companies: "all", scopes: ["read", "admin"] });
    const paths = ["/public/v1/me", "/admin/v1/me", "/admin/v1/apps", "/public/v1/me"];
    const statuses: number[] = [];
    for (const path of paths) statuses.push((await call(bearer, path)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(headersOf(await call(bearer, "/admin/v1/apps"))[1]).toMatch(/^"token";r=0;t=\d+$/);
  });
});

describe.each(redisServers)("on the Redis at %s", (redisUrl) => {
  const lines: { level: number; msg: string; err?: unknown }[] = [];
  const log = pino({ level: "info", base: null }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const open: { close(): void }[] = [];
  const connect = async (url: string): Promise<Redis> => {
    const redis = await connectRedis(url, log);
    open.push(redis);
    return redis;
  };
  let proxy: RedisProxy;
  beforeEach(async () => {
    lines.length = 0;
    proxy = await startRedisProxy();
  });
  afterEach(async () => {
    for (const redis of open.splice(0)) redis.close();
    proxy.resume();
    await proxy.stop();
  });
  const messages = () => lines.map(({ msg }) => msg);
  const gone = "Redis does not answer: this instance counts for itself meanwhile";
  const remaining = async (limits: ReturnType<typeof createRateLimits>, key: string) => {
    const { headers } = await limits.count(key, undefined);
    return Number(/r=(\d+)/.exec(headers.ratelimit ?? "")?.[1]);
  };

  test("several instances share one count, and its keys end by themselves", async () => {
    const [one, two] = [await connect(redisUrl), await connect(redisUrl)];
    const [here, there] = [createRateLimits(small, one), createRateLimits(small, two)];
    const [key, app] = [someKey(), someKey()];
    const told = async (limits: typeof here) => (await limits.count(key, app)).headers.ratelimit;
    expect(await told(here)).toMatch(/^"token";r=2;t=\d+, "app";r=4;t=\d+$/);
    expect(await told(there)).toMatch(/^"token";r=1;t=\d+, "app";r=3;t=\d+$/);
    await here.count(key, app);
    for (const limits of [there, here, here, there])
      expect((await limits.count(key, app)).allowed).toBe(false);
    const keys = await one.client.keys(`*${key}*`);
    expect(keys).toHaveLength(1);
    for (const name of [...keys, ...(await one.client.keys(`*${app}*`))]) {
      const left = await one.client.ttl(name);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(60);
    }
    expect(messages()).toEqual([]);
  });

  test("when Redis stops, each instance goes on counting for itself, and says so once", async () => {
    const limits = createRateLimits(
      { ...small, token: { requests: 100, seconds: 60 } },
      await connect(proxy.url),
    );
    const key = someKey();
    expect([await remaining(limits, key), await remaining(limits, key)]).toEqual([99, 98]);
    await proxy.stop();
    const counts = await Promise.all(Array.from({ length: 50 }, () => remaining(limits, key)));
    expect(counts.sort((a, b) => b - a)).toEqual(Array.from({ length: 50 }, (_, index) => 99 - index));
    expect(messages()).toEqual([gone]);
    await proxy.start();
    // The count in Redis goes on where it was.
    await expect.poll(() => messages(), { timeout: 10_000 }).toEqual([gone, "Redis answers again"]);
    expect(await remaining(limits, key)).toBe(97);
    await proxy.stop();
    await expect.poll(() => messages().length).toBe(3);
    await proxy.start();
  });

  test("when Redis hangs, a call waits for a moment and the next ones not at all", async () => {
    const limits = createRateLimits(
      { ...small, token: { requests: 1000, seconds: 60 } },
      await connect(proxy.url),
    );
    const key = someKey();
    expect(await remaining(limits, key)).toBe(999);
    proxy.hang();
    const from = performance.now();
    for (let calls = 0; calls < 100; calls++) expect((await limits.count(key, someKey())).allowed).toBe(true);
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(messages()).toEqual([gone]);
    proxy.resume();
    await expect
      .poll(
        async () => {
          await limits.count(key, undefined);
          return messages();
        },
        { timeout: 10_000 },
      )
      .toEqual([gone, "Redis answers again"]);
  });

  test("the server starts without Redis, serves, and uses it once it is there", async () => {
    await proxy.stop();
    const server = await startTestServer({ folder: null }, { redisUrl: proxy.url }, { rateLimits: small });
    const logged = (part: string) => server.log.filter((line) => line.includes(part)).length;
    try {
      const userId = await server.facts.addUser();
      const bearer = await personalToken(server.rt.db, userId, { companies: "all" });
      const call = () =>
        fetch(`${server.url}/public/v1/me`, { headers: { authorization: `Bearer ${bearer}` } });
      for (const status of [200, 200, 200, 429, 429]) expect((await call()).status).toBe(status);
      expect(logged(gone)).toBe(1);
      await proxy.start();
      await expect.poll(() => logged("Redis answers again"), { timeout: 10_000 }).toBe(1);
      // A new count, in Redis.
      expect((await call()).status).toBe(200);
      await proxy.stop();
      for (const status of [429, 429]) expect((await call()).status).toBe(status);
      expect([logged(gone), server.log.some((line) => JSON.parse(line).level >= 50)]).toEqual([2, false]);
    } finally {
      await server.close();
      await proxy.start();
    }
  }, 60_000); // it opens a database of its own

  test("a password of REDIS_URL is in no line of the log", async () => {
    const wrong = new URL(proxy.url);
    wrong.username = "nobody-there";
    wrong.password = "hunter2-hunter2";
    const limits = createRateLimits(small, await connect(wrong.href));
    expect((await limits.count(someKey(), undefined)).allowed).toBe(true);
    expect(messages()).toEqual([gone]);
    expect(JSON.stringify(lines)).not.toContain("hunter2");
  });
});
