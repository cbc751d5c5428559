// The `test` of the browser tests: a real server per worker, an accessibility check, a way to sign in.

import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type Database, type Server, startServer } from "./server.ts";

export { expect };

export interface Options {
  /** Which database the server of this project uses. */
  database: Database;
}

interface Fixtures {
  /** Fails the test when axe finds anything on the page as it is now. */
  checkAccessibility: () => Promise<void>;
  /** Adds the server's log to the report of a failed test. */
  logOnFailure: undefined;
}

interface WorkerFixtures extends Options {
  server: Server;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  database: ["embedded", { option: true, scope: "worker" }],

  server: [
    async ({ database }, use) => {
      const server = await startServer(database);
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  checkAccessibility: async ({ page }, use) => {
    await use(async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, help, nodes }) => ({
        id,
        help,
        where: nodes.map((node) => node.html),
      }));
      expect(found, `accessibility of ${page.url()}`).toEqual([]);
    });
  },

  logOnFailure: [
    async ({ server }, use, info) => {
      await use(undefined);
      if (info.status === info.expectedStatus) return;
      await info.attach("server.log", { body: await server.log(), contentType: "text/plain" });
    },
    { auto: true },
  ],
});

/** The password of everybody in the demo data. */
export const password = "latchkey-demo";

/** Signs in through the page that a person would use; ends wherever that leads. */
export async function signIn(page: Page, email: string) {
  if (!new URL(page.url(), "http://localhost").pathname.startsWith("/login")) await page.goto("/login");
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/login");
}
