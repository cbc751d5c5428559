// `npm run migrate:diff -- name`: writes the migration from what prisma/migrations makes to what schema.prisma says.
// Prisma's own command needs an engine that it downloads and a database; this asks the same engine, as WebAssembly,
// with an embedded database in memory.

import "./steps/node-version.mjs";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { readyToRun } from "./steps/ready.mjs";
import { main, root, StepFailed, say } from "./steps/run.mjs";

const schemaFile = path.join(root, "prisma", "schema.prisma");
const folder = path.join(root, "prisma", "migrations");

await main(async () => {
  const name = process.argv[2] ?? "";
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new StepFailed("Name the migration in lower case: npm run migrate:diff -- add_colour_to_apps");
  }
  await readyToRun({ dev: true });
  const sql = await diff().catch((error) => {
    throw new StepFailed(error.message); // a mistake in the schema, shown with its line
  });
  if (!/^\s*[^\s-]/m.test(sql)) throw new StepFailed("The migrations already make what schema.prisma says.");

  const directory = `${timestamp(new Date())}_${name}`;
  mkdirSync(path.join(folder, directory), { recursive: true });
  writeFileSync(path.join(folder, directory, "migration.sql"), `${sql.trimEnd()}\n`);
  say(`prisma/migrations/${directory}/migration.sql`);
});

async function diff() {
  const schema = { path: schemaFile, content: readFileSync(schemaFile, "utf8") };
  const engine = await openEngine([[schema.path, schema.content]]);
  const { stdout } = await engine.diff({
    from: { tag: "migrations", ...readMigrations() },
    to: { tag: "schemaDatamodel", files: [schema] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout ?? "";
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

/** As Prisma names them: 20261122093000. */
function timestamp(date) {
  return date.toISOString().replace(/\D/g, "").slice(0, 14);
}
