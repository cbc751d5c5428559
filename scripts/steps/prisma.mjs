// Generates the Prisma client into lib/db/generated.

import { bin, must } from "./run.mjs";

/** Prisma fetches a schema engine before any command; `generate` does not use it, so any existing file stands in. */
export const offline = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" };

export function generate() {
  return must("prisma generate", process.execPath, [bin("prisma"), "generate"], { env: offline });
}
