/** What ends soon is told fourteen days, seven days and a day before, each once. */
import { beforeEach, describe, expect, test } from "vitest";
import { toBytes } from "../../lib/db/bytes";
import { rotateSecret } from "../../lib/db/client-secrets";
import { announceEnds } from "../../lib/db/expiry";
import { createLegacyToken } from "../../lib/db/legacy-tokens";
import { createPersonalToken } from "../../lib/db/personal-tokens";
import { hashCredential } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import { addEndpoint } from "../support/webhooks";

const DAY = 24 * 60 * 60;

onEachDatabase((on) => {
  beforeEach(async () => {
    await on.db.prisma.token.deleteMany({});
    await on.db.prisma.clientSecret.deleteMany({});
    await on.db.prisma.progress.deleteMany({});
    await on.db.prisma.webhookDelivery.deleteMany({});
    await announceEnds(on.db);
    await on.db.prisma.notice.deleteMany({});
  });

  const personal = (userId: string, days: number) =>
    createPersonalToken(on.db, userId, {
      ...{ name: `For ${days} days`, scopes: ["read"], companyId: null, allCompanies: true },
      expiresAt: new Date(on.clock.now().getTime() + days * DAY * 1000),
    });
  const told = async () => {
    const rows = await on.db.prisma.notice.findMany({ where: { kind: "expiry" }, orderBy: { at: "asc" } });
    return rows.map(({ userId, details }) => ({ userId, ...Object(details) }));
  };
  /** A round of housekeeping each day. */
  async function live(days: number) {
    for (let day = 0; day < days; day += 1) {
      on.clock.forward(DAY);
      await announceEnds(on.db);
    }
  }

  describe("a personal token", () => {
    test("is told to its person three times before it ends, and never again", async () => {
      const userId = await on.facts.addUser();
      await personal(userId, 30);
      const days: number[] = [];
      let before = 0;
      for (let day = 1; day <= 35; day += 1) {
        await live(1);
        const count = (await told()).length;
        if (count > before) days.push(30 - day);
        before = count;
      }
      expect(days).toEqual([14, 7, 1]);
      expect(await told()).toMatchObject(Array(3).fill({ userId, kind: "personal", name: "For 30 days" }));
    });

    test("made for a few days is told when less is left than that", async () => {
      const userId = await on.facts.addUser();
      await personal(userId, 7);
      await live(8);
      expect(await told()).toHaveLength(1);
    });

    test("is told once, however many processes look at once", async () => {
      const userId = await on.facts.addUser();
      for (let count = 0; count < 5; count += 1) await personal(userId, 30);
      on.clock.forward(16.5 * DAY);
      await Promise.all(Array.from({ length: 5 }, () => announceEnds(on.db)));
      await announceEnds(on.db);
      expect(await told()).toHaveLength(5);
    });

    test("is told once when nobody looked for days, and not at all when it has ended", async () => {
      const userId = await on.facts.addUser();
      await personal(userId, 30);
      on.clock.forward(20 * DAY);
      await announceEnds(on.db);
      expect(await told()).toHaveLength(1);
      on.clock.forward(11 * DAY);
      await announceEnds(on.db);
      expect(await told()).toHaveLength(1);
    });

    test("is told also when more end in one moment than one step takes", async () => {
      const userId = await on.facts.addUser();
      const end = new Date(on.clock.now().getTime() + 30 * DAY * 1000);
      const tokens = Array.from({ length: 450 }, (_, index) => ({
        ...{ hash: toBytes(hashCredential(`${userId} ${index}`)), kind: "personal" as const, last4: "0000" },
        ...{
          userId,
          scopes: [],
          createdAt: on.clock.now(),
          expiresAt: index < 420 ? end : new Date(end.getTime() + 1000),
        },
      }));
      await on.db.prisma.token.createMany({ data: tokens });
      on.clock.forward(17 * DAY);
      expect(await announceEnds(on.db)).toBe(450);
      expect(await announceEnds(on.db)).toBe(0);
    });
  });

  test("a legacy token is told to those who manage its company", async () => {
    const [manager, member] = [await on.facts.addUser(), await on.facts.addUser()];
    const companyId = await on.facts.addCompany(member);
    await on.facts.addMember(manager, companyId, "auth_manager");
    await createLegacyToken(on.db, manager, companyId, { name: "Old till", scopes: ["read"], months: 1 });
    await live(20);
    expect(await told()).toMatchObject([{ userId: manager, kind: "legacy", name: "Old till" }]);
  });

  describe("a client secret", () => {
    test("that ends is told to its app's server each time, and to its owner while nothing has replaced it", async () => {
      const owner = await on.facts.addUser();
      const app = await on.facts.addApp({ ownerId: owner, name: "Harbour" });
      await addEndpoint(on.db, { actorId: owner, appId: app.client_id });
      const expiresAt = new Date(on.clock.now().getTime() + 30 * DAY * 1000);
      await on.db.prisma.clientSecret.updateMany({ where: { appId: app.client_id }, data: { expiresAt } });
      await live(17);
      expect(await told()).toMatchObject([{ userId: owner, kind: "secret", name: "Harbour" }]);
      await rotateSecret(on.db, owner, app.client_id, 30 * DAY);
      await live(14);
      expect(await told()).toHaveLength(1);
      const sent = await on.db.prisma.webhookDelivery.findMany({ orderBy: { createdAt: "asc" } });
      expect(sent.map(({ payload }) => JSON.parse(payload).data.days)).toEqual([14, 7, 1]);
    });

    test("that was replaced is told when it is still used", async () => {
      const owner = await on.facts.addUser();
      const app = await on.facts.addApp({ ownerId: owner });
      on.clock.forward(60);
      await rotateSecret(on.db, owner, app.client_id, 8 * DAY);
      on.clock.forward(60);
      await on.db.prisma.clientSecret.updateMany({
        where: { appId: app.client_id, expiresAt: { not: null } },
        data: { lastUsedAt: on.clock.now() },
      });
      await live(2);
      expect(await told()).toMatchObject([{ userId: owner, kind: "secret" }]);
      // And not again for one that nobody has used since.
      await on.db.prisma.notice.deleteMany({});
      await on.db.prisma.clientSecret.updateMany({
        where: { appId: app.client_id },
        data: { lastUsedAt: null },
      });
      await live(6);
      expect(await told()).toEqual([]);
    });
  });
});
