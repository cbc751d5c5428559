import { beforeEach, describe, expect, test } from "vitest";
import { listConsents, revokeConsent } from "../../lib/db/consents";
import { createStore } from "../../lib/db/store";
import { revokeToken } from "../../lib/db/token-revocation";
import { hashCredential } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";
import { codeFor, createWorld, tokenFor } from "../support/world";

onEachDatabase((on) => {
  let userId: string;
  let app: TestApp;
  beforeEach(async () => {
    userId = await on.facts.addUser();
    app = await on.facts.addApp({ name: "Harbour", preset: "perpetual" });
  });

  const world = () => ({
    as: { ...createWorld().as, now: on.clock.now, store: createStore(on.db, { client() {}, token() {} }) },
  });
  const alive = async (token: string) => {
    const facts = await world().as.store.findToken(hashCredential(token));
    return facts?.consentStands ?? false;
  };

  describe("the list of apps a user has allowed", () => {
    test("has one row for each app, with an approval for each company", async () => {
      const companyId = await on.facts.addCompany(userId);
      const start = on.clock.now();
      await tokenFor(world(), app, userId, { scope: "read" });
      on.clock.forward(60);
      await tokenFor(world(), app, userId, { companyId, scope: "write" });
      expect(await listConsents(on.db, userId)).toEqual([
        {
          app: {
            id: app.client_id,
            name: "Harbour",
            logoId: null,
            ownerName: expect.any(String),
            status: "active",
          },
          approvals: [
            {
              id: expect.any(String),
              company: `Company ${companyId}`,
              redirectHost: "app.example",
              scopes: ["write"],
              createdAt: on.clock.now(),
              updatedAt: on.clock.now(),
            },
            {
              id: expect.any(String),
              company: null,
              redirectHost: "app.example",
              scopes: ["read"],
              createdAt: start,
              updatedAt: start,
            },
          ],
          liveTokens: 2,
          renewals: 0,
          firstUsedAt: start,
          lastUsedAt: null,
          lastUsedAddress: null,
          lastUsedAgent: null,
        },
      ]);
      expect(await listConsents(on.db, await on.facts.addUser())).toEqual([]);
    });

    test("has what was allowed last first", async () => {
      const other = await on.facts.addApp({ name: "Pier" });
      await codeFor(world(), app, userId, { scope: "read" });
      on.clock.forward(1);
      await codeFor(world(), other, userId);
      on.clock.forward(1);
      await codeFor(world(), app, userId, { scope: "read write" });
      expect((await listConsents(on.db, userId)).map((row) => row.app.name)).toEqual(["Harbour", "Pier"]);
    });

    test("is dated and noted when it was asked for, and not when it was remembered", async () => {
      const asked = on.clock.now();
      await codeFor(world(), app, userId, { scope: "read write" });
      on.clock.forward(60);
      await codeFor(world(), app, userId, { scope: "read" });
      const [row] = await listConsents(on.db, userId);
      expect(row?.approvals).toMatchObject([{ scopes: ["read", "write"], updatedAt: asked }]);
      const where = { actorId: userId, action: "consent.given" };
      expect(await on.db.prisma.auditEvent.findMany({ where })).toMatchObject([{ at: asked }]);
    });
  });

  describe("what an app still holds", () => {
    const HOUR = 3600;
    const holding = async () => {
      const [row] = await listConsents(on.db, userId);
      return row && { tokens: row.liveTokens, renewals: row.renewals };
    };

    test("is a refresh token, too, which outlives its access token, until it ends itself", async () => {
      const client = await on.facts.addApp({ policy: { refresh_idle_seconds: 2 * HOUR } });
      await tokenFor(world(), client, userId);
      expect(await holding()).toEqual({ tokens: 1, renewals: 1 });
      on.clock.forward(HOUR);
      expect(await holding()).toEqual({ tokens: 0, renewals: 1 });
      on.clock.forward(HOUR);
      expect(await holding()).toEqual({ tokens: 0, renewals: 0 });
    });

    test("is gone with its family", async () => {
      const token = await tokenFor(world(), await on.facts.addApp(), userId);
      expect(await revokeToken(on.db, userId, hashCredential(token))).toBe(true);
      expect(await holding()).toEqual({ tokens: 0, renewals: 0 });
    });

    test("is nothing while the app is suspended", async () => {
      const client = await on.facts.addApp();
      await tokenFor(world(), client, userId);
      await on.facts.setStatus(client.client_id, "suspended");
      expect(await holding()).toEqual({ tokens: 0, renewals: 0 });
      await on.facts.setStatus(client.client_id, "active");
      expect(await holding()).toEqual({ tokens: 1, renewals: 1 });
    });
  });

  describe("taking a consent back", () => {
    test("ends every token and code of that app and that user, and of nobody else", async () => {
      const companyId = await on.facts.addCompany(userId);
      const somebody = await on.facts.addUser();
      const otherApp = await on.facts.addApp();
      const ended = [
        await tokenFor(world(), app, userId),
        await tokenFor(world(), app, userId, { companyId }),
      ];
      const kept = [await tokenFor(world(), app, somebody), await tokenFor(world(), otherApp, userId)];
      const code = await codeFor(world(), app, userId);
      expect(await revokeConsent(on.db, userId, app.client_id)).toBe(true);
      expect(await Promise.all([...ended, ...kept].map(alive))).toEqual([false, false, true, true]);
      expect(await world().as.store.findAuthorizationCode(hashCredential(code))).toBeNull();
      expect((await listConsents(on.db, userId)).map((row) => row.app.id)).toEqual([otherApp.client_id]);
    });

    test("ends every refresh token of that app and that user, and of nobody else", async () => {
      const [client, otherApp] = [await on.facts.addApp(), await on.facts.addApp()];
      const somebody = await on.facts.addUser();
      await tokenFor(world(), client, userId);
      await tokenFor(world(), client, somebody);
      await tokenFor(world(), otherApp, userId);
      const { prisma } = on.db;
      const theirs = { userId, appId: client.client_id };
      const [family] = await prisma.refreshFamily.findMany({ where: theirs });
      expect(await revokeConsent(on.db, userId, client.client_id)).toBe(true);
      expect(await prisma.refreshFamily.count({ where: theirs })).toBe(0);
      expect(await prisma.refreshToken.count({ where: { familyId: family?.id ?? "" } })).toBe(0);
      expect(await prisma.refreshFamily.count({ where: { userId: somebody } })).toBe(1);
      expect(await prisma.refreshFamily.count({ where: { appId: otherApp.client_id } })).toBe(1);
      const where = { actorId: userId, action: "consent.revoked" };
      expect(await prisma.auditEvent.findMany({ where })).toMatchObject([{ details: { tokens: 1 } }]);
    });

    test("happens once and is noted once", async () => {
      await tokenFor(world(), app, userId);
      const answers = await Promise.all([1, 2, 3].map(() => revokeConsent(on.db, userId, app.client_id)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      const where = { actorId: userId, action: "consent.revoked" };
      expect(await on.db.prisma.auditEvent.findMany({ where })).toMatchObject([
        { appId: app.client_id, details: { tokens: 1 } },
      ]);
    });

    test("that was never given says so", async () => {
      expect(await revokeConsent(on.db, userId, app.client_id)).toBe(false);
      expect(await revokeConsent(on.db, userId, "nothing")).toBe(false);
    });

    test("does not touch another user's", async () => {
      const token = await tokenFor(world(), app, userId);
      expect(await revokeConsent(on.db, await on.facts.addUser(), app.client_id)).toBe(false);
      expect(await alive(token)).toBe(true);
    });

    test("lets a token die that is issued from a code at this moment", async () => {
      const tokens = await Promise.all(
        Array.from({ length: 6 }, async (_, at) => {
          const person = await on.facts.addUser();
          const issued = tokenFor(world(), app, person).catch(() => null);
          for (let turn = 0; turn < at * 2; turn++) await on.db.pool.query("SELECT 1");
          await revokeConsent(on.db, person, app.client_id);
          const token = await issued;
          const given = await world().as.store.findConsents(person, app.client_id);
          return { token, given };
        }),
      );
      // Whichever came first: no consent, no live token.
      for (const { token, given } of tokens)
        if (token !== null) expect(await alive(token)).toBe(given.length > 0);
    });
  });
});
