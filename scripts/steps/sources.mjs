// Tells whether the sources are the ones that were built.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./run.mjs";

const folders = ["app", "components", "lib", "prisma", "public"];
const generated = path.join("lib", "db", "generated");
const settings = ["package-lock.json", "tsconfig.json", "scripts/steps/build.mjs"];
// At the root every other script file goes into the build; these configure the tests.
const others = /^(vitest|playwright)\.config\.|\.d\.ts$/;

/** One hash over the names and contents of everything that goes into the build. */
export function hashSources() {
  const hash = createHash("sha256");
  for (const name of sources())
    hash
      .update(`${name}\0`)
      .update(readFileSync(path.join(root, name)))
      .update("\0");
  return hash.digest("hex");
}

function sources() {
  const top = readdirSync(root).filter((name) => /\.(m?[jt]s|tsx)$/.test(name) && !others.test(name));
  return [...settings, ...top, ...folders.flatMap(filesOf)].sort();
}

function filesOf(folder) {
  const entries = readEntries(folder);
  return entries.flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return name === generated ? [] : filesOf(name);
    return entry.name.startsWith(".") ? [] : [name]; // an editor's or the system's own
  });
}

function readEntries(folder) {
  try {
    return readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
