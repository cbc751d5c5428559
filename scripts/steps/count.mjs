// Reads how many tests passed from what the test runners wrote down.

import { readFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

/**
 * @param {string} file Vitest's JSON report
 * @param {number} code its exit code
 * @returns {Count}
 */
export function countVitest(file, code) {
  const report = read(file);
  // A file that could not be loaded failed although none of its tests did.
  const broken = (report?.testResults ?? []).filter(
    (suite) => suite.status === "failed" && !suite.assertionResults.some((test) => test.status === "failed"),
  );
  return believe(code, {
    passed: report?.numPassedTests ?? 0,
    failed: (report?.numFailedTests ?? 0) + broken.length,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  });
}

/**
 * @param {string} file Playwright's JSON report
 * @param {number} code its exit code
 * @returns {Count}
 */
export function countPlaywright(file, code) {
  const report = read(file);
  return believe(code, {
    passed: (report?.stats.expected ?? 0) + (report?.stats.flaky ?? 0),
    failed: (report?.stats.unexpected ?? 0) + (report?.errors.length ?? 0),
    skipped: report?.stats.skipped ?? 0,
  });
}

/**
 * @param {Count[]} counts
 * @returns {Count}
 */
export function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const count of counts) {
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
  }
  return total;
}

/** A runner that ends with an error has failed, even if it counted nothing or wrote no report. */
function believe(code, count) {
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
