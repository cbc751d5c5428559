// `npm run migrate:diff -- name`: writes the migration that a changed prisma/schema.prisma needs.

import "./steps/node-version.mjs";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readyToRun } from "./steps/ready.mjs";
import { main, StepFailed, say } from "./steps/run.mjs";
import { diffSchema, folder } from "./steps/schema.mjs";

await main(async () => {
  const name = process.argv[2] ?? "";
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new StepFailed("Name the migration in lower case: npm run migrate:diff -- add_colour_to_apps");
  }
  await readyToRun({ dev: true });
  const sql = await diffSchema().catch((error) => {
    throw new StepFailed(error.message); // a mistake in the schema, shown with its line
  });
  if (!sql) throw new StepFailed("The migrations already make what schema.prisma says.");

  const directory = `${timestamp(new Date())}_${name}`;
  mkdirSync(path.join(folder, directory), { recursive: true });
  writeFileSync(path.join(folder, directory, "migration.sql"), `${sql.trimEnd()}\n`);
  say(`prisma/migrations/${directory}/migration.sql`);
});

/** As Prisma names them: 20261122093000. */
function timestamp(date) {
  return date.toISOString().replace(/\D/g, "").slice(0, 14);
}
