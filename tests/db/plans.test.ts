/** The lists of the administration read their indexes, whatever has come together: asked of PostgreSQL's planner. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appsStatement } from "../../lib/db/all-apps";
import { companiesStatement } from "../../lib/db/all-companies";
import { usersStatement } from "../../lib/db/all-users";
import { auditStatement } from "../../lib/db/audit-log";
import type { Database } from "../../lib/db/database";
import { Prisma } from "../../lib/db/generated/client";
import { toCursor } from "../../lib/db/keyset";
import { createPostgresql, openTestDatabase, postgresqlServers } from "../support/databases";

const PEOPLE = 100_000;
const after = toCursor(new Date("2026-06-01T00:00:00Z"), "u50000");

describe.each(postgresqlServers)("with a hundred thousand rows in each table", (server) => {
  let db: Database;
  beforeAll(async () => {
    const database = { name: "PostgreSQL", create: () => createPostgresql(server) };
    db = await openTestDatabase(database, () => new Date("2026-11-01T00:00:00Z"));
    const at = "timestamptz '2026-01-01' + n * interval '1 minute'";
    for (const fill of [
      `INSERT INTO users (id, email, name, password_hash, is_admin, status, created_at)
       SELECT 'u' || n, md5(n::text) || '@people.test', md5((n + 7)::text), '', n % 20000 = 0,
         (CASE WHEN n % 500 = 0 THEN 'suspended' ELSE 'active' END)::user_status, ${at}
       FROM generate_series(1, ${PEOPLE}) AS n`,
      `INSERT INTO companies (id, name, api_access, created_at)
       SELECT 'c' || n, md5(n::text), true, ${at} FROM generate_series(1, ${PEOPLE}) AS n`,
      `INSERT INTO memberships (user_id, company_id, role, created_at)
       SELECT 'u' || n, 'c' || (n % 50000 + 1), 'member', now() FROM generate_series(1, ${PEOPLE}) AS n`,
      `INSERT INTO apps (id, owner_id, name, type, status, scopes, policy, redirect_match, created_at)
       SELECT 'a' || n, 'u' || n, md5(n::text), 'public',
         (CASE WHEN n % 1000 = 0 THEN 'suspended' ELSE 'active' END)::app_status, '{read}', '{}', 'exact', ${at}
       FROM generate_series(1, ${PEOPLE}) AS n`,
      `INSERT INTO audit_events (id, at, actor_id, action, app_id, company_id, subject_id, details)
       SELECT 'e' || n, ${at}, 'u' || (n % 5000 + 1), (ARRAY['token.created', 'token.revoked', 'app.updated'])[n % 3 + 1],
         'a' || (n % 5000 + 1), 'c' || (n % 5000 + 1), CASE WHEN n % 100 = 0 THEN 'u' || n END, '{}'
       FROM generate_series(1, ${PEOPLE}) AS n`,
      "INSERT INTO audit_events (id, at, action, details) VALUES ('rare', now(), 'user.suspended', '{}')",
    ])
      await db.pool.query(fill);
    await db.pool.query("ANALYZE");
  }, 120_000);
  afterAll(() => db?.close());

  const everybody = Prisma.sql`true`;
  const audit = (filters: Parameters<typeof auditStatement>[1], paging = {}) =>
    auditStatement(everybody, filters, paging);
  const lists: [string, Prisma.Sql][] = [
    ["everybody", usersStatement({})],
    ["everybody, a later page", usersStatement({ after })],
    ["who is active", usersStatement({ show: "active", after })],
    ["who is suspended", usersStatement({ show: "suspended" })],
    ["administrators", usersStatement({ show: "admins" })],
    ["people by how they begin", usersStatement({ search: "abc" })],
    ["people by a letter", usersStatement({ search: "a", after })],
    ["companies", companiesStatement({})],
    ["companies, a later page", companiesStatement({ after })],
    ["companies by how they begin", companiesStatement({ search: "abc" })],
    ["apps", appsStatement({})],
    ["apps, a later page", appsStatement({ after })],
    ["suspended apps", appsStatement({ status: "suspended" })],
    ["apps by how they begin", appsStatement({ search: "abc" })],
    ["apps by their client ID", appsStatement({ search: "a77" })],
    ["the audit log", audit({})],
    ["the audit log, a later page", audit({}, { after })],
    ["what a person did and what was done to them", audit({ personId: "u100" })],
    ["what happened to an app", audit({ appId: "a100" })],
    ["what happened in a company", audit({ companyId: "c100" })],
    ["one action", audit({ action: "user.suspended" })],
    ["a time", audit({ from: new Date("2026-02-01"), to: new Date("2026-02-02") })],
  ];

  test.each(lists)("%s: no table is read from end to end", async (_, statement) => {
    const { rows } = await db.pool.query<{ "QUERY PLAN": string }>(
      `EXPLAIN ${statement.text}`,
      statement.values,
    );
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).toContain("Index");
    expect(plan).not.toContain("Seq Scan");
  });
});
