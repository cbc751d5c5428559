/** Refresh tokens: rotated by one write, their family ended by another (RFC 6749 §6, RFC 9700 §4.14.2). */
import type { IssuedToken, Rotation } from "../oauth/store";
import type { RefreshTokenFacts } from "../oauth/types";
import { MANAGING, maintains } from "./app-maintenance";
import { toBuffer, toBytes } from "./bytes";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import {
  carried,
  ISSUE_COLUMNS,
  type Issue,
  type IssuedRecord,
  issue,
  issued,
  lasting,
  SECRET_IS_GOOD,
  scopeColumn,
} from "./issue";
import { SharedStatement } from "./shared-statement";

/** Everybody behind family `f` of app `a` is still there. @param at the SQL of the moment */
const stands = (
  at: string,
) => `(f.consent_id IS NULL OR EXISTS (SELECT 1 FROM consents k WHERE k.id = f.consent_id))
      AND (f.user_id IS NULL OR EXISTS (SELECT 1 FROM users u WHERE u.id = f.user_id AND u.status = 'active'))
      AND (f.user_id IS NULL OR f.company_id IS NULL OR EXISTS (
        SELECT 1 FROM memberships m WHERE m.user_id = f.user_id AND m.company_id = f.company_id))
      AND (f.secret_hash IS NULL OR EXISTS (
        SELECT 1 FROM client_secrets s
        WHERE s.hash = f.secret_hash AND (s.expires_at IS NULL OR s.expires_at > ${at})))
      AND (a.status = 'active' OR (a.status = 'pending' AND (a.owner_id IS NOT DISTINCT FROM f.user_id
        OR ${maintains("a", "f.user_id", MANAGING)})))`;

/**
 * One statement consumes the presented generation and writes the next one and an access token. Of parallel rotations the
 * row lock of the UPDATE lets one through. A public client's tokens always rotate (RFC 9700 §4.14.2: MUST); under
 * `static` nothing is consumed and the token's wait begins anew. What the app is no longer registered for is left out.
 */
const ROTATE = new SharedStatement<Rotation & Issue, IssuedRecord>({
  name: "rotate_refresh_token",
  columns: [
    ...ISSUE_COLUMNS,
    { name: "presented", type: "bytea", of: ({ presentedHash }) => toBuffer(presentedHash) },
    scopeColumn("named", ({ scopes }) => scopes),
    { name: "successor", type: "bytea", of: ({ successor }) => successor },
  ],
  apart: ({ presentedHash }) => presentedHash,
  text: `, granted AS (
    UPDATE refresh_tokens r SET
      consumed_at = CASE WHEN rotates THEN i.at END,
      successor = CASE WHEN rotates THEN i.successor END,
      expires_at = CASE WHEN rotates THEN r.expires_at ELSE least(f.expires_at, i.at + idle) END
    FROM input i, refresh_families f JOIN apps a ON a.id = f.app_id,
      LATERAL (SELECT a.type = 'public' OR a.policy->>'refresh' = 'rotating' AS rotates,
        ${lasting("refresh_idle_seconds")} AS idle, string_to_array(i.named, ' ') AS wanted,
        CASE WHEN i.named IS NULL AND f.scopes <@ a.scopes THEN f.scopes
          ELSE ARRAY(SELECT s FROM unnest(coalesce(string_to_array(i.named, ' '), f.scopes)) AS s
            WHERE s = ANY(a.scopes)) END AS reach) AS app_says
    WHERE r.hash = i.presented AND f.id = r.family_id
      AND r.consumed_at IS NULL AND r.expires_at > i.at AND f.expires_at > i.at
      AND (i.client_id IS NULL OR a.id = i.client_id) AND (a.policy_ends_at IS NULL OR a.policy_ends_at > i.at)
      AND CASE
        WHEN i.method = 'none' THEN (a.type = 'public' AND i.client_id IS NOT NULL)
          OR (a.policy->>'refresh_without_client_auth')::boolean AND (a.type = 'public' OR f.secret_hash IS NOT NULL)
        ELSE a.type = 'confidential' AND a.policy->'client_auth' ? i.method AND ${SECRET_IS_GOOD} END
      AND a.policy->>'refresh' <> 'none'
      AND (f.grant_type <> 'client_credentials' OR (a.policy->>'refresh_for_client_credentials')::boolean)
      AND (f.grant_type <> 'password' OR ((a.policy->>'password')::boolean AND EXISTS (
        SELECT 1 FROM settings WHERE key = 'instance' AND (value->>'password')::boolean)))
      AND (wanted IS NULL OR wanted <@ f.scopes) AND cardinality(reach) > 0 AND ${stands("i.at")}
    RETURNING ${carried("i")}, f.grant_type, f.id AS continued, f.expires_at AS ends_at, f.app_id, f.user_id, f.company_id,
      f.all_companies, f.consent_id, f.code_hash, reach AS scopes, a.policy, rotates AS refreshes, idle
  ), refresh AS (
    INSERT INTO refresh_tokens (hash, family_id, last4, created_at, expires_at)
    SELECT refresh_hash, continued, refresh_last4, at, least(ends_at, at + idle)
    FROM granted WHERE refreshes
  ), ${issued("continued")}`,
});

export async function rotateRefreshToken(
  db: Database,
  rotation: Rotation,
  at: Date,
): Promise<IssuedToken | null> {
  return issue(db, ROTATE, Object.assign({ at }, rotation), async () => {
    const token = await db.prisma.refreshToken.findUnique({
      where: { hash: toBytes(rotation.presentedHash) },
    });
    const family = token && (await db.prisma.refreshFamily.findUnique({ where: { id: token.familyId } }));
    return family?.appId ?? null;
  });
}

/** A generation in whatever state, while its family is there. */
export async function findRefreshToken(
  db: Database,
  hash: string,
  now: Date,
): Promise<RefreshTokenFacts | null> {
  // Raw because families and tokens have no foreign keys for Prisma to follow (docs/decisions/0005).
  const { rows } = await db.pool.query<RefreshTokenFacts>({
    name: "find_refresh_token",
    text: `SELECT f.id AS "familyId", f.app_id AS client_id, f.grant_type, f.scopes,
        least(r.expires_at, f.expires_at) AS "expiresAt", r.consumed_at AS "consumedAt", r.successor, ${stands("$2")} AS stands
      FROM refresh_tokens r JOIN refresh_families f ON f.id = r.family_id JOIN apps a ON a.id = f.app_id
      WHERE r.hash = $1`,
    values: [toBytes(hash), now],
  });
  return rows[0] ?? null;
}

/** Ends every generation of a family and its access tokens. @returns how many access tokens ended */
export async function revokeFamily(db: Database, familyId: string): Promise<number> {
  return db.prisma.$transaction((tx) => deleteFamilies(tx, { id: familyId }));
}

/**
 * Deletes families with their refresh and access tokens. A rotation at this moment may still write a generation: it
 * stands for nobody, since its family is gone.
 * @returns how many access tokens went
 */
export async function deleteFamilies(
  tx: Prisma.TransactionClient,
  where: Prisma.RefreshFamilyWhereInput,
): Promise<number> {
  const families = await tx.refreshFamily.findMany({ where, select: { id: true } });
  const ids = families.map(({ id }) => id);
  await tx.refreshFamily.deleteMany({ where: { id: { in: ids } } });
  await tx.refreshToken.deleteMany({ where: { familyId: { in: ids } } });
  const { count } = await tx.token.deleteMany({ where: { familyId: { in: ids } } });
  return count;
}
