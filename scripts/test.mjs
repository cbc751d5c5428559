// `npm test`: installs what is missing, runs every check there is and adds up the results.
// `npm test -- --only=static|unit|e2e` runs one part. With TEST_DATABASE_URL the tests also run on that PostgreSQL.

import "./steps/node-version.mjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureBrowser } from "./steps/browser.mjs";
import { countPlaywright, sum } from "./steps/count.mjs";
import { generate } from "./steps/prisma.mjs";
import { readyToRun, readyToServe } from "./steps/ready.mjs";
import { bin, main, root, run, StepFailed, say } from "./steps/run.mjs";
import { vitest } from "./steps/vitest.mjs";

const parts = { static: [format, lint, types, providers], unit: [unit], e2e: [endToEnd] };
const reports = mkdtempSync(path.join(tmpdir(), "latchkey-test-"));

await main(async () => {
  process.chdir(root);
  process.once("exit", () => rmSync(reports, { recursive: true, force: true }));
  const checks = chosen();
  await readyToRun({ dev: true });
  await generate();

  const counts = [];
  for (const check of checks) counts.push(await check()); // all of them: one failure must not hide the next
  const { passed, failed, skipped } = sum(counts);
  console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
  process.exit(failed ? 1 : 0);
});

function chosen() {
  const option = process.argv.slice(2).join(" ");
  const only = option.replace("--only=", "");
  if (!option) return Object.values(parts).flat();
  if (!option.startsWith("--only=") || !Object.hasOwn(parts, only)) {
    throw new StepFailed(`Unknown option ${option}: there is --only=${Object.keys(parts).join("|")}.`);
  }
  return parts[only];
}

function format() {
  return one("Format", "@biomejs/biome", "biome", [
    "ci",
    "--linter-enabled=false",
    "--assist-enabled=false",
    ".",
  ]);
}

function lint() {
  return biome("Lint", ["--formatter-enabled=false"]);
}

function biome(what, options) {
  const plain = process.stdout.isTTY ? [] : ["--colors=off"]; // `biome ci` colours even what goes into a file
  return one(what, "@biomejs/biome", "biome", ["ci", ...plain, ...options, "."]);
}

async function types() {
  await run(process.execPath, [bin("next"), "typegen"]); // next-env.d.ts and the types of the routes
  return one("Types", "typescript", "tsc", ["--noEmit"]);
}

async function providers() {
  say("\nBehaviours of the providers' documents");
  const { code } = await run(process.execPath, [path.join(root, "scripts", "provider-coverage.mjs")], {
    show: true,
  });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

function unit() {
  say("\nUnit tests");
  return vitest(reports);
}

async function endToEnd() {
  say("\nBrowser tests");
  const failed = { passed: 0, failed: 1, skipped: 0 };
  if (!(await ensureBrowser())) return failed;
  try {
    await readyToServe({ dev: true });
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    say(error.output);
    say(error.message);
    return failed;
  }
  const file = path.join(reports, "playwright.json");
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file, PLAYWRIGHT_HTML_OPEN: "never" };
  const args = [bin("@playwright/test", "playwright"), "test", "--reporter=list,json"];
  const { code } = await run(process.execPath, args, { env, show: true });
  return countPlaywright(file, code);
}

/** A check that is one test. */
async function one(name, pack, command, args) {
  say(`\n${name}`);
  const { code } = await run(process.execPath, [bin(pack, command), ...args], { show: true });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}
