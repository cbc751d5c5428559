// Unit, database, property and fault tests: everything under tests/ that needs no browser.
// `--mode long` has the fault tests that take minutes instead (`npm run test:long`).

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig(({ mode }) => {
  const long = mode === "long";
  return {
    resolve: { alias: [{ find: /^@\//, replacement: root }] },
    test: {
      include: long ? ["tests/faults/**/*.long.ts"] : ["tests/**/*.test.ts"],
      pool: "forks", // an embedded database per file: its own process gives the memory back
      maxWorkers: long ? 1 : 2, // a fault that is timed should not wait for another one's load
      testTimeout: long ? 1_800_000 : 20_000,
      hookTimeout: long ? 300_000 : 120_000, // creating an embedded database takes seconds, many on a busy machine
      restoreMocks: true,
      unstubEnvs: true,
    },
  };
});
