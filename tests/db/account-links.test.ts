/** The links that change an account: used once at the same moment, by the right person, and with what they end. */
import { beforeEach, describe, expect, test } from "vitest";
import { finishEmailChange, startEmailChange } from "../../lib/db/email-changes";
import { askForReset, resetPassword } from "../../lib/db/password-resets";
import { findPasswordHash } from "../../lib/db/passwords";
import { finishSignUp, startSignUp } from "../../lib/db/sign-ups";
import { randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";

onEachDatabase((on) => {
  let userId: string;
  let email: string;
  beforeEach(async () => {
    userId = await on.facts.addUser();
    ({ email } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: userId } }));
  });
  const address = () => `${randomId(10, random).toLowerCase()}@example.test`;
  const ask = async () => (await askForReset(on.db, email, { seconds: 60, details: {} }))?.link ?? "";
  const reset = (link: string, passwordHash: string) =>
    resetPassword(on.db, link, { passwordHash, endAccess: false });
  const startChange = async (to: string) =>
    (await startEmailChange(on.db, userId, { to, seconds: 60 })) ?? "";

  test("of two resets with one link at the same moment one wins, and its password is in force", async () => {
    const link = await ask();
    const ended = await Promise.all([reset(link, "one"), reset(link, "two")]);
    const winner = ended[0] === null ? "two" : "one";
    expect(ended.filter((one) => one === null)).toHaveLength(1);
    expect(await findPasswordHash(on.db, userId)).toBe(winner);
    const where = { actorId: userId, action: "password.reset" };
    expect(await on.db.prisma.auditEvent.count({ where })).toBe(1);
  });

  test("of two resets with two links at the same moment one wins, and the other link has ended", async () => {
    const [one, two] = [await ask(), await ask()];
    const ended = await Promise.all([reset(one, "one"), reset(two, "two")]);
    expect(ended.filter((end) => end === null)).toHaveLength(1);
    expect(await on.db.prisma.oneTimeLink.count({ where: { userId } })).toBe(0);
  });

  describe("a change of address", () => {
    test("takes effect once, proves the new one, and ends the links to the old one", async () => {
      const [to, pending] = [address(), await ask()];
      const change = await startChange(to.toUpperCase());
      expect(await finishEmailChange(on.db, userId, change)).toMatchObject({
        outcome: "done",
        from: email,
        to,
      });
      expect(await finishEmailChange(on.db, userId, change)).toEqual({ outcome: "ended" });
      expect(await on.db.prisma.user.findUniqueOrThrow({ where: { id: userId } })).toMatchObject({
        email: to,
        emailVerifiedAt: on.clock.now(),
      });
      expect(await reset(pending, "x")).toBeNull();
      const events = await on.db.prisma.auditEvent.findMany({ where: { actorId: userId } });
      expect(events).toMatchObject([{ action: "email.changed", details: { from: email, to } }]);
    });

    test("is nobody else's, and ends with a new password", async () => {
      const link = await startChange(address());
      expect(await finishEmailChange(on.db, await on.facts.addUser(), link)).toEqual({ outcome: "ended" });
      const other = await startChange(address());
      await reset(await ask(), "new");
      expect(await finishEmailChange(on.db, userId, other)).toEqual({ outcome: "ended" });
    });

    test("to an address that has an account is not begun, and does not end where it got one meanwhile", async () => {
      const other = await on.facts.addUser();
      const { email: taken } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: other } });
      expect(await startEmailChange(on.db, userId, { to: taken.toUpperCase(), seconds: 60 })).toBeNull();
      const to = address();
      const link = await startChange(to);
      await on.facts.addUser(to);
      expect(await finishEmailChange(on.db, userId, link)).toEqual({ outcome: "taken" });
      expect(await on.db.prisma.user.count({ where: { id: userId, email } })).toBe(1);
    });
  });

  test("of two sign-ups to one address that end at the same moment one makes the account", async () => {
    await on.facts.setInstance({ sign_up: "open" });
    const to = address();
    const start = (signUpId: string) =>
      startSignUp(on.db, { email: to, signUpId, name: signUpId, passwordHash: signUpId }, 60);
    const [one, two] = [await start("one"), await start("two")];
    const ends = await Promise.all([finishSignUp(on.db, one ?? ""), finishSignUp(on.db, two ?? "")]);
    expect(ends.filter(({ outcome }) => outcome === "done")).toHaveLength(1);
    expect(await on.db.prisma.user.count({ where: { email: to } })).toBe(1);
    expect(await on.db.prisma.oneTimeLink.count({ where: { email: to } })).toBe(0);
    expect(await start("late")).toBeNull();
  });
});
