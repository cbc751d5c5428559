/** The administration API over real HTTP: its own audience, its own scope, the whole installation. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { operations } from "../../lib/server/api/admin/operations";
import { clientToken, legacyToken, personalToken } from "../support/credentials";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { tokenFor } from "../support/world";

let server: TestServer;
let adminId: string;
let companyId: string;
/** The administrator's own tokens: for this API, for the public one, for both. */
let admin: string;
let reader: string;
let both: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());
beforeEach(async () => {
  const { db } = server.rt;
  await db.prisma.app.deleteMany();
  adminId = await server.facts.addUser();
  companyId = await server.facts.addCompany(adminId);
  await server.facts.makeAdmin(adminId);
  const made = (scopes: string[]) => personalToken(db, adminId, { companies: "all", scopes });
  [admin, reader, both] = [
    await made(["admin"]),
    await made(["read", "write"]),
    await made(["read", "admin"]),
  ];
});

const call = (path: string, bearer: string | null, method = "GET") =>
  fetch(server.url + path, {
    method,
    headers: new Headers(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
  });

async function answerOf(path: string, bearer: string | null) {
  const response = await call(path, bearer);
  return { status: response.status, body: await response.json() };
}

const anotherApi = {
  status: 401,
  body: { error: "invalid_token", error_description: "the token is for another API" },
};

describe("a token is for the API its scopes belong to", () => {
  test("VVT-17 a token for one API or company is refused by the other API, and by other companies' data", async () => {
    const publicPaths = ["/public/v1/me", "/public/v1/workspaces", "/public/v1/projects"];
    const adminPaths = ["/admin/v1/me", "/admin/v1/apps"];
    for (const path of publicPaths) expect(await answerOf(path, admin)).toEqual(anotherApi);
    for (const path of adminPaths) expect(await answerOf(path, reader)).toEqual(anotherApi);
    for (const path of [...publicPaths, ...adminPaths]) expect((await answerOf(path, both)).status).toBe(200);

    const [mine, theirs] = [companyId, await server.facts.addCompany(await server.facts.addUser())];
    const machine = await server.facts.addApp({ companyId: theirs, preset: "machine" });
    const bearer = await clientToken(server.url, machine, "read write");
    const added = await fetch(`${server.url}/public/v1/projects`, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "Theirs", workspace_id: theirs }),
    });
    const project = `/public/v1/projects/${(await added.json()).id}`;
    expect((await answerOf(project, bearer)).status).toBe(200);
    const other = await legacyToken(server.rt.db, mine);
    expect((await answerOf(project, other)).status).toBe(404);
    expect((await call(project, other, "DELETE")).status).toBe(404);
    expect((await answerOf("/public/v1/projects", other)).body).toEqual({ projects: [] });
    expect((await answerOf("/admin/v1/apps", other)).status).toBe(401);
    expect((await answerOf(project, bearer)).status).toBe(200);
  });

  test("the refusal is a challenge that says so", async () => {
    expect((await call("/admin/v1/me", reader)).headers.get("www-authenticate")).toBe(
      'Bearer realm="Latchkey", error="invalid_token", error_description="the token is for another API"',
    );
  });
});

describe("only administrators", () => {
  const strangers: [string, () => Promise<string>][] = [
    [
      "somebody's token that says admin",
      async () =>
        personalToken(server.rt.db, await server.facts.addUser(), { companies: null, scopes: ["admin"] }),
    ],
    ["a company's token that says admin", () => legacyToken(server.rt.db, companyId, { scopes: ["admin"] })],
    [
      "a company's credential for admin",
      async () => {
        const app = await server.facts.addApp({ companyId, preset: "machine", scopes: ["admin"] });
        return clientToken(server.url, app, "admin");
      },
    ],
    [
      "an administrator's app without the scope",
      async () => tokenFor(server.rt, await server.facts.addApp(), adminId, { companyId }),
    ],
  ];
  test.each(strangers)("%s is for another API", async (_, made) => {
    const bearer = await made();
    for (const path of ["/admin/v1/me", "/admin/v1/apps"])
      expect(await answerOf(path, bearer)).toEqual(anotherApi);
  });

  test("and no longer when they are none any more", async () => {
    const app = await server.facts.addApp({ ownerId: adminId, preset: "machine", scopes: ["read", "admin"] });
    const bearer = await clientToken(server.url, app, "admin read");
    for (const token of [admin, bearer]) expect((await answerOf("/admin/v1/apps", token)).status).toBe(200);
    await server.rt.db.prisma.user.update({ where: { id: adminId }, data: { isAdmin: false } });
    for (const token of [admin, bearer, both])
      expect(await answerOf("/admin/v1/apps", token)).toEqual(anotherApi);
    expect((await answerOf("/public/v1/me", both)).body).toMatchObject({ id: adminId, scopes: ["read"] });
    await server.facts.suspendUser(adminId);
    expect((await answerOf("/admin/v1/apps", admin)).body.error_description).toMatch(/expired, revoked/);
  });

  test("and nobody without a token", async () => {
    for (const path of ["/admin/v1/me", "/admin/v1/apps"]) {
      expect((await answerOf(path, null)).status).toBe(401);
      expect((await answerOf(`${path}?client_secret=x`, admin)).status).toBe(401);
      expect((await call(path, admin, "DELETE")).status).toBe(405);
    }
  });
});

test("GET /admin/v1/me says who calls", async () => {
  const { email } = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { id: adminId } });
  const me = { type: "user", id: adminId, email };
  expect(await answerOf("/admin/v1/me", admin)).toEqual({ status: 200, body: { ...me, scopes: ["admin"] } });
  expect((await answerOf("/admin/v1/me", both)).body).toEqual({ ...me, scopes: ["read", "admin"] });
});

describe("GET /admin/v1/apps", () => {
  const ids = (apps: { client_id: string }[]) => apps.map(({ client_id }) => client_id);
  async function addApps(count: number): Promise<TestApp[]> {
    const apps: TestApp[] = [];
    for (let made = 0; made < count; made++) apps.push(await server.facts.addApp());
    return apps;
  }

  test("lists everybody's, newest first, and tells no secret", async () => {
    const ownerId = await server.facts.addUser("ada@apps.test");
    const own = await server.facts.addApp({ ownerId, name: "Harbour", preset: "classic", scopes: ["read"] });
    const at = server.clock.now().toISOString();
    server.clock.forward(60);
    const machine = await server.facts.addApp({ companyId, preset: "machine", status: "suspended" });
    const { body } = await answerOf("/admin/v1/apps", admin);
    expect(body).toEqual({
      apps: [
        {
          ...{ client_id: machine.client_id, name: "Test app", kind: "credential", type: "confidential" },
          ...{ status: "suspended", preset: "machine", scopes: ["read", "write"] },
          owner: { type: "company", id: companyId, name: `Company ${companyId}` },
          created_at: server.clock.now().toISOString(),
          last_used_at: null,
        },
        {
          ...{ client_id: own.client_id, name: "Harbour", kind: "registered", type: "confidential" },
          ...{ status: "active", preset: "classic", scopes: ["read"] },
          owner: { type: "user", id: ownerId, name: "ada" },
          created_at: at,
          last_used_at: null,
        },
      ],
      next: null,
    });
    expect(JSON.stringify(body)).not.toMatch(/secret|hash|cs_/);
  });

  test("says when an app was last used", async () => {
    const app = await server.facts.addApp({ ownerId: adminId, preset: "machine" });
    await clientToken(server.url, app);
    await expect
      .poll(async () => (await answerOf("/admin/v1/apps", admin)).body.apps[0].last_used_at, {
        timeout: 10_000,
      })
      .toBe(server.clock.now().toISOString());
  });

  test("is read page by page: each app once, also those of one moment", async () => {
    const made: string[] = [];
    for (const count of [3, 1, 4]) {
      made.push(...ids((await addApps(count)).map(({ client_id }) => ({ client_id }))));
      server.clock.forward(1);
    }
    const pages: string[][] = [];
    for (let after: string | null = ""; after !== null; ) {
      const query: string = after === "" ? "" : `&after=${after}`;
      const { status, body } = await answerOf(`/admin/v1/apps?limit=3${query}`, admin);
      expect(status).toBe(200);
      pages.push(ids(body.apps));
      after = body.next;
      // An app that is made meanwhile does not push others into a second page.
      await addApps(1);
    }
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 2]);
    expect(new Set(pages.flat())).toEqual(new Set(made));
  });

  test("can be asked for one status", async () => {
    const [active, pending] = await addApps(2);
    await server.facts.setStatus(pending?.client_id ?? "", "pending");
    const listed = async (status: string) =>
      ids((await answerOf(`/admin/v1/apps?status=${status}`, admin)).body.apps);
    expect(await listed("pending")).toEqual([pending?.client_id]);
    expect(await listed("active")).toEqual([active?.client_id]);
    expect(await listed("refused")).toEqual([]);
  });

  test.each([
    "limit=0",
    "limit=101",
    "limit=-1",
    "limit=1.5",
    "limit=1e1",
    "limit=ten",
    "limit=1&limit=2",
    "after=x",
    "after=1.",
    "after=%00",
    "after=%FF",
    "status=gone",
    "status=active&status=active",
    "owner=x",
  ])("refuses ?%s with 400", async (query) => {
    const { status, body } = await answerOf(`/admin/v1/apps?${query}`, admin);
    expect([status, body.error]).toEqual([400, "invalid_request"]);
    expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  });

  test("takes 1 to 100 at once", async () => {
    await addApps(2);
    expect((await answerOf("/admin/v1/apps?limit=100", admin)).body.apps).toHaveLength(2);
    expect((await answerOf("/admin/v1/apps?limit=1", admin)).body.apps).toHaveLength(1);
  });
});

describe("every operation", () => {
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        authorization: `Bearer ${admin}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  /** What is answered, which must be what the description says. */
  const sendAs = async (operationId: string, path: string, body?: unknown) => {
    const operation = operations.find((one) => one.operationId === operationId);
    if (!operation) throw new Error(`there is no ${operationId}`);
    const answer = await send(operation.method, path, body);
    if ("answer" in operation.success && answer.status === operation.success.status)
      expect(operation.success.answer.safeParse(answer.body)).toMatchObject({ success: true });
    return answer;
  };

  test("an app is read, suspended with a reason, resumed as it was seen, and deleted by its name", async () => {
    const ownerId = await server.facts.addUser();
    const { client_id } = await server.facts.addApp({ ownerId, name: "Harbour", preset: "machine" });
    const path = `/admin/v1/apps/${client_id}`;
    const { body: app } = await sendAs("readApp", path);
    expect(app).toMatchObject({ client_id, status: "active", suspension: null, verified: false });
    const reason = "It floods a neighbour.";
    expect((await sendAs("changeApp", path, { status: "suspended", reason })).body).toMatchObject({
      ...{ status: "suspended", suspension: reason },
    });
    expect((await send("PATCH", path, { status: "suspended", reason })).status).toBe(409);
    expect((await send("PATCH", path, { status: "active", version: app.version + 1 })).status).toBe(409);
    expect((await sendAs("changeApp", path, { status: "active", version: app.version })).status).toBe(200);
    expect((await send("DELETE", `${path}?name=Haven`)).status).toBe(409);
    expect((await sendAs("deleteApp", `${path}?name=Harbour`)).status).toBe(204);
    expect((await send("GET", path)).status).toBe(404);
    const where = { appId: client_id, actorId: adminId };
    const events = await server.rt.db.prisma.auditEvent.findMany({ where, orderBy: { action: "asc" } });
    expect(events.map(({ action }) => action)).toEqual(["app.deleted", "app.resumed", "app.suspended"]);
  });

  test("a credential is listed, looked up by its value and ended, and no answer holds a value", async () => {
    const userId = await server.facts.addUser();
    const value = await personalToken(server.rt.db, userId, { companies: null, scopes: ["read"] });
    const { body: page } = await sendAs("listTokens", `/admin/v1/tokens?user_id=${userId}&kind=personal`);
    expect(page).toMatchObject({
      tokens: [{ last4: value.slice(-4), works: true, ended: null }],
      next: null,
    });
    const { body: found } = await sendAs("lookUpToken", "/admin/v1/tokens/lookup", { token: value });
    expect(found.id).toBe(page.tokens[0].id);
    expect(JSON.stringify([page, found])).not.toContain(value);
    const path = `/admin/v1/tokens/${found.id}?kind=personal`;
    expect((await sendAs("revokeToken", path)).status).toBe(204);
    expect((await send("DELETE", path)).status).toBe(404);
    expect((await answerOf("/public/v1/me", value)).status).toBe(401);
    const after = await sendAs("lookUpToken", "/admin/v1/tokens/lookup", { token: value });
    expect(after.body).toMatchObject({ works: false, ended: { reason: "revoked" } });
    const ended = await sendAs("listTokens", `/admin/v1/tokens?user_id=${userId}&state=ended`);
    expect(ended.body.tokens).toHaveLength(1);
  });

  test("the audit log is read by whom, by what and page by page", async () => {
    const userId = await server.facts.addUser();
    const value = await personalToken(server.rt.db, userId, { companies: null, scopes: ["read"] });
    const { body: found } = await sendAs("lookUpToken", "/admin/v1/tokens/lookup", { token: value });
    await sendAs("revokeToken", `/admin/v1/tokens/${found.id}?kind=personal`);
    const path = `/admin/v1/audit?user_id=${adminId}&action=token.*`;
    const { body } = await sendAs("listAudit", path);
    expect(body.events[0]).toMatchObject({ action: "token.revoked", actor: { id: adminId }, app: null });
    expect(JSON.stringify(body)).not.toContain(value);
    const first = await sendAs("listAudit", "/admin/v1/audit?limit=1");
    expect(first.body.events).toHaveLength(1);
  });

  test.each([
    ["GET", "/admin/v1/tokens?kind=password"],
    ["GET", "/admin/v1/tokens?last4=%00%00%00%00"],
    ["GET", "/admin/v1/tokens?limit=0"],
    ["GET", "/admin/v1/tokens?user_id=a&user_id=b"],
    ["GET", "/admin/v1/audit?from=yesterday"],
    ["GET", "/admin/v1/audit?from=9999-01-01T00:00:00Z"],
    ["GET", "/admin/v1/audit?action=%27"],
    ["DELETE", "/admin/v1/tokens/abc"],
    ["POST", "/admin/v1/tokens/lookup"],
    ["PATCH", "/admin/v1/apps/abc"],
  ])("%s %s is refused, with what it may have", async (method, path) => {
    const answer = await send(method, path, method === "POST" || method === "PATCH" ? { x: 1 } : undefined);
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  });

  test("is for administrators alone, and what is nobody's is not there", async () => {
    for (const { method, path } of operations) {
      const response = await call(path.replace(":id", "nobody"), reader, method);
      expect([path, response.status]).toEqual([path, 401]);
    }
    for (const path of ["/admin/v1/apps/nobody", "/admin/v1/apps/%00"])
      expect((await send("GET", path)).status).toBe(404);
    expect((await send("DELETE", "/admin/v1/tokens/nobody?kind=legacy")).status).toBe(404);
  });
});
