/** Clients: found, and authenticated. */
import { describe, expect, test } from "vitest";
import { presets } from "../../lib/oauth/presets";
import type { HashedClientAuthentication } from "../../lib/oauth/store";
import { hashCredential } from "../../lib/oauth/tokens";
import { authOf, type Ground } from "./ground";

export function clientsContract(on: Ground): void {
  describe("findClient", () => {
    test("knows a client by its id and nothing by another", async () => {
      const ownerId = await on.facts.addUser();
      const { client_id } = await on.facts.addApp({
        ownerId,
        name: "Harbour",
        scopes: ["write", "read"],
        redirect: { match: "exact", uris: ["https://b.example/cb", "https://a.example/cb"] },
      });
      expect(await on.store.findClient(client_id)).toMatchObject({
        client_id,
        name: "Harbour",
        ownerId,
        companyId: null,
        type: "confidential",
        status: "active",
        redirect: { match: "exact", uris: ["https://b.example/cb", "https://a.example/cb"] },
        scopes: ["write", "read"],
        policy: presets.standard.policy,
        logoId: null,
        version: 1,
      });
      expect(await on.store.findClient("nobody")).toBeNull();
      expect(await on.store.findClient("")).toBeNull();
    });

    test("names the user or the company that owns it", async () => {
      const ownerId = await on.facts.addUser("olivia.owner@example.test");
      const { client_id } = await on.facts.addApp({ ownerId });
      expect(await on.store.findClient(client_id)).toMatchObject({ ownerName: "olivia.owner" });
      const credential = await on.facts.addApp({ companyId: on.companyId, preset: "machine" });
      expect(await on.store.findClient(credential.client_id)).toMatchObject({
        ownerId: null,
        companyId: on.companyId,
        ownerName: expect.stringContaining(on.companyId),
      });
    });

    test("reads a redirect domain and the policy of the app", async () => {
      const redirect = { match: "origin_path", domain: "https://app.example" } as const;
      const { client_id } = await on.facts.addApp({ redirect, preset: "perpetual" });
      expect(await on.store.findClient(client_id)).toMatchObject({
        redirect,
        policy: presets.perpetual.policy,
      });
    });

    test("finds a client that is suspended, and one no more that was deleted", async () => {
      await on.facts.setStatus(on.app.client_id, "suspended");
      expect(await on.store.findClient(on.app.client_id)).toMatchObject({ status: "suspended" });
      await on.facts.deleteApp(on.app.client_id);
      expect(await on.store.findClient(on.app.client_id)).toBeNull();
    });
  });

  describe("authenticateClient", () => {
    const authenticate = (auth: HashedClientAuthentication) =>
      on.store.authenticateClient(auth, on.clock.now());

    test("accepts the secret by either method", async () => {
      for (const method of ["client_secret_basic", "client_secret_post"] as const)
        expect(
          await authenticate({ ...authOf(on.app), method, secretHash: hashCredential(on.app.secret) }),
        ).toMatchObject({
          client_id: on.app.client_id,
        });
    });

    test("names why it refuses", async () => {
      const other = await on.facts.addApp();
      const publicApp = await on.facts.addApp({ type: "public" });
      const postOnly = await on.facts.addApp({ policy: { client_auth: ["client_secret_post"] } });
      const refusals: [HashedClientAuthentication, string][] = [
        [{ ...authOf(on.app), client_id: "nobody" }, "unknown_client"],
        [authOf({ ...on.app, secret: "cs_wrong" }), "wrong_secret"],
        [authOf({ ...on.app, secret: other.secret }), "wrong_secret"],
        [{ method: "none", client_id: on.app.client_id }, "method_not_allowed"],
        [authOf({ ...publicApp, secret: on.app.secret }), "method_not_allowed"],
        [authOf(postOnly), "method_not_allowed"],
      ];
      for (const [auth, reason] of refusals) expect(await authenticate(auth), reason).toBe(reason);
    });

    test("accepts a public client by its id alone", async () => {
      const { client_id } = await on.facts.addApp({ type: "public" });
      expect(await authenticate({ method: "none", client_id })).toMatchObject({
        client_id,
        type: "public",
      });
    });

    test.each(["suspended", "refused"] as const)(
      "refuses a %s client with the right secret",
      async (status) => {
        await on.facts.setStatus(on.app.client_id, status);
        expect(await authenticate(authOf(on.app))).toBe("inactive_client");
      },
    );

    test("accepts a client that waits for approval: it works for its owner", async () => {
      await on.facts.setStatus(on.app.client_id, "pending");
      expect(await authenticate(authOf(on.app))).toMatchObject({ status: "pending" });
    });

    test("refuses a deleted client", async () => {
      await on.facts.deleteApp(on.app.client_id);
      expect(await authenticate(authOf(on.app))).toBe("unknown_client");
    });

    test("accepts a secret up to the moment it ends and not at that moment", async () => {
      const secret = await on.facts.addSecret(on.app.client_id, on.inSeconds(3600));
      const auth = authOf({ ...on.app, secret });
      expect(await on.store.authenticateClient(auth, on.inSeconds(3599.999))).toMatchObject({
        client_id: on.app.client_id,
      });
      expect(await on.store.authenticateClient(auth, on.inSeconds(3600))).toBe("ended_secret");
      expect(await on.store.authenticateClient(authOf(on.app), on.inSeconds(3600))).toMatchObject({
        client_id: on.app.client_id,
      });
    });
  });
}
