// `npm run test:long`: the fault tests that take minutes (tests/faults/*.long.ts).
// `npm run test:long -- kill` runs the files whose name has "kill"; other options are Vitest's, such as -t "a title".
// With TEST_DATABASE_URL they also run on that PostgreSQL.

import "./steps/node-version.mjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { generate } from "./steps/prisma.mjs";
import { readyToRun } from "./steps/ready.mjs";
import { main, root } from "./steps/run.mjs";
import { vitest } from "./steps/vitest.mjs";

const reports = mkdtempSync(path.join(tmpdir(), "latchkey-test-"));

await main(async () => {
  process.chdir(root);
  process.once("exit", () => rmSync(reports, { recursive: true, force: true }));
  await readyToRun({ dev: true });
  await generate();
  const { passed, failed, skipped } = await vitest(reports, ["--mode", "long", ...process.argv.slice(2)]);
  // What a filter leaves out counts as skipped; it says nothing about the tests that ran.
  console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
  process.exit(failed ? 1 : 0);
});
