/** Tokens: what decides whether one is alive, and how their app ends them. */
import { describe, expect, test } from "vitest";
import { randomId } from "../../lib/oauth/tokens";
import { type Ground, newHash, random } from "./ground";

export function tokensContract(on: Ground): void {
  describe("revokeTokenOfClient", () => {
    test("ends the client's own token, and only that", async () => {
      const own = await on.issuedToken();
      const other = await on.issuedToken();
      const stranger = await on.facts.addApp();
      await on.store.revokeTokenOfClient(own, stranger.client_id, on.clock.now());
      expect(await on.store.findToken(own)).not.toBeNull();
      await on.store.revokeTokenOfClient(newHash(), on.app.client_id, on.clock.now());
      await on.store.revokeTokenOfClient(own, on.app.client_id, on.clock.now());
      await on.store.revokeTokenOfClient(own, on.app.client_id, on.clock.now());
      expect(await on.store.findToken(own)).toBeNull();
      expect(await on.store.findToken(other)).not.toBeNull();
    });
  });

  describe("findToken", () => {
    const alive = {
      clientStatus: "active",
      userStatus: "active",
      consentStands: true,
      familyStands: true,
      membershipStands: true,
      allowedAddresses: null,
    };

    test("gives every fact that decides whether a token is alive", async () => {
      const email = `${randomId(8, random).toLowerCase()}@example.test`;
      on.userId = await on.facts.addUser(email);
      on.companyId = await on.facts.addCompany(on.userId);
      const ownerId = await on.facts.addUser();
      on.app = await on.facts.addApp({ ownerId, policy: { access_idle_days: 90 } });
      const hash = await on.issuedToken();
      expect(await on.store.findToken(hash)).toEqual({
        hash,
        kind: "access",
        scopes: ["read"],
        createdAt: on.clock.now(),
        expiresAt: on.inSeconds(3600),
        client_id: on.app.client_id,
        userId: on.userId,
        companyId: on.companyId,
        companyIds: [on.companyId],
        clientOwnerId: ownerId,
        userMaintains: false,
        idleDays: 90,
        lastUsedAt: null,
        userEmail: email,
        userIsAdmin: false,
        ...alive,
      });
      expect(await on.store.findToken(newHash())).toBeNull();
    });

    test.each<[string, () => Promise<void>, object]>([
      [
        "its app was suspended",
        () => on.facts.setStatus(on.app.client_id, "suspended"),
        { clientStatus: "suspended" },
      ],
      ["its user was suspended", () => on.facts.suspendUser(on.userId), { userStatus: "suspended" }],
      [
        "its user left the company",
        () => on.facts.leave(on.userId, on.companyId),
        { membershipStands: false },
      ],
      ["its user administers the installation", () => on.facts.makeAdmin(on.userId), { userIsAdmin: true }],
      [
        "its app waits for approval",
        () => on.facts.setStatus(on.app.client_id, "pending"),
        { clientStatus: "pending" },
      ],
    ])("says that %s", async (_, end, fact) => {
      const hash = await on.issuedToken();
      expect(await on.store.findToken(hash)).toMatchObject(alive);
      await end();
      expect(await on.store.findToken(hash)).toMatchObject({ ...alive, ...fact });
    });

    test.each<[string, () => Promise<void>, object]>([
      [
        "its app is gone",
        () => on.facts.dropApp(on.app.client_id),
        { clientStatus: null, consentStands: false },
      ],
      ["its user was deleted", () => on.facts.deleteUser(on.userId), { userStatus: null, userEmail: null }],
      [
        "its consent is gone",
        () => on.facts.dropConsents(on.userId, on.app.client_id),
        { ...alive, consentStands: false },
      ],
    ])("says that %s", async (_, end, fact) => {
      const hash = await on.issuedToken();
      await end();
      expect(await on.store.findToken(hash)).toMatchObject(fact);
    });

    test.each<[string, () => Promise<void>]>([
      ["its app was deleted", () => on.facts.deleteApp(on.app.client_id)],
      ["its consent was taken back", () => on.facts.withdrawConsents(on.userId, on.app.client_id)],
    ])("gives nothing once %s", async (_, end) => {
      const hash = await on.issuedToken();
      await end();
      expect(await on.store.findToken(hash)).toBeNull();
    });

    test("finds a token that has expired, since its owner may ask", async () => {
      const hash = await on.issuedToken();
      on.clock.forward(3601);
      expect(await on.store.findToken(hash)).not.toBeNull();
    });

    test("holds a token of a user without companies for a member of nothing", async () => {
      const redemption = on.redemptionOf(await on.approvedCode(on.app.client_id, {}, { companyId: null }));
      await on.redeem(redemption);
      expect(await on.store.findToken(redemption.tokenHash)).toMatchObject({
        ...alive,
        companyId: null,
        companyIds: [],
      });
    });
  });
}
