/** The tokens that act for a person, listed for them. */
import type { TokenKind } from "../oauth/types";
import { MANAGING, maintains } from "./app-maintenance";
import { toHash } from "./bytes";
import type { Database } from "./database";
import { afterCursor, type Page, toCursor } from "./keyset";

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

/** A token that works. */
export interface LiveTokenRow extends TokenRow {
  /** Where it was last used from and with which program; strangers wrote it. */
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
  /** The networks it may be used from; none: from anywhere. */
  allowedAddresses: string[];
  /** Another one was made in its place, and it ends by itself. */
  isReplaced: boolean;
}

export interface TokenListQuery {
  /** The tokens of one app; `own`: those the person made. */
  app?: string;
  /** Those that have this scope. */
  scope?: string;
  after?: string;
  limit?: number;
}

/** The tokens that act for a user and are alive, as lib/oauth/bearer.ts says it; newest first. */
export async function listTokens(
  db: Database,
  userId: string,
  { app, scope, after, limit = 50 }: TokenListQuery = {},
): Promise<Page<"tokens", LiveTokenRow>> {
  const cursor = afterCursor(after);
  // Raw because a token has no foreign keys for Prisma to follow (docs/decisions/0005). What belongs to the person is read
  // once: an EXISTS for each token makes PostgreSQL hash those of everybody.
  const { rows } = await db.pool.query<
    TokenListRecord & {
      allowed_addresses: string[] | null;
      replaced_by: Buffer | null;
      last_used_address: string | null;
      last_used_agent: string | null;
    }
  >(
    `SELECT t.*, a.name AS app_name, a.logo_id, c.name AS company_name
     FROM tokens t
     LEFT JOIN apps a ON a.id = t.app_id
     LEFT JOIN companies c ON c.id = t.company_id
     WHERE t.user_id = $1 AND (t.expires_at IS NULL OR t.expires_at > $2)
       AND (t.app_id IS NULL OR a.status = 'active' OR (a.status = 'pending' AND ${maintains("a", "t.user_id", MANAGING)}))
       AND (a.policy->>'access_idle_days' IS NULL OR coalesce(t.last_used_at, t.created_at)
         >= $2::timestamptz - make_interval(days => (a.policy->>'access_idle_days')::int))
       AND (t.company_id IS NULL OR t.company_id IN (SELECT m.company_id FROM memberships m WHERE m.user_id = $1))
       AND (t.consent_id IS NULL OR t.consent_id IN (SELECT k.id FROM consents k WHERE k.user_id = $1))
       AND (t.family_id IS NULL OR t.family_id IN (SELECT f.id FROM refresh_families f WHERE f.user_id = $1))
       AND ($3::timestamptz IS NULL OR (t.created_at <= $3 AND (t.created_at, encode(t.hash, 'hex')) < ($3, $4)))
       AND ($6::text IS NULL OR t.app_id = $6 OR ($6 = '${OWN}' AND t.app_id IS NULL))
       AND ($7::text IS NULL OR $7 = ANY (t.scopes))
     ORDER BY t.created_at DESC, encode(t.hash, 'hex') DESC LIMIT $5`,
    [userId, db.now(), cursor?.at ?? null, cursor?.id ?? null, limit + 1, app ?? null, scope ?? null],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    tokens: page.map((row) => ({
      ...toTokenRow(row),
      lastUsedAddress: row.last_used_address,
      lastUsedAgent: row.last_used_agent,
      allowedAddresses: row.allowed_addresses ?? [],
      isReplaced: row.replaced_by !== null,
    })),
    next: rows.length > limit && last ? toCursor(last.created_at, last.hash.toString("hex")) : null,
  };
}

/** The value of a list's `app` for tokens that no app was given. No client ID is so short. */
export const OWN = "own";

/** A row of a list of tokens, with the names of what it points at. */
export interface TokenListRecord {
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
}

export function toTokenRow(row: TokenListRecord): TokenRow {
  return {
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
  };
}

/** The apps a person has allowed, to choose from in a list of tokens. */
export async function appsOfTokens(db: Database, userId: string): Promise<{ id: string; name: string }[]> {
  return db.prisma.app.findMany({
    where: { consents: { some: { userId } } },
    select: { id: true, name: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: 100,
  });
}
