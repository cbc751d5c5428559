/** Changing a person's password: whoever knew the old one is signed out everywhere. */
import { auditRow } from "./audit";
import type { Database } from "./database";
import { deleteFamilies } from "./refresh-tokens";

/** The hash of an active person's password; null when there is no such person. */
export async function findPasswordHash(db: Database, userId: string): Promise<string | null> {
  const user = await db.prisma.user.findFirst({
    where: { id: userId, kind: "person", status: "active" },
    select: { passwordHash: true },
  });
  return user?.passwordHash ?? null;
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
    const sessions = await tx.session.deleteMany({ where: { userId } });
    let tokens = 0;
    if (endAccess) {
      await tx.consent.deleteMany({ where: { userId } });
      await tx.authorizationCode.deleteMany({ where: { userId } });
      tokens += await deleteFamilies(tx, { userId });
      tokens += (await tx.token.deleteMany({ where: { userId } })).count;
    }
    const details = { sessions: sessions.count, tokens };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "password.changed", actorId: userId, details }),
    });
    return true;
  });
}
