/** Tokens of every kind: looked up by hash, listed for the person they act for, ended. */
import type { TokenFacts, TokenKind } from "../oauth/types";
import { auditRow } from "./audit";
import { toBytes, toHash } from "./bytes";
import type { Database } from "./database";
import { afterCursor, type Page, toCursor } from "./keyset";

/** A token with everything that decides whether it is alive, by one lookup (docs/decisions/0005). */
export async function findToken(db: Database, hash: string): Promise<TokenFacts | null> {
  const { rows } = await db.pool.query<Omit<TokenFacts, "hash">>({
    name: "find_token",
    text: `SELECT t.kind, t.scopes, t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.app_id AS client_id,
        t.user_id AS "userId", t.company_id AS "companyId", a.status AS "clientStatus", u.status AS "userStatus",
        u.email AS "userEmail", (t.consent_id IS NULL OR k.id IS NOT NULL) AS "consentStands",
        (t.user_id IS NULL OR t.company_id IS NULL OR m.user_id IS NOT NULL) AS "membershipStands"
      FROM tokens t
      LEFT JOIN apps a ON a.id = t.app_id
      LEFT JOIN users u ON u.id = t.user_id
      LEFT JOIN consents k ON k.id = t.consent_id
      LEFT JOIN memberships m ON m.user_id = t.user_id AND m.company_id = t.company_id
      WHERE t.hash = $1`,
    values: [toBytes(hash)],
  });
  return rows[0] ? { hash, ...rows[0] } : null;
}

/** RFC 7009: a client ends a token of its own. Another client's token is left alone. */
export async function revokeTokenOfClient(db: Database, hash: string, client_id: string): Promise<void> {
  await endToken(db, { hash: toBytes(hash), appId: client_id }, null);
}

/** Ends what a replayed code had issued. @returns how many tokens ended */
export async function revokeTokensOfCode(db: Database, codeHash: string): Promise<number> {
  const { count } = await db.prisma.token.deleteMany({ where: { codeHash: toBytes(codeHash) } });
  return count;
}

export interface TokenRow {
  /** Names the token in forms; says nothing about its value. */
  handle: string;
  kind: TokenKind;
  name: string | null;
  app: { id: string; name: string; logoId: string | null } | null;
  company: { id: string; name: string } | null;
  scopes: string[];
  last4: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

/** The live tokens that act for a user, newest first. */
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
  }>(
    `SELECT t.*, a.name AS app_name, a.logo_id, c.name AS company_name
     FROM tokens t
     LEFT JOIN apps a ON a.id = t.app_id
     LEFT JOIN companies c ON c.id = t.company_id
     WHERE t.user_id = $1 AND (t.expires_at IS NULL OR t.expires_at > $2)
       AND (t.app_id IS NULL OR a.id IS NOT NULL)
       AND (t.consent_id IS NULL OR EXISTS (SELECT 1 FROM consents k WHERE k.id = t.consent_id))
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
      scopes: row.scopes,
      last4: row.last4,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
    })),
    next: rows.length > limit && last ? toCursor(last.created_at, last.hash.toString("hex")) : null,
  };
}

/** Ends one token of the user's own. @returns false when it is not there, or not the user's */
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
