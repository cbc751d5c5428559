/** What administrators see of companies and do about them. */
import { beforeEach, describe, expect, test } from "vitest";
import { findCompany, listCompanies } from "../../lib/db/all-companies";
import { createCompany, renameCompany, setApiAccess } from "../../lib/db/company-changes";
import { setFirstPassword } from "../../lib/db/passwords";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  let admin: string;
  let owner: string;
  beforeEach(async () => {
    await on.db.prisma.company.deleteMany();
    await on.db.prisma.user.deleteMany();
    admin = await on.facts.addUser();
    await on.facts.makeAdmin(admin);
    owner = await on.facts.addUser("owner@companies.test");
  });
  const input = { name: "Acme", apiAccess: true, ownerEmail: "Owner@Companies.test" };
  async function made(changes: Partial<typeof input> = {}) {
    const company = await createCompany(on.db, admin, { ...input, ...changes });
    if (typeof company === "string") throw new Error(company);
    on.clock.forward(1);
    return company;
  }
  const audit = (companyId: string) =>
    on.db.prisma.auditEvent.findMany({ where: { companyId }, orderBy: [{ at: "asc" }, { action: "asc" }] });
  const everything = async () =>
    JSON.stringify([
      await on.db.prisma.company.findMany({ orderBy: { id: "asc" } }),
      await on.db.prisma.user.count(),
      await on.db.prisma.membership.count(),
      await on.db.prisma.auditEvent.count(),
    ]);

  describe("companies", () => {
    test("are for administrators: their owners and everybody else see none and change nothing", async () => {
      const { id } = await made();
      const before = await everything();
      for (const who of [owner, "nobody"]) {
        expect(await listCompanies(on.db, who)).toEqual({ companies: [], next: null });
        expect(await findCompany(on.db, who, id)).toBeNull();
        expect(await createCompany(on.db, who, input)).toBe("not_admin");
        expect(await setApiAccess(on.db, who, id, false)).toBe("not_admin");
        expect(await renameCompany(on.db, who, id, "Mine")).toBe("not_admin");
      }
      expect(await everything()).toBe(before);
    });

    test("are made with an owner who is here already, and no letter", async () => {
      const { id, link } = await made();
      expect(link).toBeNull();
      expect(await findCompany(on.db, admin, id)).toMatchObject({
        ...{ name: "Acme", apiAccess: true, members: 1, projects: 0, apps: [] },
        people: [{ id: owner, role: "owner", email: "owner@companies.test" }],
      });
      expect(await audit(id)).toMatchObject([
        { action: "company.created", actorId: admin, subjectId: owner },
      ]);
    });

    test("are made with an owner who is new, and gets a link", async () => {
      const { id, link } = await made({ ownerEmail: "New@Companies.test" });
      const person = await setFirstPassword(on.db, link ?? "", "hash");
      expect(person?.email).toBe("new@companies.test");
      expect((await findCompany(on.db, admin, id))?.people).toMatchObject([
        { id: person?.id, role: "owner" },
      ]);
    });

    test("are not made for somebody who is suspended, or for a service account, and leave nothing behind", async () => {
      const suspended = await on.facts.addUser("gone@companies.test");
      await on.facts.suspendUser(suspended);
      const service = await on.facts.addServiceAccount();
      const { email } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: service } });
      const before = await everything();
      for (const ownerEmail of ["gone@companies.test", email])
        expect(await createCompany(on.db, admin, { ...input, ownerEmail })).toBe("no_person");
      expect(await everything()).toBe(before);
    });

    test("are found by how their name begins, newest first, page by page", async () => {
      const [alpha, beta, album] = [
        (await made({ name: "Alpha" })).id,
        (await made({ name: "Beta" })).id,
        (await made({ name: "ALBUM 100%" })).id,
      ];
      const ids = async (query: Parameters<typeof listCompanies>[2]) => {
        const { companies, next } = await listCompanies(on.db, admin, query);
        return [companies.map(({ id }) => id), next] as const;
      };
      expect((await ids({ search: "al" }))[0]).toEqual([album, alpha]);
      expect((await ids({ search: "album 100%" }))[0]).toEqual([album]);
      expect((await ids({ search: "%" }))[0]).toEqual([]);
      const [first, next] = await ids({ limit: 2 });
      expect(first).toEqual([album, beta]);
      expect(await ids({ limit: 2, after: next ?? "" })).toEqual([[alpha], null]);
    });

    test("have their plan and their name changed, once and with a line in the log", async () => {
      const { id } = await made();
      const reached = async () => (await findCompany(on.db, admin, id))?.apiAccess;
      expect(await setApiAccess(on.db, admin, id, false)).toBe("done");
      expect(await reached()).toBe(false);
      expect(await setApiAccess(on.db, admin, id, false)).toBe("unchanged");
      expect(await setApiAccess(on.db, admin, id, true)).toBe("done");
      expect(await reached()).toBe(true);
      const renamed = await Promise.all([1, 2, 3].map(() => renameCompany(on.db, admin, id, "Zenith")));
      expect(renamed.sort()).toEqual(["done", "unchanged", "unchanged"]);
      expect(await setApiAccess(on.db, admin, "nowhere", true)).toBe("no_company");
      expect(await renameCompany(on.db, admin, "nowhere", "X")).toBe("no_company");
      expect((await audit(id)).map(({ action, details }) => [action, details])).toEqual([
        ["company.created", { name: "Acme", apiAccess: true, owner: "owner@companies.test" }],
        ["company.changed", { name: "Zenith", before: "Acme" }],
        ["company.plan_changed", { apiAccess: false }],
        ["company.plan_changed", { apiAccess: true }],
      ]);
    });
  });
});
