// `npm run dev`: Next's development server, with the generated database client in place.

import "./steps/node-version.mjs";
import { generate } from "./steps/prisma.mjs";
import { readyToRun } from "./steps/ready.mjs";
import { bin, main, must, root } from "./steps/run.mjs";

await main(async () => {
  process.chdir(root);
  await readyToRun({ dev: true });
  await generate();
  const env = { NODE_ENV: "development", NEXT_TELEMETRY_DISABLED: "1" };
  await must("next dev", process.execPath, [bin("next"), "dev", ...process.argv.slice(2)], {
    env,
    show: true,
  });
});
