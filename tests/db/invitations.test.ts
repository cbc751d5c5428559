import { beforeEach, describe, expect, test } from "vitest";
import { changeRole, removeMember } from "../../lib/db/company-members";
import {
  acceptInvitation,
  findInvitation,
  type Invitation,
  inviteMember,
  joinAsNewPerson,
  listInvitations,
  type NotInvited,
  resendInvitation,
  withdrawInvitation,
} from "../../lib/db/invitations";
import { onEachDatabase } from "../support/databases";

const day = 24 * 60 * 60;
const limits = { seconds: 7 * day, aDay: 6, toOneAddressADay: 3, pending: 4 };

onEachDatabase((on) => {
  let company: string;
  let owner: string;
  let manager: string;
  let member: string;
  let count = 0;

  beforeEach(async () => {
    const { facts } = on;
    owner = await facts.addUser();
    manager = await facts.addUser();
    member = await facts.addUser();
    company = await facts.addCompany(member);
    await facts.addMember(owner, company, "owner");
    await facts.addMember(manager, company, "auth_manager");
  });

  const newAddress = () => `guest-${company.toLowerCase()}-${++count}@example.test`;
  const invite = (email = newAddress(), role: Invitation["role"] = "auth_manager", who = owner) =>
    inviteMember(on.db, who, company, { email, role }, limits);
  const sent = (answer: Invitation | NotInvited): Invitation => {
    if (typeof answer === "string") throw new Error(`not sent: ${answer}`);
    return answer;
  };
  const pending = async () => listInvitations(on.db, owner, company);
  const membershipOf = (userId: string) =>
    on.db.prisma.membership.findMany({ where: { userId, companyId: company } });
  /** In the order it happened: `later` moves the clock between two things. */
  const audit = async () =>
    (
      await on.db.prisma.auditEvent.findMany({
        where: { companyId: company },
        orderBy: [{ at: "asc" }, { id: "asc" }],
      })
    ).map(({ action, actorId, details }) => ({ action, actorId, details }));
  const later = () => on.clock.forward(1);
  const person = { name: "Gina Guest", passwordHash: "hash" };

  describe("inviting", () => {
    test("makes a link for seven days that says who invites to what", async () => {
      const email = newAddress();
      const invitation = sent(await invite(email));
      expect(invitation).toMatchObject({ email, role: "auth_manager", company: `Company ${company}` });
      expect(await findInvitation(on.db, invitation.link)).toMatchObject({
        company: { id: company },
        role: "auth_manager",
        email,
        hasAccount: false,
        invitedBy: invitation.invitedBy,
      });
      on.clock.forward(7 * day - 1);
      expect(await findInvitation(on.db, invitation.link)).not.toBeNull();
      on.clock.forward(1);
      expect(await findInvitation(on.db, invitation.link)).toBeNull();
      expect(await pending()).toEqual([]);
      expect(await joinAsNewPerson(on.db, invitation.link, person)).toBeNull();
    });

    test("is for owners alone", async () => {
      const stranger = await on.facts.addUser();
      await on.facts.addMember(stranger, await on.facts.addCompany(), "owner");
      for (const who of [manager, member, stranger, "nobody"])
        expect(await invite(newAddress(), "member", who)).toBe("not_owner");
      expect(await pending()).toEqual([]);
      expect(await audit()).toEqual([]);
    });

    test("says so of a member and of an address that is invited", async () => {
      const { email } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: member } });
      expect(await invite(email)).toBe("is_member");
      const address = newAddress();
      sent(await invite(address));
      expect(await invite(address, "owner")).toBe("is_invited");
      on.clock.forward(7 * day);
      sent(await invite(address));
    });

    test("keeps no link and no secret anywhere but in the letter", async () => {
      const { link } = sent(await invite());
      const rows = await on.db.prisma.oneTimeLink.findMany({ where: { companyId: company } });
      expect(JSON.stringify([rows, await audit(), await pending()])).not.toContain(link);
    });

    test("is bounded by the day, by the address and by how many wait", async () => {
      const address = newAddress();
      sent(await invite(address));
      for (let time = 1; time < limits.toOneAddressADay; time += 1) {
        const [row] = await pending();
        sent(await resendInvitation(on.db, owner, company, row?.id ?? "", limits));
      }
      const [row] = await pending();
      expect(await resendInvitation(on.db, owner, company, row?.id ?? "", limits)).toBe("too_many");
      await withdrawInvitation(on.db, owner, company, row?.id ?? "");
      expect(await invite(address), "withdrawing makes no room").toBe("too_many");
      for (let sendings = limits.toOneAddressADay; sendings < limits.aDay; sendings += 1)
        sent(await invite());
      expect(await invite()).toBe("too_many");
      on.clock.forward(day);
      sent(await invite());
      expect(await pending()).toHaveLength(limits.pending);
      expect(await invite(), "as many wait as may").toBe("too_many");
    });

    test("at once sends no more than it may, and one address once", async () => {
      const address = newAddress();
      const same = await Promise.all([1, 2, 3].map(() => invite(address)));
      expect(same.filter((answer) => typeof answer !== "string")).toHaveLength(1);
      const many = await Promise.all(Array.from({ length: 6 }, () => invite()));
      expect(many.filter((answer) => typeof answer !== "string")).toHaveLength(limits.pending - 1);
    });
  });

  describe("an invitation that waits", () => {
    test("is seen by owners alone", async () => {
      const { email } = sent(await invite());
      expect(await pending()).toMatchObject([{ email, role: "auth_manager" }]);
      for (const who of [manager, member, "nobody"])
        expect(await listInvitations(on.db, who, company)).toEqual([]);
    });

    test("that is sent again has another link; the old one is dead", async () => {
      const first = sent(await invite());
      const [row] = await pending();
      for (const who of [manager, member])
        expect(await resendInvitation(on.db, who, company, row?.id ?? "", limits)).toBe("not_owner");
      later();
      const second = sent(await resendInvitation(on.db, owner, company, row?.id ?? "", limits));
      expect(second).toMatchObject({ email: first.email, role: first.role });
      expect(second.link).not.toBe(first.link);
      expect(await findInvitation(on.db, first.link)).toBeNull();
      expect(await joinAsNewPerson(on.db, first.link, person)).toBeNull();
      expect(await findInvitation(on.db, second.link)).not.toBeNull();
      expect(await pending()).toHaveLength(1);
      expect(await resendInvitation(on.db, owner, company, row?.id ?? "", limits)).toBe("not_pending");
      expect((await audit()).map(({ details }) => details)).toEqual([
        { email: first.email, role: "auth_manager" },
        { email: first.email, role: "auth_manager", again: true },
      ]);
    });

    test("that is withdrawn opens nothing, and is nobody else's to withdraw", async () => {
      const { link, email } = sent(await invite());
      const [row] = await pending();
      const id = row?.id ?? "";
      const elsewhere = await on.facts.addCompany();
      await on.facts.addMember(owner, elsewhere, "owner");
      expect(await withdrawInvitation(on.db, manager, company, id)).toBe(false);
      expect(await withdrawInvitation(on.db, owner, elsewhere, id)).toBe(false);
      expect(await findInvitation(on.db, link)).not.toBeNull();
      later();
      expect(await withdrawInvitation(on.db, owner, company, id)).toBe(true);
      expect(await withdrawInvitation(on.db, owner, company, id)).toBe(false);
      expect(await findInvitation(on.db, link)).toBeNull();
      expect((await audit()).at(-1)).toEqual({
        action: "invitation.withdrawn",
        actorId: owner,
        details: { email, role: "auth_manager" },
      });
    });

    test("is not a link of another purpose, nor the other way round", async () => {
      sent(await invite());
      const [row] = await pending();
      expect(await findInvitation(on.db, row?.id ?? "")).toBeNull();
      await on.db.prisma.oneTimeLink.updateMany({
        where: { companyId: company },
        data: { purpose: "sign_up" },
      });
      expect(await pending()).toEqual([]);
      expect(await withdrawInvitation(on.db, owner, company, row?.id ?? "")).toBe(false);
    });
  });

  describe("joining", () => {
    test("as who was invited gives the role of the invitation, once, and proves the address", async () => {
      const guest = await on.facts.addUser(newAddress());
      const data = { emailVerifiedAt: null };
      const { email } = await on.db.prisma.user.update({ where: { id: guest }, data });
      const { link } = sent(await invite(email));
      expect(await findInvitation(on.db, link)).toMatchObject({ hasAccount: true });
      later();
      expect(await acceptInvitation(on.db, link, guest)).toEqual({ companyId: company, userId: guest });
      expect(await acceptInvitation(on.db, link, guest)).toBeNull();
      expect(await membershipOf(guest)).toMatchObject([{ role: "auth_manager" }]);
      const after = await on.db.prisma.user.findUniqueOrThrow({ where: { id: guest } });
      expect(after.emailVerifiedAt).toEqual(on.clock.now());
      expect((await audit()).at(-1)).toEqual({
        action: "member.joined",
        actorId: guest,
        details: { role: "auth_manager" },
      });
    });

    test("as somebody else is refused and leaves the link as it was", async () => {
      const { link } = sent(await invite());
      const stranger = await on.facts.addUser();
      for (const who of [stranger, owner, "nobody"])
        expect(await acceptInvitation(on.db, link, who)).toBe("not_theirs");
      expect(await membershipOf(stranger)).toEqual([]);
      expect(await findInvitation(on.db, link)).not.toBeNull();
    });

    test("as somebody who is suspended is refused", async () => {
      const guest = await on.facts.addUser(newAddress());
      const { email } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: guest } });
      const { link } = sent(await invite(email));
      await on.facts.suspendUser(guest);
      expect(await acceptInvitation(on.db, link, guest)).toBe("not_theirs");
    });

    test("as somebody new makes an account whose address is proven", async () => {
      const { link, email } = sent(await invite());
      const joined = await joinAsNewPerson(on.db, link, person);
      const user = await on.db.prisma.user.findUniqueOrThrow({ where: { email } });
      expect(joined).toEqual({ companyId: company, userId: user.id });
      expect(user).toMatchObject({ ...person, isAdmin: false, emailVerifiedAt: on.clock.now() });
      expect(await membershipOf(user.id)).toMatchObject([{ role: "auth_manager" }]);
      expect(await joinAsNewPerson(on.db, link, person)).toBeNull();
    });

    test("with an address that has an account meanwhile makes no other and leaves the link as it was", async () => {
      const { link, email } = sent(await invite());
      await on.facts.addUser(email);
      expect(await joinAsNewPerson(on.db, link, person)).toBe("has_account");
      expect(await findInvitation(on.db, link)).toMatchObject({ hasAccount: true });
    });

    test("at the same moment makes one membership and one account", async () => {
      const { link, email } = sent(await invite());
      const answers = await Promise.all([1, 2, 3, 4].map(() => joinAsNewPerson(on.db, link, person)));
      expect(answers.filter((answer) => answer !== null && answer !== "has_account")).toHaveLength(1);
      const users = await on.db.prisma.user.findMany({ where: { email } });
      expect(users).toHaveLength(1);
      expect(await membershipOf(users[0]?.id ?? "")).toHaveLength(1);
      const guest = await on.facts.addUser(newAddress());
      const known = await on.db.prisma.user.findUniqueOrThrow({ where: { id: guest } });
      const second = sent(await invite(known.email));
      const accepted = await Promise.all([1, 2, 3, 4].map(() => acceptInvitation(on.db, second.link, guest)));
      expect(accepted.filter((answer) => answer !== null)).toHaveLength(1);
      expect(await membershipOf(guest)).toHaveLength(1);
      const joins = (await audit()).filter(({ action }) => action === "member.joined");
      expect(joins).toHaveLength(2);
    });

    test("while it is withdrawn or sent again is decided by whoever was first", async () => {
      const guest = await on.facts.addUser(newAddress());
      const { email } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: guest } });
      const { link } = sent(await invite(email));
      const [row] = await pending();
      const [joined, withdrawn] = await Promise.all([
        acceptInvitation(on.db, link, guest),
        withdrawInvitation(on.db, owner, company, row?.id ?? ""),
      ]);
      expect([joined !== null, withdrawn].filter(Boolean)).toHaveLength(1);
      expect(await membershipOf(guest)).toHaveLength(joined === null ? 0 : 1);
    });

    test("gives nobody who is a member already another role", async () => {
      const guest = await on.facts.addUser(newAddress());
      const { email } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: guest } });
      const { link } = sent(await invite(email, "owner"));
      await on.facts.addMember(guest, company, "member");
      expect(await acceptInvitation(on.db, link, guest)).toMatchObject({ companyId: company });
      expect(await membershipOf(guest)).toMatchObject([{ role: "member" }]);
    });

    test("still works when who invited is no owner any more, and not when the company is gone", async () => {
      const two = await on.facts.addUser();
      await on.facts.addMember(two, company, "owner");
      const { link } = sent(await invite());
      const other = sent(await invite());
      await changeRole(on.db, two, company, owner, "member");
      await removeMember(on.db, two, company, owner);
      expect(await joinAsNewPerson(on.db, link, person)).toMatchObject({ companyId: company });
      await on.db.prisma.company.delete({ where: { id: company } });
      expect(await findInvitation(on.db, other.link)).toBeNull();
      expect(await joinAsNewPerson(on.db, other.link, person)).toBeNull();
    });
  });
});
