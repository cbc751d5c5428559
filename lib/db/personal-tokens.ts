/** Personal tokens: made by the person they act for, who sees the value once. */
import { mint } from "../oauth/tokens";
import { auditRow } from "./audit";
import { toBytes } from "./bytes";
import type { Database } from "./database";

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
}

/**
 * @returns the token's value for this once; null when the person is not active, not a member of the company, or has as
 *   many tokens as one may have
 */
export async function createPersonalToken(
  db: Database,
  userId: string,
  { name, scopes, allCompanies, expiresAt, ...input }: PersonalTokenInput,
  credentialPrefix = "",
): Promise<string | null> {
  const companyId = allCompanies ? null : input.companyId;
  const { value, hash, last4 } = mint("pat", db.random, credentialPrefix);
  return db.prisma.$transaction(async (tx) => {
    // Raw because Prisma cannot lock a row: of two tokens made at once, the second one counts the first.
    const people = await tx.$queryRaw<{ id: string }[]>`
      SELECT u.id FROM users u
      WHERE u.id = ${userId} AND u.status = 'active' AND u.kind = 'person'
        AND (${companyId}::text IS NULL OR EXISTS (
          SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.company_id = ${companyId}))
      FOR NO KEY UPDATE OF u`;
    if (people.length === 0) return null;
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
        createdAt,
        expiresAt,
      },
    });
    const details = { kind: "personal", name, last4, scopes: scopes.join(" "), allCompanies };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "token.created", actorId: userId, companyId, details }),
    });
    return value;
  });
}

/** Has the person as many live personal tokens as one may have? */
export async function hasAllPersonalTokens(db: Database, userId: string): Promise<boolean> {
  return (await db.prisma.token.count({ where: livePersonalTokens(db, userId) })) >= PERSONAL_TOKEN_LIMIT;
}

function livePersonalTokens(db: Database, userId: string) {
  return {
    userId,
    kind: "personal" as const,
    OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }],
  };
}
