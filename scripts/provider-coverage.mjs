// Checks that every behaviour of the providers' documents is in the title of exactly one test.
// It reads the sources, so that it needs no test run and says at once which one is missing.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** How many behaviours each document has; the number goes up to this. */
const documents = { VSY: 35, VSR: 13, VSB: 21, VVT: 24, ARC: 27 };

// `test("…"`, `it("…"`, with what may stand between: .only, .each([...]), .concurrent. Not describe: it is no test.
const title = /^\s*(?:test|it)(?:\.[\w.]+)?(?:\([^"'`\n]*\))?\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/gm;

const places = new Map();
for (const file of ["tests", "e2e"].flatMap(testsIn)) {
  for (const [, , words] of readFileSync(path.join(root, file), "utf8").matchAll(title)) {
    for (const [id] of words.matchAll(/\b[A-Z]{3}-\d{2}\b/g))
      places.set(id, [...(places.get(id) ?? []), file]);
  }
}

let wrong = 0;
for (const [prefix, count] of Object.entries(documents)) {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1).padStart(2, "0")}`);
  const once = ids.filter((id) => places.get(id)?.length === 1);
  for (const id of ids) {
    const files = places.get(id) ?? [];
    if (files.length === 0) complain(`${id} is in no test's title`);
    if (files.length > 1) complain(`${id} is in ${files.length} titles: ${files.join(", ")}`);
  }
  console.log(`${prefix} ${once.length} of ${count}`);
}
for (const [id, files] of places) {
  const [prefix, number] = id.split("-");
  if (prefix in documents && (Number(number) < 1 || Number(number) > documents[prefix])) {
    complain(`${id} in ${files.join(", ")} is no behaviour of that document`);
  }
}
process.exit(wrong === 0 ? 0 : 1);

function complain(line) {
  wrong += 1;
  console.error(line);
}

function testsIn(folder) {
  return readdirSync(path.join(root, folder), { recursive: true })
    .map((name) => path.join(folder, name))
    .filter((name) => /\.(test|spec|contract)\.ts$/.test(name));
}
