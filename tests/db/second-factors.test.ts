/** What a person signs in with besides the password, and an administrator who takes it away. */
import { describe, expect, test } from "vitest";
import { findSecondFactors, resetSecondFactors } from "../../lib/db/second-factors";
import { createSession } from "../../lib/db/sessions";
import { beginTotp } from "../../lib/db/totp";
import { onEachDatabase } from "../support/databases";
import { givePasskey, giveTotp } from "../support/factors";

const device = { userAgent: "test", address: "127.0.0.1" };
const none = { totp: null, passkeys: 0, codes: { made: 0, left: 0 } };

onEachDatabase((on) => {
  const person = async () => {
    const id = await on.facts.addUser();
    await giveTotp(on.db, id);
    await givePasskey(on.db, id);
    await createSession(on.db, id, 3600, device);
    return id;
  };
  const administrator = async () => {
    const id = await on.facts.addUser();
    await on.facts.makeAdmin(id);
    return id;
  };
  const sessions = (userId: string) => on.db.prisma.session.count({ where: { userId } });

  describe("the second factors of a person", () => {
    test("are said without anything secret", async () => {
      expect(await findSecondFactors(on.db, await on.facts.addUser())).toEqual(none);
      const id = await person();
      expect(await findSecondFactors(on.db, id)).toEqual({
        totp: { createdAt: on.db.now(), lastUsedAt: null },
        passkeys: 1,
        codes: { made: 10, left: 10 },
      });
    });
  });

  describe("an administrator", () => {
    test("takes all of them away with every sign-in of that person, and nobody else's", async () => {
      const [id, other, adminId] = [await person(), await person(), await administrator()];
      await beginTotp(on.db, id, new Uint8Array([9]));
      expect(await resetSecondFactors(on.db, adminId, id)).toBe(true);
      expect([await findSecondFactors(on.db, id), await sessions(id)]).toEqual([none, 0]);
      expect(await on.db.prisma.totpSetup.count({ where: { userId: id } })).toBe(0);
      expect([(await findSecondFactors(on.db, other)).passkeys, await sessions(other)]).toEqual([1, 1]);
      const events = await on.db.prisma.auditEvent.findMany({ where: { actorId: adminId } });
      expect(events).toMatchObject([
        {
          action: "second_factor.reset",
          details: { userId: id, authenticator: true, passkeys: 1, sessions: 1 },
        },
      ]);
    });

    test("is told when there is nothing to take away, and then nothing ends", async () => {
      const [id, adminId] = [await on.facts.addUser(), await administrator()];
      await createSession(on.db, id, 3600, device);
      expect(await resetSecondFactors(on.db, adminId, id)).toBe(false);
      expect(await resetSecondFactors(on.db, adminId, "nobody")).toBe(false);
      expect(await sessions(id)).toBe(1);
      expect(await on.db.prisma.auditEvent.count({ where: { actorId: adminId } })).toBe(0);
    });

    test("is the only one who may: not the person themselves, nor one who was suspended", async () => {
      const [id, suspended] = [await person(), await administrator()];
      await on.facts.suspendUser(suspended);
      for (const actor of [id, suspended, "nobody", ""])
        expect(await resetSecondFactors(on.db, actor, id)).toBe(false);
      expect((await findSecondFactors(on.db, id)).passkeys).toBe(1);
      expect(await sessions(id)).toBe(1);
    });
  });
});
