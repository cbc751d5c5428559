/** Ending tokens: by the client they were given to (RFC 7009), by a replayed code, by the person they act for. */
import { auditRow } from "./audit";
import { toBytes } from "./bytes";
import type { Database } from "./database";
import { endFamilies, endTokens } from "./ended-tokens";
import { Prisma } from "./generated/client";
import { deleteFamilies } from "./refresh-tokens";

/** RFC 7009: a client ends a token of its own, a refresh token with its family. Another client's is left alone. */
export async function revokeTokenOfClient(db: Database, hash: string, client_id: string): Promise<void> {
  if (await endToken(db, { hash: toBytes(hash), appId: client_id }, null)) return;
  const refresh = await db.prisma.refreshToken.findUnique({ where: { hash: toBytes(hash) } });
  if (!refresh) return;
  await db.prisma.$transaction(async (tx) => {
    const where = { id: refresh.familyId, appId: client_id };
    if ((await tx.refreshFamily.count({ where })) === 0) return;
    const tokens = await deleteFamilies(tx, where);
    const details = { kind: "refresh", last4: refresh.last4, tokens };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "token.revoked", actorId: null, appId: client_id, details }),
    });
  });
}

/** Ends what a replayed code had issued, its refresh tokens included. @returns how many access tokens ended */
export async function revokeTokensOfCode(db: Database, codeHash: string): Promise<number> {
  return db.prisma.$transaction(async (tx) => {
    const refreshed = await deleteFamilies(tx, { codeHash: toBytes(codeHash) });
    const { count } = await tx.token.deleteMany({ where: { codeHash: toBytes(codeHash) } });
    return refreshed + count;
  });
}

/** Ends one token of the user's own, with the refresh tokens it came with. @returns false when it is not there, or not the user's */
export async function revokeToken(db: Database, userId: string, handle: string): Promise<boolean> {
  const hash = toBytes(handle);
  if (hash.length !== 32) return false;
  return endToken(db, { hash, userId }, userId);
}

/** Ends the token if it is there and belongs to whom `where` says, and logs it. @param actorId null: its app did it */
async function endToken(
  db: Database,
  where: { hash: Uint8Array<ArrayBuffer>; userId?: string; appId?: string },
  actorId: string | null,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const token = await tx.token.findFirst({ where });
    if (!token) return false;
    const isGone =
      actorId === null
        ? (await tx.token.deleteMany({ where })).count > 0
        : await endForPerson(db, tx, token, actorId);
    if (!isGone) return false;
    await tx.auditEvent.create({
      data: auditRow(db, {
        action: "token.revoked",
        actorId,
        appId: token.appId,
        companyId: token.companyId,
        details: { kind: token.kind, last4: token.last4 },
      }),
    });
    return true;
  });
}

/** A person who ends a token means what it came with, too; an app that ends one of its own (RFC 7009) does not. */
async function endForPerson(
  db: Database,
  tx: Prisma.TransactionClient,
  { hash, familyId }: { hash: Uint8Array; familyId: string | null },
  actorId: string,
): Promise<boolean> {
  const ending = { at: db.now(), by: actorId, reason: "revoked" } as const;
  const ended = await endTokens(db, tx, Prisma.sql`t.hash = ${hash}`, ending);
  if (ended.length === 0) return false;
  if (familyId !== null) await endFamilies(db, tx, { id: familyId }, ending);
  return true;
}
