/** Recovery codes: ten for each person with a second factor, shown once, each used once by the write. */
import { hashCredential, type Random } from "../oauth/tokens";
import { auditRow } from "./audit";
import { toBytes } from "./bytes";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";

const RECOVERY_CODES = 10;

/** Crockford's base 32: nothing in it can be taken for something else. 16 of it have 80 random bits. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH = 16;

/** Makes new ones in the transaction of why, and ends those before. @returns the codes, this once */
export async function makeRecoveryCodes(
  db: Database,
  tx: Prisma.TransactionClient,
  userId: string,
): Promise<string[]> {
  const createdAt = db.now();
  const codes = Array.from({ length: RECOVERY_CODES }, () => newCode(db.random));
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({ userId, hash: hashOf(userId, code), createdAt })),
  });
  const details = { codes: RECOVERY_CODES };
  await tx.auditEvent.create({
    data: auditRow(db, { action: "recovery_codes.made", actorId: userId, details }),
  });
  return codes;
}

/** New ones for who has an authenticator app. @returns null for everybody else */
export async function replaceRecoveryCodes(db: Database, userId: string): Promise<string[] | null> {
  return db.prisma.$transaction(async (tx) => {
    // Raw because Prisma cannot lock a row: of two who ask at once, the codes that are left are one's alone.
    const found = await tx.$queryRaw<unknown[]>`
      SELECT 1 AS found FROM totp_secrets t JOIN users u ON u.id = t.user_id
      WHERE t.user_id = ${userId} AND u.status = 'active' FOR UPDATE OF t`;
    return found.length === 1 ? makeRecoveryCodes(db, tx, userId) : null;
  });
}

/**
 * Uses a code up, as it was typed. Of several who come with it at once, one has it.
 * @returns how many are left; null for one that is not theirs, or was used
 */
export async function takeRecoveryCode(db: Database, userId: string, typed: string): Promise<number | null> {
  return db.prisma.$transaction(async (tx) => {
    const { count } = await tx.recoveryCode.updateMany({
      where: { userId, hash: hashOf(userId, typed), usedAt: null, user: { status: "active" } },
      data: { usedAt: db.now() },
    });
    if (count === 0) return null;
    const left = await tx.recoveryCode.count({ where: { userId, usedAt: null } });
    await tx.auditEvent.create({
      data: auditRow(db, { action: "recovery_code.used", actorId: userId, details: { left } }),
    });
    return left;
  });
}

function newCode(random: Random): string {
  const characters = [...random(LENGTH)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");
  return characters.replace(/(.{4})(?!$)/g, "$1-");
}

/** Written in any case, with or without its dashes, and with what looks like 0 or 1 (Crockford) it is the same code. */
function hashOf(userId: string, code: string) {
  const plain = code.toLowerCase().replace(/[\s-]/g, "").replaceAll("o", "0").replace(/[il]/g, "1");
  return toBytes(hashCredential(`${userId} ${plain}`));
}
