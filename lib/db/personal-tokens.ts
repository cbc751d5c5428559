/** Personal tokens: made and replaced by the person they act for, who sees the value once. */
import { after } from "../oauth/server";
import { mint } from "../oauth/tokens";
import { auditRow } from "./audit";
import { toBytes } from "./bytes";
import type { Database } from "./database";
import { endTokens } from "./ended-tokens";
import { Prisma } from "./generated/client";
import { addNotices } from "./notices";

/** How many live personal tokens one person may have. */
export const PERSONAL_TOKEN_LIMIT = 100;

export interface PersonalTokenInput {
  name: string;
  scopes: readonly string[];
  /** The one company it is for; null for all of them, and for somebody who has none. */
  companyId: string | null;
  /** Every company the person is a member of whenever it is used. */
  allCompanies: boolean;
  expiresAt: Date | null;
  /** The networks it may be used from; none, or left out: from anywhere. */
  allowedAddresses?: readonly string[];
}

/**
 * @returns the token's value for this once; null when the person is not active, not a member of the company, or has as
 *   many tokens as one may have
 */
export async function createPersonalToken(
  db: Database,
  userId: string,
  { name, scopes, allCompanies, expiresAt, allowedAddresses = [], ...input }: PersonalTokenInput,
  credentialPrefix = "",
): Promise<string | null> {
  const companyId = allCompanies ? null : input.companyId;
  const { value, hash, last4 } = mint("pat", db.random, credentialPrefix);
  return db.prisma.$transaction(async (tx) => {
    if (!(await holdMaker(tx, userId, companyId))) return null;
    if ((await tx.token.count({ where: livePersonalTokens(db, userId) })) >= PERSONAL_TOKEN_LIMIT)
      return null;
    const createdAt = db.now();
    await tx.token.create({
      data: {
        hash: toBytes(hash),
        kind: "personal",
        last4,
        name,
        userId,
        companyId,
        allCompanies,
        createdById: userId,
        scopes: [...scopes],
        ...addressColumn(allowedAddresses),
        createdAt,
        expiresAt,
      },
    });
    const reach = { scopes: scopes.join(" "), allCompanies, ...networksInWords(allowedAddresses) };
    const details = { kind: "personal", name, last4, ...reach };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "token.created", actorId: userId, companyId, details }),
    });
    await addNotices(tx, db, [userId], {
      kind: "token_created",
      details: { kind: "personal", name, last4, by: null, scopes: scopes.join(" ") },
    });
    return value;
  });
}

/** How a token is replaced: until when the old one works beside it, and until when the new one does. */
export interface Replacement {
  /** 0 ends the old one at once. It never lives longer than it would have. */
  overlapSeconds: number;
  expiresAt: Date | null;
}

/**
 * Makes a new token in the place of a person's own: the same name, scopes, company and networks.
 * @returns its value, for this once, and its name; null when the old one is not theirs, has ended, or was replaced already
 */
export async function regeneratePersonalToken(
  db: Database,
  userId: string,
  handle: string,
  { overlapSeconds, expiresAt }: Replacement,
  credentialPrefix = "",
): Promise<{ value: string; name: string; scopes: string[] } | null> {
  const presented = toBytes(handle);
  if (presented.length !== 32) return null;
  const { value, hash, last4 } = mint("pat", db.random, credentialPrefix);
  const now = db.now();
  const end = after(now, overlapSeconds);
  return db.prisma.$transaction(async (tx) => {
    const old = await tx.token.findFirst({ where: { ...livePersonalTokens(db, userId), hash: presented } });
    if (!old || !(await holdMaker(tx, userId, old.companyId))) return null;
    // Those that were replaced and still work are not counted above; somebody who replaces without end has a limit, too.
    if ((await tx.token.count({ where: { userId, kind: "personal" } })) >= 2 * PERSONAL_TOKEN_LIMIT)
      return null;
    // Replaced once: of two at the same moment the write lets one through.
    const { count } = await tx.token.updateMany({
      where: { ...livePersonalTokens(db, userId), hash: presented },
      data: {
        replacedBy: toBytes(hash),
        expiresAt: old.expiresAt && old.expiresAt < end ? old.expiresAt : end,
      },
    });
    if (count === 0) return null;
    if (overlapSeconds === 0) {
      const which = Prisma.sql`t.hash = ${presented} AND t.user_id = ${userId}`;
      await endTokens(db, tx, which, { at: now, by: userId, reason: "replaced" });
    }
    const { name, companyId, allCompanies, scopes, allowedAddresses } = old;
    await tx.token.create({
      data: {
        ...{ hash: toBytes(hash), kind: "personal", last4, name, userId, companyId, allCompanies },
        ...{ createdById: userId, scopes, ...addressColumn(allowedAddresses), createdAt: now, expiresAt },
      },
    });
    const details = { kind: "personal", name, last4, replaces: old.last4, overlapSeconds };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "token.regenerated", actorId: userId, companyId, details }),
    });
    return { value, name: name ?? "", scopes };
  });
}

/**
 * Holds the person until the transaction ends, if they may have a token for that company: of two tokens made at once, the
 * second one counts the first.
 */
async function holdMaker(
  tx: Prisma.TransactionClient,
  userId: string,
  companyId: string | null,
): Promise<boolean> {
  // Raw because Prisma cannot lock a row.
  const people = await tx.$queryRaw<{ id: string }[]>`
    SELECT u.id FROM users u
    WHERE u.id = ${userId} AND u.status = 'active' AND u.kind = 'person'
      AND (${companyId}::text IS NULL OR EXISTS (
        SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.company_id = ${companyId}))
    FOR NO KEY UPDATE OF u`;
  return people.length > 0;
}

/** Null in the database where there is none: what is looked up on every call then costs nothing. */
function addressColumn(networks: readonly string[]): { allowedAddresses?: string[] } {
  return networks.length > 0 ? { allowedAddresses: [...networks] } : {};
}

function networksInWords(networks: readonly string[]): { addresses?: string } {
  return networks.length > 0 ? { addresses: networks.join(" ") } : {};
}

/** Has the person as many live personal tokens as one may have? */
export async function hasAllPersonalTokens(db: Database, userId: string): Promise<boolean> {
  return (await db.prisma.token.count({ where: livePersonalTokens(db, userId) })) >= PERSONAL_TOKEN_LIMIT;
}

/** A token that was replaced, and ends by itself, is not counted beside its successor. */
function livePersonalTokens(db: Database, userId: string) {
  return {
    userId,
    kind: "personal" as const,
    replacedBy: null,
    OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }],
  };
}
