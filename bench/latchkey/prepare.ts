/**
 * Fills our database with apps, users, consents, live tokens, refresh tokens and unused codes, hashed as the server
 * hashes them.
 */
import path from "node:path";
import { toBytes } from "../../lib/db/bytes";
import { type Database, type DatabaseOptions, openDatabase } from "../../lib/db/database";
import { migrate } from "../../lib/db/migrate";
import { presets } from "../../lib/oauth/presets";
import { randomId } from "../../lib/oauth/tokens";
import { insertRows, many, pick } from "../rows";
import { type Amounts, CLIENTS, type Fixture, REDIRECT_URI } from "../workloads";
import { type App, credential, credentialsOf, insertIssued, random, type User } from "./issued";

// As many apps and tokens of people as no round can bring to their rate limits (latchkey.config.ts), however fast it is.
const APPS = 500;
const COMPANIES = 50;

const id = () => randomId(16, random);

/**
 * Migrates and fills the database, and closes it again: the embedded one belongs to one process at a time.
 * Codes live for a day.
 */
export async function prepare(location: DatabaseOptions["location"], amounts: Amounts): Promise<Fixture> {
  const db = await openDatabase({ location, now: () => new Date(), random });
  try {
    await migrate(db, path.resolve("prisma/migrations"));
    const fixture = await fill(db, amounts);
    await db.pool.query("ANALYZE"); // now, not in the middle of a round
    return fixture;
  } finally {
    await db.close();
  }
}

async function fill(db: Database, amounts: Amounts): Promise<Fixture> {
  const app = (): App => ({ id: randomId(24, random), secret: credential("cs") });
  const companies = many(COMPANIES, id);
  const apps = many(APPS, app);
  const machines = many(CLIENTS, app);
  const users = many(amounts.tokens, (i) => ({
    id: id(),
    companyId: pick(companies, i),
    app: pick(apps, i),
    consentId: id(),
  }));
  await insertPeople(db, companies, users);
  await insertApps(db, apps, machines, users, companies);
  return {
    clients: machines.map(credentialsOf),
    ...(await insertIssued(db, { companies, machines, users }, amounts)),
  };
}

async function insertPeople(db: Database, companies: string[], users: User[]): Promise<void> {
  await insertRows(db.pool, "companies (id, name, created_at)", "id, 'Company ' || id, now()", {
    id: ["text", companies],
  });
  await insertRows(
    db.pool,
    "users (id, email, name, password_hash, created_at)",
    "id, id || '@bench.test', 'User ' || id, 'none', now()",
    { id: ["text", users.map((user) => user.id)] },
  );
  await insertRows(db.pool, "memberships (user_id, company_id, role, created_at)", "u, c, 'member', now()", {
    u: ["text", users.map((user) => user.id)],
    c: ["text", users.map((user) => user.companyId)],
  });
}

/** Apps of people, for people; and credentials of companies, for machines. */
async function insertApps(
  db: Database,
  apps: App[],
  machines: App[],
  users: User[],
  companies: string[],
): Promise<void> {
  const all = [...apps, ...machines];
  await insertRows(
    db.pool,
    "apps (id, owner_id, name, type, scopes, policy, redirect_match, created_at)",
    "id, o, 'App ' || id, 'confidential', '{read,write}', p::jsonb, 'exact', now()",
    {
      id: ["text", apps.map((app) => app.id)],
      o: ["text", apps.map((_, i) => pick(users, i).id)],
      p: ["text", apps.map(() => JSON.stringify(presets.standard.policy))],
    },
  );
  await insertRows(
    db.pool,
    "apps (id, kind, company_id, name, type, scopes, policy, redirect_match, created_at)",
    "id, 'credential', c, 'Machine ' || id, 'confidential', '{read,write}', p::jsonb, 'exact', now()",
    {
      id: ["text", machines.map((app) => app.id)],
      c: ["text", machines.map((_, i) => pick(companies, i))],
      p: ["text", machines.map(() => JSON.stringify(presets.machine.policy))],
    },
  );
  await insertRows(db.pool, "redirect_uris (app_id, uri, position)", `id, '${REDIRECT_URI}', 0`, {
    id: ["text", apps.map((app) => app.id)],
  });
  await insertRows(db.pool, "client_secrets (id, app_id, hash, last4, created_at)", "id, id, h, l, now()", {
    id: ["text", all.map((app) => app.id)],
    h: ["bytea", all.map((app) => toBytes(app.secret.hash))],
    l: ["text", all.map((app) => app.secret.last4)],
  });
}
