/** Tokens for an app's owner, or for a service account: nobody is asked, nothing is consumed (RFC 6749 §4.3, §4.4). */
import type { DirectIssue, IssuedToken } from "../oauth/store";
import type { Database } from "./database";
import {
  AUTHENTICATED,
  BOUND,
  ISSUE_COLUMNS,
  ISSUED,
  type Issue,
  type IssuedRecord,
  issue,
  scopeColumn,
} from "./issue";
import { type Column, SharedStatement } from "./shared-statement";

const DIRECT_COLUMNS: readonly Column<DirectIssue & Issue>[] = [
  ...ISSUE_COLUMNS,
  scopeColumn("named", ({ scopes }) => scopes),
  scopeColumn("basic", ({ basicScopes }) => basicScopes),
];

/** The scopes named, or what the policy gives who names none; never more than the app's. */
const WANTED = `wanted AS (
    SELECT client.*, CASE
      WHEN named IS NOT NULL THEN string_to_array(named, ' ')
      WHEN policy->>'default_scope' = 'registered' THEN registered
      WHEN policy->>'default_scope' = 'basic'
        THEN ARRAY(SELECT s FROM unnest(string_to_array(basic, ' ')) AS s WHERE s = ANY(registered))
      END AS scopes
    FROM client
  )`;

const ISSUE_TO_CLIENT = new SharedStatement<DirectIssue & Issue, IssuedRecord>({
  name: "issue_to_client",
  columns: DIRECT_COLUMNS,
  text: `, ${AUTHENTICATED}, ${WANTED}, granted AS (
    SELECT n, 'client_credentials' AS grant_type, app_id, owner_id AS user_id, company_id,
      owner_id IS NOT NULL AS all_companies, NULL::text AS consent_id, NULL::bytea AS code_hash, scopes, policy,
      policy->>'refresh' <> 'none' AND (policy->>'refresh_for_client_credentials')::boolean AS refreshes, true AS bound
    FROM wanted
    WHERE method <> 'none' AND policy->'grants' ? 'client_credentials'
      AND cardinality(scopes) > 0 AND scopes <@ registered
      AND (owner_id IS NULL OR EXISTS (SELECT 1 FROM users u WHERE u.id = owner_id AND u.status = 'active'))
  ), ${ISSUED}`,
});

const ISSUE_TO_SERVICE_ACCOUNT = new SharedStatement<DirectIssue & Issue & { userId: string }, IssuedRecord>({
  name: "issue_to_service_account",
  columns: [...DIRECT_COLUMNS, { name: "account_id", type: "text", of: ({ userId }) => userId }],
  text: `, ${AUTHENTICATED}, ${WANTED}, granted AS (
    SELECT n, 'password' AS grant_type, app_id, u.id AS user_id, NULL::text AS company_id, true AS all_companies,
      NULL::text AS consent_id, NULL::bytea AS code_hash, wanted.scopes, policy,
      policy->>'refresh' <> 'none' AS refreshes, ${BOUND} AS bound
    FROM wanted JOIN users u ON u.id = wanted.account_id
    WHERE u.kind = 'service' AND u.status = 'active' AND (policy->>'password')::boolean
      AND cardinality(wanted.scopes) > 0 AND wanted.scopes <@ registered
  ), ${ISSUED}`,
});

/** RFC 6749 §4.4. */
export async function issueToClient(
  db: Database,
  request: DirectIssue,
  at: Date,
): Promise<IssuedToken | null> {
  return issue(db, ISSUE_TO_CLIENT, { ...request, at }, async () => request.client.client_id);
}

/** RFC 6749 §4.3, once the password has been checked. */
export async function issueToServiceAccount(
  db: Database,
  request: DirectIssue & { userId: string },
  at: Date,
): Promise<IssuedToken | null> {
  return issue(db, ISSUE_TO_SERVICE_ACCOUNT, { ...request, at }, async () => request.client.client_id);
}
