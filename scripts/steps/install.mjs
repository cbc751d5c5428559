// Installs the dependencies when they are not the ones of package-lock.json.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { must, root, say } from "./run.mjs";

const lockFile = path.join(root, "package-lock.json");
const stampFile = path.join(root, "node_modules", ".latchkey-lock");

/** True when node_modules holds what this lock file names, with the development dependencies if they are needed. */
export function isInstalled({ dev }) {
  const [hash, what] = read(stampFile).split(" ");
  if (hash === wanted() && (!dev || what === "dev")) return true;
  if (!holdsAll({ dev })) return false;
  mark(dev); // somebody ran npm by hand
  return true;
}

/**
 * Runs `npm ci`. Development dependencies come along unless NODE_ENV says production and nobody needs them,
 * so that `npm test` after `npm start` does not install a second time.
 */
export async function install({ dev }) {
  say("Installing dependencies…");
  const all = dev || process.env.NODE_ENV !== "production";
  // No package of ours needs its install script (they ship their binaries), and Prisma's would download an engine.
  await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", all ? "--include=dev" : "--omit=dev"]);
  mark(all);
}

/** Compares with the record that npm keeps of what it put there. */
function holdsAll({ dev }) {
  const record = read(path.join(root, "node_modules", ".package-lock.json"));
  if (!record) return false;
  const there = JSON.parse(record).packages;
  return Object.entries(JSON.parse(read(lockFile)).packages).every(([place, { version, ...is }]) => {
    const optional = place === "" || is.optional || is.devOptional || (is.dev && !dev);
    return there[place] ? there[place].version === version : optional;
  });
}

function wanted() {
  return createHash("sha256").update(readFileSync(lockFile)).digest("hex");
}

function mark(dev) {
  writeFileSync(stampFile, `${wanted()} ${dev ? "dev" : "production"}`);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}

function npm(args) {
  // Under `npm start` this is npm's own file: the same npm is used, and Windows needs no shell.
  const own = process.env.npm_execpath ?? "";
  if (/npm-cli\.c?js$/.test(own)) return must("npm ci", process.execPath, [own, ...args]);
  return must("npm ci", "npm", args, { shell: process.platform === "win32" });
}
