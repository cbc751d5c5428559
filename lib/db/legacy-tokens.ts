/** Legacy tokens: long-lived bearer tokens of a company, for integrations that know nothing else. */
import { mint } from "../oauth/tokens";
import { auditRow } from "./audit";
import { toBytes } from "./bytes";
import { manages, mayCreate } from "./company-roles";
import type { CredentialInput } from "./credentials";
import type { Database } from "./database";
import { endTokens } from "./ended-tokens";
import { Prisma } from "./generated/client";
import { addNotices } from "./notices";
import { managersOf } from "./recipients";

/** For how many calendar months one may be made. */
const legacyMonths = [1, 3, 6, 12] as const;

export interface LegacyTokenInput extends CredentialInput {
  months: (typeof legacyMonths)[number];
}

/**
 * Makes a token that stands for the company until it expires.
 * @returns its value, for this once, and its end; null when the person may not, or the plan has no API
 */
export async function createLegacyToken(
  db: Database,
  actorId: string,
  companyId: string,
  { name, scopes, months }: LegacyTokenInput,
  credentialPrefix = "",
): Promise<{ value: string; expiresAt: Date } | null> {
  const { value, hash, last4 } = mint("lt", db.random, credentialPrefix);
  const createdAt = db.now();
  const expiresAt = monthsAfter(createdAt, months);
  return db.prisma.$transaction(async (tx) => {
    if (!(await mayCreate(tx, actorId, companyId))) return null;
    await tx.token.create({
      data: {
        hash: toBytes(hash),
        kind: "legacy",
        last4,
        name,
        companyId,
        createdById: actorId,
        scopes: [...scopes],
        createdAt,
        expiresAt,
      },
    });
    const details = {
      kind: "legacy",
      name,
      scopes: scopes.join(" "),
      last4,
      expiresAt: expiresAt.toISOString(),
    };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "token.created", actorId, companyId, details }),
    });
    const [actor, people] = [
      await tx.user.findUnique({ where: { id: actorId } }),
      await managersOf(tx, companyId),
    ];
    await addNotices(tx, db, people, {
      kind: "token_created",
      details: { kind: "legacy", name, last4, by: actor?.name ?? null, scopes: scopes.join(" ") },
    });
    return { value, expiresAt };
  });
}

/** Ends a legacy token at once. @returns false when it is not there, or not to be managed */
export async function revokeLegacyToken(db: Database, actorId: string, handle: string): Promise<boolean> {
  const hash = toBytes(handle);
  return db.prisma.$transaction(async (tx) => {
    const which = Prisma.sql`t.hash = ${hash} AND t.kind = 'legacy' AND ${manages(actorId, Prisma.sql`t.company_id`)}`;
    const [token] = await endTokens(db, tx, which, { at: db.now(), by: actorId, reason: "revoked" });
    if (!token) return false;
    const { name, last4, companyId } = token;
    const details = { kind: "legacy", name, last4 };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "token.revoked", actorId, companyId, details }),
    });
    return true;
  });
}

/** The same day and time so many calendar months later; the month's last day where it has no such day. */
export function monthsAfter(from: Date, months: number): Date {
  const end = new Date(from);
  end.setUTCMonth(from.getUTCMonth() + months);
  // 31 January + 1 month: JavaScript counts on into March.
  if (end.getUTCDate() !== from.getUTCDate()) end.setUTCDate(0);
  return end;
}
