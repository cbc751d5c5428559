/** The four roles of RFC 6749 §1.1, each on its own: somebody else's resource server, made with the SDK. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { revokeConsent } from "../../lib/db/consents";
import { createGuard, introspectionClient } from "../../lib/sdk/index";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { codeFor, encode, exchangeFields } from "../support/world";

let authorizationServer: TestServer;
let client: TestApp;
let resources: http.Server;
let api: string;
const notes = new Map<string, string[]>();

/** Somebody else's API: each owner has notes of their own. It knows tokens only by asking. */
function resourceServer(): http.Server {
  const guard = createGuard({
    introspect: introspectionClient({
      endpoint: `${authorizationServer.url}/oauth/introspect`,
      client_id: client.client_id,
      client_secret: client.secret,
    }),
    realm: "Notes",
    audience: `${authorizationServer.url}/public/v1`,
  });
  return http.createServer(async (req, res) => {
    const verdict = await guard(req.headers.authorization, req.method === "GET" ? "read" : "write");
    if (!verdict.allowed) {
      const { status, headers, body } = verdict.refusal;
      return res.writeHead(status, headers).end(JSON.stringify(body));
    }
    const own = notes.get(verdict.token.sub) ?? [];
    if (req.method !== "GET") notes.set(verdict.token.sub, [...own, "added"]);
    return res.end(JSON.stringify(notes.get(verdict.token.sub) ?? []));
  });
}

beforeAll(async () => {
  authorizationServer = await startTestServer();
  client = await authorizationServer.facts.addApp();
  resources = resourceServer();
  await new Promise<void>((resolve) => resources.listen(0, "127.0.0.1", resolve));
  api = `http://127.0.0.1:${(resources.address() as AddressInfo).port}/notes`;
});
afterAll(async () => {
  resources?.closeAllConnections();
  resources?.close();
  await authorizationServer?.close();
});

/** The client's part: it exchanges what the resource owner's approval brought it. */
async function exchange(code: string): Promise<string> {
  const response = await fetch(`${authorizationServer.url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams(
      encode({ ...exchangeFields(code), client_id: client.client_id, client_secret: client.secret }),
    ),
  });
  return (await response.json()).access_token;
}

async function call(token: string | null, method = "GET") {
  const headers = new Headers(token === null ? {} : { authorization: `Bearer ${token}` });
  const response = await fetch(api, { method, headers });
  return { status: response.status, body: await response.json() };
}

test("VSR-01 owner, client, authorization server and resource server are four: the last one verifies each token and gives what it allows", async () => {
  const [owner, stranger] = [
    await authorizationServer.facts.addUser(),
    await authorizationServer.facts.addUser(),
  ];
  notes.set(owner, ["mine"]);
  notes.set(stranger, ["theirs"]);
  const allows = (userId: string, scope: string) =>
    codeFor(authorizationServer.rt, client, userId, { scope });

  const reads = await exchange(await allows(owner, "read"));
  expect(await call(reads)).toEqual({ status: 200, body: ["mine"] });
  expect(await call(reads, "POST")).toMatchObject({ status: 403, body: { error: "insufficient_scope" } });
  expect(notes.get(owner)).toEqual(["mine"]);

  const writes = await exchange(await allows(owner, "read write"));
  expect(await call(writes, "POST")).toEqual({ status: 200, body: ["mine", "added"] });
  const other = await exchange(await allows(stranger, "read"));
  expect(await call(other)).toEqual({ status: 200, body: ["theirs"] });

  for (const token of [null, "noise", client.secret, `${reads}x`])
    expect(await call(token)).toMatchObject({ status: 401, body: { error: "invalid_token" } });
  await revokeConsent(authorizationServer.rt.db, owner, client.client_id);
  expect((await call(reads)).status).toBe(401);
  expect((await call(other)).status).toBe(200);
});
