/**
 * The SQL every grant shares: who authenticates, and what is written for what was granted. Each grant puts its own
 * condition between the two, so that a token request is one statement and one round trip (house rule 4).
 */
import type { Policy } from "../oauth/policy";
import type { HashedClientAuthentication, IssuedToken, MintedTokens } from "../oauth/store";
import { toBytes } from "./bytes";
import type { Database } from "./database";
import { settlePolicy } from "./policies";

/** $1 client_id, $2 method, $3 hash of the secret, $4 now. */
export const AUTHENTICATED = `client AS (
    SELECT a.id, a.owner_id, a.company_id, a.scopes, a.policy FROM apps a
    WHERE a.id = $1 AND a.status IN ('active', 'pending') AND (a.policy_ends_at IS NULL OR a.policy_ends_at > $4)
      AND CASE a.type
        WHEN 'public' THEN $2 = 'none'
        ELSE a.policy->'client_auth' ? $2 AND EXISTS (
          SELECT 1 FROM client_secrets s
          WHERE s.app_id = a.id AND s.hash = $3 AND (s.expires_at IS NULL OR s.expires_at > $4)) END
  )`;

/** Are refresh tokens bound to the client secret? Where they may be used without authentication, they are. */
export const BOUND = "(policy->>'refresh_without_client_auth')::boolean";

/**
 * Writes what `granted` says: an access token and, where `refreshes`, the first refresh token of a new family.
 * $5 and $6 access token, $7 family, $8 and $9 refresh token.
 */
export const ISSUED = `family AS (
    INSERT INTO refresh_families (id, grant_type, app_id, user_id, company_id, all_companies, consent_id, code_hash,
      secret_hash, scopes, created_at, expires_at)
    SELECT $7, grant_type, app_id, user_id, company_id, all_companies, consent_id, code_hash,
      CASE WHEN bound THEN $3::bytea END, scopes, $4,
      $4::timestamptz + make_interval(secs => (policy->>'refresh_seconds')::double precision)
    FROM granted WHERE refreshes RETURNING id, expires_at
  ), refresh AS (
    INSERT INTO refresh_tokens (hash, family_id, last4, created_at, expires_at)
    SELECT $8::bytea, family.id, $9, $4, least(family.expires_at,
      $4::timestamptz + make_interval(secs => (policy->>'refresh_idle_seconds')::double precision))
    FROM granted, family
  ), issued AS (
    INSERT INTO tokens (hash, kind, last4, app_id, user_id, company_id, all_companies, consent_id, code_hash, family_id,
      scopes, created_at, expires_at)
    SELECT $5::bytea, 'access', $6, app_id, user_id, company_id, all_companies, consent_id, code_hash,
      (SELECT id FROM family), scopes, $4,
      $4::timestamptz + make_interval(secs => (policy->>'access_seconds')::double precision)
    FROM granted RETURNING expires_at
  )
  SELECT granted.grant_type, granted.app_id, granted.policy, granted.scopes, granted.refreshes, issued.expires_at
  FROM granted, issued`;

/** The nine values every grant begins with. */
export function issueValues(
  client: HashedClientAuthentication | null,
  minted: MintedTokens,
  now: Date,
): unknown[] {
  return [
    client?.client_id ?? null,
    client?.method ?? "none",
    !client || client.method === "none" ? null : toBytes(client.secretHash),
    now,
    toBytes(minted.tokenHash),
    minted.tokenLast4,
    minted.familyId,
    toBytes(minted.refreshHash),
    minted.refreshLast4,
  ];
}

export interface IssuedRecord {
  grant_type: string;
  app_id: string;
  policy: Policy;
  scopes: string[];
  refreshes: boolean;
  expires_at: Date | null;
}

export function toIssued(row: IssuedRecord): IssuedToken {
  return {
    client: { client_id: row.app_id, policy: row.policy },
    grant_type: row.grant_type,
    scopes: row.scopes,
    expiresAt: row.expires_at,
    refreshes: row.refreshes,
  };
}

/**
 * Runs a statement that issues. When nothing came of it, a switch of the app's policy may just have come to its end:
 * the policy is settled and the statement has a second chance, whoever settled it first.
 */
export async function issue(
  db: Database,
  statement: { name: string; text: string; values: unknown[] },
  now: Date,
  client_id: () => Promise<string | null>,
): Promise<IssuedToken | null> {
  const first = await db.pool.query<IssuedRecord>(statement);
  if (first.rows[0]) return toIssued(first.rows[0]);
  const app = await client_id();
  if (app === null) return null;
  await settlePolicy(db, app, now);
  const { rows } = await db.pool.query<IssuedRecord>(statement);
  return rows[0] ? toIssued(rows[0]) : null;
}
