/** Refresh tokens: rotated by one write, their family ended by another (RFC 6749 §6, RFC 9700 §4.14.2). */
import type { IssuedToken, Rotation } from "../oauth/store";
import type { RefreshTokenFacts } from "../oauth/types";
import { toBytes } from "./bytes";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { issue, issueValues } from "./issue";

/** Everybody behind family `f` of app `a` is still there. $4 now. */
const STANDS = `(f.consent_id IS NULL OR EXISTS (SELECT 1 FROM consents k WHERE k.id = f.consent_id))
      AND (f.user_id IS NULL OR EXISTS (SELECT 1 FROM users u WHERE u.id = f.user_id AND u.status = 'active'))
      AND (f.user_id IS NULL OR f.company_id IS NULL OR EXISTS (
        SELECT 1 FROM memberships m WHERE m.user_id = f.user_id AND m.company_id = f.company_id))
      AND (f.secret_hash IS NULL OR EXISTS (
        SELECT 1 FROM client_secrets s
        WHERE s.hash = f.secret_hash AND (s.expires_at IS NULL OR s.expires_at > $4)))
      AND (a.status = 'active' OR (a.status = 'pending' AND a.owner_id IS NOT DISTINCT FROM f.user_id))`;

/**
 * One statement consumes the presented generation ($10) and writes the next one and an access token. Of parallel
 * rotations the row lock of the UPDATE lets one through. A public client's tokens always rotate (RFC 9700 §4.14.2:
 * MUST); under `static` nothing is consumed and the token's wait begins anew.
 * What the app is no longer registered for is left out. $11 scopes asked for, $12 the sealed answer; otherwise as in issue.ts.
 */
const ROTATE = `WITH granted AS (
    UPDATE refresh_tokens r SET
      consumed_at = CASE WHEN rotates THEN $4::timestamptz END,
      successor = CASE WHEN rotates THEN $12::bytea END,
      expires_at = CASE WHEN rotates THEN r.expires_at ELSE least(f.expires_at, $4::timestamptz + idle) END
    FROM refresh_families f JOIN apps a ON a.id = f.app_id,
      LATERAL (SELECT a.type = 'public' OR a.policy->>'refresh' = 'rotating' AS rotates,
        make_interval(secs => (a.policy->>'refresh_idle_seconds')::double precision) AS idle,
        ARRAY(SELECT s FROM unnest(coalesce($11::text[], f.scopes)) AS s WHERE s = ANY(a.scopes)) AS reach) AS app_says
    WHERE r.hash = $10 AND f.id = r.family_id AND r.consumed_at IS NULL AND r.expires_at > $4 AND f.expires_at > $4
      AND ($1::text IS NULL OR a.id = $1) AND (a.policy_ends_at IS NULL OR a.policy_ends_at > $4)
      AND CASE
        WHEN $2 = 'none' THEN (a.type = 'public' AND $1::text IS NOT NULL)
          OR (a.policy->>'refresh_without_client_auth')::boolean AND (a.type = 'public' OR f.secret_hash IS NOT NULL)
        ELSE a.type = 'confidential' AND a.policy->'client_auth' ? $2 AND EXISTS (
          SELECT 1 FROM client_secrets s
          WHERE s.app_id = a.id AND s.hash = $3 AND (s.expires_at IS NULL OR s.expires_at > $4)) END
      AND a.policy->>'refresh' <> 'none'
      AND (f.grant_type <> 'client_credentials' OR (a.policy->>'refresh_for_client_credentials')::boolean)
      AND (f.grant_type <> 'password' OR ((a.policy->>'password')::boolean AND EXISTS (
        SELECT 1 FROM settings WHERE key = 'instance' AND (value->>'password')::boolean)))
      AND ($11::text[] IS NULL OR $11 <@ f.scopes) AND cardinality(reach) > 0 AND ${STANDS}
    RETURNING f.grant_type, f.id AS family_id, f.expires_at AS family_expires_at, f.app_id, f.user_id, f.company_id, f.all_companies,
      f.consent_id, f.code_hash, reach AS scopes, a.policy, rotates AS refreshes, idle
  ), refresh AS (
    INSERT INTO refresh_tokens (hash, family_id, last4, created_at, expires_at)
    SELECT $8::bytea, family_id, $9, $4, least(family_expires_at, $4::timestamptz + idle) FROM granted WHERE refreshes
  ), issued AS (
    INSERT INTO tokens (hash, kind, last4, app_id, user_id, company_id, all_companies, consent_id, code_hash, family_id,
      scopes, created_at, expires_at)
    SELECT $5::bytea, 'access', $6, app_id, user_id, company_id, all_companies, consent_id, code_hash, family_id,
      scopes, $4, $4::timestamptz + make_interval(secs => (policy->>'access_seconds')::double precision)
    FROM granted RETURNING expires_at
  )
  SELECT granted.grant_type, granted.app_id, granted.policy, granted.scopes, granted.refreshes, issued.expires_at,
    $7::text AS unused
  FROM granted, issued`;

export async function rotateRefreshToken(
  db: Database,
  rotation: Rotation,
  now: Date,
): Promise<IssuedToken | null> {
  const { client, presentedHash, scopes, successor } = rotation;
  const presented = toBytes(presentedHash);
  const values = [
    ...issueValues(client, rotation, now),
    presented,
    scopes && [...scopes],
    Buffer.from(successor),
  ];
  return issue(db, { name: "rotate_refresh_token", text: ROTATE, values }, now, async () => {
    const token = await db.prisma.refreshToken.findUnique({ where: { hash: presented } });
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
        least(r.expires_at, f.expires_at) AS "expiresAt", r.consumed_at AS "consumedAt", r.successor, ${STANDS.replaceAll("$4", "$2")} AS stands
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
