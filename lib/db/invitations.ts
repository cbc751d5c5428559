/**
 * Invitations to a company: an owner sends a link to an address, and whoever that address belongs to joins with the role
 * the link's row says. Owners may; whether the actor is one is asked in the transaction, which holds the company.
 */
import { z } from "zod";
import { auditRow } from "./audit";
import { holdAsOwner, holdCompany } from "./company-members";
import type { Database } from "./database";
import type { OneTimeLink, Prisma } from "./generated/client";
import { CompanyRole } from "./generated/enums";
import { createLink, findLink, takeLink } from "./one-time-links";
import { createPerson } from "./people";

const purpose = "invitation";
const DAY_MS = 24 * 60 * 60 * 1000;

/** What bounds the letters a company can have sent. */
export interface InvitationLimits {
  /** How long a link works, in seconds. */
  seconds: number;
  /** Letters a company sends in 24 hours… */
  aDay: number;
  /** …and those of them that go to one address. */
  toOneAddressADay: number;
  /** Invitations of a company that may wait at once. */
  pending: number;
}

/** What a letter says. */
export interface Invitation {
  /** What the link carries; nobody is told it but the address. */
  link: string;
  email: string;
  role: CompanyRole;
  company: string;
  invitedBy: string;
}

/** Why nothing was sent. */
export type NotInvited = "not_owner" | "is_member" | "is_invited" | "too_many" | "not_pending";

/** Invites the person behind an address in lower case. */
export async function inviteMember(
  db: Database,
  actorId: string,
  companyId: string,
  { email, role }: { email: string; role: CompanyRole },
  limits: InvitationLimits,
): Promise<Invitation | NotInvited> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await holdAsOwner(tx, actorId, companyId))) return "not_owner";
    if ((await tx.membership.count({ where: { companyId, user: { email } } })) > 0) return "is_member";
    const pending = pendingOf(db, companyId);
    if ((await tx.oneTimeLink.count({ where: { ...pending, email } })) > 0) return "is_invited";
    if ((await tx.oneTimeLink.count({ where: pending })) >= limits.pending) return "too_many";
    return send(db, tx, { actorId, companyId, email, role, again: false }, limits);
  });
}

/** Sends another link in the place of one, which works no more. */
export async function resendInvitation(
  db: Database,
  actorId: string,
  companyId: string,
  invitationId: string,
  limits: InvitationLimits,
): Promise<Invitation | NotInvited> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await holdAsOwner(tx, actorId, companyId))) return "not_owner";
    const where = { ...pendingOf(db, companyId), id: invitationId };
    const before = await tx.oneTimeLink.findFirst({ where });
    if (!before?.email) return "not_pending";
    const letter = { actorId, companyId, email: before.email, role: roleOf(before), again: true };
    const sent = await send(db, tx, letter, limits);
    // The company is held, so nobody joins by the old link in between.
    if (typeof sent !== "string") await tx.oneTimeLink.deleteMany({ where });
    return sent;
  });
}

/** The link works no more. @returns false for who is no owner, and when there is no such invitation */
export async function withdrawInvitation(
  db: Database,
  actorId: string,
  companyId: string,
  invitationId: string,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await holdAsOwner(tx, actorId, companyId))) return false;
    const where = { ...pendingOf(db, companyId), id: invitationId };
    const before = await tx.oneTimeLink.findFirst({ where });
    const { count } = await tx.oneTimeLink.deleteMany({ where });
    if (!before || count === 0) return false;
    const details = { email: before.email, role: roleOf(before) };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "invitation.withdrawn", actorId, companyId, details }),
    });
    return true;
  });
}

interface NewLetter {
  actorId: string;
  companyId: string;
  email: string;
  role: CompanyRole;
  again: boolean;
}

/** Makes the link and counts it by its audit row, which outlives it. */
async function send(
  db: Database,
  tx: Prisma.TransactionClient,
  { actorId, companyId, email, role, again }: NewLetter,
  limits: InvitationLimits,
): Promise<Invitation | "too_many"> {
  const since = { gt: new Date(db.now().getTime() - DAY_MS) };
  const today = { companyId, action: "member.invited", at: since };
  if ((await tx.auditEvent.count({ where: today })) >= limits.aDay) return "too_many";
  const toThem = { ...today, details: { path: ["email"], equals: email } };
  if ((await tx.auditEvent.count({ where: toThem })) >= limits.toOneAddressADay) return "too_many";
  const link = await createLink(db, tx, {
    ...{ purpose, companyId, email, createdById: actorId },
    ...{ details: { role }, seconds: limits.seconds },
  });
  const details = { email, role, ...(again && { again }) };
  await tx.auditEvent.create({
    data: auditRow(db, { action: "member.invited", actorId, companyId, details }),
  });
  const company = await tx.company.findUniqueOrThrow({ where: { id: companyId }, select: { name: true } });
  const actor = await tx.user.findUniqueOrThrow({ where: { id: actorId }, select: { name: true } });
  return { link, email, role, company: company.name, invitedBy: actor.name };
}

export interface PendingInvitation {
  /** Names the invitation in forms; opens nothing. */
  id: string;
  email: string;
  role: CompanyRole;
  invitedBy: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** The invitations of a company that wait, newest first, for its owners; never more than the limit of those. */
export async function listInvitations(
  db: Database,
  actorId: string,
  companyId: string,
): Promise<PendingInvitation[]> {
  const owner = { userId: actorId, companyId, role: "owner", user: { status: "active" } } as const;
  if ((await db.prisma.membership.count({ where: owner })) === 0) return [];
  const rows = await db.prisma.oneTimeLink.findMany({
    where: pendingOf(db, companyId),
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  const makers = await db.prisma.user.findMany({
    where: { id: { in: rows.flatMap(({ createdById }) => createdById ?? []) } },
    select: { id: true, name: true },
  });
  return rows.map((row) => ({
    id: row.id,
    email: row.email ?? "",
    role: roleOf(row),
    invitedBy: makers.find(({ id }) => id === row.createdById)?.name ?? null,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  }));
}

/** An invitation as its link shows it. */
export interface OpenInvitation {
  company: { id: string; name: string };
  role: CompanyRole;
  email: string;
  /** Null when they are gone. */
  invitedBy: string | null;
  /** Has the address an account? */
  hasAccount: boolean;
}

/** @returns null for a link that was used or withdrawn, or has ended */
export async function findInvitation(db: Database, link: string): Promise<OpenInvitation | null> {
  const found = await findLink(db, purpose, link);
  if (!found?.companyId || !found.email) return null;
  const { companyId, email, createdById } = found;
  const company = await db.prisma.company.findUnique({
    where: { id: companyId },
    select: { id: true, name: true },
  });
  if (!company) return null;
  const maker =
    createdById && (await db.prisma.user.findUnique({ where: { id: createdById }, select: { name: true } }));
  const accounts = await db.prisma.user.count({ where: { email } });
  return {
    ...{ company, email, role: roleOf(found), hasAccount: accounts > 0 },
    invitedBy: maker ? maker.name : null,
  };
}

export type Joined = { companyId: string; userId: string };

/**
 * A person who is signed in joins by the link they were sent.
 * @returns the company; "not_theirs" when it was sent to another address, null when it works no more
 */
export async function acceptInvitation(
  db: Database,
  link: string,
  userId: string,
): Promise<Joined | "not_theirs" | null> {
  return joinBy(db, link, async (tx, { email }) => {
    const person = await tx.user.findFirst({ where: { id: userId, kind: "person", status: "active" } });
    if (!person || person.email !== email) return "not_theirs";
    // Who has the link has the mailbox.
    const unproven = { id: userId, emailVerifiedAt: null };
    await tx.user.updateMany({ where: unproven, data: { emailVerifiedAt: db.now() } });
    return { userId };
  });
}

/**
 * Somebody new joins: the link proves the address.
 * @returns the company and the new account; "has_account" when there is one, null when the link works no more
 */
export async function joinAsNewPerson(
  db: Database,
  link: string,
  { name, passwordHash }: { name: string; passwordHash: string },
): Promise<Joined | "has_account" | null> {
  return joinBy(db, link, async (tx, { email }) => {
    const userId = await createPerson(db, tx, { email, name, passwordHash, verified: true });
    return userId === null ? "has_account" : { userId };
  });
}

/** Takes back what a transaction did when its link turns out to be used. */
class LinkGone extends Error {}

/** Who joins is decided by the caller; the link's row goes in the same transaction, so of two at once one joins. */
async function joinBy<Refusal extends string>(
  db: Database,
  link: string,
  who: (tx: Prisma.TransactionClient, found: { email: string }) => Promise<{ userId: string } | Refusal>,
): Promise<Joined | Refusal | null> {
  const found = await findLink(db, purpose, link);
  if (!found?.companyId || !found.email) return null;
  const { companyId, email } = found;
  const joining = db.prisma.$transaction(async (tx) => {
    if (!(await holdCompany(tx, companyId))) return null;
    const joins = await who(tx, { email });
    if (typeof joins === "string") return joins;
    const { userId } = joins;
    const taken = await takeLink(db, tx, purpose, link);
    if (!taken) throw new LinkGone();
    const role = roleOf(taken);
    const membership = { userId, companyId, role, createdAt: db.now() };
    // Who has become a member in another way meanwhile stays what they are.
    const { count } = await tx.membership.createMany({ data: [membership], skipDuplicates: true });
    if (count === 1)
      await tx.auditEvent.create({
        data: auditRow(db, { action: "member.joined", actorId: userId, companyId, details: { role } }),
      });
    return { companyId, userId };
  });
  return joining.catch((error: unknown) => {
    if (error instanceof LinkGone) return null;
    throw error;
  });
}

function pendingOf(db: Database, companyId: string) {
  return { purpose, companyId, expiresAt: { gt: db.now() } };
}

const stored = z.object({ role: z.enum(CompanyRole) });

function roleOf({ details }: Pick<OneTimeLink, "details">): CompanyRole {
  return stored.parse(details).role;
}
