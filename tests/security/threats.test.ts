/** docs/threats.md names every attack of RFC 9700 §4 and every threat of RFC 6819 §4, with files and tests that exist. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../support/databases";

const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const [, bcp = "", model = "", measures = ""] = read("docs/threats.md").split(/^## RFC /m);

interface Row {
  section: string;
  attack: string;
  where: string;
  tests: string;
}

function rowsOf(table: string): Row[] {
  const lines = table.split("\n").filter((line) => /^\| \d/.test(line));
  return lines.map((line) => {
    const [section = "", attack = "", where = "", tests = ""] = line.slice(2, -2).split(" | ");
    return { section, attack, where, tests };
  });
}

const upTo = (prefix: string, last: number) =>
  Array.from({ length: last }, (_, index) => `${prefix}${index + 1}`);
/** Attacks no RFC counts: a table with a heading of its own. */
const ours = (read("docs/threats.md").split(/^## The second factor$/m)[1] ?? "").split(/^## /m)[0] ?? "";
const ownRows = ours
  .split("\n")
  .filter((line) => /^\| [A-Z]/.test(line))
  .map((line): Row => {
    const [attack = "", where = "", tests = ""] = line.slice(2, -2).split(" | ");
    return { section: "", attack, where, tests };
  });
const rows = [...[bcp, model, measures].flatMap(rowsOf), ...ownRows];

test("the attacks on the second factor are there", () => {
  expect(ownRows.length).toBeGreaterThan(5);
});

test("every attack of RFC 9700 §4 is there", () => {
  expect(rowsOf(bcp).map(({ section }) => section)).toEqual(upTo("4.", 17));
});

test("every threat of RFC 6819 §4 is there", () => {
  expect(rowsOf(model).map(({ section }) => section)).toEqual([
    ...upTo("4.1.", 5),
    ...upTo("4.2.", 4),
    ...upTo("4.3.", 5),
    ...upTo("4.4.1.", 13),
    ...upTo("4.4.2.", 6),
    ...upTo("4.4.3.", 6),
    "4.4.4",
    ...upTo("4.5.", 4),
    ...upTo("4.6.", 7),
  ]);
});

describe.each(rows)("§$section $attack", ({ where, tests }) => {
  test("is stopped in a file that exists", () => {
    const files = [...where.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, file = ""]) => file);
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  test("has a test that exists", () => {
    const named = [...tests.matchAll(/`([\w./-]+)` "([^"]+)"/g)];
    expect(named).toHaveLength(tests.split(" · ").length);
    for (const [, file = "", title = ""] of named)
      expect([file, read(file).includes(title)]).toEqual([file, true]);
  });
});
