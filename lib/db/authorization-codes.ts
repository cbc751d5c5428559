/** Authorization codes: redeemed once, by the write; replays end what they issued. */
import type { Policy } from "../oauth/policy";
import type { IssuedToken, Redemption } from "../oauth/store";
import type { AuthorizationCode } from "../oauth/types";
import { toBytes, toHash } from "./bytes";
import type { Database } from "./database";

/**
 * Client authentication, every check of RFC 6749 §4.1.3, the consumption of the code and the token it issues, in one
 * statement and one round trip (house rules 3 and 4). Of parallel redemptions the row lock of the UPDATE lets one
 * through; the others find consumed_at set. The lifetime comes from the policy as it stands now.
 */
const REDEEM = `WITH client AS (
    SELECT a.id, a.policy FROM apps a
    WHERE a.id = $1 AND a.status = 'active' AND CASE a.type
      WHEN 'public' THEN $2 = 'none'
      ELSE a.policy->'client_auth' ? $2 AND EXISTS (
        SELECT 1 FROM client_secrets s
        WHERE s.app_id = a.id AND s.hash = $3 AND (s.expires_at IS NULL OR s.expires_at > $4)) END
  ), code AS (
    UPDATE authorization_codes c SET consumed_at = $4 FROM client
    WHERE c.hash = $5 AND c.app_id = client.id AND c.consumed_at IS NULL AND c.expires_at > $4
      AND c.redirect_uri = $6 AND c.code_challenge IS NOT DISTINCT FROM $7
      AND EXISTS (SELECT 1 FROM consents k WHERE k.id = c.consent_id)
    RETURNING c.app_id, c.user_id, c.company_id, c.consent_id, c.scopes, client.policy
  ), issued AS (
    INSERT INTO tokens
      (hash, kind, last4, app_id, user_id, company_id, consent_id, code_hash, scopes, created_at, expires_at)
    SELECT $8, 'access', $9, app_id, user_id, company_id, consent_id, $5, scopes, $4,
      $4::timestamptz + make_interval(secs => (policy->>'access_seconds')::double precision)
    FROM code RETURNING expires_at
  )
  SELECT code.policy, code.scopes, issued.expires_at FROM code, issued`;

export async function redeemAuthorizationCode(
  db: Database,
  redemption: Redemption,
  now: Date,
): Promise<IssuedToken | null> {
  const { client } = redemption;
  const { rows } = await db.pool.query<{ policy: Policy; scopes: string[]; expires_at: Date | null }>({
    name: "redeem_authorization_code",
    text: REDEEM,
    values: [
      client.client_id,
      client.method,
      client.method === "none" ? null : toBytes(client.secretHash),
      now,
      toBytes(redemption.codeHash),
      redemption.redirect_uri,
      redemption.code_challenge,
      toBytes(redemption.tokenHash),
      redemption.tokenLast4,
    ],
  });
  const [row] = rows;
  if (!row) return null;
  return {
    client: { client_id: client.client_id, policy: row.policy },
    scopes: row.scopes,
    expiresAt: row.expires_at,
  };
}

/** A code in whatever state, with whether its consent still stands. */
export async function findAuthorizationCode(
  db: Database,
  hash: string,
): Promise<(AuthorizationCode & { consentStands: boolean }) | null> {
  const row = await db.prisma.authorizationCode.findUnique({ where: { hash: toBytes(hash) } });
  if (!row) return null;
  const consents = await db.prisma.consent.count({ where: { id: row.consentId } });
  return {
    hash: toHash(row.hash),
    client_id: row.appId,
    userId: row.userId,
    companyId: row.companyId,
    consentId: row.consentId,
    redirect_uri: row.redirectUri,
    scopes: row.scopes,
    code_challenge: row.codeChallenge,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    consumedAt: row.consumedAt,
    consentStands: consents > 0,
  };
}
