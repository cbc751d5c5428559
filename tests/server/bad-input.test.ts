/** Every line of "Bad input" in the issue, over real HTTP. */
import net from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { rotateSecret } from "../../lib/db/client-secrets";
import { mint } from "../../lib/oauth/tokens";
import { random } from "../support/databases";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic, codeFor, encode, exchangeFields, type Fields } from "../support/world";

let server: TestServer;
let app: TestApp;
let code: string;
let before: Record<string, number>;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());
beforeEach(async () => {
  app = await server.facts.addApp();
  code = await codeFor(server.rt, app, await server.facts.addUser());
  before = await server.rows();
  server.log.length = 0;
});

const form = "application/x-www-form-urlencoded";

interface Sent {
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  method?: string;
}

const send = (path: string, { body = "", headers = {}, method = "POST" }: Sent = {}) =>
  fetch(server.url + path, {
    method,
    headers: { "content-type": form, ...headers },
    body: method === "GET" || method === "HEAD" ? null : body,
    redirect: "manual",
  });

const good = () => encode(exchangeFields(code));
const exchange = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  send("/oauth/token", { body, headers: { authorization: basic(app), ...headers } });

/** JSON in the RFC's form, no trace of our insides, nothing stored, and no secret in the answer or the log. */
async function expectRefusal(response: Response, status: number, error: string): Promise<string> {
  const text = await response.text();
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("x-request-id")).toMatch(/^[0-9A-Za-z]{16}$/);
  const answer = JSON.parse(text);
  expect([response.status, answer.error]).toEqual([status, error]);
  expect(Object.keys(answer)).toEqual(["error", "error_description"]);
  // RFC 6749 §5.2: the characters an error_description may have.
  expect(answer.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(text).not.toMatch(/\bat .*:\d+:\d+|node_modules|Error:|prisma|SELECT /i);
  for (const secret of [app.secret, code, basic(app).slice("Basic ".length)]) {
    expect(text).not.toContain(secret);
    expect(server.log.join("")).not.toContain(secret);
  }
  expect(await server.rows()).toEqual(before);
  expect(server.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  return answer.error_description;
}

/** After every refusal the code is as good as before. */
async function expectCodeUsable() {
  expect((await exchange(good())).status).toBe(200);
}

describe("missing, empty and repeated parameters of the token endpoint", () => {
  test.each(["grant_type", "code", "redirect_uri"])("%s is missing, empty or repeated", async (name) => {
    const fields = exchangeFields(code);
    for (const value of [undefined, ""]) {
      const said = await expectRefusal(
        await exchange(encode({ ...fields, [name]: value })),
        400,
        "invalid_request",
      );
      expect(said.split(";", 1)).toEqual([`${name} is missing`]);
    }
    await expectRefusal(
      await exchange(`${good()}&${encode({ [name]: fields[name] })}`),
      400,
      "invalid_request",
    );
    await expectRefusal(await exchange(`${good()}&${name}=`), 400, "invalid_request");
    await expectCodeUsable();
  });

  test("nothing at all is sent", async () => {
    await expectRefusal(await exchange(""), 400, "invalid_request");
  });

  test("any parameter is repeated, also one we do not know", async () => {
    await expectRefusal(await exchange(`${good()}&x=1&x=2`), 400, "invalid_request");
    await expectRefusal(await exchange(`${good()}&%67rant_type=authorization_code`), 400, "invalid_request");
    await expectCodeUsable();
  });
});

describe("a form over 16 kB", () => {
  const long = () => `${good()}&x=${"a".repeat(limits.formBytes)}`;

  test.each(["/oauth/token", "/oauth/introspect", "/oauth/revoke"])("is answered 413 at %s", async (path) => {
    await expectRefusal(await send(path, { body: long() }), 413, "invalid_request");
  });

  test("is answered 413 also without a content-length", async () => {
    const chunks = [Buffer.from(long())];
    const body = new ReadableStream({
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk) controller.enqueue(new Uint8Array(chunk));
        else controller.close();
      },
    });
    const init = {
      method: "POST",
      body,
      duplex: "half",
      headers: { "content-type": form, authorization: basic(app) },
    };
    await expectRefusal(await fetch(`${server.url}/oauth/token`, init), 413, "invalid_request");
    await expectCodeUsable();
  });

  test("is answered 413 while megabytes are still being sent", async () => {
    const answer = await rawRequest(
      `POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-type: ${form}\r\ntransfer-encoding: chunked\r\n\r\n`,
      Array.from({ length: 64 }, () => `10000\r\n${"a".repeat(65536)}\r\n`),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"error":"invalid_request"');
  });

  test("is accepted at exactly the limit", async () => {
    const padded = `${good()}&x=`;
    const response = await exchange(padded + "a".repeat(limits.formBytes - padded.length));
    expect(response.status).toBe(200);
  });
});

describe("what is not a form", () => {
  test.each([
    ["no content type", ""],
    ["JSON", "application/json"],
    ["plain text", "text/plain"],
    ["multipart", "multipart/form-data; boundary=x"],
    ["a look-alike", "application/x-www-form-urlencoded-not"],
  ])("%s is invalid_request", async (_, type) => {
    await expectRefusal(await exchange(good(), { "content-type": type }), 400, "invalid_request");
    await expectCodeUsable();
  });

  test("a JSON body is invalid_request under either content type", async () => {
    const body = JSON.stringify({
      ...exchangeFields(code),
      client_id: app.client_id,
      client_secret: app.secret,
    });
    await expectRefusal(await exchange(body, { "content-type": "application/json" }), 400, "invalid_request");
    await expectRefusal(await exchange(body), 400, "invalid_request");
  });
});

describe("bytes that are no text", () => {
  const bytes = (text: string, tail: number[]) => new Uint8Array([...Buffer.from(text), ...tail]);

  test.each<[string, () => string | Uint8Array<ArrayBuffer>]>([
    ["a raw NUL", () => bytes(`${good()}&x=`, [0])],
    ["an encoded NUL", () => `${good()}&x=%00`],
    ["an encoded NUL in a name", () => `${good()}&%00=x`],
    ["a NUL in the code", () => `${good()}%00`],
    ["a lone byte of UTF-8", () => bytes(`${good()}&x=`, [0xff])],
    ["an encoded lone byte of UTF-8", () => `${good()}&x=%ff`],
    ["an overlong slash", () => `${good()}&x=%c0%af`],
    ["an encoded surrogate", () => `${good()}&x=%ed%a0%80`],
    ["a percent sign alone", () => `${good()}&x=%`],
    ["a percent sign before no digits", () => `${good()}&x=%zz`],
    ["half an encoding", () => `${good()}&x=%a`],
  ])("%s is invalid_request", async (_, body) => {
    await expectRefusal(await exchange(body()), 400, "invalid_request");
    await expectCodeUsable();
  });

  test.each([
    ["a NUL", "a%00b:c"],
    ["bad percent-encoding", "a%zz:c"],
    ["no colon", "abc"],
  ])("Basic credentials with %s are invalid_client", async (_, credentials) => {
    const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
    const response = await exchange(good(), { authorization });
    expect(response.headers.get("www-authenticate")).toMatch(/^Basic /);
    await expectRefusal(response, 401, "invalid_client");
  });

  test("Basic credentials that are not base64 are invalid_client", async () => {
    await expectRefusal(await exchange(good(), { authorization: "Basic ***" }), 401, "invalid_client");
  });
});

describe("clients that cannot authenticate", () => {
  test.each(["suspended", "refused"] as const)("a %s app is invalid_client", async (status) => {
    await server.facts.setStatus(app.client_id, status);
    await expectRefusal(await exchange(good()), 401, "invalid_client");
    await server.facts.setStatus(app.client_id, "active");
    await expectCodeUsable();
  });

  test("a deleted app is invalid_client, exactly like one that never was", async () => {
    await server.facts.deleteApp(app.client_id);
    before = await server.rows();
    const deleted = await expectRefusal(await exchange(good()), 401, "invalid_client");
    app = { ...app, client_id: "never" };
    expect(await expectRefusal(await exchange(good()), 401, "invalid_client")).toBe(deleted);
  });

  test("VSY-11 a wrong secret is invalid_client with a Basic challenge, and is neither echoed nor logged", async () => {
    const wrong = { ...app, secret: "cs_a-secret-nobody-may-read" };
    const response = await exchange(good(), { authorization: basic(wrong) });
    expect(response.headers.get("www-authenticate")).toBe('Basic realm="OAuth", charset="UTF-8"');
    await expectRefusal(response, 401, "invalid_client");
    expect(server.log.join("")).not.toContain(wrong.secret);
    const { rows } = await server.rt.db.pool.query("SELECT * FROM request_log WHERE app_id = $1", [
      app.client_id,
    ]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(wrong.secret);
    expect(rows[0]).toMatchObject({ endpoint: "/oauth/token", error: "invalid_client" });
  });

  test("a wrong secret in the body is invalid_client as well", async () => {
    const body = encode({ ...exchangeFields(code), client_id: app.client_id, client_secret: "cs_wrong" });
    await expectRefusal(await send("/oauth/token", { body }), 401, "invalid_client");
    await expectCodeUsable();
  });

  test("credentials in both places are invalid_request, even when both are right", async () => {
    const body = encode({ ...exchangeFields(code), client_id: app.client_id, client_secret: app.secret });
    const response = await exchange(body);
    expect(response.headers.has("www-authenticate")).toBe(false);
    await expectRefusal(response, 400, "invalid_request");
    await expectCodeUsable();
  });

  test("another scheme than Basic is invalid_client", async () => {
    await expectRefusal(
      await exchange(good(), { authorization: `Bearer ${app.secret}` }),
      401,
      "invalid_client",
    );
  });

  test("a secret that was rotated away is invalid_client at once", async () => {
    const { ownerId } = await server.rt.db.prisma.app.findUniqueOrThrow({ where: { id: app.client_id } });
    const secret = await rotateSecret(server.rt.db, ownerId ?? "", app.client_id, 0);
    await expectRefusal(await exchange(good()), 401, "invalid_client");
    app = { ...app, secret: secret ?? "" };
    await expectCodeUsable();
  });
});

describe("wrong grants and methods", () => {
  test.each<[string, Fields, string]>([
    [
      "client_credentials, which the app's policy does not have",
      { grant_type: "client_credentials" },
      "unauthorized_client",
    ],
    ["refresh_token without one", { grant_type: "refresh_token" }, "invalid_request"],
    ["refresh_token with noise", { grant_type: "refresh_token", refresh_token: "noise" }, "invalid_grant"],
    [
      "refresh_token with a well-formed one that was never issued",
      { grant_type: "refresh_token", refresh_token: mint("rt", random).value },
      "invalid_grant",
    ],
  ])("the grant %s is refused by name", async (_, fields, error) => {
    await expectRefusal(await exchange(encode(fields)), 400, error);
    await expectCodeUsable();
  });

  test.each(["password", "AUTHORIZATION_CODE", "toString", "authorization_code\n"])(
    "the grant %j is unsupported_grant_type",
    async (grant_type) => {
      const body = encode({ ...exchangeFields(code), grant_type });
      await expectRefusal(await exchange(body), 400, "unsupported_grant_type");
      await expectCodeUsable();
    },
  );

  test.each(["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])("%s is answered 405 with Allow", async (method) => {
    for (const path of ["/oauth/token", "/oauth/introspect", "/oauth/revoke"]) {
      const response = await send(`${path}?${good()}`, { method, headers: { authorization: basic(app) } });
      expect(response.headers.get("allow")).toBe("POST");
      await expectRefusal(response, 405, "invalid_request");
    }
    await expectCodeUsable();
  });

  test("HEAD is answered 405 without a body", async () => {
    const response = await send("/oauth/token", { method: "HEAD" });
    expect([response.status, response.headers.get("allow"), await response.text()]).toEqual([
      405,
      "POST",
      "",
    ]);
  });
});

describe("the same at introspection and revocation", () => {
  test.each(["/oauth/introspect", "/oauth/revoke"])("%s", async (path) => {
    const auth = { authorization: basic(app) };
    await expectRefusal(await send(path, { body: "token=", headers: auth }), 400, "invalid_request");
    await expectRefusal(await send(path, { body: "token=a&token=b", headers: auth }), 400, "invalid_request");
    await expectRefusal(await send(path, { body: "token=%00", headers: auth }), 400, "invalid_request");
    await expectRefusal(
      await send(path, { body: "{}", headers: { ...auth, "content-type": "application/json" } }),
      400,
      "invalid_request",
    );
    await expectRefusal(await send(path, { body: "token=a" }), 401, "invalid_client");
    await expectRefusal(
      await send(path, {
        body: "token=a",
        headers: { authorization: basic({ ...app, secret: "cs_wrong" }) },
      }),
      401,
      "invalid_client",
    );
  });
});

describe("the authorize endpoint answers a person", () => {
  const cases: [string, (client_id: string) => string][] = [
    ["nothing", () => ""],
    ["an unknown client", () => "client_id=nobody&redirect_uri=https://app.example/callback"],
    ["a repeated client", (id) => `client_id=${id}&client_id=${id}`],
    ["a NUL", (id) => `client_id=${id}%00`],
    ["bad percent-encoding", (id) => `client_id=${id}%zz`],
    ["bytes that are not UTF-8", (id) => `client_id=${id}%ff`],
    [
      "somebody else's redirect URI",
      (id) => `client_id=${id}&redirect_uri=https://evil.example/"><script>alert(1)</script>`,
    ],
  ];
  test.each(cases)("%s: a page of ours, no redirect, nothing stored", async (_, query) => {
    for (const method of ["GET", "POST"]) {
      const response = await fetch(
        `${server.url}/oauth/authorize${method === "GET" ? `?${query(app.client_id)}` : ""}`,
        method === "GET"
          ? { redirect: "manual" }
          : { redirect: "manual", method, body: query(app.client_id), headers: { "content-type": form } },
      );
      const text = await response.text();
      expect(response.status).toBe(400);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(response.headers.has("location")).toBe(false);
      expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(text).not.toContain("evil.example");
      expect(text).not.toContain("<script");
      expect(await server.rows()).toEqual(before);
    }
  });

  test("a POST that is no form, or too long", async () => {
    const post = (body: string, type: string) =>
      send("/oauth/authorize", { body, headers: { "content-type": type } });
    expect((await post("{}", "application/json")).status).toBe(400);
    expect((await post(`x=${"a".repeat(limits.formBytes)}`, form)).status).toBe(413);
    expect((await send("/oauth/authorize", { method: "PUT" })).headers.get("allow")).toBe("GET, POST, HEAD");
  });

  test("a query of raw bytes that are not UTF-8", async () => {
    const answer = await rawRequest(
      Buffer.from(
        `GET /oauth/authorize?client_id=${app.client_id}\xff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
        "latin1",
      ),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(await server.rows()).toEqual(before);
  });
});

describe("headers", () => {
  test("VSY-33 no browser on another origin can read the token endpoint", async () => {
    const cors = { origin: "https://app.example", "access-control-request-method": "POST" };
    const responses = await Promise.all([
      exchange(good(), cors),
      exchange("", cors),
      send("/oauth/token", { method: "OPTIONS", headers: cors }),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([200, 400, 405]);
    for (const { headers } of responses)
      expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });

  test("every answer says nosniff and names its request", async () => {
    for (const path of ["/healthz", "/oauth/authorize", "/public/v1/me", "/logos/none"]) {
      const { headers } = await fetch(server.url + path, { redirect: "manual" });
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
      expect(headers.get("x-request-id"), path).toMatch(/^[0-9A-Za-z]{16}$/);
    }
  });

  test("a connection serves one request after the other, and HEAD without a body", async () => {
    const answer = await rawRequest(
      "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nHEAD /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(answer.match(/"status":"ok"/g)).toHaveLength(1);
  });
});

/** Sends bytes as they are and reads until the server closes. */
function rawRequest(head: string | Buffer, more: string[] = []): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(server.url);
    const chunks: Buffer[] = [];
    const socket = net.connect(Number(port), hostname, () => {
      socket.write(head);
      for (const part of more) socket.write(part);
    });
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    // The server hangs up while we still send: what counts is that its answer arrived before.
    socket.on("error", () => {});
    socket.setTimeout(10_000, () => reject(new Error("no answer")));
  });
}
