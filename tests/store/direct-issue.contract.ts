/** Tokens for an app's owner and for a service account: who gets one, for which companies, with which scopes. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultInstance } from "../../lib/oauth/instance";
import type { Policy } from "../../lib/oauth/policy";
import type { DirectIssue } from "../../lib/oauth/store";
import type { AppFacts, TestApp } from "../support/facts";
import { authOf, type Ground } from "./ground";

export function directIssueContract(on: Ground): void {
  /** Nothing was issued, and nothing was kept. */
  async function expectNothing(request: DirectIssue): Promise<void> {
    expect(await on.store.findToken(request.tokenHash)).toBeNull();
    expect(await on.findRefresh(request.refreshHash)).toBeNull();
  }

  describe("issueToClient", () => {
    const issue = (request: DirectIssue) => on.store.issueToClient(request, on.clock.now());
    let ownerId: string;
    let machine: TestApp;

    beforeEach(async () => {
      ownerId = await on.facts.addUser();
      machine = await on.facts.addApp({ ownerId, preset: "machine" });
    });

    test("issues to the user who owns the app, for every company they are in at that moment", async () => {
      const first = await on.facts.addCompany(ownerId);
      on.clock.forward(1);
      const second = await on.facts.addCompany(ownerId);
      const request = on.directOf(machine);
      expect(await issue(request)).toMatchObject({
        client: { client_id: machine.client_id },
        grant_type: "client_credentials",
        scopes: ["read"],
        expiresAt: on.inSeconds(3600),
        refreshes: false,
      });
      expect(await on.store.findToken(request.tokenHash)).toMatchObject({
        kind: "access",
        client_id: machine.client_id,
        clientOwnerId: ownerId,
        userId: ownerId,
        userStatus: "active",
        companyId: null,
        companyIds: [first, second],
        scopes: ["read"],
        createdAt: on.clock.now(),
        expiresAt: on.inSeconds(3600),
        consentStands: true,
        familyStands: true,
        membershipStands: true,
        allowedAddresses: null,
      });
      on.clock.forward(1);
      const third = await on.facts.addCompany(ownerId);
      await on.facts.leave(ownerId, first);
      expect(await on.store.findToken(request.tokenHash)).toMatchObject({ companyIds: [second, third] });
    });

    test("issues to the company that owns the app, and to no user", async () => {
      const credential = await on.facts.addApp({ companyId: on.companyId, preset: "machine" });
      const request = on.directOf(credential, { scopes: ["read", "write"] });
      expect(await issue(request)).toMatchObject({ scopes: ["read", "write"], refreshes: false });
      expect(await on.store.findToken(request.tokenHash)).toMatchObject({
        client_id: credential.client_id,
        clientOwnerId: null,
        userId: null,
        userStatus: null,
        userEmail: null,
        userIsAdmin: false,
        companyId: on.companyId,
        companyIds: [on.companyId],
        consentStands: true,
        membershipStands: true,
        allowedAddresses: null,
      });
    });

    test.each<[Policy["default_scope"], readonly string[], readonly string[] | null]>([
      ["none", ["read", "write"], null],
      ["basic", ["read", "write"], ["read"]],
      ["basic", ["write"], null],
      ["registered", ["read", "write"], ["read", "write"]],
      ["registered", ["write"], ["write"]],
    ])(
      "gives whoever names no scope, under default_scope %s of an app for %j: %j",
      async (default_scope, scopes, given) => {
        const app = await on.facts.addApp({ preset: "machine", scopes, policy: { default_scope } });
        const request = on.directOf(app);
        const issued = await issue(request);
        expect(issued?.scopes ?? null).toEqual(given);
        if (given === null) await expectNothing(request);
      },
    );

    test("gives the scopes that are named, and none beyond the app's", async () => {
      const app = await on.facts.addApp({ preset: "machine", scopes: ["read"] });
      expect(await issue(on.directOf(app, { scopes: ["read"] }))).toMatchObject({ scopes: ["read"] });
      for (const scopes of [["write"], ["read", "write"], ["admin"], []]) {
        const request = on.directOf(app, { scopes });
        expect(await issue(request), scopes.join(" ")).toBeNull();
        await expectNothing(request);
      }
    });

    test.each<[string, () => Promise<TestApp | Partial<DirectIssue>>]>([
      ["a public client", () => on.facts.addApp({ type: "public", preset: "machine" })],
      ["a client that gives its id alone", async () => ({ client: authOf({ ...machine, secret: "" }) })],
      ["a wrong secret", async () => ({ client: authOf({ ...machine, secret: "cs_wrong" }) })],
      ["an unknown client", async () => ({ client: authOf({ ...machine, client_id: "nobody" }) })],
      [
        "an ended secret",
        async () => ({
          client: authOf({ ...machine, secret: await on.facts.addSecret(machine.client_id, on.clock.now()) }),
        }),
      ],
      [
        "a method that is switched off",
        () => on.facts.addApp({ preset: "machine", policy: { client_auth: ["client_secret_post"] } }),
      ],
      ["a policy without the grant", () => on.facts.addApp({ preset: "standard" })],
      ["a suspended app", () => on.facts.addApp({ preset: "machine", status: "suspended" })],
      ["a refused app", () => on.facts.addApp({ preset: "machine", status: "refused" })],
      [
        "a suspended owner",
        async () => {
          await on.facts.suspendUser(ownerId);
          return {};
        },
      ],
    ])("refuses %s", async (_, wrong) => {
      const changed = await wrong();
      const request = "client_id" in changed ? on.directOf(changed) : on.directOf(machine, changed);
      expect(await issue(request)).toBeNull();
      await expectNothing(request);
    });

    describe("asked the same again", () => {
      /** What a token says, beside what is new with each. */
      const facts = async (request: DirectIssue) => {
        const {
          hash: _,
          createdAt,
          expiresAt,
          ...token
        } = (await on.store.findToken(request.tokenHash)) ?? {
          hash: "",
        };
        return {
          ...token,
          lasts: expiresAt && createdAt && (expiresAt.getTime() - createdAt.getTime()) / 1000,
        };
      };

      test.each<[string, Partial<AppFacts>, Partial<DirectIssue>]>([
        ["of a user", {}, {}],
        ["of a company", { kind: "credential" }, { scopes: ["write", "read"] }],
        ["that wait for approval", { status: "pending" }, { scopes: ["write"] }],
        [
          "whose tokens have no end",
          { policy: { access_seconds: null, refresh: "none", refresh_without_client_auth: false } },
          {},
        ],
      ])("gives clients %s the same again, each time another token", async (_, app, asked) => {
        const owner = app.kind === "credential" ? { companyId: on.companyId } : { ownerId };
        const client = await on.facts.addApp({ preset: "machine", ...owner, ...app });
        const first = on.directOf(client, asked);
        const answer = await issue(first);
        expect(answer).not.toBeNull();
        for (const seconds of [0, 10, 100_000]) {
          on.clock.forward(seconds);
          const again = on.directOf(client, asked);
          const { expiresAt, ...rest } = (await issue(again)) ?? {};
          expect(rest).toEqual({ ...answer, expiresAt: undefined });
          expect(expiresAt ?? null).toEqual(answer?.expiresAt ? on.inSeconds(3600) : null);
          expect(await facts(again)).toEqual(await facts(first));
        }
      });

      test.each<[string, () => Promise<void>]>([
        ["a suspended app", () => on.facts.setStatus(machine.client_id, "suspended")],
        ["a policy without the grant", () => on.facts.setPolicy(machine.client_id, { grants: [] })],
        [
          "a method switched off",
          () => on.facts.setPolicy(machine.client_id, { client_auth: ["client_secret_post"] }),
        ],
        ["scopes the app no longer has", () => on.facts.setScopes(machine.client_id, ["write"])],
        ["an ended secret", () => on.facts.endSecret(machine.client_id, machine.secret, on.clock.now())],
        ["a suspended owner", () => on.facts.suspendUser(ownerId)],
        ["a deleted app", () => on.facts.deleteApp(machine.client_id)],
      ])("refuses at once: %s", async (_, change) => {
        for (const __ of [1, 2]) expect(await issue(on.directOf(machine))).not.toBeNull();
        await change();
        for (const __ of [1, 2]) {
          const request = on.directOf(machine);
          expect(await issue(request)).toBeNull();
          await expectNothing(request);
        }
      });

      test("follows a secret to the moment it ends, and what a new policy says", async () => {
        const secret = await on.facts.addSecret(machine.client_id, on.inSeconds(60));
        const timely = () => on.directOf(machine, { client: authOf({ ...machine, secret }) });
        expect(await issue(timely())).not.toBeNull();
        on.clock.forward(59.999);
        expect(await issue(timely())).not.toBeNull();
        await on.facts.setPolicy(machine.client_id, { access_seconds: 120 });
        expect(await issue(timely())).toMatchObject({ expiresAt: on.inSeconds(120) });
        expect(await issue(timely())).toMatchObject({ expiresAt: on.inSeconds(120) });
        on.clock.forward(0.001);
        expect(await issue(timely())).toBeNull();
      });

      test("never takes a wrong secret or another request for it", async () => {
        expect(await issue(on.directOf(machine, { scopes: ["read"] }))).toMatchObject({ scopes: ["read"] });
        const wrong = authOf({ ...machine, secret: "cs_wrong" });
        expect(await issue(on.directOf(machine, { scopes: ["read"], client: wrong }))).toBeNull();
        expect(await issue(on.directOf(machine, { scopes: [] }))).toBeNull();
        expect(await issue(on.directOf(machine, { scopes: ["write"] }))).toMatchObject({ scopes: ["write"] });
        expect(await issue(on.directOf(machine, { scopes: ["read"] }))).toMatchObject({ scopes: ["read"] });
      });

      test("many at the same moment, while the app is suspended between them", async () => {
        await issue(on.directOf(machine));
        const requests = Array.from({ length: 40 }, () => on.directOf(machine));
        const [, ...answers] = await Promise.all([
          on.facts.setStatus(machine.client_id, "suspended"),
          ...requests.map(issue),
        ]);
        for (const [place, request] of requests.entries())
          expect((await on.store.findToken(request.tokenHash)) !== null).toBe(answers[place] !== null);
        expect(await issue(on.directOf(machine))).toBeNull();
      });
    });

    test("serves an app that waits for approval", async () => {
      const app = await on.facts.addApp({ preset: "machine", status: "pending" });
      const request = on.directOf(app);
      expect(await issue(request)).not.toBeNull();
      expect(await on.store.findToken(request.tokenHash)).toMatchObject({ clientStatus: "pending" });
    });

    test("brings a refresh token only where the policy has that, bound to the secret it was got with", async () => {
      const app = await on.facts.addApp({ preset: "classic" });
      const other = await on.facts.addSecret(app.client_id, null);
      const request = on.directOf(app);
      expect(await issue(request)).toMatchObject({ refreshes: true, expiresAt: on.inSeconds(1200) });
      expect(await on.findRefresh(request.refreshHash)).toMatchObject({
        familyId: request.familyId,
        client_id: app.client_id,
        grant_type: "client_credentials",
        stands: true,
      });
      // With the other secret it refreshes as well, until the secret it is bound to ends.
      const byOther = { client: authOf({ ...app, secret: other }) };
      const first = on.rotationOf(request.refreshHash, byOther);
      expect(await on.rotate(first)).toMatchObject({
        grant_type: "client_credentials",
        refreshes: true,
        scopes: ["read"],
      });
      await on.facts.endSecret(app.client_id, app.secret, on.inSeconds(60));
      on.clock.forward(59.999);
      expect(await on.findRefresh(first.refreshHash)).toMatchObject({ stands: true });
      on.clock.forward(0.001);
      expect(await on.findRefresh(first.refreshHash)).toMatchObject({ stands: false });
      expect(await on.rotate(on.rotationOf(first.refreshHash, byOther))).toBeNull();
      expect(await on.rotate(on.rotationOf(first.refreshHash, { client: null }))).toBeNull();
    });

    test.each<[string, Partial<Policy>]>([
      [
        "does not give any",
        { refresh: "none", refresh_for_client_credentials: false, refresh_without_client_auth: false },
      ],
      ["keeps them from clients of their own", { refresh_for_client_credentials: false }],
    ])(
      "brings no refresh token where the policy %s, and takes back what it gave before",
      async (_, policy) => {
        const app = await on.facts.addApp({ preset: "classic" });
        const before = on.directOf(app);
        expect(await issue(before)).toMatchObject({ refreshes: true });
        await on.facts.setPolicy(app.client_id, policy);
        const request = on.directOf(app);
        expect(await issue(request)).toMatchObject({ refreshes: false });
        expect(await on.findRefresh(request.refreshHash)).toBeNull();
        expect(await on.store.findToken(request.tokenHash)).toMatchObject({ familyStands: true });
        expect(await on.rotate(on.rotationOf(before.refreshHash, { client: authOf(app) }))).toBeNull();
      },
    );
  });

  describe("issueToServiceAccount", () => {
    let app: TestApp;
    let serviceId: string;

    const issue = (request: DirectIssue, userId = serviceId) =>
      on.store.issueToServiceAccount({ ...request, userId }, on.clock.now());
    const password = (): Partial<Policy> => ({
      password: true,
      until: { password: on.inSeconds(86_400).toISOString() },
    });

    beforeEach(async () => {
      await on.facts.setInstance({ password: true });
      serviceId = await on.facts.addServiceAccount(on.companyId);
      app = await on.facts.addApp({ preset: "service_account", policy: password() });
    });

    afterEach(() => on.facts.setInstance(defaultInstance));

    test("issues to the service account, with a refresh token", async () => {
      const request = on.directOf(app, { scopes: ["read", "write"] });
      expect(await issue(request)).toMatchObject({
        client: { client_id: app.client_id },
        grant_type: "password",
        scopes: ["read", "write"],
        expiresAt: on.inSeconds(3600),
        refreshes: true,
      });
      expect(await on.store.findToken(request.tokenHash)).toMatchObject({
        userId: serviceId,
        companyId: null,
        companyIds: [on.companyId],
        userStatus: "active",
      });
      expect(await on.findRefresh(request.refreshHash)).toMatchObject({
        grant_type: "password",
        stands: true,
      });
      const rotation = on.rotationOf(request.refreshHash, { client: authOf(app) });
      expect(await on.rotate(rotation)).toMatchObject({ scopes: ["read", "write"] });
      expect(await on.store.findToken(rotation.tokenHash)).toMatchObject({ userId: serviceId });
    });

    test("gives the default scopes of the policy, and none beyond the app's", async () => {
      expect(await issue(on.directOf(app))).toMatchObject({ scopes: ["read"] });
      const request = on.directOf(app, { scopes: ["read", "admin"] });
      expect(await issue(request)).toBeNull();
      await expectNothing(request);
    });

    test.each<[string, () => Promise<{ userId?: string; changes?: Partial<DirectIssue> }>]>([
      ["a person", async () => ({ userId: on.userId })],
      ["a user who is not there", async () => ({ userId: "nobody" })],
      [
        "a suspended service account",
        async () => {
          await on.facts.suspendUser(serviceId);
          return {};
        },
      ],
      [
        "an app whose policy does not have the grant",
        async () => ({ changes: { client: authOf(await on.facts.addApp({ preset: "service_account" })) } }),
      ],
      ["a wrong secret", async () => ({ changes: { client: authOf({ ...app, secret: "cs_wrong" }) } })],
      [
        "a suspended app",
        async () => {
          await on.facts.setStatus(app.client_id, "suspended");
          return {};
        },
      ],
    ])("refuses %s", async (_, wrong) => {
      const { userId, changes } = await wrong();
      const request = on.directOf(app, changes);
      expect(await issue(request, userId)).toBeNull();
      await expectNothing(request);
    });

    test("refreshes no more once the grant is switched off", async () => {
      const request = on.directOf(app);
      await issue(request);
      await on.facts.setPolicy(app.client_id, { password: false });
      const rotation = on.rotationOf(request.refreshHash, { client: authOf(app) });
      expect(await on.rotate(rotation)).toBeNull();
      await on.facts.setPolicy(app.client_id, password());
      expect(await on.rotate(rotation)).not.toBeNull();
    });

    test("refreshes no more once the installation's switch is off", async () => {
      const request = on.directOf(app);
      await issue(request);
      await on.facts.setInstance({ password: false });
      const rotation = on.rotationOf(request.refreshHash, { client: authOf(app) });
      expect(await on.rotate(rotation)).toBeNull();
      await on.facts.setInstance({ password: true });
      expect(await on.rotate(rotation)).not.toBeNull();
    });

    test("refreshes no more once the account is suspended", async () => {
      const request = on.directOf(app);
      await issue(request);
      await on.facts.suspendUser(serviceId);
      expect(await on.rotate(on.rotationOf(request.refreshHash, { client: authOf(app) }))).toBeNull();
      expect(await on.findRefresh(request.refreshHash)).toMatchObject({ stands: false });
    });
  });
}
