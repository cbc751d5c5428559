// Runs Vitest and counts what passed.

import path from "node:path";
import { countVitest } from "./count.mjs";
import { bin, run } from "./run.mjs";

/**
 * @param {string} reports an empty folder for the report
 * @param {string[]} [args] further arguments of Vitest's
 * @returns {Promise<import("./count.mjs").Count>}
 */
export async function vitest(reports, args = []) {
  const file = path.join(reports, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const env = { NODE_ENV: "test" };
  const { code } = await run(process.execPath, [bin("vitest"), "run", ...reporters, ...args], {
    env,
    show: true,
  });
  return countVitest(file, code);
}
