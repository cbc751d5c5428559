/** Failed client authentications and floods of token requests: who is answered 429, and who is not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createClientLimits } from "../../lib/server/client-limits";
import type { TestApp } from "../support/facts";
import { redisServers } from "../support/redis";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic } from "../support/world";

const small = {
  clientFailures: { requests: 5, seconds: 60 },
  addressFailures: { requests: 20, seconds: 60 },
  issues: { requests: 8, seconds: 60 },
};
const endpoints = ["token", "introspect", "revoke"] as const;
const places = [
  { name: "in this process", redisUrl: undefined },
  ...redisServers.map((redisUrl) => ({ name: "on Redis", redisUrl })),
];

describe.each(places)("counted $name", ({ redisUrl }) => {
  let server: TestServer;
  let app: TestApp;
  let address: string;
  let next = 0;
  beforeAll(async () => {
    server = await startTestServer(
      { folder: null },
      { trustProxy: 1, redisUrl },
      { clientLimits: { ...small, issues: { requests: 1000, seconds: 60 } } },
    );
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    app = await server.facts.addApp({ preset: "machine" });
    address = `10.${process.pid & 255}.${redisUrl ? 1 : 0}.${next++}`;
  });

  async function ask(client: TestApp | null, from = address, path: (typeof endpoints)[number] = "token") {
    const answer = await fetch(`${server.url}/oauth/${path}`, {
      method: "POST",
      headers: { "x-forwarded-for": from, ...(client && { authorization: basic(client) }) },
      body: new URLSearchParams(path === "token" ? { grant_type: "client_credentials" } : { token: "at_x" }),
    });
    const { error, error_description } = await answer.json();
    return {
      status: answer.status,
      error,
      says: error_description,
      after: answer.headers.get("retry-after"),
    };
  }
  const guessing = () => ({ ...app, secret: "cs_guess" });

  async function fail(times: number, client: () => TestApp | null = guessing, from = address) {
    for (let time = 0; time < times; time += 1) expect((await ask(client(), from)).status).toBe(401);
  }

  test("too many failures of a client from one address are answered 429, in the RFC's form, with when to try again", async () => {
    await fail(5);
    const refused = await ask(guessing());
    expect(refused).toMatchObject({ status: 429, error: "temporarily_unavailable" });
    expect(refused.says).toMatch(
      /^too many failed client authentications from this address; try again in \d+ seconds$/,
    );
    expect(Number(refused.after)).toBeGreaterThan(50);
    expect(Number(refused.after)).toBeLessThanOrEqual(60);
    for (const path of endpoints) expect((await ask(guessing(), address, path)).status).toBe(429);
  });

  test("the client with its secret is served meanwhile, from that address and from every other", async () => {
    await fail(5);
    expect((await ask(guessing())).status).toBe(429);
    for (const path of endpoints)
      for (const from of [address, "192.0.2.1"]) expect((await ask(app, from, path)).status).toBe(200);
    expect((await ask(guessing(), "192.0.2.1")).status).toBe(401);
  });

  test("other clients on that address are not concerned, until the address itself fails too often", async () => {
    const other = await server.facts.addApp({ preset: "machine" });
    await fail(5);
    expect((await ask({ ...other, secret: "cs_guess" })).status).toBe(401);
    await fail(14, () => ({ client_id: `made-up-${next++}`, secret: "cs_guess" }));
    expect((await ask({ ...other, secret: "cs_guess" })).status).toBe(429);
    expect((await ask(null)).status).toBe(429);
    expect((await ask(other)).status).toBe(200);
  });

  test("a public client on that address, which has no secret to guess, goes on", async () => {
    const open = await server.facts.addApp({ type: "public" });
    await fail(20, () => null);
    expect((await ask(null)).status).toBe(429);
    const body = new URLSearchParams({
      ...{ grant_type: "authorization_code", code: "x", client_id: open.client_id },
      ...{ redirect_uri: "https://app.example/callback", code_verifier: "x".repeat(43) },
    });
    const headers = { "x-forwarded-for": address };
    const answer = await fetch(`${server.url}/oauth/token`, { method: "POST", headers, body });
    expect(await answer.json()).toMatchObject({ error: "invalid_grant" });
  });

  test("a network of IPv6 counts as one address", async () => {
    const network = `2001:db8:${process.pid & 0xff}:${next++}`;
    for (let time = 0; time < 5; time += 1) await fail(1, guessing, `${network}::${time}`);
    expect((await ask(guessing(), `${network}:ffff::1`)).status).toBe(429);
  });

  test("what is refused so leaves no rows: a flood fills no log of the app", async () => {
    await fail(5);
    const count = () => server.rt.db.prisma.requestLog.count({ where: { appId: app.client_id } });
    const before = await count();
    for (let times = 0; times < 10; times += 1) await ask(guessing());
    expect([before, await count()]).toEqual([5, 5]);
  });
});

describe("what a client is issued", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ folder: null }, {}, { clientLimits: small });
  });
  afterAll(() => server?.close());

  const ask = (client: TestApp) =>
    fetch(`${server.url}/oauth/token`, {
      method: "POST",
      headers: { authorization: basic(client) },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });

  test("has a budget that failures of others do not touch; beyond it, nothing is issued", async () => {
    const [greedy, modest] = [
      await server.facts.addApp({ preset: "machine" }),
      await server.facts.addApp({ preset: "machine" }),
    ];
    for (let times = 0; times < 30; times += 1) await ask({ ...modest, secret: "cs_guess" });
    const statuses: number[] = [];
    for (let times = 0; times < 10; times += 1) statuses.push((await ask(greedy)).status);
    expect(statuses).toEqual([...Array.from({ length: 8 }, () => 200), 429, 429]);
    const { tokens } = await server.rows();
    const refused = await ask(greedy);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await refused.json()).error_description).toMatch(/^too many token requests of this client/);
    expect((await server.rows()).tokens).toBe(tokens);
    for (let times = 0; times < 8; times += 1) expect((await ask(modest)).status).toBe(200);
  });

  test("is what the token endpoint answers: calls with an old token are none", async () => {
    const app = await server.facts.addApp({ preset: "machine" });
    const { access_token } = await (await ask(app)).json();
    server.clock.forward(2 * 60 * 60);
    await server.rt.db.prisma.token.updateMany({
      where: { appId: app.client_id },
      data: { expiresAt: null },
    });
    for (let times = 0; times < 10; times += 1) {
      const headers = { authorization: `Bearer ${access_token}` };
      expect((await fetch(`${server.url}/public/v1/me`, { headers })).status).toBe(200);
    }
    for (let times = 0; times < 7; times += 1) expect((await ask(app)).status).toBe(200);
    expect((await ask(app)).status).toBe(429);
  });
});

test("while nobody is over a limit, a request is not even looked at, and counting is cheap", () => {
  const table = { ...small, issues: { requests: 1_000_000_000, seconds: 60 } };
  const limits = createClientLimits(table, null, { warn() {} });
  expect(limits.isWatching()).toBe(false);
  const from = performance.now();
  for (let times = 0; times < 200_000; times += 1) limits.issued("client");
  // A tenth of a microsecond in truth; what is looked for is a mistake of a hundredfold.
  expect((performance.now() - from) / 200_000).toBeLessThan(0.01);
});
