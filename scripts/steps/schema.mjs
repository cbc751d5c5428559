// Compares what prisma/migrations makes with what schema.prisma says.
// Prisma's own command needs an engine that it downloads and a database; this asks the same engine, as WebAssembly,
// with an embedded database in memory.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "./run.mjs";

export const folder = path.join(root, "prisma", "migrations");
const schemaFile = path.join(root, "prisma", "schema.prisma");

/**
 * @returns {Promise<string>} the SQL that leads from the migrations to the schema; nothing when they agree
 */
export async function diffSchema() {
  const schema = { path: schemaFile, content: readFileSync(schemaFile, "utf8") };
  const engine = await openEngine([[schema.path, schema.content]]);
  const { stdout } = await engine.diff({
    from: { tag: "migrations", ...readMigrations() },
    to: { tag: "schemaDatamodel", files: [schema] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return /^\s*[^\s-]/m.test(stdout ?? "") ? stdout : ""; // without a difference it is a comment
}

async function openEngine(datamodels) {
  const { PGlite } = await import("@electric-sql/pglite");
  const { PrismaPGlite } = await import("pglite-prisma-adapter");
  const { bindMigrationAwareSqlAdapterFactory } = await import("@prisma/driver-adapter-utils");
  const SchemaEngine = await loadWasm();
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(new PGlite()));
  return SchemaEngine.new({ datamodels }, () => {}, adapter);
}

/** The package's entry imports a .wasm file, which Node.js 20 cannot; this does what that line would. */
async function loadWasm() {
  const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bytes = readFileSync(path.join(path.dirname(entry), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine;
}

function readMigrations() {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: folder,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: names.sort().map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: readFileSync(path.join(folder, name, "migration.sql"), "utf8") },
      },
    })),
  };
}
