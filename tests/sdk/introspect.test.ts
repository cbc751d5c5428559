import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { revokeConsent } from "../../lib/db/consents";
import { createGuard, introspectionClient } from "../../lib/sdk/index";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { tokenFor } from "../support/world";

describe("against a real server", () => {
  let server: TestServer;
  let app: TestApp;
  beforeAll(async () => {
    server = await startTestServer();
    app = await server.facts.addApp();
  });
  afterAll(() => server?.close());

  const client = (secret = app.secret) =>
    introspectionClient({
      endpoint: `${server.url}/oauth/introspect`,
      client_id: app.client_id,
      client_secret: secret,
    });

  test("a live token is described, and the end of its consent ends it with the next request", async () => {
    const userId = await server.facts.addUser();
    const token = await tokenFor(server.rt, app, userId);
    const guard = createGuard({ introspect: client(), realm: "Harbour" });
    expect(await guard(`Bearer ${token}`, "read")).toMatchObject({
      allowed: true,
      token: { sub: userId, scope: "read" },
    });
    await revokeConsent(server.rt.db, userId, app.client_id);
    expect(await guard(`Bearer ${token}`, "read")).toMatchObject({
      allowed: false,
      refusal: { status: 401 },
    });
  });

  test("what is no token, or another app's, is not active", async () => {
    const other = await server.facts.addApp();
    const token = await tokenFor(server.rt, other, await server.facts.addUser());
    for (const value of [token, "noise", "a&b=c+d %é"])
      expect(await client()(value)).toEqual({ active: false });
  });

  test("wrong credentials throw, so that nobody takes them for a dead token", async () => {
    await expect(client("cs_wrong")("token")).rejects.toThrow("introspection answered 401");
  });
});

describe("against a server that misbehaves", () => {
  let answer: (req: http.IncomingMessage, res: http.ServerResponse) => void;
  let endpoint: string;
  const server = http.createServer((req, res) => answer(req, res));
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/introspect`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (changes = {}) =>
    introspectionClient({ endpoint, client_id: "a b:c", client_secret: "d%é", ...changes })("t/+ =");
  const reply = (status: number, body: string, headers = {}) => {
    answer = (_, res) => res.writeHead(status, headers).end(body);
  };

  test("it sends the token once, form-encoded, with form-encoded Basic credentials", async () => {
    const seen: { authorization?: string; body?: string; method?: string } = {};
    answer = (req, res) => {
      const chunks: Buffer[] = [];
      req.on("data", (chunk) => chunks.push(chunk));
      req.on("end", () => {
        Object.assign(seen, { ...req.headers, method: req.method, body: Buffer.concat(chunks).toString() });
        res.end('{"active":true,"sub":"s","scope":"read"}');
      });
    };
    expect(await ask()).toMatchObject({ active: true, sub: "s" });
    expect(seen.method).toBe("POST");
    expect(new URLSearchParams(seen.body).getAll("token")).toEqual(["t/+ ="]);
    const [id, secret] = Buffer.from(seen.authorization?.slice("Basic ".length) ?? "", "base64")
      .toString()
      .split(":");
    expect(new URLSearchParams(`a=${id}&b=${secret}`).get("a")).toBe("a b:c");
    expect(new URLSearchParams(`a=${id}&b=${secret}`).get("b")).toBe("d%é");
  });

  test("it tells the caller's address where it is given one", async () => {
    const bodies: string[] = [];
    answer = (req, res) => {
      const chunks: Buffer[] = [];
      req.on("data", (chunk) => chunks.push(chunk));
      req.on("end", () => {
        bodies.push(Buffer.concat(chunks).toString());
        res.end('{"active":false}');
      });
    };
    const introspect = introspectionClient({ endpoint, client_id: "a", client_secret: "b" });
    await introspect("t", "2001:db8::1");
    await introspect("t");
    expect(bodies.map((body) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
      { token: "t", client_ip: "2001:db8::1" },
      { token: "t" },
    ]);
  });

  test.each([
    '{"active":false,"sub":"s","scope":"read"}',
    '{"active":"true","sub":"s","scope":"read"}',
    '{"active":true}',
    '{"active":true,"sub":1,"scope":"read"}',
    '{"active":true,"sub":"s","scope":["read"]}',
    "null",
    "[]",
    "1",
  ])("%s is no live token", async (body) => {
    reply(200, body);
    expect(await ask()).toEqual({ active: false });
  });

  test("what is not JSON throws", async () => {
    reply(200, "<html>");
    await expect(ask()).rejects.toThrow();
  });

  test.each([400, 401, 500, 503])("status %i throws", async (status) => {
    reply(status, "{}");
    await expect(ask()).rejects.toThrow(`introspection answered ${status}`);
  });

  test("a redirect throws, so that credentials go nowhere else", async () => {
    let asked = 0;
    answer = (_, res) => {
      asked += 1;
      res.writeHead(307, { location: endpoint }).end();
    };
    await expect(ask()).rejects.toThrow();
    expect(asked).toBe(1);
  });

  test("an answer that does not come throws in time", async () => {
    answer = () => {};
    await expect(ask({ timeoutMs: 50 })).rejects.toThrow();
  });
});
