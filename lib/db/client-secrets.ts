/** An app's client secrets: several may be alive, so that a rotation need not be an outage. */

import { after } from "../oauth/server";
import { type Minted, mint, randomId } from "../oauth/tokens";
import { auditRow } from "./audit";
import { toBytes } from "./bytes";
import type { Database } from "./database";

export interface SecretRow {
  id: string;
  last4: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

/** The columns of a secret just minted. */
export function newSecret(db: Database, secret: Minted) {
  return {
    id: randomId(16, db.random),
    hash: toBytes(secret.hash),
    last4: secret.last4,
    createdAt: db.now(),
  };
}

/** A secret as its owner may see it. */
export function toSecretRow({ id, last4, createdAt, expiresAt, lastUsedAt }: SecretRow): SecretRow {
  return { id, last4, createdAt, expiresAt, lastUsedAt };
}

/**
 * Gives the app a new secret and lets the others end.
 * @param overlapSeconds how long the others stay valid; 0 ends them at once. None lives longer than it would have.
 * @returns the new secret's value, for this once; null when the app is not the owner's or has no secrets (public)
 */
export async function rotateSecret(
  db: Database,
  ownerId: string,
  appId: string,
  overlapSeconds: number,
  credentialPrefix = "",
): Promise<string | null> {
  const secret = mint("cs", db.random, credentialPrefix);
  const end = after(db.now(), overlapSeconds);
  return db.prisma.$transaction(async (tx) => {
    // The UPDATE locks the app: of two rotations at once the second sees the first one's secret and lets it end, too.
    const { count } = await tx.app.updateMany({
      where: { id: appId, ownerId, type: "confidential" },
      data: { version: { increment: 0 } },
    });
    if (count === 0) return null;
    await tx.clientSecret.updateMany({
      where: { appId, OR: [{ expiresAt: null }, { expiresAt: { gt: end } }] },
      data: { expiresAt: end },
    });
    await tx.clientSecret.create({ data: { appId, ...newSecret(db, secret) } });
    await tx.auditEvent.create({
      data: auditRow(db, {
        action: "secret.rotated",
        actorId: ownerId,
        appId,
        details: { last4: secret.last4, overlapSeconds },
      }),
    });
    return secret.value;
  });
}

/** Ends one secret at once. @returns false when it is not alive, or the app is somebody else's */
export async function revokeSecret(
  db: Database,
  ownerId: string,
  appId: string,
  secretId: string,
): Promise<boolean> {
  const now = db.now();
  return db.prisma.$transaction(async (tx) => {
    const where = {
      id: secretId,
      app: { id: appId, ownerId },
      OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
    };
    const secret = await tx.clientSecret.findFirst({ where, select: { last4: true } });
    const { count } = await tx.clientSecret.updateMany({ where, data: { expiresAt: now } });
    if (!secret || count === 0) return false;
    await tx.auditEvent.create({
      data: auditRow(db, {
        action: "secret.revoked",
        actorId: ownerId,
        appId,
        details: { last4: secret.last4 },
      }),
    });
    return true;
  });
}
