/**
 * The SQL every grant shares: who authenticates, and what is written for what was granted. Each grant puts its own
 * condition between the two, so that a token request is one statement and one round trip (house rule 4), which requests
 * share (shared-statement.ts).
 */
import { after } from "../oauth/server";
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

/** The hash of the secret a client authenticates with, if it does. */
export function secretOf(client: HashedClientAuthentication | null): Uint8Array | null {
  return !client || client.method === "none" ? null : toBuffer(client.secretHash);
}

/** Scopes as a column: none of them has a space (RFC 6749 §3.3). Null: the request named none. */
export function scopeColumn<Input>(
  name: string,
  of: (input: Input) => readonly string[] | null,
): Column<Input> {
  return { name, type: "text", of: (input) => of(input)?.join(" ") ?? null };
}

/** Input `i` came with a secret of app `a`, and before its end. */
export const SECRET_IS_GOOD = `EXISTS (
          SELECT 1 FROM client_secrets s
          WHERE s.app_id = a.id AND s.hash = i.secret_hash AND (s.expires_at IS NULL OR s.expires_at > i.at))`;

/** The app belongs to a company, or to a user who is active. */
export const OWNER_IS_ACTIVE =
  "(owner_id IS NULL OR EXISTS (SELECT 1 FROM users u WHERE u.id = owner_id AND u.status = 'active'))";

/**
 * The inputs whose client authenticated, with what its app is. OFFSET 0 has each app looked up by its key, and what is
 * found out about it there computed once.
 * @param more columns of `client` by name, as SQL about the app and its input `i`
 */
export function authenticated(more: Record<string, string> = {}): string {
  const names = Object.keys(more).map((name) => `, a.${name}`);
  const columns = Object.entries(more).map(([name, sql]) => `, ${sql} AS ${name}`);
  return `client AS (
    SELECT i.*, a.id AS app_id, a.owner_id, a.company_id, a.scopes AS registered, a.policy${names.join("")}
    FROM input i CROSS JOIN LATERAL (SELECT *${columns.join("")} FROM apps WHERE id = i.client_id OFFSET 0) a
    WHERE a.status IN ('active', 'pending') AND (a.policy_ends_at IS NULL OR a.policy_ends_at > i.at)
      AND CASE a.type
        WHEN 'public' THEN i.method = 'none'
        ELSE a.policy->'client_auth' ? i.method AND ${SECRET_IS_GOOD} END
  )`;
}

/** Are refresh tokens bound to the client secret? Where they may be used without authentication, they are. */
export const BOUND = "(policy->>'refresh_without_client_auth')::boolean";

/** A switch that says for how long, as an interval; null for no end. */
export const lasting = (key: string): string =>
  `make_interval(secs => (policy->>'${key}')::double precision)`;

/**
 * What `granted` carries on of its input, so that nothing that follows has to join the two again.
 * @param from the row of the input, or of what it was joined with
 */
export const carried = (from: string): string =>
  ["n", "at", "secret_hash", "token_hash", "token_last4", "family_id", "refresh_hash", "refresh_last4"]
    .map((column) => `${from}.${column}`)
    .join(", ");

const FAMILY = `family AS (
    INSERT INTO refresh_families (id, grant_type, app_id, user_id, company_id, all_companies, consent_id, code_hash,
      secret_hash, scopes, created_at, expires_at)
    SELECT family_id, grant_type, app_id, user_id, company_id, all_companies, consent_id, code_hash,
      CASE WHEN bound THEN secret_hash END, scopes, at, at + ${lasting("refresh_seconds")}
    FROM granted WHERE refreshes
  ), refresh AS (
    INSERT INTO refresh_tokens (hash, family_id, last4, created_at, expires_at)
    SELECT refresh_hash, family_id, refresh_last4, at,
      at + least(${lasting("refresh_seconds")}, ${lasting("refresh_idle_seconds")})
    FROM granted WHERE refreshes
  )`;

/**
 * Writes an access token for each row of `granted`. Of a code that is replayed, tokens with a family end with it.
 * @param family the SQL of the family it came with
 * @param which the SQL of a condition; a row that is not written is answered all the same
 * @param more further columns of `granted` for the answer
 */
export const issued = (family: string, which = "true", more: readonly string[] = []): string => `issued AS (
    INSERT INTO tokens (hash, kind, last4, app_id, user_id, company_id, all_companies, consent_id, code_hash, family_id,
      scopes, created_at, expires_at)
    SELECT token_hash, 'access', token_last4, app_id, user_id, company_id, all_companies, consent_id,
      CASE WHEN ${family} IS NULL THEN code_hash END, ${family}, scopes, at, at + ${lasting("access_seconds")}
    FROM granted WHERE ${which}
  )
  SELECT n, grant_type, app_id, array_to_string(scopes, ' ') AS scopes, refreshes, policy->'response_include' AS response_include,
    policy->>'token_type' AS token_type, policy->>'token_redirect_uri' AS token_redirect_uri,
    (policy->>'refresh_without_client_auth')::boolean AS refresh_without_client_auth,
    (policy->>'access_seconds')::float8 AS access_seconds${more.map((column) => `, ${column}`).join("")}
  FROM granted`;

/** Writes what `granted` says: an access token and, where `refreshes`, the first refresh token of a new family. */
export const ISSUED = `${FAMILY}, ${issued("CASE WHEN refreshes THEN family_id END")}`;

/**
 * Writes the access tokens that come without a refresh token, and nothing for the others, who are told so by
 * `refreshes`: two tables that are hardly ever written are not even opened, a tenth of such a statement.
 */
export const ISSUED_ALONE = issued("NULL::text", "NOT refreshes", ["written_by"]);

export interface IssuedRecord extends Numbered, AnswerPolicy {
  grant_type: string;
  app_id: string;
  /** With spaces between: splitting a text takes a fraction of what reading an array does. */
  scopes: string;
  refreshes: boolean;
  /** Null: the access token has no end. */
  access_seconds: number | null;
}

/** @param at what the statement counted from */
function toIssued(row: IssuedRecord, at: Date): IssuedToken {
  const { response_include, token_type, token_redirect_uri, refresh_without_client_auth } = row;
  const policy = { response_include, token_type, token_redirect_uri, refresh_without_client_auth };
  return {
    client: { client_id: row.app_id, policy },
    grant_type: row.grant_type,
    scopes: row.scopes.split(" "),
    expiresAt: row.access_seconds === null ? null : after(at, row.access_seconds),
    refreshes: row.refreshes,
  };
}

/**
 * Runs a statement that issues. When nothing came of it, a switch of the app's policy may just have come to its end:
 * the policy is settled and the statement has a second chance, whoever settled it first.
 */
export async function issue<Input extends Issue>(
  db: Database,
  statement: Pick<SharedStatement<Input, IssuedRecord>, "run">,
  input: Input,
  client_id: () => Promise<string | null>,
): Promise<IssuedToken | null> {
  const first = await statement.run(db, input);
  if (first) return toIssued(first, input.at);
  const app = await client_id();
  if (app === null) return null;
  await settlePolicy(db, app, input.at);
  const second = await statement.run(db, input);
  return second && toIssued(second, input.at);
}
