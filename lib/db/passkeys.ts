/** Passkeys: WebAuthn credentials of people, each answer to a challenge counted once. */
import { hashCredential, randomId } from "../oauth/tokens";
import { auditRow } from "./audit";
import { toBytes, toHash } from "./bytes";
import type { Database } from "./database";

/** How many one person may have. */
export const PASSKEY_LIMIT = 20;

export interface NewPasskey {
  /** As WebAuthn writes it, in base64url. */
  credentialId: string;
  publicKey: Uint8Array<ArrayBuffer>;
  counter: number;
  transports: readonly string[];
  name: string;
  isSynced: boolean;
  challenge: Challenge;
}

/** A challenge that was answered. */
export interface Challenge {
  /** As WebAuthn writes it, in base64url. */
  value: string;
  expiresAt: Date;
}

export interface PasskeyRow {
  id: string;
  name: string;
  isSynced: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** A passkey as a check needs it, with whose it is. */
export interface KnownPasskey {
  id: string;
  publicKey: Uint8Array<ArrayBuffer>;
  user: { id: string; email: string };
}

/** @returns false when the answer was used, somebody has that passkey, or the person has as many as one may have */
export async function addPasskey(db: Database, userId: string, passkey: NewPasskey): Promise<boolean> {
  const { credentialId, publicKey, counter, transports, name, isSynced, challenge } = passkey;
  return db.prisma.$transaction(async (tx) => {
    // Raw because Prisma cannot lock a row: of two that are added at once, the second one counts the first.
    const people = await tx.$queryRaw<unknown[]>`
      SELECT 1 AS found FROM users
      WHERE id = ${userId} AND kind = 'person' AND status = 'active' FOR NO KEY UPDATE`;
    if (people.length === 0) return false;
    if ((await tx.passkey.count({ where: { userId } })) >= PASSKEY_LIMIT) return false;
    const used = await tx.usedChallenge.createMany({ data: [usedRow(challenge)], skipDuplicates: true });
    if (used.count === 0) return false;
    const { count } = await tx.passkey.createMany({
      data: [
        {
          id: randomId(20, db.random),
          userId,
          credentialId: toBytes(credentialId),
          publicKey,
          counter: BigInt(counter),
          transports: [...transports],
          name,
          isSynced,
          createdAt: db.now(),
        },
      ],
      skipDuplicates: true,
    });
    if (count === 0) return false;
    const details = { kind: "passkey", name };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "second_factor.added", actorId: userId, details }),
    });
    return true;
  });
}

/** A person's passkeys, the newest first; never more than {@link PASSKEY_LIMIT}. */
export async function listPasskeys(db: Database, userId: string): Promise<PasskeyRow[]> {
  return db.prisma.passkey.findMany({
    where: { userId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    select: { id: true, name: true, isSynced: true, createdAt: true, lastUsedAt: true },
  });
}

/** What a browser is told of a person's passkeys, to find them by. */
export async function listCredentials(
  db: Database,
  userId: string,
): Promise<{ id: string; transports: string[] }[]> {
  const rows = await db.prisma.passkey.findMany({
    where: { userId },
    select: { credentialId: true, transports: true },
  });
  return rows.map(({ credentialId, transports }) => ({ id: toHash(credentialId), transports }));
}

/** The passkey with this credential id, of an active person. */
export async function findPasskey(db: Database, credentialId: string): Promise<KnownPasskey | null> {
  return db.prisma.passkey.findFirst({
    where: { credentialId: toBytes(credentialId), user: { kind: "person", status: "active" } },
    select: { id: true, publicKey: true, user: { select: { id: true, email: true } } },
  });
}

/**
 * Counts an answer whose signature holds.
 * `replayed`: this challenge was answered before. `copied`: the signature counter did not grow, so that the authenticator
 * may exist twice (WebAuthn §7.2, step 22).
 */
export async function takeAnswer(
  db: Database,
  id: string,
  counter: number,
  challenge: Challenge,
): Promise<"used" | "replayed" | "copied" | "gone"> {
  return db.prisma.$transaction(async (tx) => {
    const used = await tx.usedChallenge.createMany({ data: [usedRow(challenge)], skipDuplicates: true });
    if (used.count === 0) return "replayed";
    const isKept = counter > 0;
    const { count } = await tx.passkey.updateMany({
      where: { id, counter: isKept ? { lt: BigInt(counter) } : 0n },
      data: { counter: BigInt(counter), lastUsedAt: db.now() },
    });
    if (count === 1) return "used";
    return (await tx.passkey.count({ where: { id } })) === 1 ? "copied" : "gone";
  });
}

export async function renamePasskey(
  db: Database,
  userId: string,
  id: string,
  name: string,
): Promise<boolean> {
  const { count } = await db.prisma.passkey.updateMany({ where: { id, userId }, data: { name } });
  return count === 1;
}

/** @returns the name of what is gone; null when it was not theirs, or not there */
export async function removePasskey(db: Database, userId: string, id: string): Promise<string | null> {
  return db.prisma.$transaction(async (tx) => {
    const found = await tx.passkey.findFirst({ where: { id, userId }, select: { name: true } });
    if (!found) return null;
    const { count } = await tx.passkey.deleteMany({ where: { id, userId } });
    if (count === 0) return null;
    const details = { kind: "passkey", name: found.name };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "second_factor.removed", actorId: userId, details }),
    });
    return found.name;
  });
}

function usedRow({ value, expiresAt }: Challenge) {
  return { hash: toBytes(hashCredential(value)), expiresAt };
}
