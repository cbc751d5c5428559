/** Tokens for an app's owner, or for a service account: nobody is asked, nothing is consumed (RFC 6749 §4.3, §4.4). */
import type { DirectIssue, IssuedToken } from "../oauth/store";
import type { Database } from "./database";
import { AUTHENTICATED, BOUND, ISSUED, issue, issueValues } from "./issue";

/** The scopes named ($10), or what the policy gives who names none ($11: basic); never more than the app's. */
const WANTED = `wanted AS (
    SELECT client.*, CASE
      WHEN $10::text[] IS NOT NULL THEN $10
      WHEN policy->>'default_scope' = 'registered' THEN scopes
      WHEN policy->>'default_scope' = 'basic' THEN ARRAY(SELECT s FROM unnest($11::text[]) AS s WHERE s = ANY(scopes))
      END AS wanted
    FROM client
  )`;

const ISSUE_TO_CLIENT = `WITH ${AUTHENTICATED}, ${WANTED}, granted AS (
    SELECT 'client_credentials' AS grant_type, id AS app_id, owner_id AS user_id, company_id,
      owner_id IS NOT NULL AS all_companies, NULL::text AS consent_id, NULL::bytea AS code_hash, wanted AS scopes, policy,
      policy->>'refresh' <> 'none' AND (policy->>'refresh_for_client_credentials')::boolean AS refreshes, true AS bound
    FROM wanted
    WHERE $2 <> 'none' AND policy->'grants' ? 'client_credentials' AND cardinality(wanted) > 0 AND wanted <@ scopes
      AND (owner_id IS NULL OR EXISTS (SELECT 1 FROM users u WHERE u.id = owner_id AND u.status = 'active'))
  ), ${ISSUED}`;

const ISSUE_TO_SERVICE_ACCOUNT = `WITH ${AUTHENTICATED}, ${WANTED}, granted AS (
    SELECT 'password' AS grant_type, wanted.id AS app_id, u.id AS user_id, NULL::text AS company_id, true AS all_companies,
      NULL::text AS consent_id, NULL::bytea AS code_hash, wanted AS scopes, policy,
      policy->>'refresh' <> 'none' AS refreshes, ${BOUND} AS bound
    FROM wanted, users u
    WHERE u.id = $12 AND u.kind = 'service' AND u.status = 'active' AND (policy->>'password')::boolean
      AND cardinality(wanted) > 0 AND wanted <@ scopes
  ), ${ISSUED}`;

/** RFC 6749 §4.4. */
export async function issueToClient(
  db: Database,
  request: DirectIssue,
  now: Date,
): Promise<IssuedToken | null> {
  const statement = { name: "issue_to_client", text: ISSUE_TO_CLIENT, values: directValues(request, now) };
  return issue(db, statement, now, async () => request.client.client_id);
}

/** RFC 6749 §4.3, once the password has been checked. */
export async function issueToServiceAccount(
  db: Database,
  request: DirectIssue & { userId: string },
  now: Date,
): Promise<IssuedToken | null> {
  const values = [...directValues(request, now), request.userId];
  const statement = { name: "issue_to_service_account", text: ISSUE_TO_SERVICE_ACCOUNT, values };
  return issue(db, statement, now, async () => request.client.client_id);
}

function directValues(request: DirectIssue, now: Date): unknown[] {
  const { client, scopes, basicScopes } = request;
  return [...issueValues(client, request, now), scopes && [...scopes], [...basicScopes]];
}
