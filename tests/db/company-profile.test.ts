import { beforeEach, expect, test } from "vitest";
import { findAdministrators, findCompanyProfile, renameCompany } from "../../lib/db/company-profile";
import { createCredential } from "../../lib/db/credentials";
import { createLegacyToken } from "../../lib/db/legacy-tokens";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  let company: string;
  let owner: string;
  let member: string;

  beforeEach(async () => {
    owner = await on.facts.addUser();
    member = await on.facts.addUser();
    company = await on.facts.addCompany(member);
    await on.facts.addMember(owner, company, "owner");
  });

  test("a company's profile counts what works now, and is its members'", async () => {
    await on.facts.addServiceAccount(company);
    const input = { name: "Export", scopes: ["read"] };
    await createCredential(on.db, owner, company, input);
    await createLegacyToken(on.db, owner, company, { ...input, months: 1 });
    const before = { members: 2, apps: 0, credentials: 1, tokens: 1, apiAccess: true };
    expect(await findCompanyProfile(on.db, member, company)).toMatchObject(before);
    on.clock.forward(40 * 24 * 60 * 60);
    expect(await findCompanyProfile(on.db, owner, company)).toMatchObject({ ...before, tokens: 0 });
    const stranger = await on.facts.addUser();
    expect(await findCompanyProfile(on.db, stranger, company)).toBeNull();
    expect(await findCompanyProfile(on.db, owner, "nothing")).toBeNull();
  });

  test("owners give it another name, and nobody else does", async () => {
    const manager = await on.facts.addUser();
    await on.facts.addMember(manager, company, "auth_manager");
    for (const who of [manager, member, "nobody"])
      expect(await renameCompany(on.db, who, company, "Taken over")).toBe(false);
    expect(await renameCompany(on.db, owner, company, "Harbour Works")).toBe(true);
    expect(await renameCompany(on.db, owner, company, "Harbour Works")).toBe(true);
    expect(await findCompanyProfile(on.db, member, company)).toMatchObject({ name: "Harbour Works" });
    const events = await on.db.prisma.auditEvent.findMany({
      where: { companyId: company, action: "company.changed" },
    });
    expect(events).toMatchObject([
      { actorId: owner, details: { name: "Harbour Works", before: `Company ${company}` } },
    ]);
  });

  test("the administrators to ask are those who can be asked", async () => {
    const [first, second] = [await on.facts.addUser(), await on.facts.addUser()];
    await on.facts.makeAdmin(first);
    await on.facts.makeAdmin(second);
    await on.facts.suspendUser(first);
    const emails = (await findAdministrators(on.db)).map(({ email }) => email);
    const { email } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: second } });
    expect(emails).toContain(email);
    expect(emails.length).toBeLessThanOrEqual(3);
  });
});
