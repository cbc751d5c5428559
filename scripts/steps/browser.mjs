// Finds a browser for the browser tests, or installs one.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { bin, root, run, say } from "./run.mjs";

/** The headless shell first: no window is drawn around a page that nobody looks at, which takes as long as the page. */
const installed = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/**
 * The path of a Chromium that the system has.
 * @returns {string | undefined} nothing when Playwright's own has to do
 */
export function systemBrowser() {
  return installed.find((file) => existsSync(file));
}

/** Makes sure that there is a browser which starts. */
export async function ensureBrowser() {
  if (found()) return true;
  say("Installing a browser…");
  await run(process.execPath, [bin("@playwright/test", "playwright"), "install", "chromium"]);
  if (found()) return true;
  // Its download was refused, or it lacks system libraries. Debian's package brings its own.
  if (process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "-y", "chromium-headless-shell"], { env });
    if (!found()) await run("apt-get", ["install", "-y", "chromium"], { env });
  }
  if (found()) return true;
  say("No browser could be installed. Install Chromium, or run: npx playwright install --with-deps chromium");
  return false;
}

function found() {
  return works(systemBrowser() ?? playwrightBrowser());
}

function playwrightBrowser() {
  const require = createRequire(path.join(root, "package.json"));
  return require("@playwright/test").chromium.executablePath();
}

/** A browser whose libraries are missing exists and does not start. */
function works(file) {
  if (!existsSync(file)) return false;
  return process.platform !== "linux" || spawnSync(file, ["--version"], { stdio: "ignore" }).status === 0;
}
