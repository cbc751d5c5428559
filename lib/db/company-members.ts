/**
 * Who belongs to a company, changed by its owners. Every change holds the company first, so that they come one after
 * another and each sees what the one before it left: a company never loses its last owner.
 */
import { auditRow } from "./audit";
import { deleteConsents } from "./consents";
import type { Database } from "./database";
import { endFamilies, endTokens } from "./ended-tokens";
import { Prisma } from "./generated/client";
import type { CompanyRole } from "./generated/enums";
import { afterCursor, type Page, toCursor } from "./keyset";
import { consentRevoked, enqueueAll } from "./webhook-events";

/** Whether it was done; else why not. */
export type MemberChange = "done" | "not_owner" | "not_member" | "last_owner";

/** Holds a company until the transaction ends, against other changes of who belongs to it. @returns is it there? */
export async function holdCompany(tx: Prisma.TransactionClient, companyId: string): Promise<boolean> {
  // Raw because Prisma's builder has no row locks. Not FOR UPDATE: what only refers to the company need not wait.
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 AS held FROM companies WHERE id = ${companyId} FOR NO KEY UPDATE`;
  return rows.length === 1;
}

/** Holds the company for one of its owners. @returns false for everybody else */
export async function holdAsOwner(
  tx: Prisma.TransactionClient,
  actorId: string,
  companyId: string,
): Promise<boolean> {
  if (!(await holdCompany(tx, companyId))) return false;
  const owners = await tx.membership.count({
    where: { userId: actorId, companyId, role: "owner", user: { status: "active", kind: "person" } },
  });
  return owners === 1;
}

/** Has the company an owner beside this one, who can sign in? */
const anotherOwner = (companyId: string, userId: string) => Prisma.sql`EXISTS (
    SELECT 1 FROM memberships o JOIN users u ON u.id = o.user_id
    WHERE o.company_id = ${companyId} AND o.user_id <> ${userId} AND o.role = 'owner'
      AND u.status = 'active' AND u.kind = 'person')`;

/** Gives a member another role; owners may. */
export async function changeRole(
  db: Database,
  actorId: string,
  companyId: string,
  userId: string,
  role: CompanyRole,
): Promise<MemberChange> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await holdAsOwner(tx, actorId, companyId))) return "not_owner";
    const member = await findPerson(tx, companyId, userId);
    if (!member) return "not_member";
    if (member.role === role) return "done";
    // Raw because Prisma's builder cannot ask for another row in the condition of an UPDATE.
    const changed = await tx.$executeRaw`
      UPDATE memberships SET role = ${role}::company_role
      WHERE user_id = ${userId} AND company_id = ${companyId}
        AND (role <> 'owner' OR ${anotherOwner(companyId, userId)})`;
    if (changed === 0) return "last_owner";
    const details = { name: member.name, userId, role, before: member.role };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "member.role_changed", actorId, companyId, details }),
    });
    return "done";
  });
}

/** Takes a member out of the company, with all access they had to it: owners may, and everybody for themselves. */
export async function removeMember(
  db: Database,
  actorId: string,
  companyId: string,
  userId: string,
): Promise<MemberChange> {
  return db.prisma.$transaction(async (tx) => {
    const left = actorId === userId;
    const held = left ? await holdCompany(tx, companyId) : await holdAsOwner(tx, actorId, companyId);
    if (!held) return left ? "not_member" : "not_owner";
    const member = await findPerson(tx, companyId, userId);
    if (!member) return "not_member";
    const removed = await tx.$executeRaw`
      DELETE FROM memberships WHERE user_id = ${userId} AND company_id = ${companyId}
        AND (role <> 'owner' OR ${anotherOwner(companyId, userId)})`;
    if (removed === 0) return "last_owner";
    const tokens = await endCompanyAccess(db, tx, actorId, { userId, companyId });
    const details = { name: member.name, userId, role: member.role, tokens, ...(left && { left }) };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "member.removed", actorId, companyId, details }),
    });
    return "done";
  });
}

/**
 * Ends what somebody had in a company: tokens and consents for it, and the apps of it they maintained. A token for all of
 * their companies lives on and reaches this one no more; what belongs to the company itself is not touched. The look-up of
 * a token asks for the membership anyway; the rows go so that nothing comes back with a later one. They see the tokens among
 * those that ended, with who ended them, and the apps are told.
 * @returns how many tokens ended
 */
async function endCompanyAccess(
  db: Database,
  tx: Prisma.TransactionClient,
  actorId: string,
  theirs: { userId: string; companyId: string },
): Promise<number> {
  const { userId, companyId } = theirs;
  const ending = { at: db.now(), by: actorId, reason: "revoked" } as const;
  await enqueueAll(tx, db, (await deleteConsents(tx, theirs)).map(consentRevoked));
  await tx.authorizationCode.deleteMany({ where: theirs });
  const refreshed = await endFamilies(db, tx, theirs, ending);
  const which = Prisma.sql`t.user_id = ${userId} AND t.company_id = ${companyId}`;
  const ended = await endTokens(db, tx, which, ending);
  await tx.appMaintainer.deleteMany({ where: { userId, app: { companyId } } });
  return refreshed + ended.length;
}

async function findPerson(
  tx: Prisma.TransactionClient,
  companyId: string,
  userId: string,
): Promise<{ name: string; role: CompanyRole } | null> {
  const member = await tx.membership.findFirst({
    where: { userId, companyId, user: { kind: "person" } },
    select: { role: true, user: { select: { name: true } } },
  });
  return member && { name: member.user.name, role: member.role };
}

export interface MemberRow {
  id: string;
  name: string;
  email: string;
  role: CompanyRole;
  /** Stopped by an administrator. */
  isSuspended: boolean;
  joinedAt: Date;
}

/** The people of a company, for one of them, in the order they came; `search` is part of a name or an address. */
export async function listMembers(
  db: Database,
  actorId: string,
  companyId: string,
  { search, after, limit = 50 }: { search?: string; after?: string; limit?: number } = {},
): Promise<Page<"members", MemberRow>> {
  const cursor = afterCursor(after);
  // Prisma makes a LIKE pattern of `contains` and leaves its signs as they are.
  const part = { contains: search?.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" } as const;
  const rows = await db.prisma.membership.findMany({
    where: {
      companyId,
      company: { memberships: { some: { userId: actorId, user: { status: "active" } } } },
      user: { kind: "person", ...(search && { OR: [{ name: part }, { email: part }] }) },
      ...(cursor && {
        createdAt: { gte: cursor.at },
        OR: [{ createdAt: { gt: cursor.at } }, { userId: { gt: cursor.id } }],
      }),
    },
    select: {
      userId: true,
      role: true,
      createdAt: true,
      user: { select: { name: true, email: true, status: true } },
    },
    orderBy: [{ createdAt: "asc" }, { userId: "asc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    members: page.map(({ userId, role, createdAt, user }) => ({
      id: userId,
      name: user.name,
      email: user.email,
      role,
      isSuspended: user.status === "suspended",
      joinedAt: createdAt,
    })),
    next: rows.length > limit && last ? toCursor(last.createdAt, last.userId) : null,
  };
}
