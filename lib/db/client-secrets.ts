/** An app's client secrets: several may be alive, so that a rotation need not be an outage. */

import { after } from "../oauth/server";
import { type Minted, mint, randomId } from "../oauth/tokens";
import { maintainedBy } from "./app-maintenance";
import { auditRow } from "./audit";
import { toBytes } from "./bytes";
import type { Database } from "./database";
import { endFamilies } from "./ended-tokens";
import type { Prisma } from "./generated/client";
import { addNotices } from "./notices";
import { keepersOf } from "./recipients";

export interface SecretRow {
  id: string;
  last4: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  /** Where from and with which program; strangers wrote it. */
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
  /** Ends before its date once nobody has used it for so many hours; null: at its date. */
  retireAfterSilentHours: number | null;
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
export function toSecretRow(row: SecretRow): SecretRow {
  const { id, last4, createdAt, expiresAt, lastUsedAt, retireAfterSilentHours } = row;
  const { lastUsedAddress, lastUsedAgent } = row;
  return {
    ...{ id, last4, createdAt, expiresAt, retireAfterSilentHours },
    ...{ lastUsedAt, lastUsedAddress, lastUsedAgent },
  };
}

/**
 * Gives the app a new secret and lets the others end.
 * @param overlapSeconds how long the others stay valid; 0 ends them at once. None lives longer than it would have.
 * @param whose whose app it must be; one the actor maintains, unless said otherwise
 * @param silentHours the others end sooner once nobody has used them for so long; null: not sooner
 * @returns the new secret's value, for this once; null when the app is not theirs or has no secrets (public)
 */
export async function rotateSecret(
  db: Database,
  actorId: string,
  appId: string,
  overlapSeconds: number,
  credentialPrefix = "",
  whose: Prisma.AppWhereInput = maintainedBy(actorId),
  silentHours: number | null = null,
): Promise<string | null> {
  return db.prisma.$transaction((tx) =>
    rotateIn(db, tx, { actorId, appId, whose }, overlapSeconds, credentialPrefix, silentHours),
  );
}

/** Who acts on the secrets of which app, and whose app it must be. */
export interface SecretChange {
  actorId: string;
  appId: string;
  whose: Prisma.AppWhereInput;
}

/** {@link rotateSecret} in the transaction of whoever has more to check. */
export async function rotateIn(
  db: Database,
  tx: Prisma.TransactionClient,
  { actorId, appId, whose }: SecretChange,
  overlapSeconds: number,
  credentialPrefix: string,
  silentHours: number | null = null,
): Promise<string | null> {
  const secret = mint("cs", db.random, credentialPrefix);
  const end = after(db.now(), overlapSeconds);
  // The UPDATE locks the app: of two rotations at once the second sees the first one's secret and lets it end, too.
  const [app] = await tx.app.updateManyAndReturn({
    where: { AND: [whose, { id: appId, type: "confidential" }] },
    data: { version: { increment: 0 } },
    select: { companyId: true, name: true, kind: true },
  });
  if (!app) return null;
  await tx.clientSecret.updateMany({
    where: { appId, OR: [{ expiresAt: null }, { expiresAt: { gt: end } }] },
    data: { expiresAt: end },
  });
  if (silentHours !== null)
    await tx.clientSecret.updateMany({
      where: { appId, expiresAt: { gt: db.now() } },
      data: { retireAfterSilentHours: silentHours },
    });
  await tx.clientSecret.create({ data: { appId, ...newSecret(db, secret) } });
  const details = { last4: secret.last4, overlapSeconds, ...(silentHours !== null && { silentHours }) };
  await tx.auditEvent.create({
    data: auditRow(db, { action: "secret.rotated", actorId, appId, companyId: app.companyId, details }),
  });
  const actor = await tx.user.findUnique({ where: { id: actorId }, select: { name: true } });
  await addNotices(tx, db, await keepersOf(tx, appId), {
    kind: "secret_rotated",
    details: {
      name: app.name,
      appId,
      ofCompany: app.kind === "credential",
      last4: secret.last4,
      by: actor?.name ?? null,
      oldEndsAt: end.toISOString(),
    },
  });
  return secret.value;
}

/**
 * Ends one secret at once.
 * @param whose whose app it must be; one the actor maintains, unless said otherwise
 * @returns false when it is not alive, or the app is somebody else's
 */
export async function revokeSecret(
  db: Database,
  actorId: string,
  appId: string,
  secretId: string,
  whose: Prisma.AppWhereInput = maintainedBy(actorId),
): Promise<boolean> {
  return db.prisma.$transaction((tx) => revokeIn(db, tx, { actorId, appId, whose }, secretId));
}

/** {@link revokeSecret} in the transaction of whoever has more to check. */
export async function revokeIn(
  db: Database,
  tx: Prisma.TransactionClient,
  { actorId, appId, whose }: SecretChange,
  secretId: string,
): Promise<boolean> {
  const now = db.now();
  const where = {
    id: secretId,
    app: { AND: [whose, { id: appId }] },
    OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
  };
  const secret = await tx.clientSecret.findFirst({
    where,
    select: { last4: true, hash: true, app: { select: { companyId: true } } },
  });
  const { count } = await tx.clientSecret.updateMany({ where, data: { expiresAt: now } });
  if (!secret || count === 0) return false;
  // What was bound to it ends with it, access tokens included; what is not bound lives on.
  await endFamilies(db, tx, { appId, secretHash: secret.hash }, { at: now, by: actorId, reason: "revoked" });
  const { companyId } = secret.app;
  const details = { last4: secret.last4 };
  await tx.auditEvent.create({
    data: auditRow(db, { action: "secret.revoked", actorId, appId, companyId, details }),
  });
  return true;
}
