import { beforeEach, describe, expect, test } from "vitest";
import { toBytes, toHash } from "../../lib/db/bytes";
import { createStore } from "../../lib/db/store";
import { listTokens } from "../../lib/db/token-list";
import { revokeToken, revokeTokenOfClient } from "../../lib/db/token-revocation";
import { hashCredential, mint } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";
import type { TestApp } from "../support/facts";
import { createWorld, tokenFor } from "../support/world";

onEachDatabase((on) => {
  let userId: string;
  let app: TestApp;
  beforeEach(async () => {
    userId = await on.facts.addUser();
    app = await on.facts.addApp({ name: "Harbour" });
  });

  const issue = (changes: Parameters<typeof tokenFor>[3] = {}, client = app) =>
    tokenFor(
      {
        as: {
          ...createWorld().as,
          now: on.clock.now,
          store: createStore(on.db, { client() {}, token() {} }),
        },
      },
      client,
      userId,
      changes,
    );
  const list = async (options = {}) => (await listTokens(on.db, userId, options)).tokens;

  describe("the list of a user's tokens", () => {
    test("shows which app, company and scopes each has, and never a token", async () => {
      const companyId = await on.facts.addCompany(userId);
      const token = await issue({ companyId, scope: "read write" });
      const tokens = await list();
      expect(tokens).toEqual([
        {
          handle: hashCredential(token),
          kind: "access",
          name: null,
          app: { id: app.client_id, name: "Harbour", logoId: null },
          company: { id: companyId, name: `Company ${companyId}` },
          allCompanies: false,
          scopes: ["read", "write"],
          last4: token.slice(-4),
          createdAt: on.clock.now(),
          expiresAt: new Date(on.clock.now().getTime() + 3600_000),
          lastUsedAt: null,
          allowedAddresses: [],
          isReplaced: false,
          lastUsedAddress: null,
          lastUsedAgent: null,
        },
      ]);
      expect(JSON.stringify(tokens)).not.toContain(token);
    });

    test("leaves out what has expired, and what lost its consent or its app", async () => {
      await issue();
      on.clock.forward(3599);
      expect(await list()).toHaveLength(1);
      on.clock.forward(1);
      expect(await list()).toEqual([]);

      const perpetual = await on.facts.addApp({ preset: "perpetual" });
      await issue({}, perpetual);
      expect(await list()).toHaveLength(1);
      await on.db.prisma.consent.deleteMany({ where: { userId } });
      expect(await list()).toEqual([]);
      await issue({}, perpetual);
      await on.db.prisma.app.delete({ where: { id: perpetual.client_id } });
      expect(await list()).toEqual([]);
    });

    test("leaves out what its app's suspension, its family's end or a long rest has ended", async () => {
      await issue();
      await on.facts.setStatus(app.client_id, "suspended");
      expect(await list()).toEqual([]);
      await on.facts.setStatus(app.client_id, "pending"); // works for its owner alone
      expect(await list()).toEqual([]);
      await on.facts.setStatus(app.client_id, "active");
      expect(await list()).toHaveLength(1);
      await on.db.prisma.refreshFamily.deleteMany({ where: { userId } });
      expect(await list()).toEqual([]);

      const resting = await on.facts.addApp({ preset: "perpetual", policy: { access_idle_days: 30 } });
      await issue({}, resting);
      on.clock.forward(30 * 24 * 3600);
      expect(await list()).toHaveLength(1);
      on.clock.forward(1);
      expect(await list()).toEqual([]);
    });

    test("leaves out a token for a company its user has left", async () => {
      const companyId = await on.facts.addCompany(userId);
      await issue({ companyId });
      expect(await list()).toHaveLength(1);
      await on.facts.leave(userId, companyId);
      expect(await list()).toEqual([]);
    });

    test("comes in pages, newest first, none lost and none twice while tokens are added", async () => {
      const perpetual = await on.facts.addApp({ preset: "perpetual" });
      for (let at = 0; at < 5; at++) await issue({}, perpetual); // in one instant: the hash breaks the tie
      on.clock.forward(1);
      for (let at = 0; at < 2; at++) await issue({}, perpetual);
      const expected = (await list()).map(({ handle }) => handle);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await listTokens(on.db, userId, { limit: 2, ...(after && { after }) });
        seen.push(...page.tokens.map(({ handle }) => handle));
        after = page.next ?? undefined;
        on.clock.forward(1);
        await issue({}, perpetual);
      } while (after);
      expect(seen).toEqual(expected);
    });

    test("holds nobody else's", async () => {
      await issue();
      expect((await listTokens(on.db, await on.facts.addUser())).tokens).toEqual([]);
    });

    test("shows a personal token, which has no app", async () => {
      const { hash, last4 } = mint("pat", random);
      await on.db.prisma.token.create({
        data: {
          hash: toBytes(hash),
          kind: "personal",
          last4,
          name: "Laptop",
          userId,
          scopes: ["read"],
          createdAt: on.clock.now(),
        },
      });
      expect(await list()).toMatchObject([{ kind: "personal", name: "Laptop", app: null, company: null }]);
    });
  });

  describe("revoking a token", () => {
    test("ends it at once, is noted, and happens once", async () => {
      const token = await issue();
      const handle = hashCredential(token);
      const answers = await Promise.all([1, 2, 3].map(() => revokeToken(on.db, userId, handle)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await list()).toEqual([]);
      const events = await on.db.prisma.auditEvent.findMany({
        where: { actorId: userId, action: "token.revoked" },
      });
      expect(events).toMatchObject([
        { appId: app.client_id, details: { kind: "access", last4: token.slice(-4) } },
      ]);
    });

    test("ends the refresh tokens it came with, and those of no other approval", async () => {
      const families = async () =>
        (await on.db.prisma.refreshFamily.findMany({ where: { userId } })).map(({ id }) => id);
      const handle = hashCredential(await issue());
      const [familyId] = await families();
      await issue();
      expect(await families()).toHaveLength(2);
      expect(await revokeToken(on.db, userId, handle)).toBe(true);
      expect(await families()).toHaveLength(1);
      expect(await families()).not.toContain(familyId);
      expect(await on.db.prisma.refreshToken.count({ where: { familyId: familyId ?? "" } })).toBe(0);
      expect(await list()).toHaveLength(1);
    });

    test("by its app leaves the refresh tokens it came with", async () => {
      const hash = hashCredential(await issue());
      await revokeTokenOfClient(on.db, hash, app.client_id);
      expect(await on.db.prisma.refreshFamily.count({ where: { userId } })).toBe(1);
    });

    test("by its app is noted when it ends a refresh token, with how many tokens went along", async () => {
      await issue();
      const family = await on.db.prisma.refreshFamily.findFirstOrThrow({ where: { userId } });
      const [refresh] = await on.db.prisma.refreshToken.findMany({ where: { familyId: family.id } });
      await revokeTokenOfClient(on.db, toHash(refresh?.hash ?? new Uint8Array()), app.client_id);
      expect(await list()).toEqual([]);
      const where = { appId: app.client_id, action: "token.revoked" };
      expect(await on.db.prisma.auditEvent.findMany({ where })).toMatchObject([
        { actorId: null, details: { kind: "refresh", last4: refresh?.last4, tokens: 1 } },
      ]);
    });

    test("by its app is noted without a person, by another app does nothing", async () => {
      const hash = hashCredential(await issue());
      await revokeTokenOfClient(on.db, hash, "another");
      expect(await list()).toHaveLength(1);
      await revokeTokenOfClient(on.db, hash, app.client_id);
      expect(await list()).toEqual([]);
      const where = { appId: app.client_id, action: "token.revoked" };
      expect(await on.db.prisma.auditEvent.findMany({ where })).toMatchObject([{ actorId: null }]);
    });

    test("of somebody else does nothing", async () => {
      const handle = hashCredential(await issue());
      expect(await revokeToken(on.db, await on.facts.addUser(), handle)).toBe(false);
      expect(await list()).toHaveLength(1);
    });

    test("by a handle that is none does nothing", async () => {
      for (const handle of ["", "x", "%00", "../x", "a".repeat(1000)])
        expect(await revokeToken(on.db, userId, handle)).toBe(false);
    });
  });
});
