// Unit, database and property tests: everything under tests/ that needs no browser.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  resolve: { alias: [{ find: /^@\//, replacement: root }] },
  test: {
    include: ["tests/**/*.test.ts"],
    pool: "forks", // an embedded database per file: its own process gives the memory back
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000, // creating an embedded database takes seconds on a busy machine
    restoreMocks: true,
    unstubEnvs: true,
  },
});
