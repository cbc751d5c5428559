import { beforeEach, describe, expect, test } from "vitest";
import { findApp } from "../../lib/db/apps";
import { toBytes } from "../../lib/db/bytes";
import { revokeSecret, rotateSecret } from "../../lib/db/client-secrets";
import { authenticateClient } from "../../lib/db/clients";
import { createStore } from "../../lib/db/store";
import { token } from "../../lib/oauth/endpoints/token";
import { hashCredential, isWellFormed } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";
import { basic, createWorld, jsonOf, post } from "../support/world";

onEachDatabase((on) => {
  let owner: string;
  let app: TestApp;
  beforeEach(async () => {
    owner = await on.facts.addUser();
    app = await on.facts.addApp({ ownerId: owner });
  });

  async function authenticates(secret: string | null): Promise<boolean | string> {
    const secretHash = hashCredential(secret ?? "");
    const auth = { method: "client_secret_basic", client_id: app.client_id, secretHash } as const;
    const client = await authenticateClient(on.db, auth, on.clock.now());
    return typeof client === "string" ? client : true;
  }
  const rotate = (overlap: number) => rotateSecret(on.db, owner, app.client_id, overlap);
  const live = async () => (await findApp(on.db, owner, app.client_id))?.secrets ?? [];
  const audit = () =>
    on.db.prisma.auditEvent.findMany({ where: { appId: app.client_id, action: { startsWith: "secret." } } });

  describe("rotating a secret", () => {
    test("with Revoke now, the old one is invalid at once and the new one works", async () => {
      const next = await rotate(0);
      expect(isWellFormed(next ?? "", "cs")).toBe(true);
      expect(await authenticates(app.secret)).toBe("ended_secret");
      expect(await authenticates(next)).toBe(true);
      expect((await live()).map(({ last4 }) => last4)).toEqual([next?.slice(-4)]);
    });

    test.each([3600, 24 * 3600, 7 * 24 * 3600])(
      "with an overlap of %i seconds, both work until it is over",
      async (overlap) => {
        const next = await rotate(overlap);
        expect([await authenticates(app.secret), await authenticates(next)]).toEqual([true, true]);
        on.clock.forward(overlap - 1);
        expect(await authenticates(app.secret)).toBe(true);
        expect(await live()).toHaveLength(2);
        on.clock.forward(1);
        expect([await authenticates(app.secret), await authenticates(next)]).toEqual(["ended_secret", true]);
        expect(await live()).toHaveLength(1);
      },
    );

    test("never lets a secret live longer than it would have", async () => {
      await rotate(3600);
      const third = await rotate(7 * 24 * 3600);
      on.clock.forward(3600);
      expect([await authenticates(app.secret), await authenticates(third)]).toEqual(["ended_secret", true]);
    });

    test("with Revoke now also ends what an earlier rotation left", async () => {
      const second = await rotate(3600);
      const third = await rotate(0);
      expect(await Promise.all([app.secret, second, third].map(authenticates))).toEqual([
        "ended_secret",
        "ended_secret",
        true,
      ]);
    });

    test("several times at once leaves exactly one secret without an end", async () => {
      const secrets = await Promise.all(Array.from({ length: 6 }, () => rotate(0)));
      const results = await Promise.all(secrets.map(authenticates));
      expect(results.filter((result) => result === true)).toHaveLength(1);
      expect(await live()).toHaveLength(1);
      expect(await audit()).toHaveLength(6);
    });

    test("is noted without the secret", async () => {
      const next = await rotate(3600);
      const [event] = await audit();
      expect(event).toMatchObject({
        action: "secret.rotated",
        actorId: owner,
        details: { last4: next?.slice(-4), overlapSeconds: 3600 },
      });
      expect(JSON.stringify([event, await live()])).not.toContain(next);
    });

    test("changes nothing a consent screen shows", async () => {
      const version = async () =>
        (await on.db.prisma.app.findUniqueOrThrow({ where: { id: app.client_id } })).version;
      const before = await version();
      await rotate(0);
      expect(await version()).toBe(before);
    });

    test("is for the owner, and for an app that has secrets", async () => {
      const stranger = await on.facts.addUser();
      expect(await rotateSecret(on.db, stranger, app.client_id, 0)).toBeNull();
      expect(await rotateSecret(on.db, owner, "nothing", 0)).toBeNull();
      const { client_id } = await on.facts.addApp({ ownerId: owner, type: "public" });
      expect(await rotateSecret(on.db, owner, client_id, 0)).toBeNull();
      expect(await authenticates(app.secret)).toBe(true);
      expect(await audit()).toEqual([]);
    });
  });

  describe("revoking a secret", () => {
    test("ends that one at once, is noted, and happens once", async () => {
      on.clock.forward(1);
      const next = await rotate(3600);
      const [newest, oldest] = await live();
      expect(await revokeSecret(on.db, owner, app.client_id, oldest?.id ?? "")).toBe(true);
      expect([await authenticates(app.secret), await authenticates(next)]).toEqual(["ended_secret", true]);
      expect(await revokeSecret(on.db, owner, app.client_id, oldest?.id ?? "")).toBe(false);
      expect(await revokeSecret(on.db, owner, app.client_id, newest?.id ?? "")).toBe(true);
      expect(await live()).toEqual([]);
      expect((await audit()).filter(({ action }) => action === "secret.revoked")).toHaveLength(2);
    });

    test("ends the tokens that are bound to it, and no others", async () => {
      const classic = await on.facts.addApp({ ownerId: owner, preset: "classic" });
      const other = { ...classic, secret: await on.facts.addSecret(classic.client_id, null) };
      const store = createStore(on.db, { client() {}, token() {} });
      const as = { ...createWorld().as, now: on.clock.now, store };
      const tokens: string[] = [];
      for (const client of [classic, other]) {
        const request = post({ grant_type: "client_credentials" }, { authorization: basic(client) });
        tokens.push(jsonOf(await token(as, request)).access_token);
      }
      const found = () => Promise.all(tokens.map((value) => store.findToken(hashCredential(value))));
      expect(await found()).toMatchObject([{ familyStands: true }, { familyStands: true }]);
      const { id } = await on.db.prisma.clientSecret.findFirstOrThrow({
        where: { appId: classic.client_id, hash: toBytes(hashCredential(classic.secret)) },
      });
      expect(await revokeSecret(on.db, owner, classic.client_id, id)).toBe(true);
      expect(await found()).toMatchObject([null, { familyStands: true }]);
      expect(await on.db.prisma.refreshFamily.count({ where: { appId: classic.client_id } })).toBe(1);
    });

    test("of somebody else's app, or of another app, does nothing", async () => {
      const [secret] = await live();
      const other = await on.facts.addApp({ ownerId: owner });
      expect(await revokeSecret(on.db, await on.facts.addUser(), app.client_id, secret?.id ?? "")).toBe(
        false,
      );
      expect(await revokeSecret(on.db, owner, other.client_id, secret?.id ?? "")).toBe(false);
      expect(await authenticates(app.secret)).toBe(true);
    });
  });
});
