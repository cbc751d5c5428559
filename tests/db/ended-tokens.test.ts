import { beforeEach, describe, expect, test } from "vitest";
import { toBytes } from "../../lib/db/bytes";
import { revokeConsent } from "../../lib/db/consents";
import { listEndedTokens } from "../../lib/db/ended-token-list";
import { sweep } from "../../lib/db/housekeeping";
import { createLegacyToken, revokeLegacyToken } from "../../lib/db/legacy-tokens";
import { createPersonalToken, regeneratePersonalToken } from "../../lib/db/personal-tokens";
import { createStore } from "../../lib/db/store";
import { listTokens } from "../../lib/db/token-list";
import { revokeToken, revokeTokenOfClient } from "../../lib/db/token-revocation";
import { hashCredential } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import { createWorld, tokenFor } from "../support/world";

const DAY_SECONDS = 24 * 60 * 60;

onEachDatabase((on) => {
  let userId: string;
  beforeEach(async () => {
    userId = await on.facts.addUser();
  });

  const days = (count: number) => new Date(on.clock.now().getTime() + count * DAY_SECONDS * 1000);
  const made = async (name = "Laptop", expiresAt: Date | null = null) => {
    const input = { name, scopes: ["read"], companyId: null, allCompanies: false, expiresAt };
    const value = await createPersonalToken(on.db, userId, input);
    if (value === null) throw new Error("no token was made");
    return hashCredential(value);
  };
  const issue = async (app: Awaited<ReturnType<typeof on.facts.addApp>>) => {
    const store = createStore(on.db, { client() {}, token() {} });
    const as = { ...createWorld().as, now: on.clock.now, store };
    return hashCredential(await tokenFor({ as }, app, userId));
  };
  const ended = async (how: "expired" | "revoked", query = {}) =>
    (await listEndedTokens(on.db, userId, how, query)).tokens;
  const row = (handle: string) => on.db.prisma.endedToken.findUnique({ where: { hash: toBytes(handle) } });
  const alive = (handle: string) => on.db.prisma.token.count({ where: { hash: toBytes(handle) } });

  describe("what a person ends is kept as ended, and leaves the tokens by the same write", () => {
    test("a personal token, with everything it was", async () => {
      const handle = await made("Laptop", days(30));
      const createdAt = on.clock.now();
      on.clock.forward(60);
      expect(await revokeToken(on.db, userId, handle)).toBe(true);
      expect(await alive(handle)).toBe(0);
      expect(await ended("revoked")).toMatchObject([
        {
          ...{ handle, kind: "personal", name: "Laptop", scopes: ["read"], createdAt, lastUsedAt: null },
          ...{ endedAt: on.clock.now(), reason: "revoked", endedBy: null },
        },
      ]);
      expect(await row(handle)).toMatchObject({ endedById: userId });
      expect(await ended("expired")).toEqual([]);
    });

    test("revoked twice at once it ends once", async () => {
      const handle = await made();
      const both = await Promise.all([1, 2].map(() => revokeToken(on.db, userId, handle)));
      expect(both.toSorted()).toEqual([false, true]);
      expect(await ended("revoked")).toHaveLength(1);
    });

    test("nothing of somebody else's ends, nor is it seen", async () => {
      const handle = await made();
      const stranger = await on.facts.addUser();
      expect(await revokeToken(on.db, stranger, handle)).toBe(false);
      expect(await row(handle)).toBeNull();
      await revokeToken(on.db, userId, handle);
      expect((await listEndedTokens(on.db, stranger, "revoked")).tokens).toEqual([]);
    });

    test("an app's token with all that came with it", async () => {
      const app = await on.facts.addApp({ name: "Harbour" });
      const handle = await issue(app);
      expect(await revokeToken(on.db, userId, handle)).toBe(true);
      expect(await ended("revoked")).toMatchObject([{ kind: "access", app: { name: "Harbour" } }]);
    });

    test("a company's legacy token, by whoever manages it", async () => {
      const companyId = await on.facts.addCompany();
      await on.facts.addMember(userId, companyId, "auth_manager");
      const input = { name: "Old pump", scopes: ["read"], months: 1 } as const;
      const token = await createLegacyToken(on.db, userId, companyId, input);
      const handle = hashCredential(token?.value ?? "");
      const stranger = await on.facts.addUser();
      expect(await revokeLegacyToken(on.db, stranger, handle)).toBe(false);
      expect(await revokeLegacyToken(on.db, userId, handle)).toBe(true);
      expect(await row(handle)).toMatchObject({
        kind: "legacy",
        name: "Old pump",
        companyId,
        endedById: userId,
      });
    });
  });

  describe("what apps get and give back by themselves is not kept", () => {
    test("neither a token its app revokes, nor those of an approval that is taken back", async () => {
      const app = await on.facts.addApp();
      const [first, second] = [await issue(app), await issue(app)];
      await revokeTokenOfClient(on.db, first, app.client_id);
      await revokeConsent(on.db, userId, app.client_id);
      expect([await row(first), await row(second)]).toEqual([null, null]);
    });

    test("nor an access token whose time is over", async () => {
      const handle = await issue(await on.facts.addApp());
      on.clock.forward(2 * DAY_SECONDS);
      await sweep(on.db);
      expect([await alive(handle), await row(handle)]).toEqual([0, null]);
    });
  });

  describe("a named token whose time is over", () => {
    test("is listed as expired before housekeeping has moved it, and the same after", async () => {
      const handle = await made("Short", days(1));
      on.clock.forward(DAY_SECONDS);
      expect((await listTokens(on.db, userId)).tokens).toEqual([]);
      const before = await ended("expired");
      expect(before).toMatchObject([{ handle, name: "Short", reason: "expired", endedAt: on.clock.now() }]);
      on.clock.forward(1);
      await sweep(on.db);
      expect(await alive(handle)).toBe(0);
      expect(await ended("expired")).toEqual(before);
      expect(await row(handle)).toMatchObject({ endedById: null });
    });

    test("that was replaced ended by that", async () => {
      const handle = await made("Twice");
      await regeneratePersonalToken(on.db, userId, handle, { overlapSeconds: 3600, expiresAt: null });
      on.clock.forward(3600);
      expect(await ended("revoked")).toMatchObject([{ handle, reason: "replaced" }]);
      on.clock.forward(1);
      await sweep(on.db);
      expect(await ended("revoked")).toMatchObject([{ handle, reason: "replaced" }]);
      expect(await ended("expired")).toEqual([]);
    });
  });

  test("what ended is kept for ninety days", async () => {
    const handle = await made();
    await revokeToken(on.db, userId, handle);
    on.clock.forward(90 * DAY_SECONDS);
    await sweep(on.db);
    expect(await row(handle)).not.toBeNull();
    on.clock.forward(1);
    await sweep(on.db);
    expect(await row(handle)).toBeNull();
  });

  test("the lists go on where they left off, and keep to what was asked for", async () => {
    const app = await on.facts.addApp();
    for (const name of ["a", "b", "c"]) {
      const handle = await made(name);
      on.clock.forward(1);
      await revokeToken(on.db, userId, handle);
    }
    await revokeToken(on.db, userId, await issue(app));
    const names: (string | null)[] = [];
    let after: string | undefined;
    for (let page = 0; page < 5; page++) {
      const { tokens, next } = await listEndedTokens(on.db, userId, "revoked", { after, limit: 1 });
      names.push(...tokens.map(({ name }) => name));
      if (next === null) break;
      after = next;
    }
    expect(names.toSorted()).toEqual(["a", "b", "c", null]);
    expect(await ended("revoked", { app: app.client_id })).toHaveLength(1);
    expect(await ended("revoked", { app: "own" })).toHaveLength(3);
    expect(await ended("revoked", { scope: "write" })).toEqual([]);
    expect(await ended("revoked", { after: "\0" })).toHaveLength(4);
  });
});
