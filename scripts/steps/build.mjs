// Builds what `npm start` serves: the pages into .next, the server into dist/server.mjs.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generate } from "./prisma.mjs";
import { bin, must, root, say } from "./run.mjs";
import { hashSources } from "./sources.mjs";

const stamp = path.join(root, "dist", ".latchkey-build");
const products = ["dist/server.mjs", ".next/BUILD_ID", "lib/db/generated/client.ts"];

/** True when what stands in .next and dist was built from the sources as they are now. */
export function isBuilt() {
  if (!existsSync(stamp) || products.some((name) => !existsSync(path.join(root, name)))) return false;
  return readFileSync(stamp, "utf8").trim() === hashSources();
}

export async function build() {
  say("Building…");
  const hash = hashSources();
  mkdirSync(path.dirname(stamp), { recursive: true });
  rmSync(stamp, { force: true });
  await generate();
  await Promise.all([buildPages(), bundle("server.ts", "dist/server.mjs")]);
  writeFileSync(stamp, `${hash}\n`); // last: an interrupted build has no stamp and is done again
}

function buildPages() {
  const env = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  return must("next build", process.execPath, [bin("next"), "build"], { env });
}

/**
 * Bundles one entry of ours. Packages stay outside: Next loads its own, and there must be one copy of the database
 * driver in the process. The path `@/…` is read from tsconfig.json. By esbuild's API, since its command is a script on
 * some machines and a binary on others; imported late, since this file is read before anything is installed.
 * @param {string} entry
 * @param {string} outfile somewhere under the project's folder, so that packages are found
 */
export async function bundle(entry, outfile) {
  const esbuild = await import("esbuild");
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "linked",
    logLevel: "warning",
  });
}
