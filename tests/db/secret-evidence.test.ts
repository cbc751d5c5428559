import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rotateSecret } from "../../lib/db/client-secrets";
import { listSecrets } from "../../lib/db/secret-evidence";
import { retireSilentSecrets, setRetirement } from "../../lib/db/secret-retirement";
import { createStore } from "../../lib/db/store";
import { UsageLog } from "../../lib/db/usage";
import { hashCredential } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";

const HOUR = 3600;
const DAY = 24 * HOUR;

onEachDatabase((on) => {
  let owner: string;
  let app: TestApp;
  let usage: UsageLog;
  beforeEach(async () => {
    owner = await on.facts.addUser();
    app = await on.facts.addApp({ ownerId: owner });
    usage = new UsageLog(on.db, (error) => expect.unreachable(String(error)));
  });
  afterEach(() => usage.close());

  const caller = { address: "203.0.113.7", headers: { "user-agent": "curl/8.5.0" } };
  const secrets = (whose = owner) => listSecrets(on.db, app.client_id, { ownerId: whose });
  const idOf = async (secret: string) => {
    const { id } = await on.db.prisma.clientSecret.findFirstOrThrow({
      where: { appId: app.client_id, last4: secret.slice(-4) },
    });
    return id;
  };

  /** The secret is sent so many times, right or not. */
  async function send(secret: string, times = 1) {
    const store = createStore(on.db, usage);
    for (let sent = 0; sent < times; sent++)
      await store.authenticateClient(
        {
          method: "client_secret_basic",
          client_id: app.client_id,
          secretHash: hashCredential(secret),
          caller,
        },
        on.clock.now(),
      );
    await usage.flush(true);
  }

  describe("a secret's evidence", () => {
    test("says when, where from, with what and how often in a day", async () => {
      await send(app.secret, 3);
      on.clock.forward(2 * HOUR);
      await send(app.secret, 2);
      expect((await secrets()).live).toMatchObject([
        {
          last4: app.secret.slice(-4),
          lastUsedAt: on.clock.now(),
          lastUsedAddress: "203.0.113.7",
          lastUsedAgent: "curl/8.5.0",
          usesOfDay: 5,
        },
      ]);
    });

    test("forgets what was more than a day ago", async () => {
      await send(app.secret, 3);
      on.clock.forward(DAY);
      await send(app.secret);
      expect((await secrets()).live).toMatchObject([{ usesOfDay: 1 }]);
      on.clock.forward(DAY + HOUR);
      expect((await secrets()).live).toMatchObject([{ usesOfDay: 0 }]);
    });

    test("is counted once, whoever of two processes writes it", async () => {
      const other = new UsageLog(on.db, (error) => expect.unreachable(String(error)));
      other.client(app.client_id, hashCredential(app.secret), caller);
      await Promise.all([other.close(), send(app.secret, 2)]);
      expect((await secrets()).live).toMatchObject([{ usesOfDay: 3 }]);
    });

    test("is for the owner alone", async () => {
      await send(app.secret);
      expect(await secrets(await on.facts.addUser())).toEqual({ live: [], stillSent: [] });
    });

    test("a secret that is sent after its end is told, with who sends it; the app was not used by that", async () => {
      await send(app.secret);
      const before = await on.db.prisma.app.findUniqueOrThrow({ where: { id: app.client_id } });
      on.clock.forward(HOUR);
      const next = (await rotateSecret(on.db, owner, app.client_id, 0)) ?? "";
      expect((await secrets()).stillSent).toEqual([]);
      on.clock.forward(3 * HOUR);
      await send(app.secret);
      const found = await secrets();
      expect(found.live.map(({ last4 }) => last4)).toEqual([next.slice(-4)]);
      expect(found.stillSent).toMatchObject([
        {
          last4: app.secret.slice(-4),
          lastUsedAt: on.clock.now(),
          lastUsedAddress: "203.0.113.7",
          usesOfDay: 2,
        },
      ]);
      const after = await on.db.prisma.app.findUniqueOrThrow({ where: { id: app.client_id } });
      expect(after.lastUsedAt).toEqual(before.lastUsedAt);
    });
  });

  describe("an old secret that retires when silent", () => {
    let next: string;
    beforeEach(async () => {
      const rotated = await rotateSecret(on.db, owner, app.client_id, 7 * DAY, "", { ownerId: owner }, 24);
      next = rotated ?? "";
    });
    const works = async () => (await secrets()).live.map(({ last4 }) => last4).sort();
    const both = () => [next.slice(-4), app.secret.slice(-4)].sort();
    const retired = () =>
      on.db.prisma.auditEvent.findMany({ where: { appId: app.client_id, action: "secret.retired" } });

    test("ends once it was silent for so long, and that is written down", async () => {
      await send(app.secret);
      on.clock.forward(DAY - 60);
      await retireSilentSecrets(on.db);
      expect(await works()).toEqual(both());
      on.clock.forward(HOUR);
      expect(await retireSilentSecrets(on.db)).toBeGreaterThan(0);
      expect(await works()).toEqual([next.slice(-4)]);
      expect(await retired()).toMatchObject([
        { actorId: null, at: on.clock.now(), details: { last4: app.secret.slice(-4), silentHours: 24 } },
      ]);
    });

    test("a use keeps it for as long again, up to its date", async () => {
      for (let day = 0; day < 6; day++) {
        on.clock.forward(DAY - HOUR);
        await send(app.secret);
        await retireSilentSecrets(on.db);
        expect(await works()).toEqual(both());
      }
      on.clock.forward(DAY - HOUR);
      await send(app.secret);
      on.clock.forward(7 * HOUR);
      expect(await works()).toEqual([next.slice(-4)]);
      expect(await retired()).toEqual([]);
    });

    test("a use of the last minutes that is not written yet keeps it, too", async () => {
      await send(app.secret);
      on.clock.forward(DAY + 60);
      await retireSilentSecrets(on.db);
      expect(await works()).toEqual(both());
    });

    test("the new one never retires, however silent it is", async () => {
      on.clock.forward(6 * DAY);
      await retireSilentSecrets(on.db);
      expect(await works()).toEqual([next.slice(-4)]);
      on.clock.forward(90 * DAY);
      await retireSilentSecrets(on.db);
      expect(await works()).toEqual([next.slice(-4)]);
    });

    test("the last one that works stays to its date", async () => {
      const id = await idOf(next);
      await on.db.prisma.clientSecret.delete({ where: { id } });
      on.clock.forward(2 * DAY);
      await retireSilentSecrets(on.db);
      expect(await works()).toEqual([app.secret.slice(-4)]);
    });

    test("rounds at the same time retire it once", async () => {
      on.clock.forward(2 * DAY);
      await Promise.all([1, 2, 3].map(() => retireSilentSecrets(on.db)));
      expect(await retired()).toHaveLength(1);
    });

    test("the choice can be taken back, and made later", async () => {
      const about = {
        appId: app.client_id,
        secretId: await idOf(app.secret),
        whose: { ownerId: owner },
      };
      expect(await setRetirement(on.db, owner, about, null)).toBe(true);
      on.clock.forward(2 * DAY);
      await retireSilentSecrets(on.db);
      expect(await works()).toEqual(both());
      expect(await setRetirement(on.db, owner, about, 24)).toBe(true);
      await retireSilentSecrets(on.db);
      expect(await works()).toEqual([next.slice(-4)]);
      const chosen = { where: { appId: app.client_id, action: "secret.retirement_set" } };
      expect(await on.db.prisma.auditEvent.count(chosen)).toBe(2);
    });

    test("nobody chooses it for another's secret, for one that has ended, or for the one in use", async () => {
      const about = async (secret: string, whose = owner) => ({
        appId: app.client_id,
        secretId: await idOf(secret),
        whose: { ownerId: whose },
      });
      const stranger = await on.facts.addUser();
      expect(await setRetirement(on.db, stranger, await about(app.secret, stranger), null)).toBe(false);
      expect(await setRetirement(on.db, owner, await about(next), 24)).toBe(false);
      on.clock.forward(7 * DAY);
      expect(await setRetirement(on.db, owner, await about(app.secret), 24)).toBe(false);
      expect(await retired()).toEqual([]);
    });

    test("while a refresh token is bound to it, it is in use without being sent", async () => {
      await on.db.prisma.refreshFamily.create({
        data: {
          id: `family-${app.client_id}`,
          grantType: "authorization_code",
          appId: app.client_id,
          secretHash: Buffer.from(hashCredential(app.secret), "base64url"),
          scopes: ["read"],
          createdAt: on.clock.now(),
          expiresAt: new Date(on.clock.now().getTime() + 3 * DAY * 1000),
        },
      });
      on.clock.forward(2 * DAY);
      await retireSilentSecrets(on.db);
      expect(await works()).toEqual(both());
      on.clock.forward(1 * DAY);
      await retireSilentSecrets(on.db);
      expect(await works()).toEqual([next.slice(-4)]);
    });
  });
});
