/**
 * Making and changing service accounts. Only an administrator may; whether the actor is one is asked in the transaction
 * that does it, and the audit row is written there.
 */
import { presets } from "../oauth/presets";
import { dated } from "../oauth/switches";
import { mint, randomId } from "../oauth/tokens";
import { auditRow } from "./audit";
import { newSecret, revokeIn, rotateIn } from "./client-secrets";
import type { Database } from "./database";
import { endFamilies, endTokens } from "./ended-tokens";
import { Prisma } from "./generated/client";
import { policyColumns } from "./policies";
import { deleteFamilies } from "./refresh-tokens";
import { setRetirement } from "./secret-retirement";
import { type ServiceAccountSummary, toSummary, withKey } from "./service-accounts";
import { isActiveAdmin } from "./users";

export interface ServiceAccountInput {
  name: string;
  username: string;
  companyId: string;
  scopes: readonly string[];
  passwordHash: string;
}

export type Created = { id: string; apiKey: string; secret: string };

/**
 * Makes the account, its membership and its key.
 * @returns the API Secret for this once, or why there is no account
 */
export async function createServiceAccount(
  db: Database,
  actorId: string,
  { name, username, companyId, scopes, passwordHash }: ServiceAccountInput,
  credentialPrefix = "",
): Promise<Created | "not_admin" | "username_taken" | "no_company"> {
  const id = randomId(16, db.random);
  const apiKey = randomId(12, db.random);
  const secret = mint("cs", db.random, credentialPrefix);
  const createdAt = db.now();
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, actorId))) return "not_admin";
    if ((await tx.company.count({ where: { id: companyId } })) === 0) return "no_company";
    // The unique index decides which of two accounts made at once has the name.
    const user = { id, email: username, name, passwordHash, kind: "service", createdAt } as const;
    const { count } = await tx.user.createMany({ data: [user], skipDuplicates: true });
    if (count === 0) return "username_taken";
    await tx.membership.create({ data: { userId: id, companyId, role: "member", createdAt } });
    await tx.app.create({
      data: {
        id: apiKey,
        kind: "service_account",
        ownerId: id,
        createdById: actorId,
        name,
        type: "confidential",
        scopes: [...scopes],
        ...policyColumns(dated(presets.classic.policy, null, createdAt)),
        redirectMatch: "exact",
        createdAt,
        secrets: { create: newSecret(db, secret) },
      },
    });
    const details = { name, username, scopes: scopes.join(" ") };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "service_account.created", actorId, appId: apiKey, companyId, details }),
    });
    return { id, apiKey, secret: secret.value };
  });
}

/** Whose keys an administrator may change: those of service accounts. */
export const serviceKeys: Prisma.AppWhereInput = { kind: "service_account" };

/** Issues a new API Secret and lets the others end. @returns its value for this once; null for who may not, and no such key */
export async function issueApiSecret(
  db: Database,
  actorId: string,
  apiKey: string,
  overlapSeconds: number,
  credentialPrefix = "",
  silentHours: number | null = null,
): Promise<string | null> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, actorId))) return null;
    const change = { actorId, appId: apiKey, whose: serviceKeys };
    return rotateIn(db, tx, change, overlapSeconds, credentialPrefix, silentHours);
  });
}

/** Ends one API Secret at once. @returns false for who may not, and when it has ended already */
export async function revokeApiSecret(
  db: Database,
  actorId: string,
  apiKey: string,
  secretId: string,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, actorId))) return false;
    return revokeIn(db, tx, { actorId, appId: apiKey, whose: serviceKeys }, secretId);
  });
}

/** {@link setRetirement} for an API Secret. @returns false for who may not, too */
export async function setServiceSecretRetirement(
  db: Database,
  actorId: string,
  apiKey: string,
  secretId: string,
  silentHours: number | null,
): Promise<boolean> {
  if (!(await isActiveAdmin(db.prisma, actorId))) return false;
  return setRetirement(db, actorId, { appId: apiKey, secretId, whose: serviceKeys }, silentHours);
}

/** Replaces the password and ends what it opened: every token the account got through another app. */
export async function resetServicePassword(
  db: Database,
  actorId: string,
  id: string,
  passwordHash: string,
): Promise<boolean> {
  return changeAccount(db, actorId, id, async (tx, { apiKey }) => {
    await tx.user.update({ where: { id, kind: "service" }, data: { passwordHash } });
    const tokens = await endElsewhere(db, tx, actorId, { id, apiKey });
    return { action: "service_account.changed", details: { password: "reset", tokens } };
  });
}

/** Ends what the account got through other apps than its key; those are told. @returns how many access tokens ended */
async function endElsewhere(
  db: Database,
  tx: Prisma.TransactionClient,
  actorId: string,
  { id, apiKey }: Pick<ServiceAccountSummary, "id" | "apiKey">,
): Promise<number> {
  const ending = { at: db.now(), by: actorId, reason: "revoked" } as const;
  const refreshed = await endFamilies(db, tx, { userId: id, NOT: { appId: apiKey } }, ending);
  const which = Prisma.sql`t.user_id = ${id} AND t.app_id IS DISTINCT FROM ${apiKey}`;
  return refreshed + (await endTokens(db, tx, which, ending)).length;
}

/** Stops the account, its key and all its tokens, or lets them work again. */
export async function setServiceAccountStatus(
  db: Database,
  actorId: string,
  id: string,
  status: "active" | "suspended",
): Promise<boolean> {
  return changeAccount(db, actorId, id, async (tx) => {
    await tx.user.update({ where: { id, kind: "service" }, data: { status } });
    await tx.app.updateMany({ where: { ownerId: id, kind: "service_account" }, data: { status } });
    return { action: "service_account.changed", details: { status } };
  });
}

/** Deletes the account with its key, its secrets and its tokens. */
export async function deleteServiceAccount(db: Database, actorId: string, id: string): Promise<boolean> {
  return changeAccount(db, actorId, id, async (tx, { apiKey, name, username }) => {
    const elsewhere = await endElsewhere(db, tx, actorId, { id, apiKey });
    const its = { appId: apiKey };
    const refreshed = await deleteFamilies(tx, its);
    const { count } = await tx.token.deleteMany({ where: its });
    await tx.requestLog.deleteMany({ where: { appId: apiKey } });
    await tx.requestCount.deleteMany({ where: { appId: apiKey } });
    await tx.user.delete({ where: { id, kind: "service" } });
    const details = { name, username, tokens: elsewhere + refreshed + count };
    return { action: "service_account.deleted", details };
  });
}

type Change = {
  action: "service_account.changed" | "service_account.deleted";
  details: Prisma.InputJsonObject;
};

/** One change of one account by an administrator, with its audit row. @returns false for who may not, and no such account */
async function changeAccount(
  db: Database,
  actorId: string,
  id: string,
  change: (tx: Prisma.TransactionClient, account: ServiceAccountSummary) => Promise<Change>,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, actorId))) return false;
    // Locks the account, so that of two changes at once the second sees what the first one left.
    await tx.user.updateMany({ where: { id, kind: "service" }, data: { kind: "service" } });
    const row = await tx.user.findFirst({ where: { id, kind: "service" }, include: withKey });
    if (!row) return false;
    const account = toSummary(row);
    const { action, details } = await change(tx, account);
    const about = { actorId, appId: account.apiKey, companyId: account.company?.id ?? null };
    await tx.auditEvent.create({ data: auditRow(db, { action, ...about, details }) });
    return true;
  });
}
