/** What administrators decided, and switches of a policy that come to their end. */
import { beforeEach, describe, expect, test } from "vitest";
import { defaultInstance } from "../../lib/oauth/instance";
import type { Policy } from "../../lib/oauth/policy";
import type { TestApp } from "../support/facts";
import { authOf, type Ground } from "./ground";

const DAY = 86_400;

export function policiesContract(on: Ground): void {
  describe("findInstance", () => {
    test("says what an installation starts with, until something else was decided", async () => {
      expect(await on.store.findInstance()).toEqual(defaultInstance);
      await on.facts.setInstance({ password: true });
      await on.facts.setInstance({ registration: "approval" });
      const decided = { ...defaultInstance, password: true, registration: "approval" };
      expect(await on.store.findInstance()).toEqual(decided);
      await on.facts.setInstance(defaultInstance);
      expect(await on.store.findInstance()).toEqual(defaultInstance);
    });
  });

  describe("a switch that has come to its end", () => {
    let until: string;

    beforeEach(() => {
      until = on.inSeconds(DAY).toISOString();
    });

    /** The policy was settled once, and the client is another version. */
    async function expectLapsed({ client_id }: TestApp, ...switches: string[][]): Promise<void> {
      expect(await on.facts.lapsesOf(client_id)).toEqual(switches);
      expect(await on.store.findClient(client_id)).toMatchObject({ version: 1 + switches.length });
    }

    const appWith = (
      policy: Partial<Policy>,
      changes: { preset?: Policy["preset"]; ownerId?: string } = {},
    ) => on.facts.addApp({ policy, ...changes });

    test("is read as Standard says from that moment on, and nothing is written for that", async () => {
      const app = await appWith({ pkce: "if_sent", until: { pkce: until } });
      on.clock.forward(DAY - 0.001);
      expect((await on.store.findClient(app.client_id))?.policy).toMatchObject({
        pkce: "if_sent",
        until: { pkce: until },
      });
      on.clock.forward(0.001);
      const authenticated = await on.store.authenticateClient(authOf(app), on.clock.now());
      for (const client of [await on.store.findClient(app.client_id), authenticated])
        expect(client).toMatchObject({ policy: { pkce: "required", since: {}, until: {} } });
      expect((await on.store.findClient(app.client_id))?.policy.until).toEqual({});
      await expectLapsed(app);
    });

    test("lets a code be redeemed by the settled policy", async () => {
      const app = await appWith({ access_seconds: null, until: { access_seconds: until } });
      on.clock.forward(DAY - 60);
      const before = await on.refreshable(app);
      expect(await on.store.findToken(before.tokenHash)).toMatchObject({ expiresAt: null });
      await expectLapsed(app);
      on.clock.forward(60);
      const after = await on.refreshable(app);
      expect(await on.store.findToken(after.tokenHash)).toMatchObject({ expiresAt: on.inSeconds(3600) });
      await expectLapsed(app, ["access_seconds"]);
      await on.refreshable(app);
      await expectLapsed(app, ["access_seconds"]);
    });

    test("no longer lets the token request leave redirect_uri out", async () => {
      const app = await appWith({
        token_redirect_uri: "ignore_if_omitted",
        until: { token_redirect_uri: until },
      });
      on.clock.forward(DAY);
      const redemption = on.redemptionOf(await on.approvedCode(app.client_id), { client: authOf(app) });
      expect(await on.redeem({ ...redemption, redirect_uri: null })).toBeNull();
      await expectLapsed(app, ["token_redirect_uri"]);
      expect(await on.redeem(redemption)).not.toBeNull();
    });

    test("lets a static refresh token rotate", async () => {
      const app = await appWith({ refresh: "static", until: { refresh: until } });
      const { refreshHash } = await on.refreshable(app);
      expect(await on.rotate(on.rotationOf(refreshHash, { client: authOf(app) }))).toMatchObject({
        refreshes: false,
      });
      on.clock.forward(DAY);
      const rotation = on.rotationOf(refreshHash, { client: authOf(app) });
      expect(await on.rotate(rotation)).toMatchObject({ refreshes: true });
      await expectLapsed(app, ["refresh"]);
      expect(await on.rotate(on.rotationOf(refreshHash, { client: authOf(app) }))).toBeNull();
    });

    test("lets nobody refresh without authentication", async () => {
      const policy = { refresh_without_client_auth: true, until: { refresh_without_client_auth: until } };
      const app = await appWith(policy, { preset: "classic" });
      const { refreshHash } = await on.refreshable(app);
      on.clock.forward(DAY);
      expect(await on.rotate(on.rotationOf(refreshHash, { client: null }))).toBeNull();
      await expectLapsed(app, ["refresh_without_client_auth"]);
      expect(await on.rotate(on.rotationOf(refreshHash, { client: authOf(app) }))).not.toBeNull();
    });

    test("gives a client what the settled policy gives", async () => {
      const policy = { default_scope: "registered", until: { default_scope: until } } as const;
      const app = await appWith(policy, { preset: "machine" });
      const issue = () => on.store.issueToClient(on.directOf(app), on.clock.now());
      expect(await issue()).toMatchObject({ scopes: ["read", "write"] });
      on.clock.forward(DAY);
      expect(await issue()).toMatchObject({ scopes: ["read"] });
      await expectLapsed(app, ["default_scope"]);
    });

    test("ends the password grant", async () => {
      const app = await appWith(
        { password: true, until: { password: until } },
        { preset: "service_account" },
      );
      const userId = await on.facts.addServiceAccount();
      const issue = () => on.store.issueToServiceAccount({ ...on.directOf(app), userId }, on.clock.now());
      expect(await issue()).not.toBeNull();
      on.clock.forward(DAY);
      expect(await issue()).toBeNull();
      await expectLapsed(app, ["password"]);
      expect(await issue()).toBeNull();
      await expectLapsed(app, ["password"]);
    });

    test("is written down once, however many requests come at that moment, and all are served", async () => {
      const app = await appWith(
        { default_scope: "registered", until: { default_scope: until } },
        { preset: "machine" },
      );
      on.clock.forward(DAY);
      const issued = await Promise.all(
        Array.from({ length: 8 }, () => on.store.issueToClient(on.directOf(app), on.clock.now())),
      );
      expect(issued.map((one) => one?.scopes)).toEqual(Array(8).fill(["read"]));
      await expectLapsed(app, ["default_scope"]);
    });

    test("takes no other switch along: each ends at its own moment", async () => {
      const policy = { code_seconds: 300, default_scope: "registered", access_seconds: 7200 } as const;
      const ends = { default_scope: until, access_seconds: on.inSeconds(2 * DAY).toISOString() };
      const app = await appWith({ ...policy, until: ends }, { preset: "machine" });
      const issue = () => on.store.issueToClient(on.directOf(app), on.clock.now());
      on.clock.forward(DAY);
      expect(await issue()).toMatchObject({ scopes: ["read"], expiresAt: on.inSeconds(7200) });
      await expectLapsed(app, ["default_scope"]);
      on.clock.forward(DAY);
      expect(await issue()).toMatchObject({ expiresAt: on.inSeconds(3600) });
      expect((await on.store.findClient(app.client_id))?.policy).toMatchObject({ code_seconds: 300 });
      await expectLapsed(app, ["default_scope"], ["access_seconds"]);
    });
  });
}
