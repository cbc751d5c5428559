import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isMigrated, MigrationFailed, migrate, migrationNames } from "../../lib/db/migrate";
import { explain } from "../../lib/server/explain";
import { migrations, onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  let folder: string;
  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "latchkey-migrations-"));
    await on.db.pool.query("DROP SCHEMA public CASCADE");
    await on.db.pool.query("CREATE SCHEMA public");
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  function write(name: string, sql: string) {
    fs.mkdirSync(path.join(folder, name), { recursive: true });
    fs.writeFileSync(path.join(folder, name, "migration.sql"), sql);
  }
  const tables = async () => {
    const { rows } = await on.db.pool.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%' ORDER BY 1",
    );
    return rows.map(({ name }) => name);
  };

  test("an empty database gets every migration, a second time none", async () => {
    const names = fs.readdirSync(migrations).filter((name) => /^\d/.test(name));
    expect(await migrate(on.db, migrations)).toEqual(names);
    expect(await migrate(on.db, migrations)).toEqual([]);
    expect(await isMigrated(on.db, migrationNames(migrations))).toBe(true);
  });

  test("several starts at once apply each migration once", async () => {
    write("1_first", "CREATE TABLE first (id int)");
    write("2_second", "CREATE TABLE second (id int)");
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(on.db, folder)));
    expect(applied.flat().toSorted()).toEqual(["1_first", "2_second"]);
    expect(await tables()).toEqual(["first", "second"]);
  });

  test("what came later is applied after what is there", async () => {
    write("1_first", "CREATE TABLE first (id int)");
    await migrate(on.db, folder);
    write("2_second", "ALTER TABLE first RENAME TO renamed");
    expect(await isMigrated(on.db, migrationNames(folder))).toBe(false);
    expect(await migrate(on.db, folder)).toEqual(["2_second"]);
    expect(await isMigrated(on.db, migrationNames(folder))).toBe(true);
    expect(await tables()).toEqual(["renamed"]);
  });

  test("a migration that was changed after it was applied stops the start", async () => {
    write("1_first", "CREATE TABLE first (id int)");
    await migrate(on.db, folder);
    write("1_first", "CREATE TABLE first (id bigint)");
    await expect(migrate(on.db, folder)).rejects.toThrow(
      "migration 1_first was changed after it was applied",
    );
    write("1_first", "CREATE TABLE first (id int)");
    expect(await migrate(on.db, folder)).toEqual([]);
  });

  describe("a migration that fails", () => {
    test("leaves nothing of itself, keeps those before it, and can be mended", async () => {
      write("1_first", "CREATE TABLE first (id int)");
      write(
        "2_second",
        "CREATE TABLE second (id int); ALTER TABLE first ADD more int; INSERT INTO nowhere VALUES (1)",
      );
      write("3_third", "CREATE TABLE third (id int)");
      const failure = await migrate(on.db, folder).catch((error) => error);
      expect(failure).toBeInstanceOf(MigrationFailed);
      expect(explain(failure)).toBe(
        "The migration 2_second failed and was undone; the database is as it was before it: " +
          'relation "nowhere" does not exist',
      );
      expect(await tables()).toEqual(["first"]);
      await expect(on.db.pool.query("SELECT more FROM first")).rejects.toThrow("more");
      expect(await isMigrated(on.db, migrationNames(folder))).toBe(false);
      write("2_second", "CREATE TABLE second (id int)");
      expect(await migrate(on.db, folder)).toEqual(["2_second", "3_third"]);
    });

    test("keeps nobody from migrating afterwards", async () => {
      write("1_first", "SELECT nonsense");
      for (const _ of [1, 2]) await expect(migrate(on.db, folder)).rejects.toThrow("nonsense");
      write("1_first", "CREATE TABLE first (id int)");
      const applied = await Promise.all([migrate(on.db, folder), migrate(on.db, folder)]);
      expect(applied.flat()).toEqual(["1_first"]);
    });
  });

  test("a database with more migrations than this version knows is good enough", async () => {
    write("1_first", "CREATE TABLE first (id int)");
    const known = migrationNames(folder);
    write("2_second", "ALTER TABLE first ADD more int");
    await migrate(on.db, folder);
    fs.rmSync(path.join(folder, "2_second"), { recursive: true });
    expect(await migrate(on.db, folder)).toEqual([]);
    expect(await isMigrated(on.db, known)).toBe(true);
  });

  test("the history is Prisma's own: the checksum is the SHA-256 of the file", async () => {
    const sql = "CREATE TABLE first (id int)";
    write("1_first", sql);
    await migrate(on.db, folder);
    const { rows } = await on.db.pool.query("SELECT * FROM _prisma_migrations");
    expect(rows).toMatchObject([
      {
        migration_name: "1_first",
        checksum: createHash("sha256").update(sql).digest("hex"),
        applied_steps_count: 1,
        rolled_back_at: null,
        finished_at: expect.any(Date),
      },
    ]);
  });
});
