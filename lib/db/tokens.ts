/** Tokens of every kind: looked up by hash, listed for the person they act for, ended. */
import type { TokenFacts, TokenKind } from "../oauth/types";
import { auditRow } from "./audit";
import { toBuffer, toBytes, toHash } from "./bytes";
import type { Database } from "./database";
import { afterCursor, type Page, toCursor } from "./keyset";
import { deleteFamilies } from "./refresh-tokens";
import { type Numbered, SharedStatement } from "./shared-statement";

interface TokenRecord extends Omit<TokenFacts, "hash" | "createdAt" | "expiresAt" | "lastUsedAt">, Numbered {
  created: number;
  expires: number | null;
  used: number | null;
}

/** A moment in milliseconds since 1970: a third of what reading a timestamp's text takes. */
const millis = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;

const FIND = new SharedStatement<string, TokenRecord>({
  name: "find_token",
  columns: [{ name: "hash", type: "bytea", of: toBuffer }],
  shares: (hash) => hash,
  text: `    SELECT i.n, t.kind, t.scopes, ${millis("t.created_at")} AS created, ${millis("t.expires_at")} AS expires,
      ${millis("t.last_used_at")} AS used, t.app_id AS client_id, t.user_id AS "userId", t.company_id AS "companyId",
      CASE WHEN t.all_companies
        THEN ARRAY(SELECT o.company_id FROM memberships o WHERE o.user_id = t.user_id ORDER BY o.created_at, o.company_id)
        WHEN t.company_id IS NULL THEN ARRAY[]::text[] ELSE ARRAY[t.company_id] END AS "companyIds",
      a.status AS "clientStatus", a.owner_id AS "clientOwnerId",
      (a.policy->>'access_idle_days')::int AS "idleDays", u.status AS "userStatus", u.email AS "userEmail",
      coalesce(u.is_admin, false) AS "userIsAdmin", (t.consent_id IS NULL OR k.id IS NOT NULL) AS "consentStands",
      (t.family_id IS NULL OR f.id IS NOT NULL) AS "familyStands",
      (t.user_id IS NULL OR t.company_id IS NULL OR m.user_id IS NOT NULL) AS "membershipStands"
    FROM input i JOIN tokens t ON t.hash = i.hash
    LEFT JOIN apps a ON a.id = t.app_id
    LEFT JOIN users u ON u.id = t.user_id
    LEFT JOIN consents k ON k.id = t.consent_id
    LEFT JOIN refresh_families f ON f.id = t.family_id
    LEFT JOIN memberships m ON m.user_id = t.user_id AND m.company_id = t.company_id`,
});

/** A token with everything that decides whether it is alive, by one lookup (docs/decisions/0005). */
export async function findToken(db: Database, hash: string): Promise<TokenFacts | null> {
  const found = await FIND.run(db, hash);
  if (!found) return null;
  const { n: _, created, expires, used, ...facts } = found;
  return {
    hash,
    ...facts,
    createdAt: new Date(created),
    expiresAt: expires === null ? null : new Date(expires),
    lastUsedAt: used === null ? null : new Date(used),
  };
}

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

export interface TokenRow {
  /** Names the token in forms; says nothing about its value. */
  handle: string;
  kind: TokenKind;
  name: string | null;
  app: { id: string; name: string; logoId: string | null } | null;
  company: { id: string; name: string } | null;
  /** Every company the user is a member of when it is used. */
  allCompanies: boolean;
  scopes: string[];
  last4: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

/** The tokens that act for a user and are alive, as lib/oauth/bearer.ts says it; newest first. */
export async function listTokens(
  db: Database,
  userId: string,
  { after, limit = 50 }: { after?: string; limit?: number } = {},
): Promise<Page<"tokens", TokenRow>> {
  const cursor = afterCursor(after);
  // Raw because a token has no foreign keys for Prisma to follow (docs/decisions/0005).
  const { rows } = await db.pool.query<{
    hash: Buffer;
    kind: TokenKind;
    name: string | null;
    scopes: string[];
    last4: string;
    created_at: Date;
    expires_at: Date | null;
    last_used_at: Date | null;
    app_id: string | null;
    app_name: string | null;
    logo_id: string | null;
    company_id: string | null;
    company_name: string | null;
    all_companies: boolean;
  }>(
    `SELECT t.*, a.name AS app_name, a.logo_id, c.name AS company_name
     FROM tokens t
     LEFT JOIN apps a ON a.id = t.app_id
     LEFT JOIN companies c ON c.id = t.company_id
     WHERE t.user_id = $1 AND (t.expires_at IS NULL OR t.expires_at > $2)
       AND (t.app_id IS NULL OR a.status = 'active' OR (a.status = 'pending' AND a.owner_id = t.user_id))
       AND (a.policy->>'access_idle_days' IS NULL OR coalesce(t.last_used_at, t.created_at)
         >= $2::timestamptz - make_interval(days => (a.policy->>'access_idle_days')::int))
       AND (t.company_id IS NULL OR EXISTS (
         SELECT 1 FROM memberships m WHERE m.user_id = t.user_id AND m.company_id = t.company_id))
       AND (t.consent_id IS NULL OR EXISTS (SELECT 1 FROM consents k WHERE k.id = t.consent_id))
       AND (t.family_id IS NULL OR EXISTS (SELECT 1 FROM refresh_families f WHERE f.id = t.family_id))
       AND ($3::timestamptz IS NULL OR (t.created_at, encode(t.hash, 'hex')) < ($3, $4))
     ORDER BY t.created_at DESC, encode(t.hash, 'hex') DESC LIMIT $5`,
    [userId, db.now(), cursor?.at ?? null, cursor?.id ?? null, limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    tokens: page.map((row) => ({
      handle: toHash(row.hash),
      kind: row.kind,
      name: row.name,
      app: row.app_id && row.app_name ? { id: row.app_id, name: row.app_name, logoId: row.logo_id } : null,
      company: row.company_id && row.company_name ? { id: row.company_id, name: row.company_name } : null,
      allCompanies: row.all_companies,
      scopes: row.scopes,
      last4: row.last4,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
    })),
    next: rows.length > limit && last ? toCursor(last.created_at, last.hash.toString("hex")) : null,
  };
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
    const { count } = await tx.token.deleteMany({ where });
    if (!token || count === 0) return false;
    // A person who ends a token means what it came with, too; an app that ends one of its own (RFC 7009) does not.
    if (actorId !== null && token.familyId !== null) await deleteFamilies(tx, { id: token.familyId });
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
