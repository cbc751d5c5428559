/**
 * The SQL every grant shares: who authenticates, and what is written for what was granted. Each grant puts its own
 * condition between the two, so that a token request is one statement and one round trip (house rule 4), which requests
 * share (shared-statement.ts).
 */
import type { AnswerPolicy, HashedClientAuthentication, IssuedToken, MintedTokens } from "../oauth/store";
import { toBuffer } from "./bytes";
import type { Database } from "./database";
import { settlePolicy } from "./policies";
import type { Column, Numbered, SharedStatement } from "./shared-statement";

/** What every grant begins with. */
export interface Issue extends MintedTokens {
  client: HashedClientAuthentication | null;
  /** When it is asked for. */
  at: Date;
}

export const ISSUE_COLUMNS: readonly Column<Issue>[] = [
  { name: "client_id", type: "text", of: ({ client }) => client?.client_id ?? null },
  { name: "method", type: "text", of: ({ client }) => client?.method ?? "none" },
  { name: "secret_hash", type: "bytea", of: ({ client }) => secretOf(client) },
  { name: "at", type: "timestamptz", of: ({ at }) => at.toISOString() },
  { name: "token_hash", type: "bytea", of: ({ tokenHash }) => toBuffer(tokenHash) },
  { name: "token_last4", type: "text", of: ({ tokenLast4 }) => tokenLast4 },
  { name: "family_id", type: "text", of: ({ familyId }) => familyId },
  { name: "refresh_hash", type: "bytea", of: ({ refreshHash }) => toBuffer(refreshHash) },
  { name: "refresh_last4", type: "text", of: ({ refreshLast4 }) => refreshLast4 },
];

function secretOf(client: HashedClientAuthentication | null): Uint8Array | null {
  return !client || client.method === "none" ? null : toBuffer(client.secretHash);
}

/** Scopes as a column: none of them has a space (RFC 6749 §3.3). Null: the request named none. */
export function scopeColumn<Input>(
  name: string,
  of: (input: Input) => readonly string[] | null,
): Column<Input> {
  return { name, type: "text", of: (input) => of(input)?.join(" ") ?? null };
}

/** The inputs whose client authenticated, with what its app is. OFFSET 0 has each app looked up by its key. */
export const AUTHENTICATED = `client AS (
    SELECT i.*, a.id AS app_id, a.owner_id, a.company_id, a.scopes AS registered, a.policy
    FROM input i CROSS JOIN LATERAL (SELECT * FROM apps WHERE id = i.client_id OFFSET 0) a
    WHERE a.status IN ('active', 'pending') AND (a.policy_ends_at IS NULL OR a.policy_ends_at > i.at)
      AND CASE a.type
        WHEN 'public' THEN i.method = 'none'
        ELSE a.policy->'client_auth' ? i.method AND EXISTS (
          SELECT 1 FROM client_secrets s
          WHERE s.app_id = a.id AND s.hash = i.secret_hash AND (s.expires_at IS NULL OR s.expires_at > i.at)) END
  )`;

/** Are refresh tokens bound to the client secret? Where they may be used without authentication, they are. */
export const BOUND = "(policy->>'refresh_without_client_auth')::boolean";

/** A switch that says for how long, as an interval; null for no end. */
export const lasting = (key: string): string =>
  `make_interval(secs => (policy->>'${key}')::double precision)`;

const FAMILY = `family AS (
    INSERT INTO refresh_families (id, grant_type, app_id, user_id, company_id, all_companies, consent_id, code_hash,
      secret_hash, scopes, created_at, expires_at)
    SELECT i.family_id, grant_type, app_id, user_id, company_id, all_companies, consent_id, code_hash,
      CASE WHEN bound THEN i.secret_hash END, scopes, i.at, i.at + ${lasting("refresh_seconds")}
    FROM granted JOIN input i USING (n) WHERE refreshes
  ), refresh AS (
    INSERT INTO refresh_tokens (hash, family_id, last4, created_at, expires_at)
    SELECT i.refresh_hash, i.family_id, i.refresh_last4, i.at,
      i.at + least(${lasting("refresh_seconds")}, ${lasting("refresh_idle_seconds")})
    FROM granted JOIN input i USING (n) WHERE refreshes
  )`;

/**
 * Writes an access token for each row of `granted`. Of a code that is replayed, tokens with a family end with it.
 * @param family the SQL of the family it came with
 */
export const issued = (family: string): string => `issued AS (
    INSERT INTO tokens (hash, kind, last4, app_id, user_id, company_id, all_companies, consent_id, code_hash, family_id,
      scopes, created_at, expires_at)
    SELECT i.token_hash, 'access', i.token_last4, app_id, user_id, company_id, all_companies, consent_id,
      CASE WHEN ${family} IS NULL THEN code_hash END, ${family}, scopes, i.at, i.at + ${lasting("access_seconds")}
    FROM granted JOIN input i USING (n)
  )
  SELECT n, grant_type, app_id, scopes, refreshes, policy->'response_include' AS response_include,
    policy->>'token_type' AS token_type, policy->>'token_redirect_uri' AS token_redirect_uri,
    (policy->>'refresh_without_client_auth')::boolean AS refresh_without_client_auth,
    at + ${lasting("access_seconds")} AS expires_at
  FROM granted JOIN input USING (n)`;

/** Writes what `granted` says: an access token and, where `refreshes`, the first refresh token of a new family. */
export const ISSUED = `${FAMILY}, ${issued("CASE WHEN refreshes THEN i.family_id END")}`;

export interface IssuedRecord extends Numbered, AnswerPolicy {
  grant_type: string;
  app_id: string;
  scopes: string[];
  refreshes: boolean;
  expires_at: Date | null;
}

function toIssued(row: IssuedRecord): IssuedToken {
  const { response_include, token_type, token_redirect_uri, refresh_without_client_auth } = row;
  const policy = { response_include, token_type, token_redirect_uri, refresh_without_client_auth };
  return {
    client: { client_id: row.app_id, policy },
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
export async function issue<Input extends Issue>(
  db: Database,
  statement: SharedStatement<Input, IssuedRecord>,
  input: Input,
  client_id: () => Promise<string | null>,
): Promise<IssuedToken | null> {
  const first = await statement.run(db, input);
  if (first) return toIssued(first);
  const app = await client_id();
  if (app === null) return null;
  await settlePolicy(db, app, input.at);
  const second = await statement.run(db, input);
  return second && toIssued(second);
}
