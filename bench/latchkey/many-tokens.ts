/** Millions of live tokens, made inside the database. */
import pg from "pg";

/**
 * Half belong to companies' machines, half to people with a consent, as the prepared ones do.
 * $1 how many. sha256 stands for the hash of a token that nobody holds.
 */
const GENERATED = `
  WITH owner AS (
    SELECT row_number() OVER () - 1 AS at, either.* FROM (
      (SELECT id AS app_id, NULL AS user_id, company_id, NULL AS consent_id FROM apps, generate_series(1, 50)
        WHERE kind = 'credential')
      UNION ALL
      (SELECT app_id, user_id, company_id, id FROM consents)
    ) AS either
  )
  SELECT sha256(convert_to('growth ' || i, 'UTF8')) AS hash, 'access'::token_kind AS kind, 'aaaa' AS last4,
    app_id, user_id, company_id, consent_id, '{read,write}'::text[] AS scopes,
    now() - random() * interval '30 days' AS created_at, now() + interval '1 day' + random() * interval '29 days' AS expires_at
  FROM generate_series(0, $1::int - 1) AS i, (SELECT count(*) AS owners FROM owner) AS all_owners, owner
  WHERE owner.at = i % owners`;

const COLUMNS = "hash, kind, last4, app_id, user_id, company_id, consent_id, scopes, created_at, expires_at";

/**
 * Adds tokens. The known ones are put in again with them, in an order of chance, so that they are as far from each other
 * as in a database that has grown by itself.
 */
export async function fillTokens(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET work_mem = '256MB'");
    await client.query(`CREATE TEMP TABLE filled AS SELECT ${COLUMNS} FROM tokens`);
    await client.query(`INSERT INTO filled (${COLUMNS}) ${GENERATED}`, [count]);
    await client.query("TRUNCATE tokens");
    await client.query(`INSERT INTO tokens (${COLUMNS}) SELECT ${COLUMNS} FROM filled ORDER BY random()`);
    await client.query("VACUUM ANALYZE tokens");
  } finally {
    await client.end();
  }
}
