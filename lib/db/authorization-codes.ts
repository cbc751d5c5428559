/** Authorization codes: redeemed once, by the write; replays end what they issued. */
import type { IssuedToken, Redemption } from "../oauth/store";
import type { AuthorizationCode } from "../oauth/types";
import { toBuffer, toBytes, toHash } from "./bytes";
import type { Database } from "./database";
import {
  authenticated,
  BOUND,
  carried,
  ISSUE_COLUMNS,
  ISSUED,
  type Issue,
  type IssuedRecord,
  issue,
} from "./issue";
import { SharedStatement } from "./shared-statement";

/**
 * Client authentication, every check of RFC 6749 §4.1.3, the consumption of the code and the tokens it issues, in one
 * statement and one round trip (house rules 3 and 4). Of parallel redemptions the row lock of the UPDATE lets one
 * through; the others find consumed_at set. Lifetimes come from the policy as it stands now.
 */
const REDEEM = new SharedStatement<Redemption & Issue, IssuedRecord>({
  name: "redeem_authorization_code",
  columns: [
    ...ISSUE_COLUMNS,
    { name: "presented", type: "bytea", of: ({ codeHash }) => toBuffer(codeHash) },
    { name: "presented_uri", type: "text", of: ({ redirect_uri }) => redirect_uri },
    { name: "presented_challenge", type: "text", of: ({ code_challenge }) => code_challenge },
  ],
  apart: ({ codeHash }) => codeHash,
  text: `, ${authenticated()}, granted AS (
    UPDATE authorization_codes c SET consumed_at = client.at FROM client
    WHERE c.hash = client.presented AND c.app_id = client.app_id AND c.consumed_at IS NULL AND c.expires_at > client.at
      AND client.policy->'grants' ? 'authorization_code'
      AND (c.redirect_uri = client.presented_uri OR (client.presented_uri IS NULL
        AND (NOT c.redirect_uri_sent OR client.policy->>'token_redirect_uri' = 'ignore_if_omitted')))
      AND c.code_challenge IS NOT DISTINCT FROM client.presented_challenge
      AND EXISTS (SELECT 1 FROM consents k WHERE k.id = c.consent_id)
    RETURNING ${carried("client")}, 'authorization_code' AS grant_type, c.app_id, c.user_id, c.company_id, false AS all_companies,
      c.consent_id, c.hash AS code_hash, c.scopes, client.policy,
      client.policy->>'refresh' <> 'none' AS refreshes, ${BOUND} AS bound
  ), ${ISSUED}`,
});

export async function redeemAuthorizationCode(
  db: Database,
  redemption: Redemption,
  at: Date,
): Promise<IssuedToken | null> {
  return issue(db, REDEEM, Object.assign({ at }, redemption), async () => redemption.client.client_id);
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
