/** What every Store promises (lib/oauth/store.ts). One suite for all of them. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { presets } from "../lib/oauth/policy";
import type { Approval, HashedClientAuthentication, Redemption, Store } from "../lib/oauth/store";
import { hashCredential, randomId } from "../lib/oauth/tokens";
import type { AuthorizationRequest } from "../lib/oauth/types";
import { callback, type Facts, type TestApp } from "./support/facts";
import { type Clock, challenge, createClock } from "./support/world";

export interface StoreSubject {
  store: Store;
  facts: Facts;
  close(): Promise<void>;
}

const random = (bytes: number) => randomBytes(bytes);
const newHash = () => hashCredential(randomId(20, random));

/** @param open makes a store that has nothing in it, whose clock is `now` */
export function storeContract(name: string, open: (now: () => Date) => Promise<StoreSubject>): void {
  describe(`the store in ${name}`, () => {
    const clock: Clock = createClock();
    const inSeconds = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000);
    let subject: StoreSubject;
    let store: Store;
    let facts: Facts;
    let userId: string;
    let companyId: string;
    let app: TestApp;

    beforeAll(async () => {
      subject = await open(clock.now);
      ({ store, facts } = subject);
    });
    afterAll(() => subject?.close());
    beforeEach(async () => {
      userId = await facts.addUser();
      companyId = await facts.addCompany(userId);
      app = await facts.addApp();
    });

    const requestFor = (
      client_id: string,
      changes: Partial<AuthorizationRequest> = {},
    ): AuthorizationRequest => ({
      id: randomId(32, random),
      client_id,
      clientVersion: 1,
      redirect_uri: callback,
      state: "a state",
      scopes: ["read"],
      code_challenge: challenge,
      createdAt: clock.now(),
      expiresAt: inSeconds(1800),
      ...changes,
    });

    async function savedRequest(client_id = app.client_id, changes: Partial<AuthorizationRequest> = {}) {
      const request = requestFor(client_id, changes);
      await store.saveAuthorizationRequest(request);
      return request;
    }

    const approvalOf = (request: AuthorizationRequest, changes: Partial<Approval> = {}): Approval => ({
      requestId: request.id,
      userId,
      companyId,
      redirectHost: "app.example",
      scopes: request.scopes,
      consentId: randomId(20, random),
      codeHash: newHash(),
      codeExpiresAt: inSeconds(60),
      ...changes,
    });

    /** A code that was allowed. @returns its hash */
    async function approvedCode(
      client_id = app.client_id,
      request: Partial<AuthorizationRequest> = {},
      approval: Partial<Approval> = {},
    ): Promise<string> {
      const approved = approvalOf(await savedRequest(client_id, request), approval);
      expect(await store.approve(approved, clock.now())).toBe(true);
      return approved.codeHash;
    }

    const authOf = ({ client_id, secret }: TestApp): HashedClientAuthentication => ({
      method: "client_secret_basic",
      client_id,
      secretHash: hashCredential(secret),
    });

    const redemptionOf = (codeHash: string, changes: Partial<Redemption> = {}): Redemption => ({
      client: authOf(app),
      codeHash,
      redirect_uri: callback,
      code_challenge: challenge,
      tokenHash: newHash(),
      tokenLast4: "1234",
      ...changes,
    });

    const redeem = (redemption: Redemption) => store.redeemAuthorizationCode(redemption, clock.now());

    /** @returns the token's hash */
    async function issuedToken(): Promise<string> {
      const redemption = redemptionOf(await approvedCode());
      expect(await redeem(redemption)).not.toBeNull();
      return redemption.tokenHash;
    }

    async function consentsNow() {
      return store.findConsents(userId, app.client_id);
    }

    describe("findClient", () => {
      test("knows a client by its id and nothing by another", async () => {
        const ownerId = await facts.addUser();
        const { client_id } = await facts.addApp({
          ownerId,
          name: "Harbour",
          redirect: { match: "exact", uris: ["https://b.example/cb", "https://a.example/cb"] },
        });
        expect(await store.findClient(client_id)).toMatchObject({
          client_id,
          name: "Harbour",
          ownerId,
          type: "confidential",
          status: "active",
          redirect: { match: "exact", uris: ["https://b.example/cb", "https://a.example/cb"] },
          policy: presets.standard.policy,
          logoId: null,
          version: 1,
        });
        expect(await store.findClient("nobody")).toBeNull();
        expect(await store.findClient("")).toBeNull();
      });

      test("reads a redirect domain and the policy of the app", async () => {
        const redirect = { match: "origin_path", domain: "https://app.example" } as const;
        const { client_id } = await facts.addApp({ redirect, preset: "perpetual" });
        expect(await store.findClient(client_id)).toMatchObject({
          redirect,
          policy: presets.perpetual.policy,
        });
      });

      test("finds a client that is suspended, and one no more that was deleted", async () => {
        await facts.setStatus(app.client_id, "suspended");
        expect(await store.findClient(app.client_id)).toMatchObject({ status: "suspended" });
        await facts.deleteApp(app.client_id);
        expect(await store.findClient(app.client_id)).toBeNull();
      });
    });

    describe("authenticateClient", () => {
      const authenticate = (auth: HashedClientAuthentication) => store.authenticateClient(auth, clock.now());

      test("accepts the secret by either method", async () => {
        for (const method of ["client_secret_basic", "client_secret_post"] as const)
          expect(
            await authenticate({ ...authOf(app), method, secretHash: hashCredential(app.secret) }),
          ).toMatchObject({
            client_id: app.client_id,
          });
      });

      test("names why it refuses", async () => {
        const other = await facts.addApp();
        const publicApp = await facts.addApp({ type: "public" });
        const postOnly = await facts.addApp({ policy: { client_auth: ["client_secret_post"] } });
        const refusals: [HashedClientAuthentication, string][] = [
          [{ ...authOf(app), client_id: "nobody" }, "unknown_client"],
          [authOf({ ...app, secret: "cs_wrong" }), "wrong_secret"],
          [authOf({ ...app, secret: other.secret }), "wrong_secret"],
          [{ method: "none", client_id: app.client_id }, "method_not_allowed"],
          [authOf({ ...publicApp, secret: app.secret }), "method_not_allowed"],
          [authOf(postOnly), "method_not_allowed"],
        ];
        for (const [auth, reason] of refusals) expect(await authenticate(auth), reason).toBe(reason);
      });

      test("accepts a public client by its id alone", async () => {
        const { client_id } = await facts.addApp({ type: "public" });
        expect(await authenticate({ method: "none", client_id })).toMatchObject({
          client_id,
          type: "public",
        });
      });

      test.each(["suspended", "pending"] as const)(
        "refuses a %s client with the right secret",
        async (status) => {
          await facts.setStatus(app.client_id, status);
          expect(await authenticate(authOf(app))).toBe("inactive_client");
        },
      );

      test("refuses a deleted client", async () => {
        await facts.deleteApp(app.client_id);
        expect(await authenticate(authOf(app))).toBe("unknown_client");
      });

      test("accepts a secret up to the moment it ends and not at that moment", async () => {
        const secret = await facts.addSecret(app.client_id, inSeconds(3600));
        const auth = authOf({ ...app, secret });
        expect(await store.authenticateClient(auth, inSeconds(3599.999))).toMatchObject({
          client_id: app.client_id,
        });
        expect(await store.authenticateClient(auth, inSeconds(3600))).toBe("ended_secret");
        expect(await store.authenticateClient(authOf(app), inSeconds(3600))).toMatchObject({
          client_id: app.client_id,
        });
      });
    });

    describe("authorization requests", () => {
      test("come back exactly as they were saved", async () => {
        const request = await savedRequest(app.client_id, {
          state: "a b&c=d%00+é\"'\\",
          scopes: ["read", "write"],
          redirect_uri: "https://app.example/callback?x=1&y=%20",
        });
        expect(await store.findAuthorizationRequest(request.id, clock.now())).toEqual(request);
        const bare = await savedRequest(app.client_id, { state: null, code_challenge: null });
        expect(await store.findAuthorizationRequest(bare.id, clock.now())).toEqual(bare);
      });

      test("are found until they expire", async () => {
        const { id } = await savedRequest();
        expect(await store.findAuthorizationRequest(id, inSeconds(1799))).not.toBeNull();
        expect(await store.findAuthorizationRequest(id, inSeconds(1800))).toBeNull();
        expect(await store.findAuthorizationRequest("nothing", clock.now())).toBeNull();
      });

      test("are taken once", async () => {
        const { id } = await savedRequest();
        expect(await store.takeAuthorizationRequest(id, inSeconds(1800))).toBe(false);
        expect(await store.takeAuthorizationRequest(id, clock.now())).toBe(true);
        expect(await store.takeAuthorizationRequest(id, clock.now())).toBe(false);
        expect(await store.findAuthorizationRequest(id, clock.now())).toBeNull();
      });

      test("are taken by one of many at once", async () => {
        const { id } = await savedRequest();
        const takes = Array.from({ length: 8 }, () => store.takeAuthorizationRequest(id, clock.now()));
        expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(1);
      });

      test("leave no code behind when they are denied", async () => {
        const request = await savedRequest();
        await store.takeAuthorizationRequest(request.id, clock.now());
        const approval = approvalOf(request);
        expect(await store.approve(approval, clock.now())).toBe(false);
        expect(await store.findAuthorizationCode(approval.codeHash)).toBeNull();
        expect(await consentsNow()).toEqual([]);
      });
    });

    describe("approve", () => {
      test("keeps the consent and the code, and takes the request", async () => {
        const request = await savedRequest(app.client_id, { scopes: ["read", "write"] });
        const approval = approvalOf(request);
        expect(await store.approve(approval, clock.now())).toBe(true);
        expect(await store.findAuthorizationRequest(request.id, clock.now())).toBeNull();
        expect(await consentsNow()).toEqual([
          {
            id: approval.consentId,
            userId,
            client_id: app.client_id,
            companyId,
            redirectHost: "app.example",
            scopes: ["read", "write"],
          },
        ]);
        expect(await store.findAuthorizationCode(approval.codeHash)).toEqual({
          hash: approval.codeHash,
          client_id: app.client_id,
          userId,
          companyId,
          consentId: approval.consentId,
          redirect_uri: callback,
          scopes: ["read", "write"],
          code_challenge: challenge,
          createdAt: clock.now(),
          expiresAt: inSeconds(60),
          consumedAt: null,
          consentStands: true,
        });
      });

      test("does nothing for a request that expired", async () => {
        const approval = approvalOf(await savedRequest());
        expect(await store.approve(approval, inSeconds(1800))).toBe(false);
        expect(await store.findAuthorizationCode(approval.codeHash)).toBeNull();
        expect(await consentsNow()).toEqual([]);
      });

      test("happens once, however many decide at once", async () => {
        const request = await savedRequest();
        const approvals = Array.from({ length: 8 }, () => approvalOf(request));
        const results = await Promise.all(approvals.map((approval) => store.approve(approval, clock.now())));
        expect(results.filter(Boolean)).toHaveLength(1);
        const codes = await Promise.all(
          approvals.map(({ codeHash }) => store.findAuthorizationCode(codeHash)),
        );
        expect(codes.filter(Boolean)).toHaveLength(1);
        expect(await consentsNow()).toHaveLength(1);
      });

      test("does nothing at all when its code cannot be kept", async () => {
        const codeHash = await approvedCode();
        const before = await consentsNow();
        const request = await savedRequest(app.client_id, { scopes: ["write"] });
        const clash = store.approve(approvalOf(request, { codeHash, companyId: null }), clock.now());
        if (name === "memory") return void (await clash); // overwrites; nothing can fail half-way there
        await expect(clash).rejects.toThrow();
        expect(await consentsNow()).toEqual(before);
        expect(await store.findAuthorizationRequest(request.id, clock.now())).toEqual(request);
      });

      test("widens the consent there is and never narrows it", async () => {
        await approvedCode(app.client_id, { scopes: ["read"] });
        const [first] = await consentsNow();
        const wider = await approvedCode(app.client_id, { scopes: ["read", "write"] });
        await approvedCode(app.client_id, { scopes: ["read"] });
        expect(await consentsNow()).toEqual([{ ...first, scopes: ["read", "write"] }]);
        expect(await store.findAuthorizationCode(wider)).toMatchObject({ consentId: first?.id });
      });

      test("keeps one consent for each company, host and user", async () => {
        const second = await facts.addCompany(userId);
        const somebody = await facts.addUser();
        await approvedCode();
        await approvedCode(app.client_id, {}, { companyId: second });
        await approvedCode(app.client_id, {}, { redirectHost: "other.example" });
        await approvedCode(app.client_id, {}, { companyId: null });
        await approvedCode(app.client_id, {}, { companyId: null });
        await approvedCode(app.client_id, {}, { userId: somebody, companyId: null });
        expect(await consentsNow()).toHaveLength(4);
        expect(await store.findConsents(somebody, app.client_id)).toHaveLength(1);
        expect(await store.findConsents(userId, (await facts.addApp()).client_id)).toEqual([]);
      });

      test.each([
        { where: "a company", inCompany: true },
        { where: "no company", inCompany: false },
      ])("keeps one consent when several requests for $where are allowed at once", async ({ inCompany }) => {
        const requests = await Promise.all(
          ["read", "write", "read", "write"].map((scope) => savedRequest(app.client_id, { scopes: [scope] })),
        );
        const changes = inCompany ? {} : { companyId: null };
        const allowed = await Promise.all(
          requests.map((request) => store.approve(approvalOf(request, changes), clock.now())),
        );
        expect(allowed).toEqual([true, true, true, true]);
        expect((await consentsNow()).map(({ scopes }) => scopes)).toEqual([["read", "write"]]);
      });
    });

    describe("redeemAuthorizationCode", () => {
      test("issues the token and consumes the code", async () => {
        const codeHash = await approvedCode(app.client_id, { scopes: ["read", "write"] });
        const redemption = redemptionOf(codeHash);
        expect(await redeem(redemption)).toMatchObject({
          client: { client_id: app.client_id, policy: presets.standard.policy },
          scopes: ["read", "write"],
          expiresAt: inSeconds(3600),
        });
        expect(await store.findAuthorizationCode(codeHash)).toMatchObject({ consumedAt: clock.now() });
        expect(await store.findToken(redemption.tokenHash)).toMatchObject({
          hash: redemption.tokenHash,
          kind: "access",
          client_id: app.client_id,
          userId,
          companyId,
          scopes: ["read", "write"],
          createdAt: clock.now(),
          expiresAt: inSeconds(3600),
        });
      });

      test("gives a second redemption nothing", async () => {
        const codeHash = await approvedCode();
        expect(await redeem(redemptionOf(codeHash))).not.toBeNull();
        const again = redemptionOf(codeHash);
        expect(await redeem(again)).toBeNull();
        expect(await store.findToken(again.tokenHash)).toBeNull();
      });

      test("gives exactly one of many redemptions at once a token", async () => {
        const codeHash = await approvedCode();
        const redemptions = Array.from({ length: 16 }, () => redemptionOf(codeHash));
        const issued = await Promise.all(redemptions.map(redeem));
        expect(issued.filter((one) => one !== null)).toHaveLength(1);
        const tokens = await Promise.all(redemptions.map(({ tokenHash }) => store.findToken(tokenHash)));
        expect(tokens.filter((one) => one !== null)).toHaveLength(1);
      });

      test.each<[string, () => Promise<Partial<Redemption>> | Partial<Redemption>]>([
        ["another code", () => ({ codeHash: newHash() })],
        ["another redirect URI", () => ({ redirect_uri: `${callback}/` })],
        ["another verifier", () => ({ code_challenge: newHash() })],
        ["no verifier", () => ({ code_challenge: null })],
        ["a wrong secret", () => ({ client: authOf({ ...app, secret: "cs_wrong" }) })],
        ["no secret", () => ({ client: { method: "none", client_id: app.client_id } })],
        ["an unknown client", () => ({ client: authOf({ ...app, client_id: "nobody" }) })],
        ["another client", async () => ({ client: authOf(await facts.addApp()) })],
        [
          "an ended secret",
          async () => ({
            client: authOf({ ...app, secret: await facts.addSecret(app.client_id, clock.now()) }),
          }),
        ],
      ])("refuses %s and leaves the code usable", async (_, wrong) => {
        const codeHash = await approvedCode();
        const refused = redemptionOf(codeHash, await wrong());
        expect(await redeem(refused)).toBeNull();
        expect(await store.findToken(refused.tokenHash)).toBeNull();
        expect(await store.findAuthorizationCode(codeHash)).toMatchObject({ consumedAt: null });
        expect(await redeem(redemptionOf(codeHash))).not.toBeNull();
      });

      test("refuses a verifier where there was no challenge", async () => {
        const codeHash = await approvedCode(app.client_id, { code_challenge: null });
        expect(await redeem(redemptionOf(codeHash))).toBeNull();
        expect(await redeem(redemptionOf(codeHash, { code_challenge: null }))).not.toBeNull();
      });

      test("accepts a code up to the moment it expires and not at that moment", async () => {
        const late = await approvedCode();
        const intime = await approvedCode();
        expect(await store.redeemAuthorizationCode(redemptionOf(late), inSeconds(60))).toBeNull();
        expect(await store.redeemAuthorizationCode(redemptionOf(intime), inSeconds(59.999))).not.toBeNull();
      });

      test("refuses a client that was suspended or a method that was switched off meanwhile", async () => {
        const codeHash = await approvedCode();
        await facts.setStatus(app.client_id, "suspended");
        expect(await redeem(redemptionOf(codeHash))).toBeNull();
        await facts.setStatus(app.client_id, "active");
        await facts.setPolicy(app.client_id, { client_auth: ["client_secret_post"] });
        expect(await redeem(redemptionOf(codeHash))).toBeNull();
        const client = {
          ...authOf(app),
          method: "client_secret_post" as const,
          secretHash: hashCredential(app.secret),
        };
        expect(await redeem(redemptionOf(codeHash, { client }))).not.toBeNull();
      });

      test("refuses a code whose consent was taken back, also after a new one", async () => {
        const codeHash = await approvedCode();
        await facts.dropConsents(userId, app.client_id);
        expect(await redeem(redemptionOf(codeHash))).toBeNull();
        const second = await approvedCode();
        expect(await redeem(redemptionOf(codeHash))).toBeNull();
        await facts.withdrawConsents(userId, app.client_id);
        expect(await redeem(redemptionOf(second))).toBeNull();
      });

      test("refuses a code of a deleted client", async () => {
        const codeHash = await approvedCode();
        await facts.deleteApp(app.client_id);
        expect(await redeem(redemptionOf(codeHash))).toBeNull();
      });

      test("lets a public client redeem by its id, and only its own code", async () => {
        const { client_id } = await facts.addApp({ type: "public" });
        const other = await facts.addApp({ type: "public" });
        const codeHash = await approvedCode(client_id);
        const as = (id: string) => redemptionOf(codeHash, { client: { method: "none", client_id: id } });
        expect(await redeem(as(other.client_id))).toBeNull();
        const withSecret = authOf({ client_id, secret: app.secret });
        expect(await redeem(redemptionOf(codeHash, { client: withSecret }))).toBeNull();
        expect(await redeem(as(client_id))).not.toBeNull();
      });

      test("accepts each of several secrets while it lives", async () => {
        const ending = await facts.addSecret(app.client_id, inSeconds(30));
        const codes = [await approvedCode(), await approvedCode(), await approvedCode()] as const;
        const by = (codeHash: string, secret: string) =>
          redemptionOf(codeHash, { client: authOf({ ...app, secret }) });
        expect(await store.redeemAuthorizationCode(by(codes[0], ending), inSeconds(29))).not.toBeNull();
        expect(await store.redeemAuthorizationCode(by(codes[1], ending), inSeconds(30))).toBeNull();
        expect(await store.redeemAuthorizationCode(by(codes[1], app.secret), inSeconds(30))).not.toBeNull();
        expect(await store.redeemAuthorizationCode(by(codes[2], app.secret), inSeconds(31))).not.toBeNull();
      });

      test("lets a token live as long as the policy says at that moment", async () => {
        const first = redemptionOf(await approvedCode());
        const second = redemptionOf(await approvedCode());
        await facts.setPolicy(app.client_id, { access_seconds: null });
        expect(await redeem(first)).toMatchObject({ expiresAt: null });
        expect(await store.findToken(first.tokenHash)).toMatchObject({ expiresAt: null });
        await facts.setPolicy(app.client_id, { access_seconds: 90 });
        expect(await redeem(second)).toMatchObject({ expiresAt: inSeconds(90) });
      });
    });

    describe("findAuthorizationCode", () => {
      test("says whether the consent still stands", async () => {
        expect(await store.findAuthorizationCode(newHash())).toBeNull();
        const codeHash = await approvedCode();
        expect(await store.findAuthorizationCode(codeHash)).toMatchObject({ consentStands: true });
        await facts.dropConsents(userId, app.client_id);
        expect(await store.findAuthorizationCode(codeHash)).toMatchObject({ consentStands: false });
      });
    });

    describe("revokeTokensOfCode", () => {
      test("ends what the code issued and nothing else", async () => {
        const codeHash = await approvedCode();
        const issued = redemptionOf(codeHash);
        await redeem(issued);
        const other = await issuedToken();
        expect(await store.revokeTokensOfCode(newHash(), clock.now())).toBe(0);
        expect(await store.revokeTokensOfCode(codeHash, clock.now())).toBe(1);
        expect(await store.revokeTokensOfCode(codeHash, clock.now())).toBe(0);
        expect(await store.findToken(issued.tokenHash)).toBeNull();
        expect(await store.findToken(other)).not.toBeNull();
      });
    });

    describe("revokeTokenOfClient", () => {
      test("ends the client's own token, and only that", async () => {
        const own = await issuedToken();
        const other = await issuedToken();
        const stranger = await facts.addApp();
        await store.revokeTokenOfClient(own, stranger.client_id, clock.now());
        expect(await store.findToken(own)).not.toBeNull();
        await store.revokeTokenOfClient(newHash(), app.client_id, clock.now());
        await store.revokeTokenOfClient(own, app.client_id, clock.now());
        await store.revokeTokenOfClient(own, app.client_id, clock.now());
        expect(await store.findToken(own)).toBeNull();
        expect(await store.findToken(other)).not.toBeNull();
      });
    });

    describe("findToken", () => {
      const alive = {
        clientStatus: "active",
        userStatus: "active",
        consentStands: true,
        membershipStands: true,
      };

      test("gives every fact that decides whether a token is alive", async () => {
        const email = `${randomId(8, random).toLowerCase()}@example.test`;
        userId = await facts.addUser(email);
        companyId = await facts.addCompany(userId);
        const hash = await issuedToken();
        expect(await store.findToken(hash)).toEqual({
          hash,
          kind: "access",
          scopes: ["read"],
          createdAt: clock.now(),
          expiresAt: inSeconds(3600),
          client_id: app.client_id,
          userId,
          companyId,
          userEmail: email,
          ...alive,
        });
        expect(await store.findToken(newHash())).toBeNull();
      });

      test.each<[string, () => Promise<void>, object]>([
        [
          "its app was suspended",
          () => facts.setStatus(app.client_id, "suspended"),
          { clientStatus: "suspended" },
        ],
        ["its user was suspended", () => facts.suspendUser(userId), { userStatus: "suspended" }],
        ["its user left the company", () => facts.leave(userId, companyId), { membershipStands: false }],
      ])("says that %s", async (_, end, fact) => {
        const hash = await issuedToken();
        expect(await store.findToken(hash)).toMatchObject(alive);
        await end();
        expect(await store.findToken(hash)).toMatchObject({ ...alive, ...fact });
      });

      test.each<[string, () => Promise<void>, object]>([
        ["its app is gone", () => facts.dropApp(app.client_id), { clientStatus: null, consentStands: false }],
        ["its user was deleted", () => facts.deleteUser(userId), { userStatus: null, userEmail: null }],
        [
          "its consent is gone",
          () => facts.dropConsents(userId, app.client_id),
          { ...alive, consentStands: false },
        ],
      ])("says that %s", async (_, end, fact) => {
        const hash = await issuedToken();
        await end();
        expect(await store.findToken(hash)).toMatchObject(fact);
      });

      test.each<[string, () => Promise<void>]>([
        ["its app was deleted", () => facts.deleteApp(app.client_id)],
        ["its consent was taken back", () => facts.withdrawConsents(userId, app.client_id)],
      ])("gives nothing once %s", async (_, end) => {
        const hash = await issuedToken();
        await end();
        expect(await store.findToken(hash)).toBeNull();
      });

      test("finds a token that has expired, since its owner may ask", async () => {
        const hash = await issuedToken();
        clock.forward(3601);
        expect(await store.findToken(hash)).not.toBeNull();
      });

      test("holds a token of a user without companies for a member of nothing", async () => {
        const redemption = redemptionOf(await approvedCode(app.client_id, {}, { companyId: null }));
        await redeem(redemption);
        expect(await store.findToken(redemption.tokenHash)).toMatchObject({ ...alive, companyId: null });
      });
    });
  });
}
