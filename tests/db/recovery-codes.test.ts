/** Recovery codes: shown once, used once. */
import { describe, expect, test } from "vitest";
import { replaceRecoveryCodes, takeRecoveryCode } from "../../lib/db/recovery-codes";
import { findSecondFactors } from "../../lib/db/second-factors";
import { onEachDatabase } from "../support/databases";
import { giveTotp } from "../support/factors";

onEachDatabase((on) => {
  const person = async () => {
    const id = await on.facts.addUser();
    return { id, codes: await giveTotp(on.db, id) };
  };

  describe("recovery codes", () => {
    test("are ten that differ, with 80 random bits each, and only their hashes are kept", async () => {
      const { id, codes } = await person();
      expect(new Set(codes).size).toBe(10);
      for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
      const rows = await on.db.prisma.recoveryCode.findMany({ where: { userId: id } });
      expect(rows.map(({ hash }) => hash.length)).toEqual(Array(10).fill(32));
    });

    test("work once each, and it is noted how many are left", async () => {
      const { id, codes } = await person();
      for (const [index, code] of codes.entries()) {
        expect(await takeRecoveryCode(on.db, id, code)).toBe(9 - index);
        expect(await takeRecoveryCode(on.db, id, code)).toBeNull();
      }
      expect((await findSecondFactors(on.db, id)).codes).toEqual({ made: 10, left: 0 });
      const used = { actorId: id, action: "recovery_code.used" };
      expect(await on.db.prisma.auditEvent.count({ where: used })).toBe(10);
    });

    test("are used by one of eight who come with the same one at once", async () => {
      const { id, codes } = await person();
      const at = Array.from({ length: 8 }, () => takeRecoveryCode(on.db, id, codes[0] ?? ""));
      const answers = await Promise.all(at);
      expect(answers.filter((left) => left !== null)).toEqual([9]);
    });

    test("may be typed in capitals, without dashes, and with the letters that look like 0 and 1", async () => {
      const { id, codes } = await person();
      const [first = "", second = "", third = ""] = codes;
      expect(await takeRecoveryCode(on.db, id, first.toUpperCase())).toBe(9);
      expect(await takeRecoveryCode(on.db, id, ` ${second.replaceAll("-", " ")}`)).toBe(8);
      expect(await takeRecoveryCode(on.db, id, third.replaceAll("0", "O").replaceAll("1", "l"))).toBe(7);
    });

    test("of somebody else, of nobody, and of whoever is suspended are worth nothing", async () => {
      const [one, other] = [await person(), await person()];
      for (const code of [other.codes[0] ?? "", "", "-", "\0", "0000-0000-0000-0000"])
        expect(await takeRecoveryCode(on.db, one.id, code)).toBeNull();
      await on.facts.suspendUser(one.id);
      expect(await takeRecoveryCode(on.db, one.id, one.codes[0] ?? "")).toBeNull();
    });

    test("end when new ones are made, and who has no authenticator app gets none", async () => {
      const { id, codes } = await person();
      const made = await replaceRecoveryCodes(on.db, id);
      expect(await takeRecoveryCode(on.db, id, codes[0] ?? "")).toBeNull();
      expect(await takeRecoveryCode(on.db, id, made?.[0] ?? "")).toBe(9);
      expect(await replaceRecoveryCodes(on.db, await on.facts.addUser())).toBeNull();
    });

    test("asked for by several at once are one set in the end", async () => {
      const { id } = await person();
      const sets = await Promise.all(Array.from({ length: 4 }, () => replaceRecoveryCodes(on.db, id)));
      expect((await findSecondFactors(on.db, id)).codes).toEqual({ made: 10, left: 10 });
      const works = await Promise.all(sets.map((set) => takeRecoveryCode(on.db, id, set?.[0] ?? "")));
      expect(works.filter((left) => left !== null)).toEqual([9]);
    });
  });
});
