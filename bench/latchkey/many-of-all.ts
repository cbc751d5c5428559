/** An installation that has grown: people, companies, apps with their secrets, tokens and refresh token families. */
import pg from "pg";
import { presets } from "../../lib/oauth/presets";

export const AMOUNTS = {
  users: 100_000,
  companies: 10_000,
  apps: 100_000,
  tokens: 1_000_000,
  families: 200_000,
};

/** Who has more of everything than anybody else; the lists of one person are measured with them. */
export const BUSY = "u0";

/** 'u0' has 200 apps and a token in every hundred; app 'a0' every tenth. Each token has its moment within 300 days. */
const STEPS: readonly { text: string; values: unknown[] }[] = [
  {
    text: `INSERT INTO users (id, email, name, password_hash, is_admin, created_at)
      SELECT 'u' || n, 'u' || n || '@bench.test', 'Person ' || n, '', n = 1, now() - n * interval '1 minute'
      FROM generate_series(0, $1::int - 1) AS n`,
    values: [AMOUNTS.users],
  },
  {
    text: `INSERT INTO companies (id, name, created_at)
      SELECT 'c' || n, 'Company ' || n, now() FROM generate_series(0, $1::int - 1) AS n`,
    values: [AMOUNTS.companies],
  },
  {
    text: `INSERT INTO memberships (user_id, company_id, role, created_at)
      SELECT 'u' || n, 'c' || n % $2::int, 'member', now() FROM generate_series(0, $1::int - 1) AS n`,
    values: [AMOUNTS.users, AMOUNTS.companies],
  },
  {
    text: `INSERT INTO apps (id, owner_id, name, type, scopes, policy, redirect_match, created_at)
      SELECT 'a' || n, 'u' || CASE WHEN n % 500 = 0 THEN 0 ELSE n % $2::int END, 'App ' || n, 'confidential',
        '{read,write}', $3::jsonb, 'exact', now() - n * interval '3 minutes'
      FROM generate_series(0, $1::int - 1) AS n`,
    values: [AMOUNTS.apps, AMOUNTS.users, JSON.stringify(presets.standard.policy)],
  },
  {
    text: `INSERT INTO client_secrets (id, app_id, hash, last4, created_at)
      SELECT 's' || n, 'a' || n, sha256(convert_to('secret ' || n, 'UTF8')), 'aaaa', now() - n * interval '3 minutes'
      FROM generate_series(0, $1::int - 1) AS n`,
    values: [AMOUNTS.apps],
  },
  {
    text: `INSERT INTO tokens (hash, kind, last4, name, app_id, user_id, company_id, scopes, created_at, expires_at)
      SELECT sha256(convert_to('token ' || n, 'UTF8')), (CASE WHEN n % 20 = 0 THEN 'personal' ELSE 'access' END)::token_kind,
        'aaaa', CASE WHEN n % 20 = 0 THEN 'Token ' || n END,
        CASE WHEN n % 20 <> 0 THEN 'a' || CASE WHEN n % 10 = 1 THEN 0 ELSE n % $2::int END END,
        'u' || CASE WHEN n % 100 < 2 THEN 0 ELSE n % $3::int END, 'c' || n % $4::int, '{read}',
        now() - random() * interval '300 days', now() + interval '30 days' + random() * interval '60 days'
      FROM generate_series(0, $1::int - 1) AS n`,
    values: [AMOUNTS.tokens, AMOUNTS.apps, AMOUNTS.users, AMOUNTS.companies],
  },
  {
    text: `INSERT INTO refresh_families (id, grant_type, app_id, user_id, company_id, scopes, created_at, expires_at)
      SELECT 'f' || n, 'authorization_code', 'a' || n % $2::int, 'u' || n % $3::int, 'c' || n % $4::int, '{read}',
        now() - random() * interval '300 days', now() + interval '90 days'
      FROM generate_series(0, $1::int - 1) AS n`,
    values: [AMOUNTS.families, AMOUNTS.apps, AMOUNTS.users, AMOUNTS.companies],
  },
  {
    text: `INSERT INTO refresh_tokens (hash, family_id, last4, created_at, expires_at)
      SELECT sha256(convert_to('refresh ' || n, 'UTF8')), 'f' || n, 'aaaa', now(), now() + interval '30 days'
      FROM generate_series(0, $1::int - 1) AS n`,
    values: [AMOUNTS.families],
  },
  {
    text: `INSERT INTO ended_tokens (hash, kind, last4, name, user_id, scopes, created_at, ended_at, reason)
      SELECT sha256(convert_to('ended ' || n, 'UTF8')), 'personal', 'aaaa', 'Token ' || n,
        'u' || CASE WHEN n % 100 = 0 THEN 0 ELSE n % $2::int END, '{read}', now() - interval '100 days',
        now() - random() * interval '90 days', 'revoked' FROM generate_series(0, $1::int - 1) AS n`,
    values: [AMOUNTS.users, AMOUNTS.users],
  },
];

/** Fills a database that was migrated and is empty, inside of it. */
export async function fillAll(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const { text, values } of STEPS) await client.query(text, values);
    await client.query("VACUUM ANALYZE");
  } finally {
    await client.end();
  }
}
