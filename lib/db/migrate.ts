/** Applies `prisma/migrations` with Prisma's own bookkeeping, so that `prisma migrate status` and `deploy` agree. */
import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type pg from "pg";
import type { Database } from "./database";

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

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/**
 * Brings the database up to date; each migration and its history row in one transaction.
 * @param folder where the migrations are
 * @returns the names of those applied now
 * @throws MigrationMismatch when an applied migration was edited afterwards; or what a failing one threw (it is rolled back)
 */
export async function migrate(db: Database, folder: string): Promise<string[]> {
  const migrations = readMigrations(folder);
  const client = await db.pool.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(${MIGRATE_LOCK})`);
    try {
      await client.query(BOOKKEEPING);
      return await applyMissing(client, migrations);
    } finally {
      await client.query(`SELECT pg_advisory_unlock(${MIGRATE_LOCK})`);
    }
  } finally {
    client.release();
  }
}

async function applyMissing(client: pg.PoolClient, migrations: Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    "SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
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

async function apply(client: pg.PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
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

function readMigrations(folder: string): Migration[] {
  return migrationNames(folder).map((name) => {
    const sql = fs.readFileSync(path.join(folder, name, "migration.sql"), "utf8");
    return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
  });
}

function migrationNames(folder: string): string[] {
  const folders = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map((entry) => entry.name).sort();
}

/** Are all migrations of the folder applied? For /readyz. */
export async function isMigrated(db: Database, folder: string): Promise<boolean> {
  const { rows } = await db.pool.query<{ migration_name: string }>(
    "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
  );
  const applied = new Set(rows.map((row) => row.migration_name));
  return migrationNames(folder).every((name) => applied.has(name));
}
