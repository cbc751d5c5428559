// Browser tests against the production server as `npm start` starts it, on the embedded database; what goes through the
// protocol also on PostgreSQL. What the portal's pages read and write is tested on both without a browser (tests/db).
// What is tagged @once has nothing to do with the database.

import { defineConfig, devices } from "@playwright/test";
import type { Options } from "./e2e/support/test.ts";
import { systemBrowser } from "./scripts/steps/browser.mjs";

const chromium = systemBrowser();
const quiet = [
  "--no-sandbox", // the tests may run as root
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig<object, Options>({
  testDir: "e2e",
  outputDir: "test-results",
  forbidOnly: Boolean(process.env.CI),
  retries: 0, // a test that passes at the second try has found something
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices["Desktop Chrome"],
    contextOptions: { reducedMotion: "reduce" }, // axe measures the contrast of what is still fading in
    launchOptions: chromium ? { executablePath: chromium, args: quiet } : {},
    screenshot: "only-on-failure",
    // A trace costs time, and reads pictures by a fetch that our CSP refuses: --trace=on when you need one.
    trace: "off",
  },
  projects: [
    { name: "embedded", use: { database: "embedded" } },
    ...(process.env.TEST_DATABASE_URL
      ? [
          {
            name: "postgresql",
            testMatch: /(walk|libraries|start|cluster|security|providers\/.*)\.spec\.ts$/,
            grepInvert: /@once/,
            use: { database: "postgresql" as const },
          },
        ]
      : []),
  ],
});
