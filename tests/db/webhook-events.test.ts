/** What is written for webhooks, and when: together with what it tells, or not at all. */
import { beforeEach, describe, expect, test } from "vitest";
import { toBytes } from "../../lib/db/bytes";
import { revokeSecret } from "../../lib/db/client-secrets";
import { revokeConsent } from "../../lib/db/consents";
import { revokeAll, revokeCredentialAsAdmin } from "../../lib/db/inventory-revocation";
import { stopLeaked } from "../../lib/db/leaks";
import { changePassword } from "../../lib/db/passwords";
import { endQuarantined, listQuarantined } from "../../lib/db/quarantine";
import { createStore } from "../../lib/db/store";
import { listTokens } from "../../lib/db/token-list";
import { revokeToken, revokeTokenOfClient } from "../../lib/db/token-revocation";
import { switchEndpoint } from "../../lib/db/webhook-endpoints";
import { appSuspended, enqueue } from "../../lib/db/webhook-events";
import { hashCredential } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";
import { introspectBearer } from "../support/introspection";
import { addEndpoint, type TestEndpoint } from "../support/webhooks";
import { createWorld, tokenFor } from "../support/world";

onEachDatabase((on) => {
  let owner: string;
  let userId: string;
  let app: TestApp;
  let endpoint: TestEndpoint;
  const actor = () => ({ actorId: owner, appId: app.client_id });
  beforeEach(async () => {
    owner = await on.facts.addUser();
    userId = await on.facts.addUser();
    app = await on.facts.addApp({ ownerId: owner });
    endpoint = await addEndpoint(on.db, actor());
  });

  const world = () => ({
    as: { ...createWorld().as, now: on.clock.now, store: createStore(on.db, { client() {}, token() {} }) },
  });
  const waiting = async () => {
    const rows = await on.db.prisma.webhookDelivery.findMany({
      where: { endpoint: { appId: app.client_id } },
      orderBy: [{ createdAt: "asc" }, { type: "asc" }],
    });
    return rows.map(({ type, payload }) => ({ sent: type, ...JSON.parse(payload) }));
  };

  describe("a consent that is taken back", () => {
    test("is told for each company, with the sub that introspection gave, and no token", async () => {
      const companyId = await on.facts.addCompany(userId);
      const token = await tokenFor(world(), app, userId, { companyId, scope: "read" });
      const { sub } = Object(await introspectBearer(world().as, token));
      await tokenFor(world(), app, userId, { scope: "write" });
      await revokeConsent(on.db, userId, app.client_id);
      const events = await waiting();
      expect(events).toHaveLength(2);
      expect(events.find(({ data }) => data.company_id === companyId)).toEqual({
        sent: "consent.revoked",
        type: "consent.revoked",
        timestamp: on.clock.now().toISOString(),
        data: {
          client_id: app.client_id,
          consent_id: expect.any(String),
          sub,
          company_id: companyId,
          scopes: ["read"],
        },
      });
      expect(JSON.stringify(events)).not.toContain(token);
    });

    test("is told once, however often it is asked for at once", async () => {
      await tokenFor(world(), app, userId, {});
      await Promise.all(Array.from({ length: 6 }, () => revokeConsent(on.db, userId, app.client_id)));
      expect(await waiting()).toHaveLength(1);
    });

    test("with a new password is told to each app", async () => {
      await tokenFor(world(), app, userId, {});
      await changePassword(on.db, userId, { from: "", to: "new", endAccess: false });
      expect(await waiting()).toEqual([]);
      await changePassword(on.db, userId, { from: "new", to: "newer", endAccess: true });
      expect(await waiting()).toMatchObject([{ type: "consent.revoked", data: { sub: userId } }]);
    });
  });

  describe("a token that is revoked", () => {
    const told = async () => (await waiting()).map(({ type, data }) => [type, data.token_sha256]).toSorted();
    const refreshOf = async () => {
      const rows = await on.db.prisma.refreshToken.findMany({ where: { consumedAt: null } });
      const families = await on.db.prisma.refreshFamily.findMany({ where: { appId: app.client_id } });
      const own = rows.filter((row) => families.some(({ id }) => id === row.familyId));
      return own.map(({ hash }) => Buffer.from(hash).toString("base64url"));
    };
    const revoked = (...hashes: string[]) => hashes.map((hash) => ["token.revoked", hash]).toSorted();
    const admin = async () => {
      const id = await on.facts.addUser();
      await on.facts.makeAdmin(id);
      return id;
    };
    const keyOf = (token: string) => Buffer.from(hashCredential(token), "base64url").toString("hex");

    test("by the person it acts for is told, by a hash with which its app finds it, as is its refresh token", async () => {
      const token = await tokenFor(world(), app, userId, { scope: "read" });
      const refresh = await refreshOf();
      const [row] = (await listTokens(on.db, userId)).tokens;
      await revokeToken(on.db, userId, row?.handle ?? "");
      const events = await waiting();
      expect(events.find(({ data }) => data.token_sha256 === hashCredential(token))).toMatchObject({
        type: "token.revoked",
        data: { last4: token.slice(-4), sub: userId, company_id: null, scopes: ["read"] },
      });
      expect(await told()).toEqual(revoked(hashCredential(token), ...refresh));
      expect(refresh).toHaveLength(1);
      expect(JSON.stringify(events)).not.toContain(token);
    });

    test("by its app itself is not told (RFC 7009)", async () => {
      const token = await tokenFor(world(), app, userId, {});
      await revokeTokenOfClient(on.db, hashCredential(token), app.client_id);
      expect(await waiting()).toEqual([]);
    });

    test("by an administrator is told, one by one", async () => {
      const [adminId, token] = [await admin(), await tokenFor(world(), app, userId, {})];
      const refresh = await refreshOf();
      expect(await revokeCredentialAsAdmin(on.db, adminId, "access", keyOf(token))).toBe(true);
      expect(await revokeCredentialAsAdmin(on.db, adminId, "access", keyOf(token))).toBe(false);
      expect(await told()).toEqual(revoked(hashCredential(token), ...refresh));
    });

    test("with its refresh token by an administrator is told, also when no access token is left of it", async () => {
      const [adminId, token] = [await admin(), await tokenFor(world(), app, userId, {})];
      await revokeTokenOfClient(on.db, hashCredential(token), app.client_id);
      const [refresh = ""] = await refreshOf();
      const { id } = await on.db.prisma.refreshFamily.findFirstOrThrow({ where: { appId: app.client_id } });
      expect(await revokeCredentialAsAdmin(on.db, adminId, "refresh", id)).toBe(true);
      expect(await told()).toEqual(revoked(refresh));
    });

    test("by an administrator with all others of an app is told: as many as there are, each to each endpoint", async () => {
      const adminId = await admin();
      const more = [await addEndpoint(on.db, actor()), await addEndpoint(on.db, actor())];
      await addEndpoint(on.db, actor(), { events: ["app.suspended"] });
      const other = await on.facts.addApp({ ownerId: owner });
      await addEndpoint(on.db, { actorId: owner, appId: other.client_id });
      const untouched = await tokenFor(world(), other, userId, {});
      // More than one batch.
      const [count, at] = [2_050, on.clock.now()];
      await on.db.prisma.token.createMany({
        data: Array.from({ length: count }, (_, n) => ({
          ...{
            hash: toBytes(hashCredential(`${app.client_id} ${n}`)),
            kind: "access" as const,
            last4: "last",
          },
          ...{ appId: app.client_id, userId: owner, scopes: ["read"], createdAt: at },
        })),
      });
      const filter = { appId: app.client_id, kind: "access" as const, until: at };
      expect(await revokeAll(on.db, adminId, filter)).toBe(count);
      const rows = await on.db.prisma.webhookDelivery.findMany({ where: { type: "token.revoked" } });
      const here = rows.filter((row) => row.payload.includes(`"client_id":"${app.client_id}"`));
      expect(here).toHaveLength(count * (1 + more.length));
      expect(new Set(here.map((row) => JSON.parse(row.payload).data.token_sha256)).size).toBe(count);
      expect(rows.filter((row) => row.payload.includes(other.client_id))).toEqual([]);
      expect(await introspectBearer(world().as, untouched)).toMatchObject({ active: true });
    });

    test("with the client secret it is bound to is told; one that is bound to none lives", async () => {
      const bound = await on.facts.addApp({ ownerId: owner });
      await addEndpoint(on.db, { actorId: owner, appId: bound.client_id });
      const token = await tokenFor(world(), bound, userId, {});
      const secret = await on.db.prisma.clientSecret.findFirstOrThrow({ where: { appId: bound.client_id } });
      await on.db.prisma.refreshFamily.updateMany({
        where: { appId: bound.client_id },
        data: { secretHash: secret.hash },
      });
      await tokenFor(world(), app, userId, {});
      expect(await revokeSecret(on.db, owner, bound.client_id, secret.id)).toBe(true);
      const rows = await on.db.prisma.webhookDelivery.findMany({ where: { type: "token.revoked" } });
      const hashes = rows
        .map((row) => JSON.parse(row.payload).data)
        .filter((data) => data.client_id === bound.client_id);
      expect(hashes.map((data) => data.token_sha256)).toContain(hashCredential(token));
      expect(hashes).toHaveLength(2);
      expect(await waiting()).toEqual([]);
    });

    test("as leaked is told at once; one that waits in quarantine when its person ends it", async () => {
      const report = async (quarantine: boolean) => {
        const token = await tokenFor(world(), app, userId, {});
        const credentials = [{ kind: "at" as const, hash: hashCredential(token) }];
        await stopLeaked(on.db, { credentials, source: null, quarantine });
        return hashCredential(token);
      };
      const first = await report(false);
      expect(await told()).toEqual(revoked(first));
      const second = await report(true);
      expect(await told()).toEqual(revoked(first));
      const [waits] = await listQuarantined(on.db, userId);
      expect(await endQuarantined(on.db, userId, waits?.id ?? "")).toBe(true);
      expect(await told()).toEqual(revoked(first, second));
      expect(await introspectBearer(world().as, second)).toEqual({ active: false });
    });

    test("when its time was over is not told", async () => {
      const [adminId, token] = [await admin(), await tokenFor(world(), app, userId, {})];
      await on.db.prisma.token.updateMany({
        where: { appId: app.client_id },
        data: { expiresAt: on.clock.now(), familyId: null },
      });
      expect(await revokeCredentialAsAdmin(on.db, adminId, "access", keyOf(token))).toBe(true);
      expect(await waiting()).toEqual([]);
    });
  });

  describe("an event", () => {
    test("is told to the endpoints of its app that asked for it and are on", async () => {
      const deaf = await addEndpoint(on.db, actor(), { events: ["token.revoked"] });
      const off = await addEndpoint(on.db, actor());
      await switchEndpoint(on.db, actor(), off.id, "disabled");
      const other = await on.facts.addApp({ ownerId: owner });
      await addEndpoint(on.db, { actorId: owner, appId: other.client_id });
      await on.db.prisma.$transaction(async (tx) => {
        expect(await enqueue(tx, on.db, appSuspended(app.client_id, "Spam"))).toBe(1);
      });
      const rows = await on.db.prisma.webhookDelivery.findMany({
        where: { endpointId: { in: [endpoint.id, deaf.id, off.id] } },
      });
      expect(rows.map((row) => row.endpointId)).toEqual([endpoint.id]);
      expect(await waiting()).toMatchObject([{ type: "app.suspended", data: { reason: "Spam" } }]);
    });

    test("of what failed in the end is not told", async () => {
      const failing = on.db.prisma.$transaction(async (tx) => {
        await enqueue(tx, on.db, appSuspended(app.client_id, null));
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await waiting()).toEqual([]);
    });
  });
});
