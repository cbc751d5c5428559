/** The key of an authenticator app: what proves it, and how often a code counts. */
import { describe, expect, test } from "vitest";
import { findSecondFactors } from "../../lib/db/second-factors";
import {
  beginTotp,
  confirmTotp,
  findTotp,
  findTotpSetup,
  listTotp,
  removeTotp,
  resealTotp,
  takeTotpStep,
} from "../../lib/db/totp";
import { onEachDatabase } from "../support/databases";
import { giveTotp } from "../support/factors";

const [one, two] = [new Uint8Array([1, 1, 1]), new Uint8Array([2, 2, 2])];

onEachDatabase((on) => {
  describe("setting up an authenticator app", () => {
    test("counts for nothing before it is proven", async () => {
      const id = await on.facts.addUser();
      await beginTotp(on.db, id, one);
      expect([await findTotp(on.db, id), await findTotpSetup(on.db, id)]).toEqual([null, one]);
      expect(await confirmTotp(on.db, id, one, 7)).toHaveLength(10);
      expect([await findTotp(on.db, id), await findTotpSetup(on.db, id)]).toEqual([one, null]);
    });

    test("is proven with the key that was shown last, in half an hour, once", async () => {
      const id = await on.facts.addUser();
      await beginTotp(on.db, id, one);
      await beginTotp(on.db, id, two);
      expect(await confirmTotp(on.db, id, one, 7)).toBeNull();
      on.clock.forward(30 * 60);
      expect(await confirmTotp(on.db, id, two, 7)).toBeNull();
      await beginTotp(on.db, id, two);
      const sent = Array.from({ length: 4 }, () => confirmTotp(on.db, id, two, 7));
      expect((await Promise.all(sent)).filter((codes) => codes !== null)).toHaveLength(1);
      const events = await on.db.prisma.auditEvent.findMany({
        where: { actorId: id },
        orderBy: { at: "asc" },
      });
      expect(events.map(({ action }) => action).sort()).toEqual([
        "recovery_codes.made",
        "second_factor.added",
      ]);
    });

    test("replaces the one before, and is not for who is suspended", async () => {
      const id = await on.facts.addUser();
      await giveTotp(on.db, id, one);
      await giveTotp(on.db, id, two);
      expect(await findTotp(on.db, id)).toEqual(two);
      await beginTotp(on.db, id, one);
      await on.facts.suspendUser(id);
      expect(await confirmTotp(on.db, id, one, 7)).toBeNull();
      expect(await findTotp(on.db, id)).toBeNull();
    });
  });

  describe("a code", () => {
    test("counts once: not its own step again, and none before it", async () => {
      const id = await on.facts.addUser();
      await giveTotp(on.db, id, one, 100);
      const answers: boolean[] = [];
      for (const step of [99, 100, 102, 101, 102, 103])
        answers.push(await takeTotpStep(on.db, id, one, step));
      expect(answers).toEqual([false, false, true, false, false, true]);
      expect((await findSecondFactors(on.db, id)).totp?.lastUsedAt).toEqual(on.db.now());
    });

    test("that eight bring at once counts for one of them", async () => {
      const id = await on.facts.addUser();
      await giveTotp(on.db, id, one, 100);
      const sent = Array.from({ length: 8 }, () => takeTotpStep(on.db, id, one, 101));
      expect((await Promise.all(sent)).filter(Boolean)).toHaveLength(1);
    });

    test("of a key that was replaced, or of somebody suspended, counts for nothing", async () => {
      const id = await on.facts.addUser();
      await giveTotp(on.db, id, two, 100);
      expect(await takeTotpStep(on.db, id, one, 101)).toBe(false);
      await on.facts.suspendUser(id);
      expect(await takeTotpStep(on.db, id, two, 101)).toBe(false);
    });
  });

  test("removing it takes the recovery codes along, is noted, and happens once", async () => {
    const id = await on.facts.addUser();
    await giveTotp(on.db, id);
    expect([await removeTotp(on.db, id), await removeTotp(on.db, id)]).toEqual([true, false]);
    expect(await findSecondFactors(on.db, id)).toMatchObject({ totp: null, codes: { made: 0, left: 0 } });
    const where = { actorId: id, action: "second_factor.removed" };
    expect(await on.db.prisma.auditEvent.count({ where })).toBe(1);
  });

  test("a key gets another seal unless it was replaced meanwhile", async () => {
    const id = await on.facts.addUser();
    await giveTotp(on.db, id, one, 100);
    expect(await resealTotp(on.db, id, one, two)).toBe(true);
    expect(await resealTotp(on.db, id, one, two)).toBe(false);
    expect(await takeTotpStep(on.db, id, two, 100)).toBe(false);
    const before = await listTotp(on.db, "", 1000);
    expect(before.find(({ userId }) => userId === id)?.secret).toEqual(two);
    expect(await listTotp(on.db, before.at(-1)?.userId ?? "", 1000)).toEqual([]);
  });
});
