import { beforeEach, describe, expect, test } from "vitest";
import { createSession, endSession, findSession } from "../../lib/db/sessions";
import { findUserForSignIn, updateProfile } from "../../lib/db/users";
import { onEachDatabase } from "../support/databases";

const device = { userAgent: "Browser", address: "192.0.2.1" };

onEachDatabase((on) => {
  let userId: string;
  beforeEach(async () => {
    userId = await on.facts.addUser();
  });

  describe("a session", () => {
    test("knows its user and the companies in the order they were joined", async () => {
      const first = await on.facts.addCompany(userId);
      on.clock.forward(1);
      const second = await on.facts.addCompany(userId);
      await on.facts.addCompany();
      const id = await createSession(on.db, userId, 60, device);
      expect(id).toMatch(/^[0-9A-Za-z]{32}$/);
      const user = await on.db.prisma.user.findUniqueOrThrow({ where: { id: userId } });
      expect(await findSession(on.db, id)).toEqual({
        id: userId,
        name: user.name,
        email: user.email,
        isAdmin: false,
        sessionId: id,
        confirmedAt: on.db.now(),
        companies: [
          { id: first, name: `Company ${first}`, role: "member" },
          { id: second, name: `Company ${second}`, role: "member" },
        ],
        company: { id: first, name: `Company ${first}`, role: "member" },
      });
    });

    test("ends with its time", async () => {
      const id = await createSession(on.db, userId, 60, device);
      on.clock.forward(59);
      expect(await findSession(on.db, id)).not.toBeNull();
      on.clock.forward(1);
      expect(await findSession(on.db, id)).toBeNull();
    });

    test("ends from the server, and only that one", async () => {
      const [one, other] = [
        await createSession(on.db, userId, 60, device),
        await createSession(on.db, userId, 60, device),
      ];
      await endSession(on.db, one);
      await endSession(on.db, one);
      expect([await findSession(on.db, one), (await findSession(on.db, other))?.id]).toEqual([null, userId]);
    });

    test("ends with its user's suspension or deletion", async () => {
      const id = await createSession(on.db, userId, 60, device);
      await on.facts.suspendUser(userId);
      expect(await findSession(on.db, id)).toBeNull();
      await on.facts.deleteUser(userId);
      expect(await on.db.prisma.session.count({ where: { id } })).toBe(0);
    });

    test("keeps no more of a device than a line", async () => {
      const id = await createSession(on.db, userId, 60, {
        userAgent: "x".repeat(10_000),
        address: "y".repeat(1000),
      });
      const row = await on.db.prisma.session.findUniqueOrThrow({ where: { id } });
      expect([row.userAgent.length, row.address.length]).toEqual([300, 64]);
    });

    test("of nobody does not exist", async () => {
      expect(await findSession(on.db, "nothing")).toBeNull();
      await expect(createSession(on.db, "nobody", 60, device)).rejects.toThrow();
    });
  });

  describe("a user", () => {
    test("is found to sign in by e-mail, whatever its case, unless suspended", async () => {
      const id = await on.facts.addUser(`case-${userId.toLowerCase()}@example.test`);
      const email = `Case-${userId.toUpperCase()}@EXAMPLE.test`;
      expect(await findUserForSignIn(on.db, email)).toMatchObject({ id });
      expect(await findUserForSignIn(on.db, "nobody@example.test")).toBeNull();
      await on.facts.suspendUser(id);
      expect(await findUserForSignIn(on.db, email)).toBeNull();
    });

    test("changes their own name only", async () => {
      const other = await on.facts.addUser();
      expect(await updateProfile(on.db, userId, { name: "New name" })).toBe(true);
      expect(await updateProfile(on.db, "nobody", { name: "New name" })).toBe(false);
      expect(
        await on.db.prisma.user.count({ where: { id: { in: [userId, other] }, name: "New name" } }),
      ).toBe(1);
    });
  });
});
