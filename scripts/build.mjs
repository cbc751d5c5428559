// `npm run build`: installs what is missing and builds, whether or not the sources changed.

import "./steps/node-version.mjs";
import { build } from "./steps/build.mjs";
import { readyToRun } from "./steps/ready.mjs";
import { main, root } from "./steps/run.mjs";
import { takeTurn } from "./steps/turn.mjs";

await main(async () => {
  process.chdir(root);
  await readyToRun({ dev: false });
  await takeTurn(build);
});
