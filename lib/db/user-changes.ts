/**
 * What administrators do about people. Whether the actor is one is asked in the transaction that does it, and the audit
 * row is written there. Nobody stops the last administrator: that is decided while everybody else waits.
 */
import { type AuditAction, auditRow } from "./audit";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { createLink } from "./one-time-links";
import { createPerson } from "./people";
import { hasOtherAdmin, holdAdmins, isActiveAdmin } from "./users";

/** Whether it was done; else why not. */
export type UserChanged = "done" | "not_admin" | "no_user" | "unchanged" | "yourself" | "last_admin";

type Person = { id: string; name: string; email: string; isAdmin: boolean; status: "active" | "suspended" };

/** One change of one person, with its audit row. A refusal writes nothing. */
async function changePerson(
  db: Database,
  adminId: string,
  userId: string,
  action: AuditAction,
  change: (
    tx: Prisma.TransactionClient,
    person: Person,
  ) => Promise<Exclude<UserChanged, "done"> | Prisma.InputJsonObject>,
): Promise<UserChanged> {
  return db.prisma.$transaction(async (tx) => {
    await holdAdmins(tx);
    if (!(await isActiveAdmin(tx, adminId))) return "not_admin";
    const person = await tx.user.findFirst({
      where: { id: userId, kind: "person" },
      select: { id: true, name: true, email: true, isAdmin: true, status: true },
    });
    if (!person) return "no_user";
    const details = await change(tx, person);
    if (typeof details === "string") return details;
    await tx.auditEvent.create({
      data: auditRow(db, { action, actorId: adminId, subjectId: userId, details }),
    });
    return "done";
  });
}

/**
 * Stops a person: their sign-ins end, and their tokens, and the apps that act through them, work with nobody from the
 * next request on. Tokens that have not expired work again when the person is resumed; sign-ins do not come back.
 */
export async function suspendUser(db: Database, adminId: string, userId: string): Promise<UserChanged> {
  return changePerson(db, adminId, userId, "user.suspended", async (tx, { email, isAdmin }) => {
    if (userId === adminId) return "yourself";
    if (isAdmin && !(await hasOtherAdmin(tx, userId))) return "last_admin";
    const { count } = await tx.user.updateMany({
      where: { id: userId, status: "active" },
      data: { status: "suspended" },
    });
    if (count === 0) return "unchanged";
    const sessions = await tx.session.deleteMany({ where: { userId } });
    await tx.authorizationCode.deleteMany({ where: { userId } });
    await tx.oneTimeLink.deleteMany({ where: { userId } });
    return { email, sessions: sessions.count };
  });
}

export async function resumeUser(db: Database, adminId: string, userId: string): Promise<UserChanged> {
  return changePerson(db, adminId, userId, "user.resumed", async (tx, { email }) => {
    const { count } = await tx.user.updateMany({
      where: { id: userId, status: "suspended" },
      data: { status: "active" },
    });
    return count === 0 ? "unchanged" : { email };
  });
}

/** Makes somebody an administrator, or takes it from them. */
export async function setAdministrator(
  db: Database,
  adminId: string,
  userId: string,
  isAdmin: boolean,
): Promise<UserChanged> {
  return changePerson(db, adminId, userId, "user.admin_changed", async (tx, { email }) => {
    if (!isAdmin && !(await hasOtherAdmin(tx, userId))) return "last_admin";
    const { count } = await tx.user.updateMany({
      where: { id: userId, isAdmin: !isAdmin },
      data: { isAdmin },
    });
    return count === 0 ? "unchanged" : { email, admin: isAdmin };
  });
}

/** Ends one of a person's sign-ins, or all. */
export async function endSessionsOf(
  db: Database,
  adminId: string,
  userId: string,
  sessionId: string | null,
): Promise<UserChanged> {
  return changePerson(db, adminId, userId, "sessions.ended", async (tx, { email }) => {
    const where = { userId, ...(sessionId !== null && { id: sessionId }) };
    const { count } = await tx.session.deleteMany({ where });
    return count === 0 ? "unchanged" : { email, sessions: count };
  });
}

/** How long the link in the letter works. */
const LINK_SECONDS = 7 * 24 * 60 * 60;

/** The link with which somebody chooses a password; the one before ends. */
async function passwordLink(
  db: Database,
  tx: Prisma.TransactionClient,
  adminId: string,
  { id, email }: { id: string; email: string },
): Promise<string> {
  await tx.oneTimeLink.deleteMany({ where: { purpose: "set_password", userId: id } });
  const link = { purpose: "set_password", userId: id, email, createdById: adminId } as const;
  return createLink(db, tx, { ...link, seconds: LINK_SECONDS });
}

/**
 * Makes an account for somebody who chooses their password themselves.
 * @returns their id and what the link in their letter carries
 */
export async function createUser(
  db: Database,
  adminId: string,
  { name, email }: { name: string; email: string },
): Promise<{ id: string; link: string } | "not_admin" | "email_taken"> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, adminId))) return "not_admin";
    return (await createUserIn(db, tx, adminId, { name, email })) ?? "email_taken";
  });
}

/** {@link createUser} in the transaction of whoever has more to do. @returns null for an address that somebody has */
export async function createUserIn(
  db: Database,
  tx: Prisma.TransactionClient,
  adminId: string,
  { name, email }: { name: string; email: string },
): Promise<{ id: string; link: string } | null> {
  const person = { name, email, passwordHash: null, verified: false, createdById: adminId };
  const id = await createPerson(db, tx, person);
  if (id === null) return null;
  return { id, link: await passwordLink(db, tx, adminId, { id, email: email.toLowerCase() }) };
}

/** Another letter for somebody who has no password yet. @returns null for everybody else */
export async function renewWelcome(
  db: Database,
  adminId: string,
  userId: string,
): Promise<{ name: string; email: string; link: string } | null> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, adminId))) return null;
    const where = { id: userId, kind: "person", status: "active", passwordHash: "" } as const;
    const person = await tx.user.findFirst({ where, select: { id: true, name: true, email: true } });
    if (!person) return null;
    const link = await passwordLink(db, tx, adminId, person);
    await tx.auditEvent.create({
      data: auditRow(db, {
        action: "user.invited",
        actorId: adminId,
        subjectId: userId,
        details: { email: person.email },
      }),
    });
    return { name: person.name, email: person.email, link };
  });
}
