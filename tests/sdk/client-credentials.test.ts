/** The token source of programs: against the real server, and against one that misbehaves. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rotateSecret } from "../../lib/db/client-secrets";
import { clientCredentials, TokenRefused } from "../../lib/sdk/index";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";

describe("against the real server", () => {
  let server: TestServer;
  let ownerId: string;
  let app: TestApp;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    ownerId = await server.facts.addUser();
    await server.facts.addCompany(ownerId);
    app = await server.facts.addApp({ ownerId, preset: "machine" });
  });

  const source = (changes: object = {}) =>
    clientCredentials({
      endpoint: `${server.url}/oauth/token`,
      client_id: app.client_id,
      client_secret: app.secret,
      scope: "read",
      now: () => server.clock.now().getTime(),
      ...changes,
    });
  const issued = () => server.rt.db.prisma.token.count({ where: { appId: app.client_id } });
  const projects = async (token: string) =>
    (await fetch(`${server.url}/public/v1/projects`, { headers: { authorization: `Bearer ${token}` } }))
      .status;

  test("VVT-23 key and secret are all a program needs: it is handed a good token whenever it asks", async () => {
    const token = source();
    const first = await token();
    for (const seconds of [0, 60, 3000]) {
      server.clock.forward(seconds);
      expect([await token(), await projects(first)]).toEqual([first, 200]);
    }
    expect(await issued()).toBe(1);
    // A minute before the hour is over there is a new one, and the old one is still good.
    server.clock.forward(480);
    const second = await token();
    expect(second).not.toBe(first);
    expect([await projects(first), await projects(second), await issued()]).toEqual([200, 200, 2]);
    server.clock.forward(7200);
    expect([await projects(second), await projects(await token())]).toEqual([401, 200]);
  });

  test("callers at the same time share one request", async () => {
    const token = source();
    const tokens = await Promise.all(Array.from({ length: 20 }, token));
    expect([new Set(tokens).size, await issued()]).toEqual([1, 1]);
    server.clock.forward(3600);
    const renewed = await Promise.all(Array.from({ length: 20 }, token));
    expect([new Set(renewed).size, await issued()]).toEqual([1, 2]);
    expect(renewed[0]).not.toBe(tokens[0]);
  });

  test("the scope is the one asked for, or what the server gives who names none", async () => {
    const scopeOf = async (scope: string | undefined) => {
      const headers = { authorization: `Bearer ${await source({ scope })()}` };
      return (await (await fetch(`${server.url}/public/v1/me`, { headers })).json()).scopes;
    };
    expect(await scopeOf("read write")).toEqual(["read", "write"]);
    expect(await scopeOf(undefined)).toEqual(["read"]);
  });

  test("a refusal says which, and is not remembered", async () => {
    const secret = await rotateSecret(server.rt.db, ownerId, app.client_id, 0);
    await expect(source()()).rejects.toMatchObject({ status: 401, error: "invalid_client" });
    await expect(source()()).rejects.toBeInstanceOf(TokenRefused);
    const later = source({ client_secret: secret });
    await server.facts.setStatus(app.client_id, "suspended");
    await expect(later()).rejects.toMatchObject({ status: 401 });
    await server.facts.setStatus(app.client_id, "active");
    expect(await projects(await later())).toBe(200);
    const wide = source({ client_secret: secret, scope: "admin" });
    await expect(wide()).rejects.toThrow(/^the token endpoint answered 400 invalid_scope: ./);
  });
});

describe("against a server that misbehaves", () => {
  let reply: (res: http.ServerResponse) => void;
  let endpoint: string;
  let asked: number;
  let time: number;
  const server = http.createServer((_, res) => {
    asked += 1;
    reply(res);
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = 0;
    time = 0;
  });

  const source = (changes = {}) =>
    clientCredentials({ endpoint, client_id: "a", client_secret: "b", now: () => time, ...changes });
  const answer = (status: number, body: string) => {
    reply = (res) => res.writeHead(status, { "content-type": "application/json" }).end(body);
  };

  test("a token without an end is kept", async () => {
    answer(200, '{"access_token":"t","token_type":"Bearer"}');
    const token = source();
    await token();
    time = Number.MAX_SAFE_INTEGER;
    expect([await token(), asked]).toEqual(["t", 1]);
  });

  test("a token that ends sooner than it would be renewed is used for half of its life", async () => {
    answer(200, '{"access_token":"t","token_type":"Bearer","expires_in":20}');
    const token = source();
    await token();
    time = 9_999;
    await token();
    expect(asked).toBe(1);
    time = 10_000;
    await token();
    expect(asked).toBe(2);
  });

  test.each(["<html>", "null", "[]", "{}", '{"access_token":1}', '{"error":"invalid_client"}'])(
    "%s with status 200 throws, and the next call asks again",
    async (body) => {
      answer(200, body);
      const token = source();
      await expect(token()).rejects.toThrow("without an access_token");
      answer(200, '{"access_token":"t"}');
      expect([await token(), asked]).toEqual(["t", 2]);
    },
  );

  test.each([
    [503, "<html>", "503 unknown_error"],
    [400, '{"error":"invalid_grant"}', "400 invalid_grant"],
    [400, '{"error":{}}', "400 unknown_error"],
  ])("status %i with %s throws", async (status, body, words) => {
    answer(status, body);
    await expect(source()()).rejects.toThrow(`the token endpoint answered ${words}`);
  });

  test("a redirect throws, so that the secret goes nowhere else", async () => {
    reply = (res) => res.writeHead(307, { location: endpoint }).end();
    await expect(source()()).rejects.toThrow();
    expect(asked).toBe(1);
  });

  test("an answer that does not come throws in time", async () => {
    reply = () => {};
    await expect(source({ timeoutMs: 50 })()).rejects.toThrow();
  });
});
