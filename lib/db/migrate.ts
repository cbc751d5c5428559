/** Applies `prisma/migrations` with Prisma's own bookkeeping, so that `prisma migrate status` and `deploy` agree. */
import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { withAdvisoryLock } from "./advisory-lock";
import type { Database } from "./database";
import { isUnavailable } from "./unavailable";

/** The advisory lock `prisma migrate` takes: two starts, or a start and a deploy, wait for each other. */
const MIGRATE_LOCK = 72_707_369;

const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/** The database and the migrations of this version do not fit together. */
export class MigrationMismatch extends Error {}

/** A migration could not be applied; nothing of it is left in the database. The message names it and says why. */
export class MigrationFailed extends Error {}

/**
 * How long a migration waits for a table that others use, in milliseconds, how long it then lets them pass, and how often
 * it tries: while it waits, whoever comes later waits behind it.
 */
const LOCK_TIMEOUT_MS = 1_000;
const STEP_BACK_MS = 1_000;
const ATTEMPTS = 20;
/** SQLSTATE lock_not_available. */
const LOCK_NOT_AVAILABLE = "55P03";

interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the SQL, in hexadecimal. */
  checksum: string;
}

/**
 * Brings the database up to date; each migration and its history row in one transaction. Migrations the database has
 * beyond these are a newer version's, which leaves an older one what it needs (docs/operations.md).
 * @param folder where the migrations are
 * @returns the names of those applied now
 * @throws MigrationMismatch when an applied migration was edited afterwards
 * @throws MigrationFailed when one could not be applied; those before it are
 */
export async function migrate(db: Database, folder: string): Promise<string[]> {
  const migrations = migrationNames(folder).map((name) => readMigration(folder, name));
  const turn = { key: MIGRATE_LOCK, wait: true };
  const applied = await withAdvisoryLock(db, turn, async (client) => {
    await client.query(BOOKKEEPING);
    return applyMissing(client, migrations);
  });
  return applied ?? [];
}

async function applyMissing(client: pg.PoolClient, migrations: readonly Migration[]): Promise<string[]> {
  const applied = await history(client);
  const missing: string[] = [];
  for (const migration of migrations) {
    const checksum = applied.get(migration.name);
    if (checksum === undefined) {
      await apply(client, migration);
      missing.push(migration.name);
    } else if (checksum !== migration.checksum) {
      throw new MigrationMismatch(
        `The migration ${migration.name} was changed after it was applied to this database.`,
      );
    }
  }
  return missing;
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await applyOnce(client, migration);
    } catch (error) {
      if (isUnavailable(error) && !isLocked(error)) throw error;
      if (isLocked(error) && attempt < ATTEMPTS) {
        await wait(STEP_BACK_MS);
        continue;
      }
      const why = (error instanceof Error ? error.message : String(error)).replaceAll("\n", " ");
      throw new MigrationFailed(
        `The migration ${migration.name} failed and was undone; the database is as it was before it: ${why}`,
        { cause: error },
      );
    }
  }
}

async function applyOnce(client: pg.PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === LOCK_NOT_AVAILABLE;
}

/** The names of a folder's migrations, in their order. */
export function migrationNames(folder: string): string[] {
  const folders = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map((entry) => entry.name).sort();
}

function readMigration(folder: string, name: string): Migration {
  const sql = fs.readFileSync(path.join(folder, name, "migration.sql"), "utf8");
  return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}

/** Are all of these migrations applied? For /readyz; more than these may be. */
export async function isMigrated(db: Database, names: readonly string[]): Promise<boolean> {
  const applied = await history(db.pool);
  return names.every((name) => applied.has(name));
}

/** What was applied: checksums by name. */
async function history(queries: Pick<pg.Pool, "query">): Promise<Map<string, string>> {
  const { rows } = await queries.query<{ migration_name: string; checksum: string }>(
    "SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}
