/** Many processes, one truth: two servers behind a balancer that knows no sessions, on PostgreSQL and Redis. */
import http from "node:http";
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rotateSecret } from "../../lib/db/client-secrets";
import { revokeConsent } from "../../lib/db/consents";
import { type Database, openDatabase } from "../../lib/db/database";
import { migrate } from "../../lib/db/migrate";
import { createStore } from "../../lib/db/store";
import { findPending, snapshot } from "../../lib/oauth/consent";
import { createPostgresql, databaseFacts, migrations, postgresqlServers, random } from "../support/databases";
import type { Facts, TestApp } from "../support/facts";
import { redisServers } from "../support/redis";
import { authorizeFields, basic, createWorld, encode, exchangeFields, type Fields } from "../support/world";
import { type Balancer, startBalancer } from "./support/balancer";
import { postForm } from "./support/load";
import { buildProgram, type Program, type ServerProcess } from "./support/process";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe.each(postgresqlServers)("two processes on PostgreSQL behind a balancer", (server) => {
  let program: Program;
  let place: Awaited<ReturnType<typeof createPostgresql>>;
  let env: Record<string, string>;
  let db: Database;
  let facts: Facts;
  let balancer: Balancer;
  let servers: ServerProcess[];
  let app: TestApp;
  let ownerId: string;
  let userId: string;
  let cookie: string;

  beforeAll(async () => {
    program = await buildProgram();
    place = await createPostgresql(server);
    db = await openDatabase({ location: place.location, now: () => new Date(), random });
    await migrate(db, migrations);
    facts = databaseFacts(db);
    balancer = await startBalancer();
    env = {
      ...{ DATABASE_URL: place.url, ISSUER_URL: balancer.url },
      AUTH_SECRET: "only-for-tests-only-for-tests-only-for-tests",
      ...(redisServers[0] && { REDIS_URL: redisServers[0] }),
    };
    servers = await Promise.all([program.start(env), program.start(env)]);
    balancer.serve(servers.map(({ url }) => url));
  });
  afterAll(async () => {
    await Promise.all((servers ?? []).map((process) => process.kill()));
    await balancer?.close();
    await db?.close();
    await place?.drop();
    program?.remove();
  });
  beforeEach(async () => {
    ownerId = await facts.addUser();
    app = await facts.addApp({ ownerId, policy: { grants: ["authorization_code", "client_credentials"] } });
    userId = await facts.addUser();
    cookie = await signIn(userId);
  });

  /** By the next server in turn. */
  const send = (path: string, init: RequestInit = {}) =>
    fetch(balancer.url + path, { redirect: "manual", ...init });
  async function ask(path: string, fields: Fields, client = app) {
    const headers = { ...FORM, authorization: basic(client) };
    const response = await send(path, { method: "POST", headers, body: encode(fields) });
    const text = await response.text();
    return { status: response.status, answer: text === "" ? null : JSON.parse(text) };
  }
  /** What both servers say, one after the other. */
  async function both<Said>(say: () => Promise<Said>): Promise<Said[]> {
    return [await say(), await say()];
  }
  const api = (token: string) =>
    send("/public/v1/me", { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
  const isActive = async (token: string) => (await ask("/oauth/introspect", { token })).answer.active;
  const refresh = (refresh_token: string) =>
    ask("/oauth/token", { grant_type: "refresh_token", refresh_token });

  async function signIn(person: string): Promise<string> {
    const data = { passwordHash: await bcrypt.hash("password", 4) };
    const { email } = await db.prisma.user.update({ where: { id: person }, data });
    const body = encode({ email, password: "password" });
    const response = await send("/login/sign-in", { method: "POST", headers: FORM, body });
    const cookies = response.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
    return cookies.join("; ");
  }
  const authorize = () => send(`/oauth/authorize?${encode(authorizeFields(app))}`, { headers: { cookie } });

  /** Asks, allows, and comes back with a code: each step at another server. */
  async function walkToCode(): Promise<string> {
    const asked = (await authorize()).headers.get("location") ?? "";
    expect(asked).toMatch(/^\/consent\?request=/);
    const id = new URL(asked, balancer.url).searchParams.get("request") ?? "";
    const as = { ...createWorld().as, now: db.now, store: createStore(db, { client() {}, token() {} }) };
    const pending = await findPending(as, id);
    if (!pending) throw new Error("the request is not there");
    const shown = snapshot(pending, { userId, companyIds: [], scopes: ["read", "write"] });
    const body = encode({ request: id, decision: "allow", snapshot: shown });
    const decided = await send("/consent/decide", { method: "POST", headers: { ...FORM, cookie }, body });
    return new URL(decided.headers.get("location") ?? "about:blank").searchParams.get("code") ?? "";
  }
  const walk = async () => {
    const { status, answer } = await ask("/oauth/token", exchangeFields(await walkToCode()));
    expect(status).toBe(200);
    return answer;
  };

  test("a whole walk, every step of it at the other server, until the token is revoked", {
    timeout: 60_000,
  }, async () => {
    const before = [...balancer.answered];
    const { access_token, refresh_token } = await walk();
    expect(await both(() => api(access_token))).toEqual([200, 200]);
    const next = await refresh(refresh_token);
    expect(await both(() => api(next.answer.access_token))).toEqual([200, 200]);
    const again = await refresh(refresh_token); // the other server gives the same answer again
    expect(again.answer.refresh_token).toBe(next.answer.refresh_token);
    const { answer } = await refresh(next.answer.refresh_token);
    expect((await ask("/oauth/revoke", { token: answer.access_token })).status).toBe(200);
    expect(await both(() => api(answer.access_token))).toEqual([401, 401]);
    expect(await both(() => isActive(answer.access_token))).toEqual([false, false]);
    const grew = balancer.answered.map((count, at) => count - (before[at] ?? 0));
    expect(Math.abs((grew[0] ?? 0) - (grew[1] ?? 0))).toBeLessThanOrEqual(1); // it was in turn
  });

  test("whatever ends, ends everywhere with the next request", async () => {
    const { access_token } = await walk();
    expect(await revokeConsent(db, userId, app.client_id)).toBe(true);
    expect(await both(() => api(access_token))).toEqual([401, 401]);

    const secret = await rotateSecret(db, ownerId, app.client_id, 0);
    const old = app;
    app = { ...app, secret: secret ?? "" };
    const grant = { grant_type: "client_credentials" };
    const statusOf = async (client: TestApp) => (await ask("/oauth/token", grant, client)).status;
    expect(await both(() => statusOf(old))).toEqual([401, 401]);
    expect(await both(() => statusOf(app))).toEqual([200, 200]);

    await facts.setPolicy(app.client_id, { grants: ["authorization_code"] });
    expect(await both(() => statusOf(app))).toEqual([400, 400]);
  });

  test("what administrators decide holds everywhere with the next request", async () => {
    const responseTypes = async () =>
      (await (await send("/.well-known/oauth-authorization-server")).json()).response_types_supported;
    expect(await both(responseTypes)).toEqual([["code"], ["code"]]);
    await facts.setInstance({ implicit: true });
    expect(await both(responseTypes)).toEqual(Array(2).fill(["code", "token"]));
    await facts.setInstance({ implicit: false });
    expect(await both(responseTypes)).toEqual([["code"], ["code"]]);
  });

  test("signed out at one is signed out at both, and so is somebody who is suspended", async () => {
    const target = async () => ((await authorize()).headers.get("location") ?? "").split("?", 1)[0];
    expect(await both(target)).toEqual(["/consent", "/consent"]);
    await send("/logout", { method: "POST", headers: { ...FORM, cookie } });
    expect(await both(target)).toEqual(["/login", "/login"]);
    cookie = await signIn(userId);
    expect(await both(target)).toEqual(["/consent", "/consent"]);
    await facts.suspendUser(userId);
    expect(await both(target)).toEqual(["/login", "/login"]);
  });

  test.each(redisServers)("calls are counted together, by way of Redis", async () => {
    const { access_token } = await walk();
    const remaining: number[] = [];
    for (let call = 0; call < 6; call += 1) {
      const headers = { authorization: `Bearer ${access_token}` };
      const response = await send("/public/v1/me", { headers });
      remaining.push(Number(/"token";r=(\d+)/.exec(response.headers.get("ratelimit") ?? "")?.[1]));
    }
    const [first = 0] = remaining;
    expect(remaining).toEqual(remaining.map((_, call) => first - call));
  });

  test("a server that is killed under load loses no answered token, and the other one goes on", {
    timeout: 60_000,
  }, async () => {
    const agent = new http.Agent({ keepAlive: true });
    const tokens: string[] = [];
    const statuses = new Map<number, number>();
    let isOver = false;
    const client = async () => {
      while (!isOver) {
        const { status, body } = await postForm(
          agent,
          `${balancer.url}/oauth/token`,
          { grant_type: "client_credentials" },
          app,
        ).catch(() => ({ status: 0, body: { access_token: undefined } }));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (body.access_token) tokens.push(body.access_token);
      }
    };
    const clients = Promise.all(Array.from({ length: 16 }, client));
    const reach = async (count: number) => {
      while (tokens.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await reach(200);
    await servers[1]?.kill();
    const answered = tokens.length;
    await reach(answered + 200);
    isOver = true;
    await clients;
    agent.destroy();
    // What was under way at the one that died broke off there, and nothing else did.
    expect(statuses.get(200)).toBe(tokens.length);
    expect(tokens.length - answered).toBeGreaterThanOrEqual(200);
    statuses.delete(200);
    const { 502: broken = 0, ...others } = Object.fromEntries(statuses);
    expect(others).toEqual({});
    expect(broken).toBeLessThanOrEqual(16);
    for (let at = 0; at < tokens.length; at += 50)
      expect(await Promise.all(tokens.slice(at, at + 50).map(isActive))).not.toContain(false);
    // And where it comes back, the turns go on.
    const again = await program.start(env);
    servers = [servers[0] ?? again, again];
    balancer.serve(servers.map(({ url }) => url));
    expect(await both(() => api(tokens[0] ?? ""))).toEqual([200, 200]);
  });
});
