import { beforeEach, describe, expect, test } from "vitest";
import { findToken } from "../../lib/db/bearer-tokens";
import { changeRole, listMembers, removeMember } from "../../lib/db/company-members";
import { createCredential, findCredential } from "../../lib/db/credentials";
import { listEndedTokens } from "../../lib/db/ended-token-list";
import { createLegacyToken } from "../../lib/db/legacy-tokens";
import { createPersonalToken } from "../../lib/db/personal-tokens";
import { createStore } from "../../lib/db/store";
import { isLive } from "../../lib/oauth/bearer";
import { hashCredential } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import { addEndpoint } from "../support/webhooks";
import { codeFor, createWorld, tokenFor } from "../support/world";

onEachDatabase((on) => {
  let company: string;
  let other: string;
  let owner: string;
  let manager: string;
  let member: string;
  let outsider: string;

  beforeEach(async () => {
    const { facts } = on;
    owner = await facts.addUser();
    manager = await facts.addUser();
    member = await facts.addUser();
    outsider = await facts.addUser();
    company = await facts.addCompany(member);
    other = await facts.addCompany(member);
    await facts.addMember(owner, company, "owner");
    await facts.addMember(manager, company, "auth_manager");
    await facts.addMember(outsider, other, "owner");
  });

  const as = () => ({
    ...createWorld().as,
    now: on.clock.now,
    store: createStore(on.db, { client: () => {}, token: () => {} }),
  });
  const roleOf = async (userId: string) =>
    (
      await on.db.prisma.membership.findUnique({
        where: { userId_companyId: { userId, companyId: company } },
      })
    )?.role ?? null;
  const audit = () =>
    on.db.prisma.auditEvent.findMany({
      where: { companyId: company, action: { startsWith: "member." } },
      orderBy: [{ at: "asc" }, { id: "asc" }],
    });
  const facts = async (token: string) => findToken(on.db, hashCredential(token));
  const isAlive = async (token: string) => {
    const found = await facts(token);
    return found !== null && isLive(found, on.clock.now());
  };
  const personal = async (companyId: string | null) => {
    const input = { name: "Script", scopes: ["read"], companyId, allCompanies: !companyId, expiresAt: null };
    return (await createPersonalToken(on.db, member, input)) ?? "";
  };

  describe("a role", () => {
    test("is changed by an owner, with who did it and what it was", async () => {
      expect(await changeRole(on.db, owner, company, member, "auth_manager")).toBe("done");
      expect(await roleOf(member)).toBe("auth_manager");
      expect(await audit()).toMatchObject([
        {
          action: "member.role_changed",
          actorId: owner,
          details: { userId: member, role: "auth_manager", before: "member" },
        },
      ]);
    });

    test("that stays the same is no change", async () => {
      expect(await changeRole(on.db, owner, company, member, "member")).toBe("done");
      expect(await changeRole(on.db, owner, company, owner, "owner")).toBe("done");
      expect(await audit()).toEqual([]);
    });

    test("is nobody else's to change, one's own included", async () => {
      const admin = await on.facts.addUser();
      await on.facts.makeAdmin(admin);
      for (const who of [manager, member, outsider, admin, "nobody"]) {
        expect(await changeRole(on.db, who, company, who, "owner"), who).toBe("not_owner");
        expect(await changeRole(on.db, who, company, member, "auth_manager")).toBe("not_owner");
      }
      const suspended = await on.facts.addUser();
      await on.facts.addMember(suspended, company, "owner");
      await on.facts.suspendUser(suspended);
      expect(await changeRole(on.db, suspended, company, member, "owner")).toBe("not_owner");
      expect([await roleOf(manager), await roleOf(member)]).toEqual(["auth_manager", "member"]);
      expect(await audit()).toEqual([]);
    });

    test("is for people who belong to the company: no stranger, no service account, no other company", async () => {
      const service = await on.facts.addServiceAccount(company);
      for (const whom of [outsider, service, "nobody"])
        expect(await changeRole(on.db, owner, company, whom, "owner")).toBe("not_member");
      expect(await changeRole(on.db, owner, other, member, "owner")).toBe("not_owner");
      expect(await changeRole(on.db, owner, "nothing", member, "owner")).toBe("not_owner");
    });

    test("of the last owner stays; one who is suspended or a service account does not count as another", async () => {
      const suspended = await on.facts.addUser();
      await on.facts.addMember(suspended, company, "owner");
      await on.facts.suspendUser(suspended);
      const service = await on.facts.addServiceAccount(company);
      await on.facts.addMember(service, company, "owner");
      expect(await changeRole(on.db, owner, company, owner, "member")).toBe("last_owner");
      expect(await removeMember(on.db, owner, company, owner)).toBe("last_owner");
      expect(await roleOf(owner)).toBe("owner");
      await on.facts.addMember(manager, company, "owner");
      expect(await changeRole(on.db, owner, company, owner, "member")).toBe("done");
    });

    test("two owners who take it from each other at once leave one", async () => {
      for (let round = 0; round < 5; round += 1) {
        const two = await on.facts.addUser();
        await on.facts.addMember(owner, company, "owner");
        await on.facts.addMember(two, company, "owner");
        const answers = await Promise.all([
          changeRole(on.db, owner, company, two, "member"),
          changeRole(on.db, two, company, owner, "member"),
        ]);
        expect(answers.sort()).toEqual(["done", "not_owner"]);
        const roles = [await roleOf(owner), await roleOf(two)];
        expect(roles.sort()).toEqual(["member", "owner"]);
        await on.facts.leave(two, company);
      }
    });

    test("two owners who leave at once leave one, and so do two who step down", async () => {
      const two = await on.facts.addUser();
      await on.facts.addMember(two, company, "owner");
      const answers = await Promise.all([
        removeMember(on.db, owner, company, owner),
        removeMember(on.db, two, company, two),
      ]);
      expect(answers.sort()).toEqual(["done", "last_owner"]);
      await on.facts.addMember(owner, company, "owner");
      await on.facts.addMember(two, company, "owner");
      const stepped = await Promise.all([
        changeRole(on.db, owner, company, owner, "member"),
        changeRole(on.db, two, company, two, "auth_manager"),
      ]);
      expect(stepped.sort()).toEqual(["done", "last_owner"]);
    });
  });

  describe("who is removed", () => {
    test("is gone, with who did it; a second time there is nobody", async () => {
      expect(await removeMember(on.db, owner, company, member)).toBe("done");
      expect(await removeMember(on.db, owner, company, member)).toBe("not_member");
      expect(await roleOf(member)).toBeNull();
      expect(await audit()).toMatchObject([
        { action: "member.removed", actorId: owner, details: { userId: member, role: "member", tokens: 0 } },
      ]);
    });

    test("may have left themselves, and nobody but owners removes others", async () => {
      for (const who of [manager, outsider, "nobody"])
        expect(await removeMember(on.db, who, company, member)).toBe("not_owner");
      expect(await removeMember(on.db, outsider, company, outsider)).toBe("not_member");
      expect(await removeMember(on.db, member, "nothing", member)).toBe("not_member");
      expect(await removeMember(on.db, member, company, member)).toBe("done");
      expect(await audit()).toMatchObject([{ actorId: member, details: { left: true } }]);
      expect(await on.db.prisma.membership.count({ where: { userId: member, companyId: other } })).toBe(1);
    });

    test("is removed once, however often at once", async () => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => removeMember(on.db, owner, company, member)));
      expect(answers.filter((answer) => answer === "done")).toHaveLength(1);
      expect(await audit()).toHaveLength(1);
    });

    test("has no access to the company with the next request, and keeps what is not the company's", async () => {
      const app = await on.facts.addApp();
      const bound = [
        await personal(company),
        await tokenFor({ as: as() }, app, member, { companyId: company }),
      ];
      const elsewhere = [
        await personal(other),
        await tokenFor({ as: as() }, app, member, { companyId: other }),
      ];
      const everywhere = await personal(null);
      await codeFor({ as: as() }, app, member, { companyId: company });
      expect((await facts(everywhere))?.companyIds).toEqual(expect.arrayContaining([company, other]));

      await removeMember(on.db, owner, company, member);
      for (const token of bound) expect(await isAlive(token)).toBe(false);
      for (const token of elsewhere) expect(await isAlive(token)).toBe(true);
      expect(await isAlive(everywhere)).toBe(true);
      expect((await facts(everywhere))?.companyIds).toEqual([other]);
      const where = { where: { userId: member, companyId: company } };
      expect(await on.db.prisma.consent.count(where)).toBe(0);
      expect(await on.db.prisma.authorizationCode.count(where)).toBe(0);
      expect(await on.db.prisma.refreshFamily.count(where)).toBe(0);
      expect((await audit()).at(-1)?.details).toMatchObject({ tokens: 2 });
      const { tokens } = await listEndedTokens(on.db, member, "revoked");
      expect(tokens.map(({ kind, company, reason }) => [kind, company?.id, reason]).toSorted()).toEqual([
        ["access", company, "revoked"],
        ["personal", company, "revoked"],
      ]);
      const { name } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: owner } });
      for (const { endedBy } of tokens) expect(endedBy).toBe(name);

      // Nothing of it comes back with a new membership.
      await on.facts.addMember(member, company, "member");
      for (const token of bound) expect(await isAlive(token)).toBe(false);
      expect((await facts(everywhere))?.companyIds).toEqual(expect.arrayContaining([company, other]));
    });

    test("is told to the apps they had allowed for the company, and to no others", async () => {
      const app = await on.facts.addApp({ ownerId: owner });
      await addEndpoint(on.db, { actorId: owner, appId: app.client_id });
      await tokenFor({ as: as() }, app, member, { companyId: company });
      await tokenFor({ as: as() }, app, member, { companyId: other });
      await removeMember(on.db, member, company, member);
      const sent = await on.db.prisma.webhookDelivery.findMany({
        where: { endpoint: { appId: app.client_id } },
      });
      expect(sent.map(({ payload }) => JSON.parse(payload))).toMatchObject([
        { type: "consent.revoked", data: { sub: member, company_id: company } },
      ]);
    });

    test("leaves the company's credentials behind, whoever made them", async () => {
      const input = { name: "Nightly export", scopes: ["read"] };
      const made = await createCredential(on.db, manager, company, input);
      const legacy = await createLegacyToken(on.db, manager, company, { ...input, months: 3 });
      expect(await removeMember(on.db, owner, company, manager)).toBe("done");
      expect(await findCredential(on.db, owner, made?.client_id ?? "")).toMatchObject({ createdBy: null });
      expect(await findCredential(on.db, manager, made?.client_id ?? "")).toBeNull();
      expect(await isAlive(legacy?.value ?? "")).toBe(true);
    });
  });

  describe("the list of members", () => {
    const names = async (who: string, query: Parameters<typeof listMembers>[3] = {}) =>
      (await listMembers(on.db, who, company, query)).members.map(({ id }) => id);

    test("is there for every member in the order they came, without service accounts", async () => {
      await on.facts.addServiceAccount(company);
      const everybody = [member, owner, manager].sort();
      for (const who of everybody) expect((await names(who)).sort()).toEqual(everybody);
      for (const who of [outsider, "nobody"]) expect(await names(who)).toEqual([]);
      on.clock.forward(1);
      const late = await on.facts.addUser();
      await on.facts.addMember(late, company, "member");
      expect((await names(owner)).at(-1)).toBe(late);
    });

    test("is searched by part of a name or address, by the letter", async () => {
      const mika = await on.facts.addUser(`mika_${company}@Harbour.example`.toLowerCase());
      await on.facts.addMember(mika, company, "member");
      expect(await names(owner, { search: "MIKA_" })).toEqual([mika]);
      expect(await names(owner, { search: "harbour.ex" })).toEqual([mika]);
      for (const search of ["mika%", "nobody", "mik__"]) expect(await names(owner, { search })).toEqual([]);
    });

    test("comes in pages that lose nobody and show nobody twice", async () => {
      for (let count = 0; count < 6; count += 1)
        await on.facts.addMember(await on.facts.addUser(), company, "member");
      const all = await names(owner, { limit: 100 });
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await listMembers(on.db, owner, company, { limit: 2, ...(after && { after }) });
        seen.push(...page.members.map(({ id }) => id));
        after = page.next ?? undefined;
      } while (after);
      expect(seen).toEqual(all);
      expect(all).toHaveLength(9);
    });
  });
});
