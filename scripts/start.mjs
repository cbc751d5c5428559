// `npm start`: installs and builds what is missing, then becomes the server. Needs nothing but Node.js.

import "./steps/node-version.mjs";
import { existsSync } from "node:fs";
import { readyToServe } from "./steps/ready.mjs";
import { main, root } from "./steps/run.mjs";

await main(async () => {
  process.chdir(root); // DATA_DIR and .env are relative to the project, wherever npm was called
  await readyToServe();
});

// One reader of .env, and only here: what is already set wins. Next would read it, and its variants, a second time
// and after the server has checked its settings; this is how it marks that as done.
if (!process.argv.includes("--no-env-file") && existsSync(".env")) process.loadEnvFile(".env");
process.env.__NEXT_PROCESSED_ENV = "true";
process.env.NEXT_TELEMETRY_DISABLED = "1";
process.env.NODE_ENV = "production";

// In this process, so that signals reach the server itself.
await import("../dist/server.mjs");
