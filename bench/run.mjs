// `npm run bench`: installs and builds what is missing, then measures the production server (docs/performance.md).

import "../scripts/steps/node-version.mjs";
import { readyToServe } from "../scripts/steps/ready.mjs";
import { main, root } from "../scripts/steps/run.mjs";

await main(async () => {
  process.chdir(root);
  await readyToServe();
  const esbuild = await import("esbuild"); // imported late: readyToServe may have just installed it
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ["bench/main.ts", "bench/load.ts", "bench/floor.ts", "bench/probe.ts"],
    outdir: "dist/bench",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
  });
});

await import("../dist/bench/main.mjs");
