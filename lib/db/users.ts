/** People: found to sign in, shown with their companies, changed by themselves. */
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import type { CompanyRole } from "./generated/enums";

export interface UserCredentials {
  id: string;
  name: string;
  email: string;
  passwordHash: string;
  /** Null for somebody who has not proven that the address is theirs, and so does not sign in. */
  emailVerifiedAt: Date | null;
}

/** A person who may sign in; a service account never may. E-mail addresses are kept in lower case. */
export async function findUserForSignIn(db: Database, email: string): Promise<UserCredentials | null> {
  return db.prisma.user.findFirst({
    where: { email: email.toLowerCase(), kind: "person", status: "active" },
    select: { id: true, name: true, email: true, passwordHash: true, emailVerifiedAt: true },
  });
}

/**
 * Is this an administrator of the installation? In a transaction it holds on to the answer until the end: a right that
 * is being taken away at this moment is either gone already or goes afterwards.
 */
export async function isActiveAdmin(tx: Prisma.TransactionClient, userId: string): Promise<boolean> {
  // Raw because Prisma's builder has no row locks.
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 AS found FROM users
    WHERE id = ${userId} AND is_admin AND kind = 'person' AND status = 'active' FOR SHARE`;
  return rows.length === 1;
}

/** The advisory lock of whoever changes who is an administrator: whether one is left is a question about all of them. */
const ADMINS_LOCK = 72_707_371;

/** Has whoever else is about to make, stop or remove an administrator wait until this transaction has ended. */
export async function holdAdmins(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${ADMINS_LOCK}) IS NOT NULL AS mine`;
}

/** An administrator who could sign in, for the where clause of a query. */
const activeAdmin = {
  isAdmin: true,
  kind: "person",
  status: "active",
} satisfies Prisma.UserWhereInput;

/**
 * Would somebody still administer this installation without this person? Asked after {@link holdAdmins}, in the
 * transaction that stops them.
 */
export async function hasOtherAdmin(tx: Prisma.TransactionClient, userId: string): Promise<boolean> {
  return (
    (await tx.user.findFirst({ where: { ...activeAdmin, id: { not: userId } }, select: { id: true } })) !==
    null
  );
}

/** Changes what a person may change of their own profile. */
export async function updateProfile(
  db: Database,
  userId: string,
  { name }: { name: string },
): Promise<boolean> {
  const { count } = await db.prisma.user.updateMany({ where: { id: userId }, data: { name } });
  return count === 1;
}

export type { CompanyRole };
