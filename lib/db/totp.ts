/** The key a person shares with an authenticator app: shown, proven, used for a code once, taken away. */
import { after } from "../oauth/server";
import { auditRow } from "./audit";
import type { Database } from "./database";
import { makeRecoveryCodes } from "./recovery-codes";

type Sealed = Uint8Array<ArrayBuffer>;

/** How long the key of a set-up can be proven. */
const SETUP_SECONDS = 30 * 60;

/** Keeps the key of a set-up, instead of one before that was not proven. */
export async function beginTotp(db: Database, userId: string, secret: Sealed): Promise<void> {
  const pending = { secret, expiresAt: after(db.now(), SETUP_SECONDS) };
  await db.prisma.totpSetup.upsert({
    where: { userId },
    create: { userId, ...pending },
    update: pending,
  });
}

/** The key that is being set up, sealed. */
export async function findTotpSetup(db: Database, userId: string): Promise<Sealed | null> {
  const setup = await db.prisma.totpSetup.findFirst({ where: { userId, expiresAt: { gt: db.now() } } });
  return setup?.secret ?? null;
}

/**
 * Makes the key of the set-up the one that counts, and new recovery codes.
 * @param shown the key that was proven, sealed as it was found
 * @param step the time step of the code that proved it
 * @returns the recovery codes, this once; null when the set-up is another one by now, or gone
 */
export async function confirmTotp(
  db: Database,
  userId: string,
  shown: Sealed,
  step: number,
): Promise<string[] | null> {
  return db.prisma.$transaction(async (tx) => {
    const now = db.now();
    const { count } = await tx.totpSetup.deleteMany({
      where: { userId, secret: shown, expiresAt: { gt: now }, user: { kind: "person", status: "active" } },
    });
    if (count === 0) return null;
    const proven = { secret: shown, lastStep: step, createdAt: now, lastUsedAt: null };
    await tx.totpSecret.upsert({ where: { userId }, create: { userId, ...proven }, update: proven });
    const details = { kind: "authenticator app" };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "second_factor.added", actorId: userId, details }),
    });
    return makeRecoveryCodes(db, tx, userId);
  });
}

/** The key of an active person, sealed; null for who has none. */
export async function findTotp(db: Database, userId: string): Promise<Sealed | null> {
  const found = await db.prisma.totpSecret.findFirst({
    where: { userId, user: { kind: "person", status: "active" } },
    select: { secret: true },
  });
  return found?.secret ?? null;
}

/**
 * RFC 6238 §5.2: a code "MUST NOT" be accepted twice. The write says whether this is the first time.
 * @param secret the key the code was checked with, sealed as it was found
 */
export async function takeTotpStep(
  db: Database,
  userId: string,
  secret: Sealed,
  step: number,
): Promise<boolean> {
  const { count } = await db.prisma.totpSecret.updateMany({
    where: { userId, secret, lastStep: { lt: step }, user: { status: "active" } },
    data: { lastStep: step, lastUsedAt: db.now() },
  });
  return count === 1;
}

/** Takes the key away, and the recovery codes that stand in for it: from now on the password is enough. */
export async function removeTotp(db: Database, userId: string): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const where = { userId };
    const { count } = await tx.totpSecret.deleteMany({ where });
    if (count === 0) return false;
    await tx.totpSetup.deleteMany({ where });
    await tx.recoveryCode.deleteMany({ where });
    const details = { kind: "authenticator app" };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "second_factor.removed", actorId: userId, details }),
    });
    return true;
  });
}

/** Keys in the order of their people, for whoever seals them anew. */
export async function listTotp(
  db: Database,
  afterUserId: string,
  count: number,
): Promise<{ userId: string; secret: Sealed }[]> {
  return db.prisma.totpSecret.findMany({
    where: { userId: { gt: afterUserId } },
    orderBy: { userId: "asc" },
    take: count,
    select: { userId: true, secret: true },
  });
}

/** The same key under another seal. @returns false when it is another key by now */
export async function resealTotp(db: Database, userId: string, from: Sealed, to: Sealed): Promise<boolean> {
  const { count } = await db.prisma.totpSecret.updateMany({
    where: { userId, secret: from },
    data: { secret: to },
  });
  return count === 1;
}
