/** Changing a person's password: whoever knew the old one is signed out everywhere. */
import { auditRow } from "./audit";
import { deleteConsents } from "./consents";
import type { Database } from "./database";
import { endFamilies, endTokens } from "./ended-tokens";
import { Prisma } from "./generated/client";
import { takeLink } from "./one-time-links";
import { consentRevoked, enqueueAll } from "./webhook-events";

/** The hash of an active person's password; null when there is no such person. */
export async function findPasswordHash(db: Database, userId: string): Promise<string | null> {
  const user = await db.prisma.user.findFirst({
    where: { id: userId, kind: "person", status: "active" },
    select: { passwordHash: true },
  });
  return user?.passwordHash ?? null;
}

/** Has this person a password? Who signs in through a provider alone has none. */
export async function hasPassword(db: Database, userId: string): Promise<boolean> {
  return Boolean(await findPasswordHash(db, userId));
}

export interface PasswordChange {
  /** The hash that was checked: when it is no longer the one in force, somebody else was faster. */
  from: string;
  to: string;
  /** Ends personal tokens and what apps were allowed, too. */
  endAccess: boolean;
}

/** Changes the password and ends every session of the person. @returns false when `from` is no longer in force */
export async function changePassword(
  db: Database,
  userId: string,
  { from, to, endAccess }: PasswordChange,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const { count } = await tx.user.updateMany({
      where: { id: userId, kind: "person", status: "active", passwordHash: from },
      data: { passwordHash: to },
    });
    if (count === 0) return false;
    const details = await endSignIns(db, tx, userId, endAccess);
    await tx.auditEvent.create({
      data: auditRow(db, { action: "password.changed", actorId: userId, details }),
    });
    return true;
  });
}

/**
 * What ends with a password: every session, and the links that were sent while it was in force. With `endAccess` also
 * personal tokens and what apps were allowed.
 * @returns how many of each
 */
export async function endSignIns(
  db: Database,
  tx: Prisma.TransactionClient,
  userId: string,
  endAccess: boolean,
): Promise<{ sessions: number; tokens: number }> {
  const sessions = await tx.session.deleteMany({ where: { userId } });
  await tx.oneTimeLink.deleteMany({ where: { userId, purpose: { in: ["reset_password", "change_email"] } } });
  const tokens = endAccess ? await endAccessOf(db, tx, userId) : 0;
  return { sessions: sessions.count, tokens };
}

/**
 * Ends everything that acts as this person: tokens of every kind, those in quarantine among them, and what apps were
 * allowed. First the consents, so that an app is told of those rather than of every token.
 * @returns how many tokens
 */
export async function endAccessOf(
  db: Database,
  tx: Prisma.TransactionClient,
  userId: string,
): Promise<number> {
  const ending = { at: db.now(), by: userId, reason: "revoked" } as const;
  await enqueueAll(tx, db, (await deleteConsents(tx, { userId })).map(consentRevoked));
  await tx.authorizationCode.deleteMany({ where: { userId } });
  const refreshed = await endFamilies(db, tx, { userId }, ending);
  const ended = await endTokens(db, tx, Prisma.sql`t.user_id = ${userId}`, ending);
  await tx.quarantinedCredential.deleteMany({ where: { userId, kind: { not: "secret" } } });
  return refreshed + ended.length;
}

/**
 * Sets the password of somebody whose account was made for them, and uses their link up: whoever has the letter has the
 * address.
 * @returns who they are; null for a link that was used or has ended, and for who may not sign in
 */
export async function setFirstPassword(
  db: Database,
  link: string,
  passwordHash: string,
): Promise<{ id: string; email: string } | null> {
  return db.prisma.$transaction(async (tx) => {
    const taken = await takeLink(db, tx, "set_password", link);
    const [person] = await tx.user.updateManyAndReturn({
      where: { id: taken?.userId ?? "", email: taken?.email ?? "", kind: "person", status: "active" },
      data: { passwordHash, emailVerifiedAt: db.now() },
      select: { id: true, email: true },
    });
    if (!person) return null;
    await tx.auditEvent.create({ data: auditRow(db, { action: "password.changed", actorId: person.id }) });
    return person;
  });
}
