/** Server processes for tests are bundled when they are needed: a fresh clone has nothing built yet. */
import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { bundle } from "../../../scripts/steps/build.mjs";
import { root } from "../../support/databases";

/** Bundles a file of the project; beneath node_modules, so that packages are found. */
export async function bundled(entry: string): Promise<{ path: string; remove(): void }> {
  const folder = mkdtempSync(path.join(root, "node_modules", ".latchkey-tests-"));
  const outfile = path.join(folder, "server.mjs");
  await bundle(entry, outfile);
  return { path: outfile, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
