import { beforeEach, expect, test } from "vitest";
import { demoPassword, demoPeople, seedDemo } from "../../prisma/seed";
import { onEachDatabase } from "../support/databases";

const hash = async (password: string) => `hash of ${password}`;

onEachDatabase((on) => {
  beforeEach(async () => {
    await on.db.pool.query("TRUNCATE users, companies CASCADE");
  });
  const counts = async () => [
    await on.db.prisma.user.count(),
    await on.db.prisma.company.count(),
    await on.db.prisma.membership.count(),
    await on.db.prisma.project.count(),
    await on.db.prisma.app.count(),
    await on.db.prisma.token.count(),
  ];

  test("the demo is the contract's: five people, three companies, projects, no apps, no tokens", async () => {
    expect(await seedDemo(on.db, hash)).toBe(true);
    expect(await counts()).toEqual([5, 3, 5, 6, 0, 0]);
    const people = await on.db.prisma.user.findMany({
      include: { memberships: { include: { company: true }, orderBy: { createdAt: "asc" } } },
    });
    const roles = Object.fromEntries(
      people.map(({ email, memberships }) => [
        email,
        memberships.map(({ company, role }) => `${role} of ${company.name}`),
      ]),
    );
    expect(roles).toEqual({
      "owner@latchkey.test": ["owner of Northwind Labs", "member of Quarry Works"],
      "manager@latchkey.test": ["auth_manager of Northwind Labs"],
      "member@latchkey.test": ["member of Northwind Labs"],
      "admin@latchkey.test": [],
      "outsider@latchkey.test": ["owner of Fabrikam"],
    });
    expect(people.filter(({ isAdmin }) => isAdmin).map(({ email }) => email)).toEqual([
      "admin@latchkey.test",
    ]);
    expect(new Set(people.map(({ passwordHash }) => passwordHash))).toEqual(
      new Set(["hash of latchkey-demo"]),
    );
    expect(demoPassword).toBe("latchkey-demo");
    expect(demoPeople).toHaveLength(5);
    const fabrikam = await on.db.prisma.company.findFirstOrThrow({ where: { name: "Fabrikam" } });
    expect(fabrikam.apiAccess).toBe(false);
  });

  test("a second time does nothing", async () => {
    await seedDemo(on.db, hash);
    const before = await counts();
    expect(await seedDemo(on.db, hash)).toBe(false);
    expect(await counts()).toEqual(before);
  });

  test("several first starts at once make one demo", async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => seedDemo(on.db, hash)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await counts()).toEqual([5, 3, 5, 6, 0, 0]);
  });

  test("nothing is added where somebody is already", async () => {
    await on.facts.addUser();
    expect(await seedDemo(on.db, hash)).toBe(false);
    expect((await counts())[0]).toBe(1);
  });
});
