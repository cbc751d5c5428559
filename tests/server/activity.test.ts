import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findRefusal, findRequestActivity } from "../../lib/db/request-activity";
import { listSecrets } from "../../lib/db/secret-evidence";
import { KEPT_A_MINUTE } from "../../lib/server/request-trail";
import { clientToken, personalToken } from "../support/credentials";
import type { AppFacts, TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic, codeFor, encode, exchangeFields, type Fields } from "../support/world";

let server: TestServer;
let owner: string;
let app: TestApp;
beforeAll(async () => {
  server = await startTestServer(
    { folder: null },
    {},
    { rateLimits: { token: { requests: 3, seconds: 60 }, app: { requests: 1000, seconds: 60 } } },
  );
});
afterAll(() => server?.close());
beforeEach(async () => {
  owner = await server.facts.addUser();
  await server.facts.addCompany(owner);
  app = await server.facts.addApp({ ownerId: owner });
  server.clock.forward(60);
});

const agent = { "user-agent": "ledger/2.1" };
const send = (path: string, fields: Fields, headers: Record<string, string> = {}) =>
  fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...agent, ...headers },
    body: encode(fields),
  });
const byBasic = (client = app) => ({ authorization: basic(client) });
const machine = (facts: Partial<AppFacts> = {}) =>
  server.facts.addApp({ ownerId: owner, preset: "machine", ...facts });

/** What the app's owner finds under the request id of this answer. */
async function told(answer: Response, client = app) {
  return findRefusal(server.rt.db, owner, client.client_id, answer.headers.get("x-request-id") ?? "");
}
async function activity(client = app) {
  await server.rt.trail.flush();
  return findRequestActivity(server.rt.db, owner, client.client_id);
}

describe("the owner reads what was received beside what is registered", () => {
  test("for a redirect URI", async () => {
    const query = new URLSearchParams({
      ...{ response_type: "code", client_id: app.client_id, state: "x" },
      redirect_uri: "https://app.example/other",
    });
    const answer = await fetch(`${server.url}/oauth/authorize?${query}`, { headers: agent });
    expect(answer.status).toBe(400);
    expect(await told(answer)).toMatchObject({
      endpoint: "/oauth/authorize",
      received: { redirect_uri: "https://app.example/other" },
      registered: { redirect_uri: "https://app.example/callback" },
      address: "127.0.0.1",
      agent: "ledger/2.1",
    });
  });

  const codeProblems: [string, Fields, { received: object; registered: object }][] = [
    [
      "another redirect URI",
      { redirect_uri: "https://app.example/other" },
      {
        received: { redirect_uri: "https://app.example/other" },
        registered: { redirect_uri: "https://app.example/callback" },
      },
    ],
    [
      "another verifier",
      { code_verifier: "v".repeat(43) },
      {
        received: { code_challenge: "S256 of another code_verifier" },
        registered: { code_challenge: "S256" },
      },
    ],
    [
      "no verifier",
      { code_verifier: undefined },
      { received: { code_challenge: "no code_verifier" }, registered: { code_challenge: "S256" } },
    ],
  ];
  test.each(codeProblems)("for a code with %s", async (_, changes, compared) => {
    const code = await codeFor(server.rt, app, owner);
    const answer = await send("/oauth/token", exchangeFields(code, changes), byBasic());
    expect(answer.status).toBe(400);
    expect(await told(answer)).toMatchObject({ grantType: "authorization_code", ...compared });
  });

  test("for a code that was used, that came late, that is another app's, and that nobody issued", async () => {
    const code = await codeFor(server.rt, app, owner);
    const exchange = (value: string, client = app) =>
      send("/oauth/token", exchangeFields(value), byBasic(client));
    expect((await exchange(code)).status).toBe(200);
    expect((await told(await exchange(code)))?.registered.code).toMatch(/^used at 2026-/);
    const late = await codeFor(server.rt, app, owner);
    server.clock.forward(3600);
    expect((await told(await exchange(late)))?.registered.code).toMatch(/^ended at 2026-/);
    const other = await server.facts.addApp({ ownerId: owner });
    const foreign = await exchange(await codeFor(server.rt, other, owner));
    expect((await told(foreign))?.reason).toBe("The authorization code was issued to another app.");
    expect((await told(await exchange("ac_nothing")))?.reason).toContain("unknown");
    // The caller hears the same of both.
    expect(await foreign.json()).toEqual(await (await exchange("ac_nothing")).json());
  });

  test("for a grant its policy does not have, a scope it is not registered for, and a method it does not allow", async () => {
    const grant = await send("/oauth/token", { grant_type: "client_credentials" }, byBasic());
    expect(await told(grant)).toMatchObject({
      grantType: "client_credentials",
      received: { grant_type: "client_credentials" },
      registered: { grant_type: expect.stringContaining("authorization_code") },
    });
    const narrow = await machine({ scopes: ["read"] });
    const scope = { grant_type: "client_credentials", scope: "read write" };
    expect(await told(await send("/oauth/token", scope, byBasic(narrow)), narrow)).toMatchObject({
      received: { scope: "read write" },
      registered: { scope: "read" },
    });
    const post = await machine({ policy: { client_auth: ["client_secret_post"] } });
    const method = await send("/oauth/token", { grant_type: "client_credentials" }, byBasic(post));
    expect(await told(method, post)).toMatchObject({
      received: { method: "client_secret_basic" },
      registered: { method: "client_secret_post" },
    });
  });

  test("for a secret that has ended, which its secrets tell as well", async () => {
    await server.facts.endSecret(app.client_id, app.secret, server.clock.now());
    server.clock.forward(3 * 3600);
    const answer = await send("/oauth/token", exchangeFields("ac_x"), byBasic());
    expect(await told(answer)).toMatchObject({
      reason: "The client secret has ended; it was rotated or revoked.",
      received: { client_secret: `…${app.secret.slice(-4)}` },
      registered: { client_secret: expect.stringMatching(/^ended at 2026-/) },
    });
    const stillSent = async () =>
      (await listSecrets(server.rt.db, app.client_id, { ownerId: owner })).stillSent.map(
        ({ lastUsedAddress }) => lastUsedAddress,
      );
    await expect.poll(stillSent, { timeout: 6000 }).toEqual(["127.0.0.1"]);
  });

  test("for what was wrong before anybody was authenticated", async () => {
    const answer = await send("/oauth/token", { grant_type: "authorization_code" }, byBasic());
    expect(await told(answer)).toMatchObject({ error: "invalid_request", reason: "code is missing." });
    const grant = await send("/oauth/token", { grant_type: "magic\\" }, byBasic());
    expect(await told(grant)).toMatchObject({ error: "unsupported_grant_type" });
  });
});

describe("calls of the API with a token of the app", () => {
  const call = (token: string, path = "/public/v1/me", method = "GET") =>
    fetch(server.url + path, { method, headers: { authorization: `Bearer ${token}`, ...agent } });

  test("are counted, and those refused are told with why", async () => {
    app = await machine({ scopes: ["read"] });
    const token = await clientToken(server.url, app);
    expect((await call(token)).status).toBe(200);
    const scope = await call(token, "/public/v1/projects", "POST");
    expect(scope.status).toBe(403);
    expect(await told(scope)).toMatchObject({
      ...{ endpoint: "/public/v1", error: "insufficient_scope" },
      received: { scope: "read", request: "POST /public/v1/projects" },
      registered: { scope: "write is needed" },
    });
    await call(token);
    const often = await call(token);
    expect(often.status).toBe(429);
    expect(await told(often)).toMatchObject({ error: "rate_limited" });
    server.clock.forward(3600);
    const late = await call(token);
    expect(late.status).toBe(401);
    expect(await told(late)).toMatchObject({ error: "invalid_token", reason: "The token has expired." });
    expect((await activity()).endpoints).toContainEqual({ endpoint: "/public/v1", ok: 2, refused: 3 });
  });

  test("leave nothing where the token is nobody's, or a person's own", async () => {
    const count = () => server.rt.db.prisma.requestLog.count();
    const before = await count();
    const expiresAt = server.clock.now();
    const token = await personalToken(server.rt.db, owner, { companies: "all", expiresAt });
    expect((await call(token)).status).toBe(401);
    expect((await call("at_nothing")).status).toBe(401);
    expect(await count()).toBe(before);
  });
});

describe("a flood", () => {
  test("is kept one by one up to a limit a minute, and counted whole", async () => {
    const flood = KEPT_A_MINUTE + 15;
    for (let times = 0; times < flood; times++)
      await send("/oauth/token", exchangeFields(`ac_${times}`), byBasic());
    const rows = () => server.rt.db.prisma.requestLog.count({ where: { appId: app.client_id } });
    expect(await rows()).toBe(KEPT_A_MINUTE);
    const { endpoints, groups } = await activity();
    expect(endpoints).toEqual([{ endpoint: "/oauth/token", ok: 0, refused: flood }]);
    expect(groups).toMatchObject([{ count: flood, error: "invalid_grant" }]);
    server.clock.forward(60);
    await send("/oauth/token", exchangeFields("ac_later"), byBasic());
    expect(await rows()).toBe(KEPT_A_MINUTE + 1);
  });

  test("of made-up client IDs is neither kept nor counted", async () => {
    for (let times = 0; times < 50; times++)
      await send(
        "/oauth/token",
        exchangeFields("ac_x"),
        byBasic({ client_id: `nobody${times}`, secret: "cs_x" }),
      );
    await server.rt.trail.flush();
    const made = { where: { appId: { startsWith: "nobody" } } };
    expect(await server.rt.db.prisma.requestLog.count(made)).toBe(0);
    expect(await server.rt.db.prisma.requestCount.count(made)).toBe(0);
  });
});

test("requests that succeed are counted where they were made, with their grant", async () => {
  app = await machine();
  const token = await clientToken(server.url, app);
  await send("/oauth/introspect", { token }, byBasic());
  await send("/oauth/revoke", { token }, byBasic());
  expect((await activity()).endpoints).toEqual([
    { endpoint: "/oauth/introspect", ok: 1, refused: 0 },
    { endpoint: "/oauth/revoke", ok: 1, refused: 0 },
    { endpoint: "/oauth/token", ok: 1, refused: 0 },
  ]);
  const row = await server.rt.db.prisma.requestCount.findFirst({
    where: { appId: app.client_id, endpoint: "/oauth/token" },
  });
  expect(row).toMatchObject({ grantType: "client_credentials", outcome: "ok", count: 1 });
});

test("whatever is presented, no secret, code, token or verifier is ever kept", async () => {
  const secrets = {
    client_secret: "cs_neverkeepthissecret0000000000000000000000000",
    code: "ac_neverkeepthiscode00000000000000000000000000000",
    refresh_token: "rt_neverkeepthistoken000000000000000000000000000",
    code_verifier: "never-keep-this-verifier-never-keep-this-verifier",
    token: "at_neverkeepthistoken000000000000000000000000000",
    password: "never-keep-this-password",
  };
  const kinds = ["authorization_code", "refresh_token", "client_credentials", "password", "magic"];
  for (const grant_type of kinds)
    for (const path of ["/oauth/token", "/oauth/introspect", "/oauth/revoke"]) {
      const fields = { grant_type, username: "svc", redirect_uri: "https://x.example/", ...secrets };
      await send(path, { ...fields, client_id: app.client_id });
      await send(path, { ...fields, client_secret: undefined }, byBasic());
      await send(
        path,
        { ...fields, client_secret: undefined },
        byBasic({ ...app, secret: secrets.client_secret }),
      );
    }
  await server.rt.trail.flush();
  const where = { where: { appId: app.client_id } };
  const { prisma } = server.rt.db;
  const kept = JSON.stringify([
    await prisma.requestLog.findMany(where),
    await prisma.requestCount.findMany(where),
  ]);
  expect(kept).toContain("invalid_client");
  expect(kept.toLowerCase()).not.toContain("neverkeep");
  expect(kept).not.toContain("never-keep");
});
