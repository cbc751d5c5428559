// Brings the folder to where it can be started or tested.

import { build, isBuilt } from "./build.mjs";
import { install, isInstalled } from "./install.mjs";
import { takeTurn } from "./turn.mjs";

/** Installs what is missing. */
export async function readyToRun({ dev }) {
  if (isInstalled({ dev })) return;
  await takeTurn(async () => {
    if (!isInstalled({ dev })) await install({ dev }); // another process may have done it while we waited
  });
}

/** Installs what is missing and builds when the sources changed. */
export async function readyToServe({ dev = false } = {}) {
  await readyToRun({ dev });
  if (isBuilt()) return;
  await takeTurn(async () => {
    if (!isBuilt()) await build();
  });
}
