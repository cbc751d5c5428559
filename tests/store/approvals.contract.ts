/** Authorize requests, and what a decision makes of them. */
import { describe, expect, test } from "vitest";
import type { Approval, Receipt } from "../../lib/oauth/store";
import { callback } from "../support/facts";
import { challenge } from "../support/world";
import { type Ground, newHash } from "./ground";

export function approvalsContract(on: Ground): void {
  describe("authorization requests", () => {
    test("come back exactly as they were saved", async () => {
      const request = await on.savedRequest(on.app.client_id, {
        state: "a b&c=d%00+é\"'\\",
        scopes: ["read", "write"],
        redirect_uri: "https://app.example/callback?x=1&y=%20",
      });
      expect(await on.store.findAuthorizationRequest(request.id, on.clock.now())).toEqual(request);
      const bare = await on.savedRequest(on.app.client_id, {
        state: null,
        code_challenge: null,
        response_type: "token",
        redirectUriSent: false,
        scopeSent: false,
      });
      expect(await on.store.findAuthorizationRequest(bare.id, on.clock.now())).toEqual(bare);
    });

    test("are found until they expire", async () => {
      const { id } = await on.savedRequest();
      expect(await on.store.findAuthorizationRequest(id, on.inSeconds(1799))).not.toBeNull();
      expect(await on.store.findAuthorizationRequest(id, on.inSeconds(1800))).toBeNull();
      expect(await on.store.findAuthorizationRequest("nothing", on.clock.now())).toBeNull();
    });

    test("are taken once", async () => {
      const { id } = await on.savedRequest();
      expect(await on.store.takeAuthorizationRequest(id, on.inSeconds(1800))).toBe(false);
      expect(await on.store.takeAuthorizationRequest(id, on.clock.now())).toBe(true);
      expect(await on.store.takeAuthorizationRequest(id, on.clock.now())).toBe(false);
      expect(await on.store.findAuthorizationRequest(id, on.clock.now())).toBeNull();
    });

    test("are taken by one of many at once", async () => {
      const { id } = await on.savedRequest();
      const takes = Array.from({ length: 8 }, () => on.store.takeAuthorizationRequest(id, on.clock.now()));
      expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(1);
    });

    test("leave no code behind when they are denied", async () => {
      const request = await on.savedRequest();
      await on.store.takeAuthorizationRequest(request.id, on.clock.now());
      const approval = on.approvalOf(request);
      expect(await on.store.approve(approval, on.clock.now())).toBe(false);
      expect(await on.store.findAuthorizationCode(approval.issue.hash)).toBeNull();
      expect(await on.consentsNow()).toEqual([]);
    });
  });

  describe("approve", () => {
    test("keeps the consent and the code, and takes the request", async () => {
      const request = await on.savedRequest(on.app.client_id, { scopes: ["read", "write"] });
      const approval = on.approvalOf(request);
      expect(await on.store.approve(approval, on.clock.now())).toBe(true);
      expect(await on.store.findAuthorizationRequest(request.id, on.clock.now())).toBeNull();
      expect(await on.consentsNow()).toEqual([
        {
          id: approval.consentId,
          userId: on.userId,
          client_id: on.app.client_id,
          companyId: on.companyId,
          redirectHost: "app.example",
          scopes: ["read", "write"],
        },
      ]);
      expect(await on.store.findAuthorizationCode(approval.issue.hash)).toEqual({
        hash: approval.issue.hash,
        client_id: on.app.client_id,
        userId: on.userId,
        companyId: on.companyId,
        consentId: approval.consentId,
        redirect_uri: callback,
        redirectUriSent: true,
        scopes: ["read", "write"],
        code_challenge: challenge,
        createdAt: on.clock.now(),
        expiresAt: on.inSeconds(60),
        consumedAt: null,
        consentStands: true,
      });
    });

    test("does nothing for a request that expired", async () => {
      const approval = on.approvalOf(await on.savedRequest());
      expect(await on.store.approve(approval, on.inSeconds(1800))).toBe(false);
      expect(await on.store.findAuthorizationCode(approval.issue.hash)).toBeNull();
      expect(await on.consentsNow()).toEqual([]);
    });

    test("keeps with the code whether the authorize request had a redirect_uri", async () => {
      const hash = await on.approvedCode(on.app.client_id, { redirectUriSent: false });
      expect(await on.store.findAuthorizationCode(hash)).toMatchObject({
        redirect_uri: callback,
        redirectUriSent: false,
      });
    });

    test("gives less than was asked for where the user could not give all of it", async () => {
      const scopes = ["read", "admin"];
      const hash = await on.approvedCode(on.app.client_id, { scopes }, { scopes: ["read"] });
      expect(await on.store.findAuthorizationCode(hash)).toMatchObject({ scopes: ["read"] });
      expect(await on.consentsNow()).toMatchObject([{ scopes: ["read"] }]);
    });

    describe("for a token at once", () => {
      const tokenIssue = (expiresAt: Date | null): Approval["issue"] => ({
        response_type: "token",
        hash: newHash(),
        last4: "1234",
        expiresAt,
      });

      test.each([3600, null])("keeps the token, which lives for %s seconds, and no code", async (seconds) => {
        const request = await on.savedRequest(on.app.client_id, { response_type: "token", scopes: ["read"] });
        const issue = tokenIssue(seconds === null ? null : on.inSeconds(seconds));
        expect(await on.store.approve(on.approvalOf(request, { issue }), on.clock.now())).toBe(true);
        expect(await on.store.findAuthorizationCode(issue.hash)).toBeNull();
        expect(await on.store.findAuthorizationRequest(request.id, on.clock.now())).toBeNull();
        expect(await on.store.findToken(issue.hash)).toMatchObject({
          kind: "access",
          client_id: on.app.client_id,
          userId: on.userId,
          companyId: on.companyId,
          companyIds: [on.companyId],
          scopes: ["read"],
          createdAt: on.clock.now(),
          expiresAt: issue.expiresAt,
          consentStands: true,
          familyStands: true,
        });
        expect(await on.consentsNow()).toMatchObject([{ scopes: ["read"] }]);
        await on.facts.dropConsents(on.userId, on.app.client_id);
        expect(await on.store.findToken(issue.hash)).toMatchObject({ consentStands: false });
      });

      test("does nothing for a request that expired", async () => {
        const issue = tokenIssue(null);
        const approval = on.approvalOf(await on.savedRequest(), { issue });
        expect(await on.store.approve(approval, on.inSeconds(1800))).toBe(false);
        expect(await on.store.findToken(issue.hash)).toBeNull();
        expect(await on.consentsNow()).toEqual([]);
      });
    });

    describe("with a receipt", () => {
      const receipt = (app: string): Receipt => ({
        app,
        owner: "Olivia",
        redirectHost: "app.example",
        company: null,
        scopes: [{ name: "read", title: "See", description: "What there is" }],
      });
      const receipts = () => on.facts.receiptsOf(on.userId, on.app.client_id);

      test("keeps what was shown, once for each time, and nothing where nobody was asked", async () => {
        await on.approvedCode(on.app.client_id, {}, { shown: receipt("One") });
        await on.approvedCode();
        expect(await receipts()).toEqual([receipt("One")]);
        on.clock.forward(1);
        await on.approvedCode(on.app.client_id, {}, { shown: receipt("Two") });
        expect(await receipts()).toEqual([receipt("One"), receipt("Two")]);
        await on.facts.withdrawConsents(on.userId, on.app.client_id);
        expect(await receipts()).toHaveLength(2);
      });

      test("keeps none when the request was gone", async () => {
        const request = await on.savedRequest();
        await on.store.takeAuthorizationRequest(request.id, on.clock.now());
        const approval = on.approvalOf(request, { shown: receipt("One") });
        expect(await on.store.approve(approval, on.clock.now())).toBe(false);
        expect(await receipts()).toEqual([]);
      });
    });

    test("happens once, however many decide at once", async () => {
      const request = await on.savedRequest();
      const approvals = Array.from({ length: 8 }, () => on.approvalOf(request));
      const results = await Promise.all(
        approvals.map((approval) => on.store.approve(approval, on.clock.now())),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      const codes = await Promise.all(
        approvals.map(({ issue }) => on.store.findAuthorizationCode(issue.hash)),
      );
      expect(codes.filter(Boolean)).toHaveLength(1);
      expect(await on.consentsNow()).toHaveLength(1);
    });

    test("does nothing at all when its code cannot be kept", async () => {
      const hash = await on.approvedCode();
      const issue = { response_type: "code", hash, expiresAt: on.inSeconds(60) } as const;
      const before = await on.consentsNow();
      const request = await on.savedRequest(on.app.client_id, { scopes: ["write"] });
      const clash = on.store.approve(on.approvalOf(request, { issue, companyId: null }), on.clock.now());
      if (on.name === "memory") return void (await clash); // overwrites; nothing can fail half-way there
      await expect(clash).rejects.toThrow();
      expect(await on.consentsNow()).toEqual(before);
      expect(await on.store.findAuthorizationRequest(request.id, on.clock.now())).toEqual(request);
    });

    test("widens the consent there is and never narrows it", async () => {
      await on.approvedCode(on.app.client_id, { scopes: ["read"] });
      const [first] = await on.consentsNow();
      const wider = await on.approvedCode(on.app.client_id, { scopes: ["read", "write"] });
      await on.approvedCode(on.app.client_id, { scopes: ["read"] });
      expect(await on.consentsNow()).toEqual([{ ...first, scopes: ["read", "write"] }]);
      expect(await on.store.findAuthorizationCode(wider)).toMatchObject({ consentId: first?.id });
    });

    test("keeps one consent for each company, host and user", async () => {
      const second = await on.facts.addCompany(on.userId);
      const somebody = await on.facts.addUser();
      await on.approvedCode();
      await on.approvedCode(on.app.client_id, {}, { companyId: second });
      await on.approvedCode(on.app.client_id, {}, { redirectHost: "other.example" });
      await on.approvedCode(on.app.client_id, {}, { companyId: null });
      await on.approvedCode(on.app.client_id, {}, { companyId: null });
      await on.approvedCode(on.app.client_id, {}, { userId: somebody, companyId: null });
      expect(await on.consentsNow()).toHaveLength(4);
      expect(await on.store.findConsents(somebody, on.app.client_id)).toHaveLength(1);
      expect(await on.store.findConsents(on.userId, (await on.facts.addApp()).client_id)).toEqual([]);
    });

    test.each([
      { where: "a company", inCompany: true },
      { where: "no company", inCompany: false },
    ])("keeps one consent when several requests for $where are allowed at once", async ({ inCompany }) => {
      const requests = await Promise.all(
        ["read", "write", "read", "write"].map((scope) =>
          on.savedRequest(on.app.client_id, { scopes: [scope] }),
        ),
      );
      const changes = inCompany ? {} : { companyId: null };
      const allowed = await Promise.all(
        requests.map((request) => on.store.approve(on.approvalOf(request, changes), on.clock.now())),
      );
      expect(allowed).toEqual([true, true, true, true]);
      expect((await on.consentsNow()).map(({ scopes }) => scopes)).toEqual([["read", "write"]]);
    });
  });
}
