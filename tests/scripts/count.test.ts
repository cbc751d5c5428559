// The last line of `npm test` is believed by others: whatever went wrong must be in it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { countPlaywright, countVitest, sum } from "../../scripts/steps/count.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "latchkey-count-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(content: unknown) {
  const file = path.join(folder, "report.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

const vitest = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 };
const playwright = { stats: { expected: 4, flaky: 0, unexpected: 1, skipped: 2 }, errors: [] };

describe("countVitest", () => {
  it("counts tests, and skipped and planned ones together", () => {
    const file = report({ ...vitest, testResults: [] });
    expect(countVitest(file, 1)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it("counts a file that could not be loaded as failed", () => {
    const testResults = [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{ status: "failed" }] },
    ];
    expect(countVitest(report({ ...vitest, testResults }), 1).failed).toBe(2);
  });

  it("counts an error outside of every test as failed", () => {
    const file = report({ ...vitest, numFailedTests: 0, testResults: [] });
    expect(countVitest(file, 1).failed).toBe(1);
    expect(countVitest(file, 0).failed).toBe(0);
  });

  it("counts a missing or broken report as failed when the runner failed", () => {
    expect(countVitest(path.join(folder, "nothing.json"), 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countVitest(report("{"), 137)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe("countPlaywright", () => {
  it("counts tests", () => {
    expect(countPlaywright(report(playwright), 1)).toEqual({ passed: 4, failed: 1, skipped: 2 });
  });

  it("counts an error outside of every test as failed, such as a server that ended badly", () => {
    const file = report({ ...playwright, errors: [{ message: "The server ended with 1 instead of 0." }] });
    expect(countPlaywright(file, 1).failed).toBe(2);
  });
});

describe("sum", () => {
  it("adds up", () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(sum([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
    expect(sum([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});
