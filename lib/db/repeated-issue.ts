/**
 * What client credentials were granted, granted again. Machines ask for the same again and again, and what the answer
 * depends on is in the row of their app, whose secret and owner must be good: while that row is the very one the last
 * answer came from, a statement of three look-ups and one INSERT does (docs/decisions/0026).
 */
import { after } from "../oauth/server";
import type { DirectIssue } from "../oauth/store";
import { toBuffer } from "./bytes";
import type { Database } from "./database";
import { type Issue, type IssuedRecord, OWNER_IS_ACTIVE, SECRET_IS_GOOD, secretOf } from "./issue";
import { type Column, type Numbered, SharedStatement } from "./shared-statement";

export interface Granted extends IssuedRecord {
  /** The transaction that wrote the row of the app (xmin): another one, as soon as anything in it was changed. */
  written_by: string;
}

interface Again {
  request: DirectIssue & Issue;
  granted: Granted;
}

const COLUMNS: readonly Column<Again>[] = [
  { name: "client_id", type: "text", of: ({ granted }) => granted.app_id },
  { name: "written_by", type: "text", of: ({ granted }) => granted.written_by },
  { name: "secret_hash", type: "bytea", of: ({ request }) => secretOf(request.client) },
  { name: "at", type: "timestamptz", of: ({ request }) => request.at.toISOString() },
  { name: "token_hash", type: "bytea", of: ({ request }) => toBuffer(request.tokenHash) },
  { name: "token_last4", type: "text", of: ({ request }) => request.tokenLast4 },
  { name: "scopes", type: "text", of: ({ granted }) => granted.scopes },
  { name: "ends_at", type: "timestamptz", of: endOf },
];

function endOf({ request, granted }: Again): string | null {
  return granted.access_seconds === null ? null : after(request.at, granted.access_seconds).toISOString();
}

const ISSUE_AGAIN = new SharedStatement<Again, Numbered>({
  name: "issue_to_client_again",
  columns: COLUMNS,
  text: `, granted AS (
    SELECT i.n, i.at, i.token_hash, i.token_last4, i.scopes, i.ends_at, a.id, a.owner_id, a.company_id
    FROM input i CROSS JOIN LATERAL (
      SELECT id, owner_id, company_id FROM apps
      WHERE id = i.client_id AND xmin = i.written_by::xid AND (policy_ends_at IS NULL OR policy_ends_at > i.at) OFFSET 0) a
    WHERE ${SECRET_IS_GOOD} AND ${OWNER_IS_ACTIVE}
  ), issued AS (
    INSERT INTO tokens (hash, kind, last4, app_id, user_id, company_id, all_companies, scopes, created_at, expires_at)
    SELECT token_hash, 'access', token_last4, id, owner_id, company_id, owner_id IS NOT NULL,
      string_to_array(scopes, ' '), at, ends_at
    FROM granted
  )
  SELECT n FROM granted`,
});

/** Answers kept for a database at most; the oldest goes. */
const MOST = 10_000;
/** How long an answer is kept, in milliseconds: long before PostgreSQL counts its transactions from the beginning again. */
const KEPT_MS = 60_000;

interface Kept {
  granted: Granted;
  until: number;
}

const answers = new WeakMap<Database, Map<string, Kept>>();

/** What an answer depends on beside the app's row. */
function questionOf({ client, scopes, basicScopes }: DirectIssue): string {
  const secret = client.method === "none" ? "" : client.secretHash;
  const asked = scopes ? `named ${scopes.join(" ")}` : `by default ${basicScopes.join(" ")}`;
  return `${client.method} ${secret} ${client.client_id} ${asked}`;
}

/** Keeps what was granted, for who asks the same again. */
export function keepGrant(db: Database, request: DirectIssue, granted: Granted): void {
  let kept = answers.get(db);
  if (!kept) {
    kept = new Map();
    answers.set(db, kept);
  }
  const [oldest] = kept.size < MOST ? [] : kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(questionOf(request), { granted, until: performance.now() + KEPT_MS });
}

/**
 * Grants what was granted before, if nothing has changed since.
 * @returns what was granted, or null: nothing was written then, and what is found now decides
 */
export async function grantAgain(db: Database, request: DirectIssue & Issue): Promise<Granted | null> {
  const kept = answers.get(db);
  const question = kept && questionOf(request);
  const answer = question && kept.get(question);
  if (!answer) return null;
  const { granted } = answer;
  if (answer.until > performance.now() && (await ISSUE_AGAIN.run(db, { request, granted }))) return granted;
  if (kept.get(question) === answer) kept.delete(question);
  return null;
}
