/** Refresh tokens: used once, or until they expire, and ended with everything that stands behind them. */
import { describe, expect, test } from "vitest";
import type { Redemption, Rotation } from "../../lib/oauth/store";
import type { TestApp } from "../support/facts";
import { authOf, type Ground, newHash } from "./ground";

const DAY = 86_400;

export function refreshTokensContract(on: Ground): void {
  /** A rotation of the app's own. */
  const next = (presentedHash: string, app: TestApp, changes: Partial<Rotation> = {}) =>
    on.rotationOf(presentedHash, { client: authOf(app), ...changes });

  /** It brought nothing, and the presented token is as it was. */
  async function expectRefused(rotation: Rotation): Promise<void> {
    const before = await on.findRefresh(rotation.presentedHash);
    expect(await on.rotate(rotation)).toBeNull();
    expect(await on.store.findToken(rotation.tokenHash)).toBeNull();
    expect(await on.findRefresh(rotation.refreshHash)).toBeNull();
    expect(await on.findRefresh(rotation.presentedHash)).toEqual(before);
  }

  describe("rotateRefreshToken", () => {
    test("consumes the presented token and issues its successors", async () => {
      const first = await on.refreshable(on.app, { scopes: ["read", "write"] });
      expect(await on.findRefresh(first.refreshHash)).toEqual({
        familyId: first.familyId,
        client_id: on.app.client_id,
        grant_type: "authorization_code",
        scopes: ["read", "write"],
        expiresAt: on.inSeconds(30 * DAY),
        consumedAt: null,
        successor: null,
        stands: true,
      });
      on.clock.forward(600);
      const rotation = next(first.refreshHash, on.app);
      expect(await on.rotate(rotation)).toMatchObject({
        client: { client_id: on.app.client_id, policy: { token_type: "Bearer" } },
        grant_type: "authorization_code",
        scopes: ["read", "write"],
        expiresAt: on.inSeconds(3600),
        refreshes: true,
      });
      const consumed = await on.findRefresh(first.refreshHash);
      expect(consumed).toMatchObject({ consumedAt: on.clock.now(), stands: true });
      expect(Buffer.from(consumed?.successor ?? [])).toEqual(Buffer.from(rotation.successor));
      expect(await on.findRefresh(rotation.refreshHash)).toMatchObject({
        familyId: first.familyId,
        expiresAt: on.inSeconds(30 * DAY),
        consumedAt: null,
        successor: null,
      });
      expect(await on.store.findToken(rotation.tokenHash)).toMatchObject({
        kind: "access",
        client_id: on.app.client_id,
        userId: on.userId,
        companyId: on.companyId,
        companyIds: [on.companyId],
        scopes: ["read", "write"],
        createdAt: on.clock.now(),
        expiresAt: on.inSeconds(3600),
        consentStands: true,
        familyStands: true,
      });
      // The access token from before lives on.
      expect(await on.store.findToken(first.tokenHash)).toMatchObject({ familyStands: true });
    });

    test("brings nothing the second time", async () => {
      const { refreshHash } = await on.refreshable();
      const rotation = next(refreshHash, on.app);
      expect(await on.rotate(rotation)).not.toBeNull();
      await expectRefused(next(refreshHash, on.app));
      expect(await on.rotate(next(rotation.refreshHash, on.app))).not.toBeNull();
    });

    test("lets exactly one of many at once through", async () => {
      const { refreshHash } = await on.refreshable();
      const rotations = Array.from({ length: 16 }, () => next(refreshHash, on.app));
      const issued = await Promise.all(rotations.map(on.rotate));
      expect(issued.filter((one) => one !== null)).toHaveLength(1);
      const winner = issued.findIndex((one) => one !== null);
      const kept = await Promise.all(rotations.map((one) => on.findRefresh(one.refreshHash)));
      expect(kept.findIndex((one) => one !== null)).toBe(winner);
      expect(kept.filter((one) => one !== null)).toHaveLength(1);
      const tokens = await Promise.all(rotations.map(({ tokenHash }) => on.store.findToken(tokenHash)));
      expect(tokens.filter((one) => one !== null)).toHaveLength(1);
      const consumed = await on.findRefresh(refreshHash);
      expect(Buffer.from(consumed?.successor ?? [])).toEqual(Buffer.from(rotations[winner]?.successor ?? []));
    });

    test("narrows one access token and leaves the family its scopes", async () => {
      const { refreshHash } = await on.refreshable(on.app, { scopes: ["read", "write"] });
      const narrow = next(refreshHash, on.app, { scopes: ["read"] });
      expect(await on.rotate(narrow)).toMatchObject({ scopes: ["read"] });
      expect(await on.store.findToken(narrow.tokenHash)).toMatchObject({ scopes: ["read"] });
      expect(await on.findRefresh(narrow.refreshHash)).toMatchObject({ scopes: ["read", "write"] });
      expect(await on.rotate(next(narrow.refreshHash, on.app))).toMatchObject({ scopes: ["read", "write"] });
    });

    test("refuses scopes beyond what was granted, though the app may have them", async () => {
      const { refreshHash } = await on.refreshable(on.app, { scopes: ["read"] });
      await expectRefused(next(refreshHash, on.app, { scopes: ["read", "write"] }));
      await expectRefused(next(refreshHash, on.app, { scopes: ["write"] }));
      expect(await on.rotate(next(refreshHash, on.app, { scopes: ["read"] }))).not.toBeNull();
    });

    test("leaves out what the app is no longer registered for, and refuses when that is all", async () => {
      const { refreshHash } = await on.refreshable(on.app, { scopes: ["read", "write"] });
      await on.facts.setScopes(on.app.client_id, ["read"]);
      await expectRefused(next(refreshHash, on.app, { scopes: ["write"] }));
      const named = next(refreshHash, on.app, { scopes: ["read", "write"] });
      expect(await on.rotate(named)).toMatchObject({ scopes: ["read"] });
      expect(await on.store.findToken(named.tokenHash)).toMatchObject({ scopes: ["read"] });
      expect(await on.rotate(next(named.refreshHash, on.app))).toMatchObject({ scopes: ["read"] });
      const { refreshHash: other } = await on.refreshable(on.app, { scopes: ["read"] });
      await on.facts.setScopes(on.app.client_id, ["write"]);
      await expectRefused(next(other, on.app));
      await on.facts.setScopes(on.app.client_id, ["read", "write"]);
      expect(await on.rotate(next(other, on.app))).toMatchObject({ scopes: ["read"] });
    });

    test.each<[string, () => Promise<Partial<Rotation>> | Partial<Rotation>]>([
      ["another token", () => ({ presentedHash: newHash() })],
      ["no client at all", () => ({ client: null })],
      ["no secret", () => ({ client: { method: "none", client_id: on.app.client_id } })],
      ["a wrong secret", () => ({ client: authOf({ ...on.app, secret: "cs_wrong" }) })],
      ["an unknown client", () => ({ client: authOf({ ...on.app, client_id: "nobody" }) })],
      ["another client", async () => ({ client: authOf(await on.facts.addApp()) })],
      [
        "another client's secret",
        async () => ({ client: authOf({ ...(await on.facts.addApp()), client_id: on.app.client_id }) }),
      ],
      ["a public client", async () => ({ client: authOf(await on.facts.addApp({ type: "public" })) })],
      [
        "an ended secret",
        async () => ({
          client: authOf({ ...on.app, secret: await on.facts.addSecret(on.app.client_id, on.clock.now()) }),
        }),
      ],
    ])("refuses %s and leaves the token usable", async (_, wrong) => {
      const { refreshHash } = await on.refreshable();
      await expectRefused(next(refreshHash, on.app, await wrong()));
      expect(await on.rotate(next(refreshHash, on.app))).not.toBeNull();
    });

    test("refuses a method that was switched off and a client that was suspended meanwhile", async () => {
      const { refreshHash } = await on.refreshable();
      await on.facts.setPolicy(on.app.client_id, { client_auth: ["client_secret_post"] });
      await expectRefused(next(refreshHash, on.app));
      await on.facts.setPolicy(on.app.client_id, { client_auth: ["client_secret_basic"] });
      await on.facts.setStatus(on.app.client_id, "suspended");
      await expectRefused(next(refreshHash, on.app));
      await on.facts.setStatus(on.app.client_id, "active");
      expect(await on.rotate(next(refreshHash, on.app))).not.toBeNull();
    });

    test("refuses while the policy has no refresh tokens", async () => {
      const { refreshHash } = await on.refreshable();
      await on.facts.setPolicy(on.app.client_id, { refresh: "none" });
      await expectRefused(next(refreshHash, on.app));
    });

    test("accepts each of several secrets while it lives", async () => {
      const { refreshHash } = await on.refreshable();
      const other = { ...on.app, secret: await on.facts.addSecret(on.app.client_id, on.inSeconds(30)) };
      const rotation = next(refreshHash, other);
      expect(await on.rotate(rotation)).not.toBeNull();
      on.clock.forward(30);
      await expectRefused(next(rotation.refreshHash, other));
      expect(await on.rotate(next(rotation.refreshHash, on.app))).not.toBeNull();
    });

    describe("of a public client", () => {
      test("needs the client's id, and rotates whatever the policy says", async () => {
        const app = await on.facts.addApp({ type: "public", policy: { refresh: "static" } });
        const other = await on.facts.addApp({ type: "public" });
        const { refreshHash } = await on.refreshable(app);
        await expectRefused(next(refreshHash, app, { client: null }));
        await expectRefused(next(refreshHash, other));
        await expectRefused(next(refreshHash, { ...app, secret: on.app.secret }));
        const rotation = next(refreshHash, app);
        expect(await on.rotate(rotation)).toMatchObject({ refreshes: true });
        await expectRefused(next(refreshHash, app));
        expect(await on.rotate(next(rotation.refreshHash, app))).toMatchObject({ refreshes: true });
      });
    });

    describe("without client authentication", () => {
      test("works where the policy says so, for tokens bound to the client secret", async () => {
        const app = await on.facts.addApp({ preset: "classic" });
        const first = await on.refreshable(app);
        const anonymous = next(first.refreshHash, app, { client: null });
        expect(await on.rotate(anonymous)).toMatchObject({
          client: { client_id: app.client_id },
          refreshes: true,
        });
        const byId = next(anonymous.refreshHash, { ...app, secret: "" });
        expect(await on.rotate(byId)).not.toBeNull();
        const stranger = await on.facts.addApp({ preset: "classic" });
        await expectRefused(next(byId.refreshHash, { ...stranger, secret: "" }));
        await on.facts.endSecret(app.client_id, app.secret, on.clock.now());
        await expectRefused(next(byId.refreshHash, app, { client: null }));
        const fresh = { ...app, secret: await on.facts.addSecret(app.client_id, null) };
        await expectRefused(next(byId.refreshHash, fresh));
      });

      test("does not work for a token from before, which is bound to no secret", async () => {
        const app = await on.facts.addApp({
          preset: "classic",
          policy: { refresh_without_client_auth: false },
        });
        const { refreshHash } = await on.refreshable(app);
        await on.facts.setPolicy(app.client_id, { refresh_without_client_auth: true });
        await expectRefused(next(refreshHash, app, { client: null }));
        await expectRefused(next(refreshHash, { ...app, secret: "" }));
        expect(await on.rotate(next(refreshHash, app))).not.toBeNull();
      });

      test("works for a public client, whose tokens rotate", async () => {
        const app = await on.facts.addApp({ type: "public", preset: "classic" });
        const { refreshHash } = await on.refreshable(app);
        expect(await on.rotate(next(refreshHash, app, { client: null }))).toMatchObject({ refreshes: true });
      });
    });

    describe("in time", () => {
      test("waits for its use as long as the policy says, and not a moment longer", async () => {
        const late = await on.refreshable();
        const intime = await on.refreshable();
        on.clock.forward(30 * DAY - 0.001);
        expect(await on.rotate(next(intime.refreshHash, on.app))).not.toBeNull();
        on.clock.forward(0.001);
        await expectRefused(next(late.refreshHash, on.app));
        expect(await on.findRefresh(late.refreshHash)).toMatchObject({ expiresAt: on.clock.now() });
      });

      test("ends with its family, however often it was used", async () => {
        await on.facts.setPolicy(on.app.client_id, { refresh_seconds: 50 * DAY });
        let { refreshHash } = await on.refreshable();
        const end = on.inSeconds(50 * DAY);
        for (const days of [20, 20]) {
          on.clock.forward(days * DAY);
          const rotation = next(refreshHash, on.app);
          expect(await on.rotate(rotation)).not.toBeNull();
          ({ refreshHash } = rotation);
        }
        expect(await on.findRefresh(refreshHash)).toMatchObject({ expiresAt: end });
        on.clock.forward(10 * DAY);
        await expectRefused(next(refreshHash, on.app));
      });

      test("issues access tokens that live as the policy says at that moment", async () => {
        const { refreshHash } = await on.refreshable();
        await on.facts.setPolicy(on.app.client_id, { access_seconds: 90 });
        const rotation = next(refreshHash, on.app);
        expect(await on.rotate(rotation)).toMatchObject({ expiresAt: on.inSeconds(90) });
        await on.facts.setPolicy(on.app.client_id, { access_seconds: null });
        const endless = next(rotation.refreshHash, on.app);
        expect(await on.rotate(endless)).toMatchObject({ expiresAt: null });
        expect(await on.store.findToken(endless.tokenHash)).toMatchObject({ expiresAt: null });
      });
    });

    describe("under a static policy", () => {
      test("consumes nothing: the token stays, and its wait begins anew", async () => {
        const app = await on.facts.addApp({ policy: { refresh: "static", refresh_seconds: 50 * DAY } });
        const first = await on.refreshable(app);
        const end = on.inSeconds(50 * DAY);
        on.clock.forward(10 * DAY);
        const rotation = next(first.refreshHash, app);
        expect(await on.rotate(rotation)).toMatchObject({ refreshes: false, expiresAt: on.inSeconds(3600) });
        expect(await on.findRefresh(rotation.refreshHash)).toBeNull();
        expect(await on.findRefresh(first.refreshHash)).toMatchObject({
          consumedAt: null,
          successor: null,
          expiresAt: on.inSeconds(30 * DAY),
        });
        on.clock.forward(29 * DAY);
        expect(await on.rotate(next(first.refreshHash, app))).not.toBeNull();
        expect(await on.findRefresh(first.refreshHash)).toMatchObject({ expiresAt: end });
        on.clock.forward(11 * DAY);
        await expectRefused(next(first.refreshHash, app));
        expect(await on.store.findToken(rotation.tokenHash)).toMatchObject({ familyStands: true });
      });

      test("serves many at once", async () => {
        const app = await on.facts.addApp({ policy: { refresh: "static" } });
        const { refreshHash } = await on.refreshable(app);
        const rotations = Array.from({ length: 8 }, () => next(refreshHash, app));
        const issued = await Promise.all(rotations.map(on.rotate));
        expect(issued.map((one) => one?.refreshes)).toEqual(Array(8).fill(false));
        const tokens = await Promise.all(rotations.map(({ tokenHash }) => on.store.findToken(tokenHash)));
        expect(tokens.every((one) => one?.familyStands)).toBe(true);
      });

      test("rotates from the moment the policy says so", async () => {
        const app = await on.facts.addApp({ policy: { refresh: "static" } });
        const { refreshHash } = await on.refreshable(app);
        await on.rotate(next(refreshHash, app));
        await on.facts.setPolicy(app.client_id, { refresh: "rotating" });
        expect(await on.rotate(next(refreshHash, app))).toMatchObject({ refreshes: true });
        await expectRefused(next(refreshHash, app));
      });
    });

    test.each<[string, () => Promise<void>]>([
      ["the consent is gone", () => on.facts.dropConsents(on.userId, on.app.client_id)],
      ["the user left the company", () => on.facts.leave(on.userId, on.companyId)],
      ["the user was suspended", () => on.facts.suspendUser(on.userId)],
      ["the user was deleted", () => on.facts.deleteUser(on.userId)],
      ["the app was suspended", () => on.facts.setStatus(on.app.client_id, "suspended")],
      ["the app was refused", () => on.facts.setStatus(on.app.client_id, "refused")],
      [
        "the app waits for approval, and the user is not its owner",
        () => on.facts.setStatus(on.app.client_id, "pending"),
      ],
    ])("refuses once %s", async (_, end) => {
      const { refreshHash } = await on.refreshable();
      await end();
      expect(await on.findRefresh(refreshHash)).toMatchObject({ stands: false });
      await expectRefused(next(refreshHash, on.app));
    });

    test.each<[string, () => Promise<void>]>([
      ["the consent was taken back", () => on.facts.withdrawConsents(on.userId, on.app.client_id)],
      ["the app was deleted", () => on.facts.deleteApp(on.app.client_id)],
    ])("finds nothing once %s", async (_, end) => {
      const first = await on.refreshable();
      const rotation = next(first.refreshHash, on.app);
      await on.rotate(rotation);
      await end();
      expect(await on.findRefresh(first.refreshHash)).toBeNull();
      expect(await on.findRefresh(rotation.refreshHash)).toBeNull();
      await expectRefused(next(rotation.refreshHash, on.app));
      expect(await on.store.findToken(rotation.tokenHash)).toBeNull();
    });

    test("serves the owner of an app that waits for approval", async () => {
      const app = await on.facts.addApp({ ownerId: on.userId, status: "pending" });
      const { refreshHash } = await on.refreshable(app);
      expect(await on.rotate(next(refreshHash, app))).not.toBeNull();
    });
  });

  describe("the end of a family", () => {
    /** A family of two generations and a token more. */
    async function grown(): Promise<{ first: Redemption; second: Rotation }> {
      const first = await on.refreshable();
      const second = next(first.refreshHash, on.app);
      expect(await on.rotate(second)).not.toBeNull();
      return { first, second };
    }

    async function expectEnded({ first, second }: Awaited<ReturnType<typeof grown>>): Promise<void> {
      expect(await on.findRefresh(first.refreshHash)).toBeNull();
      expect(await on.findRefresh(second.refreshHash)).toBeNull();
      expect(await on.store.findToken(first.tokenHash)).toBeNull();
      expect(await on.store.findToken(second.tokenHash)).toBeNull();
      await expectRefused(next(second.refreshHash, on.app));
    }

    test("is every generation's and every access token's, and no other family's", async () => {
      const family = await grown();
      const other = await grown();
      expect(await on.store.revokeFamily(family.first.familyId, on.clock.now())).toBe(2);
      expect(await on.store.revokeFamily(family.first.familyId, on.clock.now())).toBe(0);
      expect(await on.store.revokeFamily("nothing", on.clock.now())).toBe(0);
      await expectEnded(family);
      expect(await on.store.findToken(other.second.tokenHash)).not.toBeNull();
      expect(await on.rotate(next(other.second.refreshHash, on.app))).not.toBeNull();
    });

    test("comes when the code is replayed", async () => {
      const family = await grown();
      const other = await grown();
      expect(await on.store.revokeTokensOfCode(family.first.codeHash, on.clock.now())).toBe(2);
      await expectEnded(family);
      expect(await on.store.revokeTokensOfCode(family.first.codeHash, on.clock.now())).toBe(0);
      expect(await on.rotate(next(other.second.refreshHash, on.app))).not.toBeNull();
    });

    test.each(["first", "second"] as const)(
      "comes when its client revokes the %s generation, and not when another one does",
      async (generation) => {
        const family = await grown();
        const hash = family[generation].refreshHash;
        const stranger = await on.facts.addApp();
        await on.store.revokeTokenOfClient(hash, stranger.client_id, on.clock.now());
        expect(await on.findRefresh(family.second.refreshHash)).toMatchObject({ stands: true });
        await on.store.revokeTokenOfClient(hash, on.app.client_id, on.clock.now());
        await expectEnded(family);
      },
    );

    test("does not come when its client revokes an access token", async () => {
      const { first, second } = await grown();
      await on.store.revokeTokenOfClient(first.tokenHash, on.app.client_id, on.clock.now());
      expect(await on.store.findToken(first.tokenHash)).toBeNull();
      expect(await on.store.findToken(second.tokenHash)).toMatchObject({ familyStands: true });
      expect(await on.rotate(next(second.refreshHash, on.app))).not.toBeNull();
    });
  });
}
