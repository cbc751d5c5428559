/** The sample API as the contract's table has it, over real HTTP. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { rotateSecret } from "../../lib/db/client-secrets";
import { revokeConsent } from "../../lib/db/consents";
import { listTokens } from "../../lib/db/token-list";
import { revokeToken } from "../../lib/db/token-revocation";
import { mint } from "../../lib/oauth/tokens";
import { clientToken, legacyToken, personalToken } from "../support/credentials";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic, tokenFor } from "../support/world";

let server: TestServer;
let app: TestApp;
let appOwnerId: string;
let userId: string;
let companyId: string;
let token: string;

beforeAll(async () => {
  server = await startTestServer();
  appOwnerId = await server.facts.addUser();
  app = await server.facts.addApp({ ownerId: appOwnerId, preset: "perpetual" });
});
afterAll(() => server?.close());
beforeEach(async () => {
  userId = await server.facts.addUser();
  companyId = await server.facts.addCompany(userId);
  token = await tokenFor(server.rt, app, userId, { companyId });
});

interface Call {
  method?: string;
  bearer?: string | null;
  json?: unknown;
  body?: string;
  type?: string;
}

function call(
  path: string,
  { method = "GET", bearer = token, json, body, type = "application/json" }: Call = {},
) {
  const sent = body ?? (json === undefined ? undefined : JSON.stringify(json));
  return fetch(`${server.url}/public/v1${path}`, {
    method,
    headers: {
      ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
      ...(sent !== undefined && { "content-type": type }),
    },
    body: sent ?? null,
  });
}

async function expectError(response: Response, status: number, error: string) {
  const answer = await response.json();
  expect([response.status, answer.error]).toEqual([status, error]);
  expect(Object.keys(answer)).toEqual(["error", "error_description"]);
  expect(answer.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  return answer;
}

const addProject = async (name = "Harbour", bearer = token, workspace_id = companyId) =>
  (await call("/projects", { method: "POST", bearer, json: { name, workspace_id } })).json();

describe("GET /me", () => {
  test("says who the token stands for", async () => {
    const user = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { id: userId } });
    const company = await server.rt.db.prisma.company.findUniqueOrThrow({ where: { id: companyId } });
    const response = await call("/me");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      type: "user",
      id: userId,
      email: user.email,
      workspace: { id: companyId, name: company.name },
      scopes: ["read", "write"],
    });
  });

  test("needs no particular scope, and no company", async () => {
    const loner = await server.facts.addUser();
    const bearer = await tokenFor(server.rt, app, loner, { scope: "write" });
    expect(await (await call("/me", { bearer })).json()).toMatchObject({
      id: loner,
      workspace: null,
      scopes: ["write"],
    });
    await expectError(await call("/workspaces", { bearer }), 403, "insufficient_scope");
  });

  test("says which company a token of the company's own stands for", async () => {
    const credential = await server.facts.addApp({ companyId, preset: "machine" });
    for (const bearer of [
      await clientToken(server.url, credential, "read write"),
      await legacyToken(server.rt.db, companyId),
    ])
      expect(await (await call("/me", { bearer })).json()).toEqual({
        type: "company",
        id: companyId,
        name: `Company ${companyId}`,
        workspace: { id: companyId, name: `Company ${companyId}` },
        scopes: ["read", "write"],
      });
  });

  test("calls a service account by its username, which is no e-mail address", async () => {
    const id = await server.facts.addServiceAccount(companyId);
    const { email: username } = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { id } });
    const key = await server.facts.addApp({ ownerId: id, preset: "classic" });
    const bearer = await clientToken(server.url, key);
    expect(await (await call("/me", { bearer })).json()).toEqual({
      ...{ type: "user", id, username, scopes: ["read"] },
      workspace: { id: companyId, name: `Company ${companyId}` },
    });
  });

  test("names no workspace where there are several", async () => {
    const bearer = await personalToken(server.rt.db, userId, { companies: "all" });
    expect(await (await call("/me", { bearer })).json()).toMatchObject({ workspace: { id: companyId } });
    await server.facts.addCompany(userId);
    expect(await (await call("/me", { bearer })).json()).toMatchObject({ id: userId, workspace: null });
  });
});

describe("GET /workspaces", () => {
  test("lists the one company the token was allowed, not the user's others", async () => {
    await server.facts.addCompany(userId);
    const { workspaces } = await (await call("/workspaces")).json();
    expect(workspaces).toEqual([{ id: companyId, name: `Company ${companyId}` }]);
  });
});

describe("a token that reaches several companies", () => {
  let second: string;
  beforeEach(async () => {
    server.clock.forward(1);
    second = await server.facts.addCompany(userId);
  });

  const all: [string, () => Promise<string>][] = [
    [
      "a personal token for all of its user's",
      () => personalToken(server.rt.db, userId, { companies: "all" }),
    ],
    [
      "a token of a program of the user's",
      async () => {
        const program = await server.facts.addApp({ ownerId: userId, preset: "machine" });
        return clientToken(server.url, program, "read write");
      },
    ],
  ];
  test.each(all)("%s lists and changes what is in each of them", async (_, made) => {
    const bearer = await made();
    const ids = (list: { id: string }[]) => list.map(({ id }) => id);
    const listed = async () => ids((await (await call("/projects", { bearer })).json()).projects);
    expect(ids((await (await call("/workspaces", { bearer })).json()).workspaces)).toEqual([
      companyId,
      second,
    ]);
    const first = await addProject("Harbour", bearer, companyId);
    server.clock.forward(1);
    const other = await addProject("Pier", bearer, second);
    expect(await listed()).toEqual([first.id, other.id]);
    const renamed = await call(`/projects/${other.id}`, { bearer, method: "PATCH", json: { name: "Quay" } });
    expect([renamed.status, (await renamed.json()).workspace_id]).toEqual([200, second]);

    await server.facts.leave(userId, second);
    expect(await listed()).toEqual([first.id]);
    await expectError(await call(`/projects/${other.id}`, { bearer }), 404, "not_found");
    const third = await server.facts.addCompany(userId);
    await addProject("Lock", bearer, third);
    expect(await listed()).toHaveLength(2);
  });

  test("does not reach those without API access, and is refused when none is left", async () => {
    const bearer = await personalToken(server.rt.db, userId, { companies: "all" });
    const project = await addProject("Pier", bearer, second);
    const endPlan = (id: string) =>
      server.rt.db.prisma.company.update({ where: { id }, data: { apiAccess: false } });
    await endPlan(second);
    expect(await (await call("/me", { bearer })).json()).toMatchObject({ workspace: { id: companyId } });
    expect(await (await call("/projects", { bearer })).json()).toEqual({ projects: [] });
    await expectError(await call(`/projects/${project.id}`, { bearer, method: "DELETE" }), 404, "not_found");
    const json = { name: "Lock", workspace_id: second };
    await expectError(await call("/projects", { bearer, method: "POST", json }), 404, "not_found");
    await endPlan(companyId);
    expect((await expectError(await call("/me", { bearer }), 403, "access_denied")).error_description).toBe(
      "the plans of these companies do not include API access",
    );
  });

  test("of somebody who belongs to none reaches nothing", async () => {
    const loner = await server.facts.addUser();
    const bearer = await personalToken(server.rt.db, loner, { companies: "all" });
    await addProject();
    expect(await (await call("/me", { bearer })).json()).toMatchObject({ id: loner, workspace: null });
    expect(await (await call("/workspaces", { bearer })).json()).toEqual({ workspaces: [] });
    expect(await (await call("/projects", { bearer })).json()).toEqual({ projects: [] });
  });
});

describe("the Authorization header", () => {
  test("VSB-15 ARC-12 carries a token of every kind as Bearer", async () => {
    const credential = await server.facts.addApp({ companyId, preset: "machine" });
    const project = await addProject();
    for (const bearer of [
      token,
      await clientToken(server.url, credential),
      await personalToken(server.rt.db, userId, { companies: companyId }),
      await legacyToken(server.rt.db, companyId),
    ]) {
      const headers = { authorization: `Bearer ${bearer}` };
      const response = await fetch(`${server.url}/public/v1/projects`, { headers });
      expect([response.status, await response.json()]).toEqual([200, { projects: [project] }]);
      for (const authorization of [bearer, `Token ${bearer}`, `Basic ${bearer}`, `Bearer ${bearer}, x`])
        await expectError(
          await fetch(`${server.url}/public/v1/projects`, { headers: { authorization } }),
          401,
          "invalid_token",
        );
    }
  });

  test("VVT-22 is what a call without it is told to send, by the challenge and in words", async () => {
    const response = await call("/projects", { bearer: null });
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer realm=/);
    const { error_description } = await expectError(response, 401, "invalid_token");
    const [, name = "", scheme] = /as (\w+): (\w+)$/.exec(error_description) ?? [];
    const told = await fetch(`${server.url}/public/v1/projects`, {
      headers: { [name]: `${scheme} ${token}` },
    });
    expect(told.status).toBe(200);
  });

  test("VVT-16 carries one token to every endpoint of its scope, many times, until it expires", async () => {
    const standard = await server.facts.addApp();
    const bearer = await tokenFor(server.rt, standard, userId, { companyId, scope: "read" });
    const project = await addProject();
    const paths = ["/me", "/workspaces", "/projects", `/projects/${project.id}`];
    const statuses = async () => {
      const answers = paths.flatMap((path) => [call(path, { bearer }), call(path, { bearer })]);
      return [...new Set((await Promise.all(answers)).map(({ status }) => status))];
    };
    for (let time = 0; time < 5; time++) expect(await statuses()).toEqual([200]);
    server.clock.forward(3599);
    expect(await statuses()).toEqual([200]);
    server.clock.forward(1);
    expect(await statuses()).toEqual([401]);
  });
});

describe("a client secret on an API call", () => {
  const query = (fields: Record<string, string>) => `?${new URLSearchParams(fields)}`;
  const form = "application/x-www-form-urlencoded";
  const sent: [string, (credentials: Record<string, string>) => [path: string, request: Call]][] = [
    ["as the Bearer token", ({ client_secret }) => ["/projects", { bearer: client_secret ?? "" }]],
    ["in the query", (fields) => [`/projects${query(fields)}`, { bearer: null }]],
    ["in the query of a call with a good token", (fields) => [`/projects${query(fields)}`, {}]],
    ["in a form", (fields) => ["/projects", { method: "POST", body: query(fields).slice(1), type: form }]],
    [
      "in a form without a token",
      (fields) => ["/projects", { method: "POST", body: query(fields).slice(1), type: form, bearer: null }],
    ],
    [
      "in JSON beside a good token",
      (fields) => ["/projects", { method: "POST", json: { name: "x", workspace_id: companyId, ...fields } }],
    ],
    [
      "in JSON without a token",
      (fields) => [
        "/projects",
        { method: "POST", json: { name: "x", workspace_id: companyId, ...fields }, bearer: null },
      ],
    ],
  ];
  test.each(sent)("%s is 401, and nothing happens", async (_, request) => {
    const [path, made] = request({ client_id: app.client_id, client_secret: app.secret });
    const response = await call(path, made);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer /);
    const answer = await expectError(response, 401, "invalid_token");
    expect(JSON.stringify(answer)).not.toContain(app.secret);
    expect(await (await call("/projects")).json()).toEqual({ projects: [] });
  });

  test("VSB-16 is 401 for a company's credential however it is sent: it must be exchanged first", async () => {
    const credential = await server.facts.addApp({ companyId, preset: "machine" });
    const at = `${server.url}/public/v1/projects`;
    const fields = { client_id: credential.client_id, client_secret: credential.secret };
    const json = { "content-type": "application/json" };
    for (const attempt of [
      fetch(at, { headers: { authorization: basic(credential) } }),
      fetch(at, { headers: { authorization: `Bearer ${credential.secret}` } }),
      fetch(at + query(fields)),
      fetch(at, { method: "POST", body: new URLSearchParams(fields) }),
      fetch(at, { method: "POST", headers: json, body: JSON.stringify(fields) }),
    ])
      await expectError(await attempt, 401, "invalid_token");
    expect((await call("/projects", { bearer: await clientToken(server.url, credential) })).status).toBe(200);
  });

  test("and an access token in the query or in a form is 401, too (RFC 6750 §2.2 and §2.3 are not offered)", async () => {
    const fields = { access_token: token };
    for (const bearer of [null, token]) {
      await expectError(await call(`/projects${query(fields)}`, { bearer }), 401, "invalid_token");
      const body = query(fields).slice(1);
      const response = await call("/projects", { bearer, method: "POST", body, type: form });
      expect(JSON.stringify(await expectError(response, 401, "invalid_token"))).not.toContain(token);
    }
  });
});

describe("projects", () => {
  test("are added, listed, shown, renamed and removed", async () => {
    const created = await call("/projects", {
      method: "POST",
      json: { name: "  Harbour ", workspace_id: companyId },
    });
    expect(created.status).toBe(201);
    const project = await created.json();
    const at = server.clock.now().toISOString();
    expect(project).toEqual({
      id: project.id,
      name: "Harbour",
      workspace_id: companyId,
      created_at: at,
      updated_at: at,
    });
    expect(created.headers.get("location")).toBe(`/public/v1/projects/${project.id}`);

    expect(await (await call("/projects")).json()).toEqual({ projects: [project] });
    expect(await (await call(`/projects/${project.id}`)).json()).toEqual(project);

    server.clock.forward(60);
    const renamed = await call(`/projects/${project.id}`, { method: "PATCH", json: { name: "Pier" } });
    expect([renamed.status, await renamed.json()]).toEqual([
      200,
      { ...project, name: "Pier", updated_at: server.clock.now().toISOString() },
    ]);

    const removed = await call(`/projects/${project.id}`, { method: "DELETE" });
    expect([removed.status, await removed.text()]).toEqual([204, ""]);
    // RFC 9110 §8.6.
    expect(removed.headers.has("content-length")).toBe(false);
    await expectError(await call(`/projects/${project.id}`), 404, "not_found");
    await expectError(await call(`/projects/${project.id}`, { method: "DELETE" }), 404, "not_found");
    expect(await (await call("/projects")).json()).toEqual({ projects: [] });
  });

  test("of another company are 404, whatever one does, and stay as they are", async () => {
    const project = await addProject();
    const stranger = await server.facts.addUser();
    const strangers = await server.facts.addCompany(stranger);
    const bearer = await tokenFor(server.rt, app, stranger, { companyId: strangers });
    const path = `/projects/${project.id}`;
    await expectError(await call(path, { bearer }), 404, "not_found");
    await expectError(
      await call(path, { bearer, method: "PATCH", json: { name: "Mine" } }),
      404,
      "not_found",
    );
    await expectError(await call(path, { bearer, method: "DELETE" }), 404, "not_found");
    const into = { name: "Mine", workspace_id: companyId };
    await expectError(await call("/projects", { bearer, method: "POST", json: into }), 404, "not_found");
    expect(await (await call("/projects", { bearer })).json()).toEqual({ projects: [] });
    expect(await (await call("/projects")).json()).toEqual({ projects: [project] });
  });

  test("of a company the user belongs to, but did not choose, are 404", async () => {
    const second = await server.facts.addCompany(userId);
    const bearer = await tokenFor(server.rt, app, userId, { companyId: second });
    await expectError(await call(`/projects/${(await addProject()).id}`, { bearer }), 404, "not_found");
  });
});

describe("400 invalid_request", () => {
  const wrong: [string, Call][] = [
    ["no body", {}],
    ["what is not JSON", { body: "{" }],
    ["a form", { body: "name=x", type: "application/x-www-form-urlencoded" }],
    ["JSON under another type", { body: '{"name":"x"}', type: "text/plain" }],
    ["a list", { json: [] }],
    ["null", { json: null }],
    ["an empty name", { json: { name: "  " } }],
    ["a name of 101 characters", { json: { name: "x".repeat(101) } }],
    ["a name with a NUL", { json: { name: "a\0b" } }],
    ["a name with a line break", { json: { name: "a\nb" } }],
    ["a name that is a number", { json: { name: 1 } }],
    ["a field we do not know", { json: { name: "x", company: "y" } }],
  ];
  test.each(wrong)("for %s", async (_, sent) => {
    const project = await addProject();
    const json =
      sent.json && !Array.isArray(sent.json) ? { workspace_id: companyId, ...sent.json } : sent.json;
    await expectError(await call("/projects", { ...sent, json, method: "POST" }), 400, "invalid_request");
    await expectError(
      await call(`/projects/${project.id}`, { ...sent, method: "PATCH" }),
      400,
      "invalid_request",
    );
    expect(await (await call("/projects")).json()).toEqual({ projects: [project] });
  });

  test("for bytes that are not UTF-8", async () => {
    const body = new Uint8Array([
      ...Buffer.from(`{"workspace_id":"${companyId}","name":"`),
      0xff,
      0x22,
      0x7d,
    ]);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(`${server.url}/public/v1/projects`, { method: "POST", headers, body });
    await expectError(response, 400, "invalid_request");
  });

  test("and 413 for a body over 16 kB", async () => {
    const json = { name: "x".repeat(limits.formBytes), workspace_id: companyId };
    await expectError(await call("/projects", { method: "POST", json }), 413, "invalid_request");
  });
});

describe("401", () => {
  test("without a token is a challenge without an error code (RFC 6750 §3.1)", async () => {
    for (const path of ["/me", "/workspaces", "/projects", "/projects/x"]) {
      const response = await call(path, { bearer: null });
      expect(response.headers.get("www-authenticate")).toBe('Bearer realm="Latchkey"');
      await expectError(response, 401, "invalid_token");
    }
  });

  const dead: [string, () => Promise<string> | string][] = [
    ["noise", () => "noise"],
    ["a token that never was", () => mint("at", server.rt.as.random).value],
    ["a client secret", () => app.secret],
    ["a token whose last character is another", () => token.slice(0, -1) + (token.endsWith("A") ? "B" : "A")],
    [
      "an expired token",
      async () => {
        const standard = await server.facts.addApp();
        const expiring = await tokenFor(server.rt, standard, userId, { companyId });
        expect((await call("/me", { bearer: expiring })).status).toBe(200);
        server.clock.forward(3600);
        return expiring;
      },
    ],
    [
      "a token whose user left the company",
      async () => {
        await server.facts.leave(userId, companyId);
        return token;
      },
    ],
    [
      "a token whose user was suspended",
      async () => {
        await server.facts.suspendUser(userId);
        return token;
      },
    ],
    [
      "a token whose app was suspended",
      async () => {
        const suspended = await server.facts.addApp();
        const bearer = await tokenFor(server.rt, suspended, userId, { companyId });
        await server.facts.setStatus(suspended.client_id, "suspended");
        return bearer;
      },
    ],
    [
      "a token whose app was deleted",
      async () => {
        const deleted = await server.facts.addApp();
        const bearer = await tokenFor(server.rt, deleted, userId, { companyId });
        await server.facts.deleteApp(deleted.client_id);
        return bearer;
      },
    ],
    [
      "a token whose consent was taken back",
      async () => {
        await revokeConsent(server.rt.db, userId, app.client_id);
        return token;
      },
    ],
    [
      "a token that was revoked on the page",
      async () => {
        const [row] = (await listTokens(server.rt.db, userId)).tokens;
        expect(await revokeToken(server.rt.db, userId, row?.handle ?? "")).toBe(true);
        return token;
      },
    ],
  ];
  test.each(dead)("with an error code for %s", async (_, bearer) => {
    const response = await call("/workspaces", { bearer: await bearer() });
    expect(response.headers.get("www-authenticate")).toBe(
      'Bearer realm="Latchkey", error="invalid_token", error_description="the token is expired, revoked or not known"',
    );
    await expectError(response, 401, "invalid_token");
  });

  test("comes before everything else, so that a stranger learns nothing", async () => {
    const project = await addProject();
    await expectError(
      await call(`/projects/${project.id}`, { bearer: "noise", method: "DELETE" }),
      401,
      "invalid_token",
    );
    await expectError(
      await call("/projects", { bearer: "noise", method: "POST", body: "{" }),
      401,
      "invalid_token",
    );
  });
});

describe("403", () => {
  test("VSB-12 insufficient_scope for a Read token at a write endpoint, naming the scope", async () => {
    const credential = await server.facts.addApp({ companyId, preset: "machine", scopes: ["read"] });
    const bearer = await clientToken(server.url, credential);
    const project = await addProject();
    for (const [path, method] of [
      ["/projects", "POST"],
      [`/projects/${project.id}`, "PATCH"],
      [`/projects/${project.id}`, "DELETE"],
    ] as const) {
      const response = await call(path, { bearer, method, json: { name: "x", workspace_id: companyId } });
      expect(response.headers.get("www-authenticate")).toBe(
        'Bearer realm="Latchkey", error="insufficient_scope", error_description="this needs the scope write", scope="write"',
      );
      await expectError(response, 403, "insufficient_scope");
    }
    expect((await call("/projects", { bearer })).status).toBe(200);
  });

  test("access_denied for a company whose plan has no API access, for every call", async () => {
    const project = await addProject();
    await server.rt.db.prisma.company.update({ where: { id: companyId }, data: { apiAccess: false } });
    for (const path of ["/me", "/workspaces", "/projects", `/projects/${project.id}`])
      expect((await expectError(await call(path), 403, "access_denied")).error_description).toBe(
        "the plan of this company does not include API access",
      );
    await expectError(await call(`/projects/${project.id}`, { method: "DELETE" }), 403, "access_denied");
  });
});

describe("405", () => {
  test.each([
    ["/me", "POST", "GET, HEAD"],
    ["/workspaces", "DELETE", "GET, HEAD"],
    ["/projects", "PUT", "GET, POST, HEAD"],
    ["/projects/x", "POST", "GET, PATCH, DELETE, HEAD"],
  ])("%s does not know %s", async (path, method, allow) => {
    const response = await call(path, { method });
    expect(response.headers.get("allow")).toBe(allow);
    await expectError(response, 405, "invalid_request");
  });
});

describe("500", () => {
  test("is server_error with a request id and nothing else, and the server serves on", async () => {
    const { pool } = server.rt.db;
    await pool.query("ALTER TABLE tokens RENAME TO elsewhere");
    server.log.length = 0;
    let response: Response;
    try {
      response = await call("/projects");
    } finally {
      await pool.query("ALTER TABLE elsewhere RENAME TO tokens");
    }
    const id = response.headers.get("x-request-id");
    const answer = await expectError(response, 500, "server_error");
    expect(answer.error_description).toBe(`something went wrong here; request ${id}`);
    const [line] = server.log.filter((one) => JSON.parse(one).level >= 50);
    expect(JSON.parse(line ?? "{}")).toMatchObject({ request: id, path: "/public/v1/projects" });
    expect(server.log.join("")).not.toContain(token);
    for (let again = 0; again < 3; again++) expect((await call("/projects")).status).toBe(200);
  });

  test("and readyz says so while healthz says that the process is up", async () => {
    const { pool } = server.rt.db;
    const get = (path: string) => fetch(server.url + path);
    expect(await (await get("/readyz")).json()).toEqual({ status: "ready" });
    await pool.query("ALTER TABLE _prisma_migrations RENAME TO elsewhere");
    try {
      const ready = await get("/readyz");
      expect([ready.status, ready.headers.get("retry-after"), await ready.json()]).toEqual([
        503,
        "5",
        { status: "not ready" },
      ]);
      expect(await (await get("/healthz")).json()).toEqual({ status: "ok" });
    } finally {
      await pool.query("ALTER TABLE elsewhere RENAME TO _prisma_migrations");
    }
    expect((await get("/readyz")).status).toBe(200);
  });
});

test("VSY-30 a token that was issued keeps working after the secret was rotated", async () => {
  const secret = await rotateSecret(server.rt.db, appOwnerId, app.client_id, 0);
  app = { ...app, secret: secret ?? "" };
  expect((await call("/workspaces")).status).toBe(200);
});

test("the last use of a token is noted, off the request's path", async () => {
  await call("/me");
  const before = (await listTokens(server.rt.db, userId)).tokens;
  expect(before).toHaveLength(1);
  await expect
    .poll(async () => (await listTokens(server.rt.db, userId)).tokens[0]?.lastUsedAt, { timeout: 10_000 })
    .toEqual(server.clock.now());
});
