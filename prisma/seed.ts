/** The demo: five people, three companies, a few projects. No apps or tokens: people make those. */
import type { Database } from "../lib/db/database";
import { randomId } from "../lib/oauth/tokens";

export const demoPassword = "latchkey-demo";

const companies = [
  {
    key: "northwind",
    name: "Northwind Labs",
    apiAccess: true,
    projects: ["Harbour refit", "Tide sensors", "Annual report"],
  },
  { key: "quarry", name: "Quarry Works", apiAccess: true, projects: ["Stone catalogue", "Conveyor upgrade"] },
  { key: "fabrikam", name: "Fabrikam", apiAccess: false, projects: ["Spring collection"] },
] as const;

type CompanyKey = (typeof companies)[number]["key"];

export const demoPeople: {
  email: string;
  name: string;
  says: string;
  isAdmin?: boolean;
  memberOf: Partial<Record<CompanyKey, "owner" | "auth_manager" | "member">>;
}[] = [
  {
    email: "owner@latchkey.test",
    name: "Olivia Owner",
    says: "owner of Northwind Labs, member of Quarry Works",
    memberOf: { northwind: "owner", quarry: "member" },
  },
  {
    email: "manager@latchkey.test",
    name: "Manu Manager",
    says: "auth manager of Northwind Labs",
    memberOf: { northwind: "auth_manager" },
  },
  {
    email: "member@latchkey.test",
    name: "Mika Member",
    says: "member of Northwind Labs",
    memberOf: { northwind: "member" },
  },
  { email: "admin@latchkey.test", name: "Ada Admin", says: "instance admin", isAdmin: true, memberOf: {} },
  {
    email: "outsider@latchkey.test",
    name: "Otto Outsider",
    says: "owner of Fabrikam, whose plan has no API access",
    memberOf: { fabrikam: "owner" },
  },
];

/**
 * Fills an empty database with the demo, in one transaction: two first starts at once make one demo.
 * @param hashPassword how this installation hashes passwords
 * @returns false when somebody is there already
 */
export async function seedDemo(
  db: Database,
  hashPassword: (password: string) => Promise<string>,
): Promise<boolean> {
  // Asked without Prisma, whose first statement takes half a second to prepare: most starts find somebody.
  const { rowCount } = await db.pool.query("SELECT FROM users LIMIT 1");
  if (rowCount !== 0) return false;
  const passwordHash = await hashPassword(demoPassword);
  const createdAt = db.now();
  const companyRows = companies.map((company) => ({ ...company, id: randomId(16, db.random) }));
  const personRows = demoPeople.map((person) => ({ ...person, id: randomId(16, db.random) }));
  const users = db.prisma.user.createMany({
    data: personRows.map(({ id, email, name, isAdmin = false }) => ({
      id,
      email,
      name,
      isAdmin,
      passwordHash,
      emailVerifiedAt: createdAt,
      createdAt,
    })),
  });
  const firms = db.prisma.company.createMany({
    data: companyRows.map(({ id, name, apiAccess }) => ({ id, name, apiAccess, createdAt })),
  });
  const memberships = db.prisma.membership.createMany({
    data: personRows.flatMap(({ id: userId, memberOf }) =>
      companyRows.flatMap(({ id: companyId, key }, order) => {
        const role = memberOf[key];
        return role ? [{ userId, companyId, role, createdAt: new Date(createdAt.getTime() + order) }] : [];
      }),
    ),
  });
  const projects = db.prisma.project.createMany({
    data: companyRows.flatMap(({ id: companyId, projects }) =>
      projects.map((name, order) => {
        const at = new Date(createdAt.getTime() + order);
        return { id: randomId(16, db.random), companyId, name, createdAt: at, updatedAt: at };
      }),
    ),
  });
  try {
    await db.prisma.$transaction([users, firms, memberships, projects]);
    return true;
  } catch (error) {
    // Another process seeded at the same moment: its users have the addresses of ours.
    if ((await db.prisma.user.count()) > 0) return false;
    throw error;
  }
}
