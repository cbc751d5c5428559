/** Reporting leaked credentials over real HTTP: what stops, who is told, and that the answer says nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { createPersonalToken } from "../../lib/db/personal-tokens";
import { endQuarantined, listQuarantined, restoreQuarantined } from "../../lib/db/quarantine";
import { mint } from "../../lib/oauth/tokens";
import { databases, random } from "../support/databases";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic } from "../support/world";

describe.each(databases)("on $name", ({ create }) => {
  let server: TestServer;
  let drop: () => Promise<void>;
  let userId: string;
  let email: string;
  let token: string;
  let next = 0;
  beforeAll(async () => {
    const made = await create();
    drop = made.drop;
    server = await startTestServer(made.location, { trustProxy: 1 });
  });
  afterAll(async () => {
    await server?.close();
    await drop?.();
  });
  beforeEach(async () => {
    userId = await server.facts.addUser();
    ({ email } = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { id: userId } }));
    token = await personalToken();
    server.letters.length = 0;
    await server.facts.setInstance({ leaked_credentials: "revoke" });
  });

  async function personalToken(): Promise<string> {
    const input = { name: "CI", scopes: ["read"], companyId: null, allCompanies: true, expiresAt: null };
    const made = await createPersonalToken(server.rt.db, userId, input);
    if (made === null) throw new Error("no token was made");
    return made;
  }
  const newAddress = () => `10.9.${next >> 8}.${next++ & 255}`;
  async function report(body: unknown, address = newAddress()) {
    const answer = await fetch(`${server.url}/oauth/leak-report`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": address },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  }
  async function call(bearer: string): Promise<number> {
    const headers = { authorization: `Bearer ${bearer}` };
    return (await fetch(`${server.url}/public/v1/me`, { headers })).status;
  }
  const issue = (app: TestApp) =>
    fetch(`${server.url}/oauth/token`, {
      method: "POST",
      headers: { authorization: basic(app) },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
  const events = (action: string) => server.rt.db.prisma.auditEvent.findMany({ where: { action } });

  test("a personal token ends with the report, and its owner is told where it was found", async () => {
    expect(await call(token)).toBe(200);
    const { status } = await report({
      tokens: `found: ${token}.`,
      source: "https://git.example/x\u202e\nBcc: a",
    });
    expect(status).toBe(202);
    expect(await call(token)).toBe(401);
    expect(server.letters).toHaveLength(1);
    const [letter] = server.letters;
    expect(letter).toMatchObject({ to: email, subject: "A leaked credential of yours was revoked" });
    expect(letter?.text).toContain(`a personal token “CI” that ends in ${token.slice(-4)}`);
    expect(letter?.text).toContain("Where, in their words: https://git.example/x Bcc: a");
    expect(letter?.text).not.toContain(token);
    const found = (await events("token.leaked")).filter(({ details }) =>
      JSON.stringify(details).includes(userId),
    );
    expect(found).toMatchObject([{ actorId: null, details: { kind: "personal", outcome: "ended" } }]);
    expect(JSON.stringify(found)).not.toContain(token);
  });

  test("the answer is the same for a live token, for one that ended, for a stranger's words and for nothing", async () => {
    const answers = [];
    for (const tokens of [token, token, mint("pat", random).value, "nothing at all", "", []])
      answers.push(await report({ tokens }));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set(['202 {"received":true}']),
    );
    expect(server.letters).toHaveLength(1);
  });

  test("eight reports of one token at once end it once", async () => {
    await Promise.all(Array.from({ length: 8 }, () => report({ tokens: [token] })));
    expect(server.letters).toHaveLength(1);
    expect(await call(token)).toBe(401);
  });

  test("a client secret ends, and no token is issued with it any more", async () => {
    const app = await server.facts.addApp({ preset: "machine", ownerId: userId });
    expect((await issue(app)).status).toBe(200);
    await report({ tokens: app.secret });
    expect((await issue(app)).status).toBe(401);
    expect(server.letters.map(({ to }) => to)).toEqual([email]);
  });

  test("a company's secret is told to those who manage it, and to no member", async () => {
    const company = await server.facts.addCompany();
    const manager = await server.facts.addUser();
    await server.facts.addMember(manager, company, "auth_manager");
    await server.facts.addMember(userId, company, "member");
    const app = await server.facts.addApp({ preset: "machine", companyId: company });
    await report({ tokens: app.secret });
    const { email: theirs } = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { id: manager } });
    expect(server.letters.map(({ to }) => to)).toEqual([theirs]);
  });

  describe("with quarantine", () => {
    beforeEach(() => server.facts.setInstance({ leaked_credentials: "quarantine" }));

    test("a token stops, works again when its owner says so, and is as it was", async () => {
      const { db } = server.rt;
      const before = await db.prisma.token.findFirstOrThrow({ where: { userId } });
      await report({ tokens: token, source: "a public log" });
      expect(await call(token)).toBe(401);
      expect(server.letters[0]?.text).toContain("/settings/api-access/quarantine");
      const [held, ...others] = await listQuarantined(db, userId);
      expect(others).toEqual([]);
      expect(held).toMatchObject({
        kind: "personal",
        name: "CI",
        last4: token.slice(-4),
        source: "a public log",
      });
      expect(await restoreQuarantined(db, userId, held?.id ?? "")).toBe(true);
      expect(await call(token)).toBe(200);
      expect(await db.prisma.token.findFirstOrThrow({ where: { userId } })).toEqual({
        ...before,
        lastUsedAt: null,
      });
      expect(await restoreQuarantined(db, userId, held?.id ?? "")).toBe(false);
    });

    test("a secret stops and works again; one that is decided about ends for good", async () => {
      const { db } = server.rt;
      const app = await server.facts.addApp({ preset: "machine", ownerId: userId });
      await report({ tokens: app.secret });
      expect((await issue(app)).status).toBe(401);
      const [held] = await listQuarantined(db, userId);
      expect(await restoreQuarantined(db, userId, held?.id ?? "")).toBe(true);
      expect((await issue(app)).status).toBe(200);
      await report({ tokens: app.secret });
      const [again] = await listQuarantined(db, userId);
      expect(await endQuarantined(db, userId, again?.id ?? "")).toBe(true);
      expect((await issue(app)).status).toBe(401);
      expect(await listQuarantined(db, userId)).toEqual([]);
    });

    test("nobody else sees it or decides about it: no stranger, no other administrator, no plain member", async () => {
      const { db } = server.rt;
      const company = await server.facts.addCompany(userId);
      const app = await server.facts.addApp({ preset: "machine", companyId: company });
      await report({ tokens: `${token} ${app.secret}` });
      const [mine] = await listQuarantined(db, userId);
      const [secret] = await db.prisma.quarantinedCredential.findMany({ where: { companyId: company } });
      const admin = await server.facts.addUser();
      await server.facts.makeAdmin(admin);
      for (const stranger of [await server.facts.addUser(), admin]) {
        expect(await listQuarantined(db, stranger)).toEqual([]);
        expect(await restoreQuarantined(db, stranger, mine?.id ?? "")).toBe(false);
        expect(await endQuarantined(db, stranger, mine?.id ?? "")).toBe(false);
      }
      expect(await restoreQuarantined(db, userId, secret?.id ?? "")).toBe(false); // a plain member
      await server.facts.addMember(userId, company, "owner");
      expect(await restoreQuarantined(db, userId, secret?.id ?? "")).toBe(true);
      await server.facts.suspendUser(userId);
      expect(await listQuarantined(db, userId)).toEqual([]);
    });

    test("of two decisions at once one counts", async () => {
      const { db } = server.rt;
      await report({ tokens: token });
      const [held] = await listQuarantined(db, userId);
      const id = held?.id ?? "";
      const decisions = await Promise.all([
        ...Array.from({ length: 4 }, () => restoreQuarantined(db, userId, id)),
        ...Array.from({ length: 4 }, () => endQuarantined(db, userId, id)),
      ]);
      expect(decisions.filter(Boolean)).toHaveLength(1);
    });

    test("a refresh token ends with its family all the same: its next use would bring new tokens", async () => {
      const app = await server.facts.addApp({ preset: "classic", ownerId: userId });
      const { refresh_token, access_token } = await (await issue(app)).json();
      expect(await call(access_token)).toBe(200);
      await report({ tokens: refresh_token });
      expect(await call(access_token)).toBe(401);
      expect(await listQuarantined(server.rt.db, userId)).toEqual([]);
    });
  });

  test("what is no report is refused, and an address that reports without end has to wait", async () => {
    const address = newAddress();
    for (const bad of [
      "no JSON",
      "{}",
      '{"tokens":1}',
      '{"tokens":[1]}',
      `{"tokens":"x","source":"${"s".repeat(501)}"}`,
    ])
      expect((await report(bad, address)).status).toBe(400);
    expect((await report(`{"tokens":"${"x".repeat(17_000)}"}`)).status).toBe(413);
    for (let time = 0; time < limits.leakReports.requests; time += 1) await report({ tokens: "x" }, address);
    const refused = await report({ tokens: token }, address);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await call(token)).toBe(200);
  });
});
