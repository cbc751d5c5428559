/** Tokens for an app's owner, or for a service account: nobody is asked, nothing is consumed (RFC 6749 §4.3, §4.4). */
import type { DirectIssue, IssuedToken } from "../oauth/store";
import type { Database } from "./database";
import {
  authenticated,
  BOUND,
  carried,
  ISSUE_COLUMNS,
  ISSUED,
  ISSUED_ALONE,
  type Issue,
  type IssuedRecord,
  issue,
  OWNER_IS_ACTIVE,
  scopeColumn,
} from "./issue";
import { type Granted, grantAgain, keepGrant } from "./repeated-issue";
import { type Column, SharedStatement } from "./shared-statement";

const DIRECT_COLUMNS: readonly Column<DirectIssue & Issue>[] = [
  ...ISSUE_COLUMNS,
  scopeColumn("named", ({ scopes }) => scopes),
  scopeColumn("basic", ({ basicScopes }) => basicScopes),
];

/** The scopes named, or what the policy gives who names none. */
const WANTED = `CASE
      WHEN i.named IS NOT NULL THEN string_to_array(i.named, ' ')
      WHEN policy->>'default_scope' = 'registered' THEN scopes
      WHEN policy->>'default_scope' = 'basic'
        THEN ARRAY(SELECT s FROM unnest(string_to_array(i.basic, ' ')) AS s WHERE s = ANY(scopes))
      END`;

const CLIENT = authenticated({ wanted: WANTED, written_by: "xmin::text" });

const GRANTED_TO_CLIENT = `${CLIENT}, granted AS (
    SELECT ${carried("client")}, 'client_credentials' AS grant_type, app_id, owner_id AS user_id, company_id,
      owner_id IS NOT NULL AS all_companies, NULL::text AS consent_id, NULL::bytea AS code_hash, wanted AS scopes, policy,
      policy->>'refresh' <> 'none' AND (policy->>'refresh_for_client_credentials')::boolean AS refreshes, true AS bound,
      written_by
    FROM client
    WHERE method <> 'none' AND policy->'grants' ? 'client_credentials'
      AND cardinality(wanted) > 0 AND wanted <@ registered
      AND ${OWNER_IS_ACTIVE}
  )`;

/** For whom the policy keeps no refresh token, which is nearly everybody (RFC 6749 §4.4.3: "SHOULD NOT be included"). */
const ISSUE_TO_CLIENT = new SharedStatement<DirectIssue & Issue, Granted>({
  name: "issue_to_client",
  columns: DIRECT_COLUMNS,
  text: `, ${GRANTED_TO_CLIENT}, ${ISSUED_ALONE}`,
});

/** For everybody else. */
const ISSUE_TO_CLIENT_WITH_REFRESH = new SharedStatement<DirectIssue & Issue, IssuedRecord>({
  name: "issue_to_client_with_refresh",
  columns: DIRECT_COLUMNS,
  text: `, ${GRANTED_TO_CLIENT}, ${ISSUED}`,
});

const ISSUE_TO_SERVICE_ACCOUNT = new SharedStatement<DirectIssue & Issue & { userId: string }, IssuedRecord>({
  name: "issue_to_service_account",
  columns: [...DIRECT_COLUMNS, { name: "account_id", type: "text", of: ({ userId }) => userId }],
  text: `, ${CLIENT}, granted AS (
    SELECT ${carried("client")}, 'password' AS grant_type, app_id, u.id AS user_id, NULL::text AS company_id, true AS all_companies,
      NULL::text AS consent_id, NULL::bytea AS code_hash, wanted AS scopes, policy,
      policy->>'refresh' <> 'none' AS refreshes, ${BOUND} AS bound
    FROM client JOIN users u ON u.id = client.account_id
    WHERE u.kind = 'service' AND u.status = 'active' AND (policy->>'password')::boolean
      AND cardinality(wanted) > 0 AND wanted <@ registered
  ), ${ISSUED}`,
});

/** The same again, as long as it may be; else what is found now. */
const AGAIN_OR_ANEW = {
  async run(db: Database, input: DirectIssue & Issue): Promise<IssuedRecord | null> {
    const again = await grantAgain(db, input);
    if (again) return again;
    const granted = await ISSUE_TO_CLIENT.run(db, input);
    if (granted && !granted.refreshes) keepGrant(db, input, granted);
    return granted;
  },
};

/** RFC 6749 §4.4. */
export async function issueToClient(
  db: Database,
  request: DirectIssue,
  at: Date,
): Promise<IssuedToken | null> {
  const input = Object.assign({ at }, request);
  const client_id = async () => request.client.client_id;
  const issued = await issue(db, AGAIN_OR_ANEW, input, client_id);
  // Nothing was written then, and what is found now decides anew.
  return issued?.refreshes ? issue(db, ISSUE_TO_CLIENT_WITH_REFRESH, input, client_id) : issued;
}

/** RFC 6749 §4.3, once the password has been checked. */
export async function issueToServiceAccount(
  db: Database,
  request: DirectIssue & { userId: string },
  at: Date,
): Promise<IssuedToken | null> {
  return issue(
    db,
    ISSUE_TO_SERVICE_ACCOUNT,
    Object.assign({ at }, request),
    async () => request.client.client_id,
  );
}
