import { beforeEach, describe, expect, test } from "vitest";
import { type AuditAction, auditRow } from "../../lib/db/audit";
import { type AuditFilters, listAuditLog, listCompanyAuditLog } from "../../lib/db/audit-log";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  let company: string;
  let other: string;
  let owner: string;
  let manager: string;
  let member: string;

  beforeEach(async () => {
    const { facts } = on;
    owner = await facts.addUser();
    manager = await facts.addUser();
    member = await facts.addUser();
    company = await facts.addCompany(member);
    other = await facts.addCompany();
    await facts.addMember(owner, company, "owner");
    await facts.addMember(manager, company, "auth_manager");
    on.clock.forward(1);
  });

  const note = (
    action: AuditAction,
    entry: { actorId?: string | null; companyId?: string | null; appId?: string | null } = {},
  ) =>
    on.db.prisma.auditEvent.create({
      data: auditRow(on.db, { action, actorId: owner, companyId: company, ...entry }),
    });
  const seen = async (
    who: string,
    filters: Omit<AuditFilters, "companyId"> = {},
    paging: Parameters<typeof listCompanyAuditLog>[4] = {},
  ) => (await listCompanyAuditLog(on.db, who, company, filters, paging)).events.map(({ action }) => action);

  describe("a company's audit log", () => {
    test("is there for owners and auth managers, and empty for everybody else", async () => {
      await note("member.invited");
      for (const who of [owner, manager]) expect(await seen(who)).toEqual(["member.invited"]);
      const ownerOfAnother = await on.facts.addUser();
      await on.facts.addMember(ownerOfAnother, other, "owner");
      const admin = await on.facts.addUser();
      await on.facts.makeAdmin(admin);
      for (const who of [member, ownerOfAnother, admin, "nobody"]) expect(await seen(who)).toEqual([]);
      await on.facts.suspendUser(manager);
      expect(await seen(manager)).toEqual([]);
      await on.facts.leave(owner, company);
      expect(await seen(owner)).toEqual([]);
    });

    test("has nothing of other companies, nor of people's own apps", async () => {
      await note("secret.rotated", { companyId: other });
      await note("app.created", { companyId: null });
      await note("company.changed");
      expect(await seen(owner)).toEqual(["company.changed"]);
    });

    test("names people, apps and companies while they are there", async () => {
      const app = await on.facts.addApp({ ownerId: owner, name: "Ledger" });
      const gone = await on.facts.addUser();
      await note("app.updated", { appId: app.client_id });
      on.clock.forward(1);
      await note("app.updated", { appId: "gone", actorId: gone });
      await on.facts.deleteUser(gone);
      on.clock.forward(1);
      await note("policy.lapsed", { actorId: null, appId: app.client_id });
      const { events } = await listCompanyAuditLog(on.db, owner, company, {});
      expect(events).toMatchObject([
        { actor: null, app: { id: app.client_id, name: "Ledger" }, company: { id: company } },
        { actor: { id: gone, name: null, email: null }, app: { id: "gone", name: null } },
        { actor: { id: owner }, app: { name: "Ledger" }, details: {} },
      ]);
    });
  });

  describe("the filters", () => {
    test("are by person, by app, by action, by kind of action and by time, and all together", async () => {
      const start = on.clock.now();
      await note("secret.rotated", { appId: "one" });
      on.clock.forward(60);
      await note("secret.revoked", { appId: "two", actorId: manager });
      on.clock.forward(60);
      await note("settings.changed");
      await note("member.joined", { actorId: member });
      const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
      expect(await seen(owner, { actorId: manager })).toEqual(["secret.revoked"]);
      expect(await seen(owner, { appId: "one" })).toEqual(["secret.rotated"]);
      expect(await seen(owner, { action: "member.joined" })).toEqual(["member.joined"]);
      expect(await seen(owner, { action: "secret.*" })).toEqual(["secret.revoked", "secret.rotated"]);
      expect(await seen(owner, { from: later(60) })).toHaveLength(3);
      expect(await seen(owner, { to: later(60) })).toEqual(["secret.rotated"]);
      expect(await seen(owner, { from: later(60), to: later(120) })).toEqual(["secret.revoked"]);
      expect(await seen(owner, { actorId: manager, action: "secret.*", appId: "two" })).toHaveLength(1);
      expect(await seen(owner, { actorId: manager, appId: "one" })).toEqual([]);
    });

    test("take what they are given by the letter", async () => {
      await note("secret.rotated");
      for (const action of ["%", "_ecret.rotated", "sec%.*", "'; DROP TABLE audit_events; --", ""])
        expect(await seen(owner, { action }), action).toEqual([]);
    });
  });

  test("pages hold every event once, of one moment, too, while more are written", async () => {
    for (let count = 0; count < 5; count += 1) await note("secret.rotated");
    on.clock.forward(1);
    await note("member.joined");
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await listCompanyAuditLog(
        on.db,
        owner,
        company,
        {},
        { limit: 2, ...(after && { after }) },
      );
      ids.push(...page.events.map(({ id }) => id));
      after = page.next ?? undefined;
      on.clock.forward(1);
      await note("company.changed");
    } while (after);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(6);
    for (const wrong of ["x", "", "0.\0", "1.a'"])
      expect((await seen(owner, {}, { after: wrong })).length).toBe(9);
  });

  test("without a company, everything is there for whoever may see that", async () => {
    await note("secret.rotated", { companyId: other });
    await note("settings.changed", { companyId: null, actorId: owner });
    const { events } = await listAuditLog(on.db, { actorId: owner }, { limit: 100 });
    expect(events.map(({ action }) => action).sort()).toEqual(["secret.rotated", "settings.changed"]);
  });
});
