// `npm run bench`: installs and builds what is missing, then measures the production server (docs/benchmarks.md).

import "../scripts/steps/node-version.mjs";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { bundle } from "../scripts/steps/build.mjs";
import { readyToServe } from "../scripts/steps/ready.mjs";
import { main, must, root, say } from "../scripts/steps/run.mjs";

/** What is a process of its own, or loaded into one. */
const files = ["main", "load", "probe", "peers/floor", "peers/oidc-provider", "peers/oauth2-server"];

await main(async () => {
  process.chdir(root);
  await readyToServe();
  await installPeers();
  // Below bench/, where the peers' packages are found.
  await Promise.all(files.map((name) => bundle(`bench/${name}.ts`, `bench/dist/${name}.mjs`)));
});

await import("./dist/main.mjs");

/** The peers are needed by nothing but this, so they are no dependencies of the project. */
async function installPeers() {
  const folder = path.join(root, "bench");
  const wanted = versions(path.join(folder, "package-lock.json"));
  const there = versions(path.join(folder, "node_modules", ".package-lock.json"));
  if ([...wanted].every(([place, version]) => there.get(place) === version)) return;
  say("Installing the peers…");
  const args = ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
  await must("npm ci", "npm", args, { shell: process.platform === "win32" });
}

/** What a lock file, or npm's record of what it put there, says by place. */
function versions(file) {
  if (!existsSync(file)) return new Map();
  const { packages } = JSON.parse(readFileSync(file, "utf8"));
  return new Map(
    Object.entries(packages).flatMap(([place, { version }]) => (place ? [[place, version]] : [])),
  );
}
