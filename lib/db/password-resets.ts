/** Setting a new password without the old one: by a link to the address of the account. */
import { auditRow } from "./audit";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { holdOwner } from "./link-turns";
import { createLink, takeLink } from "./one-time-links";
import { endSignIns } from "./passwords";
import { findUserForSignIn } from "./users";

export interface Reset {
  /** What the link carries. */
  link: string;
  name: string;
  email: string;
}

/** @returns the link for the person who has this address; null when nobody who may sign in has it */
export async function askForReset(
  db: Database,
  email: string,
  { seconds, details }: { seconds: number; details: Prisma.InputJsonObject },
): Promise<Reset | null> {
  const user = await findUserForSignIn(db, email);
  if (!user) return null;
  const link = await createLink(db, db.prisma, {
    ...{ purpose: "reset_password", userId: user.id, email: user.email, details, seconds },
  });
  return { link, name: user.name, email: user.email };
}

/**
 * Sets the password and ends every session of the person. Who follows the link has read a letter to the address, which
 * is thereby proven.
 * @param link what the link carries
 * @param endAccess ends personal tokens and what apps were allowed, too
 * @returns whose it was, and what the link was made with; null when it was used, has ended or its address is no longer theirs
 */
export async function resetPassword(
  db: Database,
  link: string,
  { passwordHash, endAccess }: { passwordHash: string; endAccess: boolean },
): Promise<{ name: string; email: string; details: Prisma.JsonValue } | null> {
  return db.prisma.$transaction(async (tx) => {
    await holdOwner(tx, link);
    const taken = await takeLink(db, tx, "reset_password", link);
    if (!taken?.userId || !taken.email) return null;
    const { userId, email, details } = taken;
    const { count } = await tx.user.updateMany({
      where: { id: userId, email, kind: "person", status: "active" },
      data: { passwordHash },
    });
    if (count === 0) return null;
    await tx.user.updateMany({
      where: { id: userId, emailVerifiedAt: null },
      data: { emailVerifiedAt: db.now() },
    });
    const ended = await endSignIns(db, tx, userId, endAccess);
    await tx.auditEvent.create({
      data: auditRow(db, { action: "password.reset", actorId: userId, details: ended }),
    });
    const { name } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { name: true } });
    return { name, email, details };
  });
}
