/** The first administrator: by the link of the latest start, once, and never where there is one. */
import { beforeEach, describe, expect, test } from "vitest";
import { createFirstAdmin, makeFirstAdminLink } from "../../lib/db/first-admin";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  beforeEach(async () => {
    await on.db.prisma.user.deleteMany();
    await on.db.prisma.oneTimeLink.deleteMany();
  });
  const ada = { name: "Ada", email: "Ada@first.test", passwordHash: "hash" };
  const link = async () => (await makeFirstAdminLink(on.db)) ?? "";
  const admins = () => on.db.prisma.user.findMany({ where: { isAdmin: true } });

  describe("the first administrator", () => {
    test("is made by the link, with a proven address in lower case and a line in the audit log", async () => {
      const made = await createFirstAdmin(on.db, await link(), ada);
      expect(await admins()).toMatchObject([
        { email: "ada@first.test", name: "Ada", kind: "person", emailVerifiedAt: on.clock.now() },
      ]);
      const id = typeof made === "string" ? "" : made.id;
      expect(await on.db.prisma.auditEvent.findMany({ where: { actorId: id } })).toMatchObject([
        { action: "user.created", details: { name: "Ada", admin: true } },
      ]);
    });

    test("is made once by a link, also of several who come at once", async () => {
      const value = await link();
      const made = await Promise.all(
        Array.from({ length: 5 }, (_, at) =>
          createFirstAdmin(on.db, value, { ...ada, email: `${at}@first.test` }),
        ),
      );
      expect(made.filter((one) => one === "no_link")).toHaveLength(4);
      expect(await admins()).toHaveLength(1);
      expect(await createFirstAdmin(on.db, value, ada)).toBe("no_link");
    });

    test("is not made by the link of an earlier start, nor after a day, nor by a link for something else", async () => {
      const earlier = await link();
      const latest = await link();
      expect(await createFirstAdmin(on.db, earlier, ada)).toBe("no_link");
      expect(await createFirstAdmin(on.db, "", ada)).toBe("no_link");
      on.clock.forward(24 * 60 * 60);
      expect(await createFirstAdmin(on.db, latest, ada)).toBe("no_link");
      expect(await admins()).toEqual([]);
    });

    test("is not made where there is one already, not even a suspended one, and the start prints nothing", async () => {
      const value = await link();
      const admin = await on.facts.addUser();
      await on.facts.makeAdmin(admin);
      await on.facts.suspendUser(admin);
      expect(await createFirstAdmin(on.db, value, ada)).toBe("no_link");
      expect(await makeFirstAdminLink(on.db)).toBeNull();
      expect(await on.db.prisma.oneTimeLink.count()).toBe(0);
      expect(await admins()).toHaveLength(1);
    });

    test("may come after other people; an address that somebody has leaves the link as it was", async () => {
      await on.facts.addUser("ada@first.test");
      const value = await link();
      expect(await createFirstAdmin(on.db, value, ada)).toBe("email_taken");
      expect(await admins()).toEqual([]);
      expect(await createFirstAdmin(on.db, value, { ...ada, email: "b@first.test" })).toMatchObject({});
      expect(await admins()).toHaveLength(1);
    });

    test("of two starts at once, one link works", async () => {
      const links = await Promise.all([link(), link(), link()]);
      expect(await on.db.prisma.oneTimeLink.count()).toBe(1);
      const made = [];
      for (const [at, value] of links.entries())
        made.push(await createFirstAdmin(on.db, value, { ...ada, email: `${at}@first.test` }));
      expect(made.filter((one) => one !== "no_link")).toHaveLength(1);
    });
  });
});
