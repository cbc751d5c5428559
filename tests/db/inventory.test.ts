import { beforeEach, describe, expect, test } from "vitest";
import { toBytes } from "../../lib/db/bytes";
import { revokeConsent } from "../../lib/db/consents";
import { identifyCredential } from "../../lib/db/credential-lookup";
import {
  countInventory,
  type InventoryQuery,
  inventoryStatement,
  listInventory,
} from "../../lib/db/inventory";
import { revokeAll, revokeCredentialAsAdmin } from "../../lib/db/inventory-revocation";
import { createPersonalToken } from "../../lib/db/personal-tokens";
import { createStore } from "../../lib/db/store";
import { revokeToken } from "../../lib/db/token-revocation";
import { hashCredential } from "../../lib/oauth/tokens";
import { personalToken } from "../support/credentials";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";
import { createWorld, tokenFor } from "../support/world";

onEachDatabase((on) => {
  let adminId: string;
  let userId: string;
  let companyId: string;
  let app: TestApp;
  beforeEach(async () => {
    adminId = await on.facts.addUser();
    await on.facts.makeAdmin(adminId);
    userId = await on.facts.addUser();
    companyId = await on.facts.addCompany(userId);
    app = await on.facts.addApp({ ownerId: userId, name: "Harbour" });
  });

  const issue = async (of = app, forUser = userId) => {
    const store = createStore(on.db, { client() {}, token() {} });
    return tokenFor({ as: { ...createWorld().as, now: on.clock.now, store } }, of, forUser, { companyId });
  };
  const list = async (query: InventoryQuery) => (await listInventory(on.db, query)).credentials;
  const kindsOf = async (query: InventoryQuery) => (await list(query)).map(({ kind }) => kind).toSorted();
  const keyOf = (token: string) => Buffer.from(toBytes(hashCredential(token))).toString("hex");

  describe("the one list", () => {
    test("has every kind, each with whose it is, and no value or hash that could be used", async () => {
      const access = await issue();
      const personal = await personalToken(on.db, userId, { companies: companyId });
      const rows = await list({ userId });
      expect(rows.map(({ kind }) => kind).toSorted()).toEqual(["access", "personal", "refresh", "secret"]);
      for (const row of rows)
        expect(row).toMatchObject({ user: { id: userId }, ended: null, standstill: null });
      expect(rows.find(({ kind }) => kind === "access")).toMatchObject({
        ...{
          app: { name: "Harbour" },
          company: { id: companyId },
          last4: access.slice(-4),
          scopes: ["read"],
        },
      });
      expect(JSON.stringify(rows)).not.toContain(personal);
      expect(JSON.stringify(rows)).not.toContain(app.secret);
    });

    test("keeps to a kind, a user, an app, a company and an end", async () => {
      const access = await issue();
      const other = await on.facts.addApp();
      expect(await kindsOf({ appId: app.client_id })).toEqual(["access", "refresh", "secret"]);
      expect(await kindsOf({ appId: app.client_id, kind: "refresh" })).toEqual(["refresh"]);
      expect(await kindsOf({ companyId })).toEqual(["access", "refresh"]);
      expect(await kindsOf({ appId: other.client_id })).toEqual(["secret"]);
      expect(await kindsOf({ appId: app.client_id, last4: access.slice(-4) })).toEqual(["access"]);
      expect(await kindsOf({ kind: "secret", last4: app.secret.slice(-4) })).toContain("secret");
      expect(await kindsOf({ userId: "nobody" })).toEqual([]);
    });

    test("goes on where it left off, through tokens of the same moment, and misses none", async () => {
      for (let count = 0; count < 7; count++) await personalToken(on.db, userId, { companies: null });
      for (let count = 0; count < 3; count++) await issue();
      const all = await list({ userId, limit: 50 });
      const seen: string[] = [];
      let after: string | undefined;
      for (let page = 0; page < 20; page++) {
        const { credentials, next } = await listInventory(on.db, { userId, after, limit: 2 });
        seen.push(...credentials.map(({ key }) => key));
        if (next === null) break;
        after = next;
      }
      expect(seen).toEqual(all.map(({ key }) => key));
      expect(new Set(seen).size).toBe(seen.length);
      expect(all.length).toBe(14);
    });

    test("says why something that is there works for nobody", async () => {
      await issue();
      const standstills = async (query: InventoryQuery) =>
        [...new Set((await list(query)).map(({ standstill }) => standstill))].toSorted();
      await on.facts.setStatus(app.client_id, "suspended");
      expect(await standstills({ appId: app.client_id })).toEqual(["app"]);
      await on.facts.setStatus(app.client_id, "active");
      await on.facts.leave(userId, companyId);
      expect(await standstills({ appId: app.client_id, kind: "access" })).toEqual(["company"]);
      await on.facts.dropConsents(userId, app.client_id);
      await on.facts.addMember(userId, companyId, "member");
      expect(await standstills({ appId: app.client_id, kind: "access" })).toEqual(["consent"]);
      await on.facts.suspendUser(userId);
      expect(await standstills({ appId: app.client_id, kind: "refresh" })).toEqual(["user"]);
    });

    test("of what has ended names who ended it, and why", async () => {
      const [one, two] = [await personalToken(on.db, userId, { companies: null }), await issue()];
      await revokeToken(on.db, userId, hashCredential(one));
      await revokeCredentialAsAdmin(on.db, adminId, "access", keyOf(two));
      const ended = await list({ userId, state: "ended" });
      expect(ended.map(({ kind, ended }) => [kind, ended?.reason, ended?.by !== null]).toSorted()).toEqual([
        ["access", "revoked", true],
        ["personal", "revoked", true],
      ]);
      expect(await list({ userId, state: "ended", kind: "personal" })).toHaveLength(1);
    });
  });

  describe("a pasted credential", () => {
    const identify = (value: string) => identifyCredential(on.db, hashCredential(value));

    test("is known by its hash while it lives, and after it ended", async () => {
      const personal = await personalToken(on.db, userId, { companies: null });
      expect(await identify(personal)).toMatchObject({ kind: "personal", ended: null, user: { id: userId } });
      expect(await identify(app.secret)).toMatchObject({ kind: "secret", app: { id: app.client_id } });
      await revokeToken(on.db, userId, hashCredential(personal));
      expect(await identify(personal)).toMatchObject({ ended: { reason: "revoked" } });
      expect(await identify(`${personal}x`)).toBeNull();
    });

    test("that is a refresh token works until it was used, or its family has ended", async () => {
      await issue();
      const { id: familyId } = await on.db.prisma.refreshFamily.findFirstOrThrow({ where: { userId } });
      const generation = await on.db.prisma.refreshToken.findFirst({ where: { familyId } });
      const hash = generation?.hash ?? new Uint8Array();
      const look = () => identifyCredential(on.db, Buffer.from(hash).toString("base64url"));
      expect(await look()).toMatchObject({ kind: "refresh", ended: null, user: { id: userId } });
      await on.db.prisma.refreshToken.update({ where: { hash }, data: { consumedAt: on.clock.now() } });
      expect(await look()).toMatchObject({ kind: "refresh", ended: { reason: "replaced" } });
      await revokeConsent(on.db, userId, app.client_id);
      expect(await look()).toBeNull();
    });

    test("that has expired and is still there has ended", async () => {
      const expiresAt = new Date(on.clock.now().getTime() + 1000);
      const personal = await personalToken(on.db, userId, { companies: null, expiresAt });
      on.clock.forward(1);
      expect(await identify(personal)).toMatchObject({ ended: { at: expiresAt, reason: "expired" } });
    });
  });

  describe("one is ended", () => {
    test("by an administrator alone, of whatever kind, once", async () => {
      const token = await issue();
      const rows = await list({ appId: app.client_id });
      for (const { kind, key } of rows) {
        expect(await revokeCredentialAsAdmin(on.db, userId, kind, key)).toBe(false);
        // The access token goes with its family, or the family with it.
        await revokeCredentialAsAdmin(on.db, adminId, kind, key);
        expect(await revokeCredentialAsAdmin(on.db, adminId, kind, key)).toBe(false);
      }
      expect(await list({ appId: app.client_id })).toEqual([]);
      expect(await identifyCredential(on.db, hashCredential(token))).toMatchObject({
        ended: { reason: "revoked" },
      });
      const events = await on.db.prisma.auditEvent.findMany({ where: { actorId: adminId } });
      expect(events.map(({ action }) => action)).toContain("secret.revoked");
      expect(events.map(({ action }) => action)).toContain("token.revoked");
    });

    test.each(["", "\0", "zz", "00".repeat(32), "x".repeat(64)])("not when its key is %j", async (key) => {
      for (const kind of ["access", "refresh", "secret"] as const)
        expect(await revokeCredentialAsAdmin(on.db, adminId, kind, key)).toBe(false);
    });
  });

  describe("all that a filter means are ended", () => {
    test("as they were counted: what is issued after that moment lives", async () => {
      for (let count = 0; count < 5; count++) await issue();
      const until = on.clock.now();
      const filter = { appId: app.client_id, kind: "access" as const, until };
      expect(await countInventory(on.db, filter)).toEqual({ access: 5 });
      on.clock.forward(1);
      const later = await issue();
      expect(await revokeAll(on.db, adminId, filter)).toBe(5);
      expect(await list({ appId: app.client_id, kind: "access" })).toMatchObject([{ key: keyOf(later) }]);
      expect(await countInventory(on.db, filter)).toEqual({});
      const [event] = await on.db.prisma.auditEvent.findMany({
        where: { action: "tokens.revoked", actorId: adminId },
      });
      expect(event).toMatchObject({ appId: app.client_id, details: { kind: "access", count: 5 } });
    });

    test("while others are issued at the same time, twice at once: each once", async () => {
      for (let count = 0; count < 4; count++) await issue();
      const until = on.clock.now();
      on.clock.forward(1);
      const filter = { appId: app.client_id, kind: "access" as const, until };
      const [first, second, ...later] = await Promise.all([
        revokeAll(on.db, adminId, filter),
        revokeAll(on.db, adminId, filter),
        ...[1, 2, 3].map(() => issue()),
      ]);
      expect((first ?? 0) + (second ?? 0)).toBe(4);
      const alive = (await list({ appId: app.client_id, kind: "access" })).map(({ key }) => key);
      expect(alive.toSorted()).toEqual(later.map(keyOf).toSorted());
    });

    test("of every kind, of one user or one company, with nobody else's", async () => {
      await issue();
      await personalToken(on.db, userId, { companies: companyId });
      const stranger = await on.facts.addUser();
      const kept = await createPersonalToken(on.db, stranger, {
        ...{ name: "Kept", scopes: ["read"], companyId: null, allCompanies: false, expiresAt: null },
      });
      const until = on.clock.now();
      expect(await countInventory(on.db, { companyId, until })).toEqual({
        access: 1,
        personal: 1,
        refresh: 1,
      });
      await revokeAll(on.db, adminId, { companyId, until });
      expect(await list({ companyId })).toEqual([]);
      await revokeAll(on.db, adminId, { userId, until });
      expect(await list({ userId })).toEqual([]);
      expect(await list({ userId: stranger })).toMatchObject([{ key: keyOf(kept ?? "") }]);
    });

    test("never without saying whose, nor by anybody but an administrator", async () => {
      const until = on.clock.now();
      const token = await issue();
      expect(await revokeAll(on.db, adminId, { until })).toBeNull();
      expect(await revokeAll(on.db, adminId, { kind: "access", until })).toBeNull();
      expect(await revokeAll(on.db, userId, { appId: app.client_id, until })).toBeNull();
      expect(await identifyCredential(on.db, hashCredential(token))).toMatchObject({ ended: null });
    });
  });

  test("a consent that is taken back leaves no credential of it in the list", async () => {
    await issue();
    await revokeConsent(on.db, userId, app.client_id);
    expect(await kindsOf({ userId })).toEqual(["secret"]);
  });

  test("no page of the list reads a table from end to end", async () => {
    await on.db.pool.query(
      `INSERT INTO tokens (hash, kind, last4, app_id, user_id, company_id, scopes, created_at, expires_at)
       SELECT sha256(convert_to($1 || n, 'UTF8')), (CASE WHEN n % 50 = 0 THEN 'personal' ELSE 'access' END)::token_kind,
         'aaaa', CASE WHEN n % 50 <> 0 THEN $1 END, $2, $3, '{read}', $4::timestamptz - n * interval '1 minute',
         $4::timestamptz + interval '1 day'
       FROM generate_series(1, 20000) AS n`,
      [app.client_id, userId, companyId, on.clock.now()],
    );
    for (const table of [
      "tokens",
      "refresh_families",
      "refresh_tokens",
      "client_secrets",
      "ended_tokens",
      "apps",
      "users",
    ])
      await on.db.pool.query(`ANALYZE ${table}`);
    const deep = `${(on.clock.now().getTime() - 10_000 * 60_000).toString(36)}.${"0".repeat(64)}`;
    const queries: InventoryQuery[] = [
      ...[{}, { after: deep }, { kind: "access" as const, after: deep }, { kind: "personal" as const }],
      ...[
        { userId, after: deep },
        { appId: app.client_id, after: deep },
        { companyId, kind: "access" as const },
      ],
      ...[{ kind: "personal" as const, last4: "zzzz" }, { companyId }],
    ];
    const client = await on.db.pool.connect();
    try {
      // Small tables are read whole by a sensible planner; the question is whether there is an index at all.
      await client.query("SET enable_seqscan = off");
      for (const query of queries) {
        const { text, values } = inventoryStatement(query, on.clock.now());
        const { rows } = await client.query(`EXPLAIN ${text}`, values);
        const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
        expect(plan, JSON.stringify(query)).not.toMatch(
          /Seq Scan on (tokens|refresh_families|refresh_tokens|client_secrets)|hashed SubPlan/,
        );
      }
      await client.query("RESET enable_seqscan");
      const { text, values } = inventoryStatement({ after: deep }, on.clock.now());
      const { rows } = await client.query(`EXPLAIN ${text}`, values);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(/tokens_created_at_idx/);
      expect(plan).not.toMatch(/Seq Scan on tokens/);
    } finally {
      await client.query("RESET enable_seqscan");
      client.release();
    }
    await on.db.pool.query("DELETE FROM tokens WHERE user_id = $1", [userId]);
  });
});
