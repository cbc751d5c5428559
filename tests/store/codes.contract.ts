/** Authorization codes: redeemed once, and ended when they are replayed. */
import { describe, expect, test } from "vitest";
import type { Policy } from "../../lib/oauth/policy";
import type { Redemption } from "../../lib/oauth/store";
import { hashCredential } from "../../lib/oauth/tokens";
import { callback } from "../support/facts";
import { authOf, type Ground, newHash } from "./ground";

export function codesContract(on: Ground): void {
  describe("redeemAuthorizationCode", () => {
    test("issues the token and consumes the code", async () => {
      const codeHash = await on.approvedCode(on.app.client_id, { scopes: ["read", "write"] });
      const redemption = on.redemptionOf(codeHash);
      expect(await on.redeem(redemption)).toMatchObject({
        client: {
          client_id: on.app.client_id,
          policy: { response_include: ["expires_in", "scope"], token_type: "Bearer" },
        },
        grant_type: "authorization_code",
        scopes: ["read", "write"],
        expiresAt: on.inSeconds(3600),
      });
      expect(await on.store.findAuthorizationCode(codeHash)).toMatchObject({ consumedAt: on.clock.now() });
      expect(await on.store.findToken(redemption.tokenHash)).toMatchObject({
        hash: redemption.tokenHash,
        kind: "access",
        client_id: on.app.client_id,
        userId: on.userId,
        companyId: on.companyId,
        scopes: ["read", "write"],
        createdAt: on.clock.now(),
        expiresAt: on.inSeconds(3600),
      });
    });

    test("gives a second redemption nothing", async () => {
      const codeHash = await on.approvedCode();
      expect(await on.redeem(on.redemptionOf(codeHash))).not.toBeNull();
      const again = on.redemptionOf(codeHash);
      expect(await on.redeem(again)).toBeNull();
      expect(await on.store.findToken(again.tokenHash)).toBeNull();
    });

    test("gives exactly one of many redemptions at once a token", async () => {
      const codeHash = await on.approvedCode();
      const redemptions = Array.from({ length: 16 }, () => on.redemptionOf(codeHash));
      const issued = await Promise.all(redemptions.map(on.redeem));
      expect(issued.filter((one) => one !== null)).toHaveLength(1);
      const tokens = await Promise.all(redemptions.map(({ tokenHash }) => on.store.findToken(tokenHash)));
      expect(tokens.filter((one) => one !== null)).toHaveLength(1);
    });

    test.each<[string, () => Promise<Partial<Redemption>> | Partial<Redemption>]>([
      ["another code", () => ({ codeHash: newHash() })],
      ["another redirect URI", () => ({ redirect_uri: `${callback}/` })],
      ["another verifier", () => ({ code_challenge: newHash() })],
      ["no verifier", () => ({ code_challenge: null })],
      ["a wrong secret", () => ({ client: authOf({ ...on.app, secret: "cs_wrong" }) })],
      ["no secret", () => ({ client: { method: "none", client_id: on.app.client_id } })],
      ["an unknown client", () => ({ client: authOf({ ...on.app, client_id: "nobody" }) })],
      ["another client", async () => ({ client: authOf(await on.facts.addApp()) })],
      [
        "an ended secret",
        async () => ({
          client: authOf({ ...on.app, secret: await on.facts.addSecret(on.app.client_id, on.clock.now()) }),
        }),
      ],
    ])("refuses %s and leaves the code usable", async (_, wrong) => {
      const codeHash = await on.approvedCode();
      const refused = on.redemptionOf(codeHash, await wrong());
      expect(await on.redeem(refused)).toBeNull();
      expect(await on.store.findToken(refused.tokenHash)).toBeNull();
      expect(await on.store.findAuthorizationCode(codeHash)).toMatchObject({ consumedAt: null });
      expect(await on.redeem(on.redemptionOf(codeHash))).not.toBeNull();
    });

    test("refuses a verifier where there was no challenge", async () => {
      const codeHash = await on.approvedCode(on.app.client_id, { code_challenge: null });
      expect(await on.redeem(on.redemptionOf(codeHash))).toBeNull();
      expect(await on.redeem(on.redemptionOf(codeHash, { code_challenge: null }))).not.toBeNull();
    });

    test("accepts a code up to the moment it expires and not at that moment", async () => {
      const late = await on.approvedCode();
      const intime = await on.approvedCode();
      expect(await on.store.redeemAuthorizationCode(on.redemptionOf(late), on.inSeconds(60))).toBeNull();
      expect(
        await on.store.redeemAuthorizationCode(on.redemptionOf(intime), on.inSeconds(59.999)),
      ).not.toBeNull();
    });

    test("refuses a client that was suspended or a method that was switched off meanwhile", async () => {
      const codeHash = await on.approvedCode();
      await on.facts.setStatus(on.app.client_id, "suspended");
      expect(await on.redeem(on.redemptionOf(codeHash))).toBeNull();
      await on.facts.setStatus(on.app.client_id, "active");
      await on.facts.setPolicy(on.app.client_id, { client_auth: ["client_secret_post"] });
      expect(await on.redeem(on.redemptionOf(codeHash))).toBeNull();
      const client = {
        ...authOf(on.app),
        method: "client_secret_post" as const,
        secretHash: hashCredential(on.app.secret),
      };
      expect(await on.redeem(on.redemptionOf(codeHash, { client }))).not.toBeNull();
    });

    test("refuses a code whose consent was taken back, also after a new one", async () => {
      const codeHash = await on.approvedCode();
      await on.facts.dropConsents(on.userId, on.app.client_id);
      expect(await on.redeem(on.redemptionOf(codeHash))).toBeNull();
      const second = await on.approvedCode();
      expect(await on.redeem(on.redemptionOf(codeHash))).toBeNull();
      await on.facts.withdrawConsents(on.userId, on.app.client_id);
      expect(await on.redeem(on.redemptionOf(second))).toBeNull();
    });

    test("refuses a code of a deleted client", async () => {
      const codeHash = await on.approvedCode();
      await on.facts.deleteApp(on.app.client_id);
      expect(await on.redeem(on.redemptionOf(codeHash))).toBeNull();
    });

    test.each<{ sent: boolean; policy: Policy["token_redirect_uri"]; redeems: boolean }>([
      { sent: true, policy: "required_if_sent", redeems: false },
      { sent: true, policy: "ignore_if_omitted", redeems: true },
      { sent: false, policy: "required_if_sent", redeems: true },
      { sent: false, policy: "ignore_if_omitted", redeems: true },
    ])(
      "without redirect_uri, where the authorize request had one ($sent) and the policy says $policy: $redeems",
      async ({ sent, policy, redeems }) => {
        const app = await on.facts.addApp({ policy: { token_redirect_uri: policy } });
        const codeHash = await on.approvedCode(app.client_id, { redirectUriSent: sent });
        const redemption = on.redemptionOf(codeHash, { client: authOf(app) });
        expect(await on.redeem({ ...redemption, redirect_uri: `${callback}/` })).toBeNull();
        expect((await on.redeem({ ...redemption, redirect_uri: null })) !== null).toBe(redeems);
        expect((await on.redeem(redemption)) !== null).toBe(!redeems);
      },
    );

    test("refuses a client whose policy no longer has the grant", async () => {
      const app = await on.facts.addApp({ preset: "classic" });
      const redemption = on.redemptionOf(await on.approvedCode(app.client_id), { client: authOf(app) });
      await on.facts.setPolicy(app.client_id, { grants: ["client_credentials"] });
      expect(await on.redeem(redemption)).toBeNull();
      await on.facts.setPolicy(app.client_id, { grants: ["authorization_code"] });
      expect(await on.redeem(redemption)).not.toBeNull();
    });

    test("serves an app that waits for approval", async () => {
      const app = await on.facts.addApp({ ownerId: on.userId, status: "pending" });
      const redemption = on.redemptionOf(await on.approvedCode(app.client_id), { client: authOf(app) });
      expect(await on.redeem(redemption)).not.toBeNull();
      expect(await on.store.findToken(redemption.tokenHash)).toMatchObject({
        clientStatus: "pending",
        clientOwnerId: on.userId,
      });
    });

    test.each<[Policy["refresh"], boolean]>([
      ["none", false],
      ["rotating", true],
      ["static", true],
    ])("brings a refresh token under refresh %s: %s", async (refresh, refreshes) => {
      const app = await on.facts.addApp({ policy: { refresh } });
      const codeHash = await on.approvedCode(app.client_id, { scopes: ["read", "write"] });
      const redemption = on.redemptionOf(codeHash, { client: authOf(app) });
      expect(await on.redeem(redemption)).toMatchObject({ refreshes });
      expect(await on.store.findToken(redemption.tokenHash)).toMatchObject({ familyStands: true });
      const kept = {
        familyId: redemption.familyId,
        client_id: app.client_id,
        grant_type: "authorization_code",
        scopes: ["read", "write"],
        expiresAt: on.inSeconds(30 * 86_400),
        consumedAt: null,
        successor: null,
        stands: true,
      };
      expect(await on.findRefresh(redemption.refreshHash)).toEqual(refreshes ? kept : null);
    });

    test("lets a public client redeem by its id, and only its own code", async () => {
      const { client_id } = await on.facts.addApp({ type: "public" });
      const other = await on.facts.addApp({ type: "public" });
      const codeHash = await on.approvedCode(client_id);
      const as = (id: string) => on.redemptionOf(codeHash, { client: { method: "none", client_id: id } });
      expect(await on.redeem(as(other.client_id))).toBeNull();
      const withSecret = authOf({ client_id, secret: on.app.secret });
      expect(await on.redeem(on.redemptionOf(codeHash, { client: withSecret }))).toBeNull();
      expect(await on.redeem(as(client_id))).not.toBeNull();
    });

    test("accepts each of several secrets while it lives", async () => {
      const ending = await on.facts.addSecret(on.app.client_id, on.inSeconds(30));
      const codes = [await on.approvedCode(), await on.approvedCode(), await on.approvedCode()] as const;
      const by = (codeHash: string, secret: string) =>
        on.redemptionOf(codeHash, { client: authOf({ ...on.app, secret }) });
      expect(await on.store.redeemAuthorizationCode(by(codes[0], ending), on.inSeconds(29))).not.toBeNull();
      expect(await on.store.redeemAuthorizationCode(by(codes[1], ending), on.inSeconds(30))).toBeNull();
      expect(
        await on.store.redeemAuthorizationCode(by(codes[1], on.app.secret), on.inSeconds(30)),
      ).not.toBeNull();
      expect(
        await on.store.redeemAuthorizationCode(by(codes[2], on.app.secret), on.inSeconds(31)),
      ).not.toBeNull();
    });

    test("lets a token live as long as the policy says at that moment", async () => {
      const first = on.redemptionOf(await on.approvedCode());
      const second = on.redemptionOf(await on.approvedCode());
      await on.facts.setPolicy(on.app.client_id, { access_seconds: null });
      expect(await on.redeem(first)).toMatchObject({ expiresAt: null });
      expect(await on.store.findToken(first.tokenHash)).toMatchObject({ expiresAt: null });
      await on.facts.setPolicy(on.app.client_id, { access_seconds: 90 });
      expect(await on.redeem(second)).toMatchObject({ expiresAt: on.inSeconds(90) });
    });
  });

  describe("findAuthorizationCode", () => {
    test("says whether the consent still stands", async () => {
      expect(await on.store.findAuthorizationCode(newHash())).toBeNull();
      const codeHash = await on.approvedCode();
      expect(await on.store.findAuthorizationCode(codeHash)).toMatchObject({ consentStands: true });
      await on.facts.dropConsents(on.userId, on.app.client_id);
      expect(await on.store.findAuthorizationCode(codeHash)).toMatchObject({ consentStands: false });
    });
  });

  describe("revokeTokensOfCode", () => {
    test("ends what the code issued and nothing else", async () => {
      const codeHash = await on.approvedCode();
      const issued = on.redemptionOf(codeHash);
      await on.redeem(issued);
      const other = await on.issuedToken();
      expect(await on.store.revokeTokensOfCode(newHash(), on.clock.now())).toBe(0);
      expect(await on.store.revokeTokensOfCode(codeHash, on.clock.now())).toBe(1);
      expect(await on.store.revokeTokensOfCode(codeHash, on.clock.now())).toBe(0);
      expect(await on.store.findToken(issued.tokenHash)).toBeNull();
      expect(await on.store.findToken(other)).not.toBeNull();
    });
  });
}
