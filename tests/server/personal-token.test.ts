import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPersonalToken, type PersonalTokenInput } from "../../lib/db/personal-tokens";
import { createProject } from "../../lib/db/projects";
import { startTestServer, type TestServer } from "../support/runtime";

let server: TestServer;
let userId: string;
let companyId: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());
beforeEach(async () => {
  userId = await server.facts.addUser();
  companyId = await server.facts.addCompany(userId);
});

async function made(changes: Partial<PersonalTokenInput> = {}): Promise<string> {
  const input = { name: "Laptop", scopes: ["read"], companyId, allCompanies: false, expiresAt: null };
  const token = await createPersonalToken(server.rt.db, userId, { ...input, ...changes });
  if (token === null) throw new Error("no token was made");
  return token;
}

async function call(token: string, path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(server.url + path, { headers, ...init });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

describe("a personal token at the API", () => {
  test("for one company is refused once its owner has left that company", async () => {
    const token = await made();
    expect(await call(token, "/public/v1/projects")).toMatchObject({ status: 200 });
    await server.facts.leave(userId, companyId);
    expect(await call(token, "/public/v1/projects")).toMatchObject({
      status: 401,
      body: { error: "invalid_token" },
    });
  });

  test("for all companies does not find what belongs to one its owner has left, and goes on in the others", async () => {
    const staying = await server.facts.addCompany(userId);
    const there = await createProject(server.rt.db, companyId, "Left behind");
    const here = await createProject(server.rt.db, staying, "Still here");
    const token = await made({ companyId: null, allCompanies: true, scopes: ["read", "write"] });
    const names = async () =>
      (await call(token, "/public/v1/projects")).body.projects
        .map((one: { name: string }) => one.name)
        .sort();
    expect(await names()).toEqual(["Left behind", "Still here"]);

    await server.facts.leave(userId, companyId);
    expect(await names()).toEqual(["Still here"]);
    expect(await call(token, `/public/v1/projects/${there.id}`)).toMatchObject({ status: 404 });
    const gone = await call(token, `/public/v1/projects/${there.id}`, { method: "DELETE" });
    expect(gone.status).toBe(404);
    expect(await call(token, `/public/v1/projects/${here.id}`)).toMatchObject({ status: 200 });
  });

  test("without a scope is told which one is missing", async () => {
    const body = JSON.stringify({ name: "x", workspace_id: companyId });
    const answer = await call(await made(), "/public/v1/projects", { method: "POST", body });
    expect(answer).toMatchObject({ status: 403, body: { error: "insufficient_scope" } });
  });

  test("of an administrator administers until the office is lost, and does the rest after that", async () => {
    await server.facts.makeAdmin(userId);
    const token = await made({ scopes: ["read", "admin"] });
    expect(await call(token, "/admin/v1/me")).toMatchObject({ status: 200 });
    await server.rt.db.prisma.user.update({ where: { id: userId }, data: { isAdmin: false } });
    expect(await call(token, "/admin/v1/me")).toMatchObject({ status: 401 });
    expect(await call(token, "/public/v1/projects")).toMatchObject({ status: 200 });
  });

  test("for some networks alone works from there, and from elsewhere is refused with that reason", async () => {
    const here = await made({ allowedAddresses: ["127.0.0.0/8", "::1/128"] });
    expect(await call(here, "/public/v1/projects")).toMatchObject({ status: 200 });
    const elsewhere = await made({ allowedAddresses: ["203.0.113.0/24"] });
    expect(await call(elsewhere, "/public/v1/projects")).toEqual({
      status: 401,
      body: { error: "invalid_token", error_description: "the token may not be used from this address" },
    });
    const forged = await fetch(`${server.url}/public/v1/projects`, {
      headers: { authorization: `Bearer ${elsewhere}`, "x-forwarded-for": "203.0.113.7" },
    });
    expect(forged.status).toBe(401);
    expect(forged.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("of somebody who was suspended is refused", async () => {
    const token = await made();
    await server.facts.suspendUser(userId);
    expect(await call(token, "/public/v1/me")).toMatchObject({ status: 401 });
  });

  test("of somebody without a company says who they are, and reaches nothing", async () => {
    await server.facts.leave(userId, companyId);
    const token = await made({ companyId: null, scopes: ["read", "write"] });
    const me = await call(token, "/public/v1/me");
    expect(me).toMatchObject({ status: 200, body: { type: "user", id: userId, workspace: null } });
    expect((await call(token, "/public/v1/workspaces")).body).toEqual({ workspaces: [] });
    expect((await call(token, "/public/v1/projects")).body).toEqual({ projects: [] });
    await createProject(server.rt.db, companyId, "Out of reach");
    await server.facts.addMember(userId, companyId, "member");
    expect((await call(token, "/public/v1/projects")).body).toEqual({ projects: [] });
  });
});
