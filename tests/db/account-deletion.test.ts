/** An account's end: nothing that acted as its person is left, and nobody is left without anybody. */
import { beforeEach, describe, expect, test } from "vitest";
import { deleteAccount, findDeparture } from "../../lib/db/account-deletion";
import { linkIdentity } from "../../lib/db/identities";
import { createLink } from "../../lib/db/one-time-links";
import { createSession, findSession } from "../../lib/db/sessions";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  let userId: string;
  beforeEach(async () => {
    userId = await on.facts.addUser();
    await on.db.prisma.user.updateMany({ data: { isAdmin: false } });
  });
  const isThere = async (id = userId) => (await on.db.prisma.user.count({ where: { id } })) === 1;
  const none = { companies: [], isOnlyAdmin: false };

  /** Every table with a column that names people, and how many rows name this one. */
  async function traces(id: string): Promise<Record<string, number>> {
    const { rows: columns } = await on.db.pool.query<{ table_name: string; column_name: string }>(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_schema = current_schema() AND column_name IN ('user_id', 'owner_id')`,
    );
    const found: Record<string, number> = {};
    for (const { table_name, column_name } of columns) {
      const { rows } = await on.db.pool.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${table_name} WHERE ${column_name} = $1`,
        [id],
      );
      const count = rows[0]?.count ?? 0;
      if (count > 0) found[`${table_name}.${column_name}`] = count;
    }
    return found;
  }

  async function addToken(who: string, appId: string | null, hash: string) {
    await on.db.prisma.token.create({
      data: {
        ...{ hash: Buffer.from(hash), kind: "access", last4: "abcd", scopes: ["read"] },
        ...{ userId: who, appId, createdAt: on.db.now() },
      },
    });
  }

  async function addConsent(who: string, appId: string) {
    const at = on.db.now();
    const shown = { userId: who, appId, companyId: null, redirectHost: "app.example", scopes: ["read"] };
    const id = `consent-${who}-${appId}`;
    await on.db.prisma.consent.create({ data: { id, ...shown, createdAt: at, updatedAt: at } });
    await on.db.prisma.consentReceipt.create({
      data: { id: `receipt-${who}-${appId}`, consentId: id, userId: who, appId, at, shown: {} },
    });
  }

  test("takes sessions, tokens, consents, links, identities and apps along, and other people's tokens of these", async () => {
    const other = await on.facts.addUser();
    const [mine, theirs] = [
      await on.facts.addApp({ ownerId: userId }),
      await on.facts.addApp({ ownerId: other }),
    ];
    const companyId = await on.facts.addCompany(userId, other);
    const sid = await createSession(on.db, userId, 60, { userAgent: "", address: "" });
    await addConsent(userId, theirs.client_id);
    await addConsent(other, mine.client_id);
    await addConsent(other, theirs.client_id);
    await addToken(userId, theirs.client_id, `${userId}1`);
    await addToken(other, mine.client_id, `${userId}2`);
    await addToken(other, theirs.client_id, `${userId}3`);
    const claims = {
      issuer: "https://p.example",
      subject: userId,
      email: null,
      emailVerified: true,
      name: null,
    };
    await linkIdentity(on.db, userId, claims);
    await createLink(on.db, on.db.prisma, { purpose: "reset_password", userId, seconds: 60 });
    expect(await findDeparture(on.db, userId)).toEqual({
      ...none,
      apps: 1,
      people: 1,
      tokens: 1,
      consents: 1,
    });
    expect(Object.keys(await traces(userId)).length).toBeGreaterThan(6);

    expect(await deleteAccount(on.db, userId)).toEqual({ outcome: "done" });
    expect([await isThere(), await findSession(on.db, sid), await traces(userId)]).toEqual([false, null, {}]);
    expect(await on.db.prisma.token.count({ where: { userId: other } })).toBe(1);
    expect(await on.db.prisma.consent.count({ where: { userId: other } })).toBe(1);
    expect(await on.db.prisma.app.count({ where: { id: { in: [mine.client_id, theirs.client_id] } } })).toBe(
      1,
    );
    const events = await on.db.prisma.auditEvent.findMany({ where: { actorId: userId } });
    expect(events.map(({ action, companyId }) => `${action} ${companyId ?? ""}`).sort()).toEqual(
      expect.arrayContaining(["app.deleted ", `member.removed ${companyId}`, "user.deleted "]),
    );
    expect(await deleteAccount(on.db, userId)).toEqual({ outcome: "gone" });
  });

  describe("is refused", () => {
    test("to the only owner of a company, and not to one of two", async () => {
      const companyId = await on.facts.addCompany();
      const other = await on.facts.addUser();
      await on.facts.addMember(userId, companyId, "owner");
      await on.facts.addMember(other, companyId, "auth_manager");
      const { name } = await on.db.prisma.company.findUniqueOrThrow({ where: { id: companyId } });
      expect(await findDeparture(on.db, userId)).toMatchObject({ companies: [name], isOnlyAdmin: false });
      expect(await deleteAccount(on.db, userId)).toEqual({ outcome: "refused" });
      await on.facts.addMember(other, companyId, "owner");
      await on.facts.suspendUser(other);
      expect(await deleteAccount(on.db, userId)).toEqual({ outcome: "refused" });
      await on.facts.addMember(await on.facts.addUser(), companyId, "owner");
      expect(await deleteAccount(on.db, userId)).toEqual({ outcome: "done" });
    });

    test("to the only administrator", async () => {
      await on.facts.makeAdmin(userId);
      expect(await findDeparture(on.db, userId)).toMatchObject({ companies: [], isOnlyAdmin: true });
      expect(await deleteAccount(on.db, userId)).toEqual({ outcome: "refused" });
      await on.facts.makeAdmin(await on.facts.addUser());
      expect(await deleteAccount(on.db, userId)).toEqual({ outcome: "done" });
    });

    test("to the second of two last owners, or administrators, who go at the same moment", async () => {
      const other = await on.facts.addUser();
      const companyId = await on.facts.addCompany();
      for (const id of [userId, other]) await on.facts.addMember(id, companyId, "owner");
      const owners = await Promise.all([userId, other].map((id) => deleteAccount(on.db, id)));
      expect(owners.map(({ outcome }) => outcome).sort()).toEqual(["done", "refused"]);
      const admins = [await on.facts.addUser(), await on.facts.addUser()];
      for (const id of admins) await on.facts.makeAdmin(id);
      const gone = await Promise.all(admins.map((id) => deleteAccount(on.db, id)));
      expect(gone.map(({ outcome }) => outcome).sort()).toEqual(["done", "refused"]);
    });
  });

  test("is not for service accounts", async () => {
    expect(await deleteAccount(on.db, await on.facts.addServiceAccount())).toEqual({ outcome: "gone" });
  });
});
