/** Stored authorize requests: kept exactly as validated, taken once. */
import type { Approval } from "../oauth/store";
import { randomId } from "../oauth/tokens";
import type { AuthorizationRequest } from "../oauth/types";
import { toBytes } from "./bytes";
import type { Database } from "./database";

export async function saveAuthorizationRequest(db: Database, request: AuthorizationRequest): Promise<void> {
  await db.prisma.authorizationRequest.create({
    data: {
      id: request.id,
      appId: request.client_id,
      clientVersion: request.clientVersion,
      responseType: request.response_type,
      redirectUri: request.redirect_uri,
      redirectUriSent: request.redirectUriSent,
      state: request.state,
      scopes: [...request.scopes],
      scopeSent: request.scopeSent,
      codeChallenge: request.code_challenge,
      createdAt: request.createdAt,
      expiresAt: request.expiresAt,
    },
  });
}

export async function findAuthorizationRequest(
  db: Database,
  id: string,
  now: Date,
): Promise<AuthorizationRequest | null> {
  const row = await db.prisma.authorizationRequest.findFirst({ where: { id, expiresAt: { gt: now } } });
  if (!row) return null;
  return {
    id: row.id,
    client_id: row.appId,
    clientVersion: row.clientVersion,
    response_type: row.responseType === "token" ? "token" : "code",
    redirect_uri: row.redirectUri,
    redirectUriSent: row.redirectUriSent,
    state: row.state,
    scopes: row.scopes,
    scopeSent: row.scopeSent,
    code_challenge: row.codeChallenge,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  };
}

/** @returns false when the request was gone */
export async function takeAuthorizationRequest(db: Database, id: string, now: Date): Promise<boolean> {
  const { count } = await db.prisma.authorizationRequest.deleteMany({
    where: { id, expiresAt: { gt: now } },
  });
  return count === 1;
}

/**
 * Takes the request, keeps the consent and its receipt and writes the code or token and its audit row: one statement, so all or nothing, and
 * the DELETE decides which of two decisions counts. Two requests allowed at once widen one consent: its unique index
 * decides. One that already covers the request is neither dated nor logged anew: nobody was asked. (Prisma cannot
 * chain writes in one statement.)
 */
export async function approve(db: Database, approval: Approval, now: Date): Promise<boolean> {
  const { issue, shown } = approval;
  const { rowCount } = await db.pool.query({
    name: `approve_${issue.response_type}`,
    text: `WITH ${APPROVED} ${issue.response_type === "code" ? WRITE_CODE : WRITE_TOKEN}`,
    values: [
      approval.requestId,
      now,
      approval.userId,
      approval.companyId,
      approval.redirectHost,
      [...approval.scopes],
      approval.consentId,
      toBytes(issue.hash),
      issue.expiresAt,
      randomId(20, db.random),
      shown && JSON.stringify(shown),
      ...(issue.response_type === "token" ? [issue.last4] : []),
    ],
  });
  return rowCount === 1;
}

const APPROVED = `taken AS (
    DELETE FROM authorization_requests WHERE id = $1 AND expires_at > $2 RETURNING *
  ), consent AS (
    INSERT INTO consents AS k (id, user_id, app_id, company_id, redirect_host, scopes, created_at, updated_at)
    SELECT $7, $3, taken.app_id, $4, $5, $6, $2, $2 FROM taken
    ON CONFLICT (user_id, app_id, company_id, redirect_host) DO UPDATE SET
      updated_at = CASE WHEN k.scopes @> excluded.scopes THEN k.updated_at ELSE $2 END,
      scopes = ARRAY(SELECT DISTINCT s FROM unnest(k.scopes || excluded.scopes) AS s ORDER BY s)
    RETURNING id, updated_at = $2 AS was_asked
  ), logged AS (
    INSERT INTO audit_events (id, at, actor_id, action, app_id, company_id, details)
    SELECT $10, $2, $3, 'consent.given', taken.app_id, $4, jsonb_build_object('scopes', to_jsonb($6::text[]))
    FROM taken, consent WHERE consent.was_asked
  ), receipt AS (
    INSERT INTO consent_receipts (id, consent_id, user_id, app_id, at, shown)
    SELECT $10, consent.id, $3, taken.app_id, $2, $11::jsonb FROM taken, consent WHERE $11::jsonb IS NOT NULL
  )`;

const WRITE_CODE = `INSERT INTO authorization_codes (hash, app_id, user_id, company_id, consent_id, redirect_uri,
    redirect_uri_sent, scopes, code_challenge, created_at, expires_at)
  SELECT $8, taken.app_id, $3, $4, consent.id, taken.redirect_uri, taken.redirect_uri_sent, $6, taken.code_challenge,
    $2, $9
  FROM taken, consent`;

/** RFC 6749 §4.2.2: the token at once, and never a refresh token. */
const WRITE_TOKEN = `INSERT INTO tokens
    (hash, kind, last4, app_id, user_id, company_id, consent_id, scopes, created_at, expires_at)
  SELECT $8, 'access', $12, taken.app_id, $3, $4, consent.id, $6, $2, $9 FROM taken, consent`;
