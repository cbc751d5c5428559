/** What a person signs in with besides the password, as a whole: looked at, and taken away by an administrator. */
import { auditRow } from "./audit";
import type { Database } from "./database";
import { isActiveAdmin } from "./users";

export interface SecondFactors {
  /** The authenticator app; null where there is none, and then a password is enough. */
  totp: { createdAt: Date; lastUsedAt: Date | null } | null;
  passkeys: number;
  /** Recovery codes that were made, and those of them that still work. */
  codes: { made: number; left: number };
}

export async function findSecondFactors({ prisma }: Database, userId: string): Promise<SecondFactors> {
  const [totp, passkeys, made, left] = await Promise.all([
    prisma.totpSecret.findUnique({
      where: { userId },
      select: { createdAt: true, lastUsedAt: true },
    }),
    prisma.passkey.count({ where: { userId } }),
    prisma.recoveryCode.count({ where: { userId } }),
    prisma.recoveryCode.count({ where: { userId, usedAt: null } }),
  ]);
  return { totp, passkeys, codes: { made, left } };
}

/**
 * For who has lost all of them: an administrator takes away the authenticator app, every passkey and every recovery code,
 * and ends every sign-in, so that the password alone opens the next one.
 * @returns false when `adminId` is no administrator, or there is nothing to take away
 */
export async function resetSecondFactors(db: Database, adminId: string, userId: string): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, adminId))) return false;
    const where = { userId };
    const totp = await tx.totpSecret.deleteMany({ where });
    const passkeys = await tx.passkey.deleteMany({ where });
    const codes = await tx.recoveryCode.deleteMany({ where });
    await tx.totpSetup.deleteMany({ where });
    if (totp.count + passkeys.count + codes.count === 0) return false;
    const sessions = await tx.session.deleteMany({ where });
    const counts = { authenticator: totp.count === 1, passkeys: passkeys.count, sessions: sessions.count };
    await tx.auditEvent.create({
      data: auditRow(db, {
        action: "second_factor.reset",
        actorId: adminId,
        subjectId: userId,
        details: { userId, ...counts },
      }),
    });
    return true;
  });
}
