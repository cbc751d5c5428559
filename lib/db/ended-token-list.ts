/** The tokens that acted for a person and have ended, for as long as that is kept. */
import type { Database } from "./database";
import type { EndReason } from "./ended-tokens";
import { afterCursor, type Page, toCursor } from "./keyset";
import { OWN, type TokenListQuery, type TokenListRecord, type TokenRow, toTokenRow } from "./token-list";

/** A token that has ended. */
export interface EndedTokenRow extends TokenRow {
  endedAt: Date;
  reason: EndReason;
  /** Who ended it, when that was somebody else than its owner. */
  endedBy: string | null;
}

/** Ended by time, or by somebody: what each of the two lists holds. */
const reasons = {
  expired: ["expired"],
  revoked: ["revoked", "replaced", "leaked"],
} as const satisfies Record<string, readonly EndReason[]>;

interface Source {
  table: string;
  endedAt: string;
  endedBy: string;
  reason: string;
  /** What narrows the table to tokens that have ended. */
  where: string;
}

const sources: readonly Source[] = [
  {
    ...{ table: "ended_tokens", where: "true" },
    ...{ endedAt: "ended_at", endedBy: "ended_by_id", reason: "reason" },
  },
  // What housekeeping has not moved yet is listed as what it will be.
  {
    ...{ table: "tokens", where: "kind <> 'access' AND expires_at <= $2" },
    ...{ endedAt: "expires_at", endedBy: "NULL" },
    reason: "CASE WHEN replaced_by IS NULL THEN 'expired' ELSE 'replaced' END",
  },
];

/** A table gives no more rows than a page has, in the order of its index: whoever ended thousands waits for no sorting. */
const pageOf = ({ table, endedAt, endedBy, reason, where }: Source) => `(
  SELECT hash, kind, last4, name, app_id, company_id, all_companies, scopes, created_at, expires_at, last_used_at,
    ${endedAt} AS ended_at, ${endedBy} AS ended_by_id, ${reason} AS reason
  FROM ${table}
  WHERE user_id = $1 AND ${where} AND ${reason} = ANY ($6)
    AND ($3::timestamptz IS NULL OR (${endedAt} <= $3 AND (${endedAt}, encode(hash, 'hex')) < ($3, $4)))
    AND ($7::text IS NULL OR app_id = $7 OR ($7 = '${OWN}' AND app_id IS NULL))
    AND ($8::text IS NULL OR $8 = ANY (scopes))
  ORDER BY ${endedAt} DESC, encode(hash, 'hex') DESC LIMIT $5)`;

/** A person's tokens that have ended, the last one first. */
export async function listEndedTokens(
  db: Database,
  userId: string,
  how: keyof typeof reasons,
  { app, scope, after, limit = 50 }: TokenListQuery = {},
): Promise<Page<"tokens", EndedTokenRow>> {
  const cursor = afterCursor(after);
  // Raw because Prisma's builder has no UNION, and a token no foreign keys to follow (docs/decisions/0005).
  const { rows } = await db.pool.query<
    TokenListRecord & { ended_at: Date; reason: EndReason; ended_by: string | null }
  >(
    `SELECT t.*, a.name AS app_name, a.logo_id, c.name AS company_name, u.name AS ended_by
     FROM (SELECT * FROM (${sources.map(pageOf).join(" UNION ALL ")}) AS any_of
       ORDER BY ended_at DESC, encode(hash, 'hex') DESC LIMIT $5) AS t
     LEFT JOIN apps a ON a.id = t.app_id
     LEFT JOIN companies c ON c.id = t.company_id
     LEFT JOIN users u ON u.id = t.ended_by_id AND u.id <> $1
     ORDER BY t.ended_at DESC, encode(t.hash, 'hex') DESC`,
    [
      ...[userId, db.now(), cursor?.at ?? null, cursor?.id ?? null, limit + 1],
      ...[reasons[how], app ?? null, scope ?? null],
    ],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    tokens: page.map((row) => ({
      ...toTokenRow(row),
      endedAt: row.ended_at,
      reason: row.reason,
      endedBy: row.ended_by,
    })),
    next: rows.length > limit && last ? toCursor(last.ended_at, last.hash.toString("hex")) : null,
  };
}
