/** A clock that jumps: nothing falls over, everything ends by the clock, and no family dies because it went back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { sweep } from "../../lib/db/housekeeping";
import { databases } from "../support/databases";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic, codeFor, encode, exchangeFields, type Fields } from "../support/world";

const HOUR = 3600;
const DAY = 24 * HOUR;

describe.each(databases)("on $name", ({ create }) => {
  let server: TestServer;
  let drop: () => Promise<void>;
  let app: TestApp;
  let userId: string;

  beforeAll(async () => {
    const place = await create();
    drop = place.drop;
    server = await startTestServer(place.location);
  });
  afterAll(async () => {
    await server?.close();
    await drop?.();
  });
  beforeEach(async () => {
    app = await server.facts.addApp();
    userId = await server.facts.addUser();
    server.log.length = 0;
  });

  async function ask(path: string, fields: Fields) {
    const response = await fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", authorization: basic(app) },
      body: encode(fields),
    });
    return { status: response.status, answer: await response.json() };
  }
  const exchange = (code: string) => ask("/oauth/token", exchangeFields(code));
  const refresh = (refresh_token: string) =>
    ask("/oauth/token", { grant_type: "refresh_token", refresh_token });
  const isActive = async (token: string) => (await ask("/oauth/introspect", { token })).answer.active;
  const apiStatus = async (token: string) =>
    (await fetch(`${server.url}/public/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;
  const walk = async () => (await exchange(await codeFor(server.rt, app, userId))).answer;
  const expectNoFailure = () => expect(server.log.filter((line) => JSON.parse(line).level >= 40)).toEqual([]);

  test("back an hour: what was live stays live, and refreshing goes on", async () => {
    const { access_token, refresh_token } = await walk();
    const code = await codeFor(server.rt, app, userId);
    const lost = await refresh(refresh_token); // the client never sees this answer
    server.clock.forward(-HOUR);

    expect([await apiStatus(access_token), await isActive(access_token)]).toEqual([200, true]);
    const again = await refresh(refresh_token);
    expect(again).toMatchObject({ status: 200, answer: { refresh_token: lost.answer.refresh_token } });
    expect((await exchange(code)).status).toBe(200);
    const next = await refresh(again.answer.refresh_token);
    expect(next.status).toBe(200);
    await sweep(server.rt.db);

    server.clock.forward(HOUR); // and somebody puts it right
    const last = await refresh(next.answer.refresh_token);
    expect([last.status, await apiStatus(last.answer.access_token)]).toEqual([200, 200]);
    expectNoFailure();
  });

  test("back an hour in the middle of a sign-in's life: nobody is signed out, and new codes work", async () => {
    const before = await codeFor(server.rt, app, userId);
    server.clock.forward(-HOUR);
    const after = await codeFor(server.rt, app, userId); // the consent was given in the future
    expect([(await exchange(after)).status, (await exchange(before)).status]).toEqual([200, 200]);
    server.clock.forward(HOUR);
    expectNoFailure();
  });

  test("forwards a day: access tokens and codes end by the clock, the family does not", async () => {
    const { access_token, refresh_token } = await walk();
    const code = await codeFor(server.rt, app, userId);
    server.clock.forward(DAY);
    expect([await apiStatus(access_token), await isActive(access_token)]).toEqual([401, false]);
    expect(await exchange(code)).toMatchObject({ status: 400, answer: { error: "invalid_grant" } });
    await sweep(server.rt.db);
    const next = await refresh(refresh_token);
    expect([next.status, await apiStatus(next.answer.access_token)]).toEqual([200, 200]);
    expectNoFailure();
  });

  test("a day forwards and back: what was swept meanwhile was long over, and the rest is as it was", async () => {
    const { access_token, refresh_token } = await walk();
    server.clock.forward(DAY - HOUR);
    await sweep(server.rt.db);
    server.clock.forward(HOUR - DAY);
    expect([await apiStatus(access_token), await isActive(access_token)]).toEqual([200, true]);
    expect((await refresh(refresh_token)).status).toBe(200);
    expectNoFailure();
  });

  test("what is noted for later is written whichever way the clock went", async () => {
    const lastUsed = async () =>
      (await server.rt.db.prisma.app.findUniqueOrThrow({ where: { id: app.client_id } })).lastUsedAt;
    const at = server.clock.now();
    await walk();
    server.clock.forward(-HOUR);
    await walk();
    await vi.waitFor(async () => expect(await lastUsed()).not.toBeNull(), { timeout: 5_000 });
    expect([at, server.clock.now()]).toContainEqual(await lastUsed());
    server.clock.forward(HOUR);
    expectNoFailure();
  });
});
