/** Authorization codes: redeemed once, by the write; replays end what they issued. */
import type { IssuedToken, Redemption } from "../oauth/store";
import type { AuthorizationCode } from "../oauth/types";
import { toBytes, toHash } from "./bytes";
import type { Database } from "./database";
import { AUTHENTICATED, BOUND, ISSUED, issue, issueValues } from "./issue";

/**
 * Client authentication, every check of RFC 6749 §4.1.3, the consumption of the code and the tokens it issues, in one
 * statement and one round trip (house rules 3 and 4). Of parallel redemptions the row lock of the UPDATE lets one
 * through; the others find consumed_at set. Lifetimes come from the policy as it stands now.
 */
const REDEEM = `WITH ${AUTHENTICATED}, granted AS (
    UPDATE authorization_codes c SET consumed_at = $4 FROM client
    WHERE c.hash = $10 AND c.app_id = client.id AND c.consumed_at IS NULL AND c.expires_at > $4
      AND client.policy->'grants' ? 'authorization_code'
      AND (c.redirect_uri = $11 OR ($11::text IS NULL
        AND (NOT c.redirect_uri_sent OR client.policy->>'token_redirect_uri' = 'ignore_if_omitted')))
      AND c.code_challenge IS NOT DISTINCT FROM $12
      AND EXISTS (SELECT 1 FROM consents k WHERE k.id = c.consent_id)
    RETURNING 'authorization_code' AS grant_type, c.app_id, c.user_id, c.company_id, false AS all_companies,
      c.consent_id, c.hash AS code_hash, c.scopes, client.policy,
      client.policy->>'refresh' <> 'none' AS refreshes, ${BOUND} AS bound
  ), ${ISSUED}`;

export async function redeemAuthorizationCode(
  db: Database,
  redemption: Redemption,
  now: Date,
): Promise<IssuedToken | null> {
  const { client, codeHash, redirect_uri, code_challenge } = redemption;
  const values = [...issueValues(client, redemption, now), toBytes(codeHash), redirect_uri, code_challenge];
  const statement = { name: "redeem_authorization_code", text: REDEEM, values };
  return issue(db, statement, now, async () => client.client_id);
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
    redirectUriSent: row.redirectUriSent,
    scopes: row.scopes,
    code_challenge: row.codeChallenge,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    consumedAt: row.consumedAt,
    consentStands: consents > 0,
  };
}
