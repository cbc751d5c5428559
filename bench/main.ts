/**
 * Measures the production server beside two peers and a floor, and checks every answer outside the timed loop
 * (docs/benchmarks.md).
 *
 *   npm run bench -- [--quick] [--seconds 5] [--rounds 3] [--only W1,W3] [--profile folder] [--embedded]
 *   npm run bench -- --growth | --memory 10 | --pages | --lists | --start
 */
import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { benchComparison, benchEmbedded } from "./comparison";
import type { Context, Mode } from "./context";
import { benchGrowth } from "./growth";
import { benchLists } from "./lists";
import { benchMemory } from "./memory";
import { type Options, readOptions } from "./options";
import { benchPages } from "./pages";
import { say } from "./process";
import { benchStart } from "./start";

const modes: Record<Options["mode"], Mode> = {
  compare: benchComparison,
  growth: benchGrowth,
  memory: benchMemory,
  pages: benchPages,
  lists: benchLists,
  start: benchStart,
};

async function bench(afterwards: Context["afterwards"]): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const folder = await mkdtemp(path.join(os.tmpdir(), "latchkey-bench-"));
  afterwards(() => rm(folder, { recursive: true, force: true }));
  if (options.profile) mkdirSync(options.profile, { recursive: true });
  const mode = options.embedded ? benchEmbedded : modes[options.mode];
  const problems = await mode({ options, folder, afterwards });
  return problems.length === 0 ? 0 : 1;
}

const cleanUp: (() => Promise<unknown>)[] = [];
let cleaning: Promise<void> | undefined;
// Once, and waited for by whoever asks: an interrupted bench fails while it is being cleaned up after.
const clean = () => {
  cleaning ??= (async () => {
    for (const step of cleanUp.reverse()) await step().catch((error) => say(String(error)));
  })();
  return cleaning;
};
// A terminal tells the whole group and npm tells us once more: the second signal must not end the cleaning.
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => void clean().then(() => process.exit(1)));
try {
  process.exitCode = await bench((step) => cleanUp.push(step));
} finally {
  await clean();
}
