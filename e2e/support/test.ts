// The `test` of the browser tests: a real server per worker, people, a client app, and a look at what the console says.

import { AxeBuilder } from "@axe-core/playwright";
import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Locator,
  type Page,
} from "@playwright/test";
import { type ClientApp, type ClientOptions, startClient } from "./client.ts";
import { password, people } from "./people.ts";
import { type App, type AppChoices, createApp } from "./portal.ts";
import { type Database, type Server, startServer } from "./server.ts";
import { enter, type Visitor } from "./visitor.ts";

export { expect, password, people };

export type Person = keyof typeof people;

export interface Options {
  /** Which database the server of this project uses. */
  database: Database;
}

/** Who signed in longer ago signs in again: a worker may run for longer than administration trusts a sign-in. */
const FRESH_MS = 10 * 60 * 1000;

interface Fixtures {
  /** Fails the test when axe finds anything on the page as it is now. */
  checkAccessibility: () => Promise<void>;
  /** Adds the server's log to the report of a failed test. */
  logOnFailure: undefined;
  /** A browser of its own on a blank page, signed in as a person or as nobody. */
  browse: (who: Person | null, options?: BrowserContextOptions) => Promise<Page>;
  /** Starts a client app that ends with the test. */
  openClient: (options?: ClientOptions) => Promise<ClientApp>;
  /** A client app that is registered; its owner is `owner` unless another is named. */
  register: (client: ClientApp, choices?: AppChoices & { owner?: Person; name?: string }) => Promise<App>;
  /** Errors and warnings in any console that this test expects. */
  expectedNoise: RegExp[];
  /** What the consoles of all pages said; the test fails at its end when that is anything but what it expects. */
  noise: string[];
}

interface WorkerFixtures extends Options {
  server: Server;
  /** A person who is signed in, without a browser. */
  visitor: (who: Person) => Promise<Visitor>;
  /** The page on which a developer makes apps for the tests of this worker. */
  workshop: (who: Person) => Promise<Page>;
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

  visitor: [
    async ({ server }, use) => {
      const entered = new Map<Person, { at: number; visitor: Promise<Visitor> }>();
      await use((who) => {
        const before = entered.get(who);
        if (before && Date.now() - before.at < FRESH_MS) return before.visitor;
        const visitor = enter(server.url, people[who]);
        entered.set(who, { at: Date.now(), visitor });
        return visitor;
      });
    },
    { scope: "worker" },
  ],

  workshop: [
    async ({ browser, server, visitor }, use) => {
      const pages = new Map<Person, Promise<Page>>();
      const open = async (who: Person) => {
        const context = await browser.newContext({ baseURL: server.url });
        await context.addCookies([sessionCookie(await visitor(who))]);
        return context.newPage();
      };
      await use((who) => {
        const page = pages.get(who) ?? open(who);
        pages.set(who, page);
        return page;
      });
      for (const page of pages.values()) await (await page).context().close();
    },
    { scope: "worker" },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  expectedNoise: async ({ browserName: _ }, use) => use([]),

  // After the clients, so that they end last: a browser may still be asking one for its icon.
  noise: async ({ expectedNoise, openClient: _ }, use) => {
    const noise: string[] = [];
    await use(noise);
    const unexpected = noise.filter((line) => !expectedNoise.some((pattern) => pattern.test(line)));
    expect(unexpected, "what the consoles said").toEqual([]);
  },

  context: async ({ context, noise }, use) => {
    await listen(context, noise);
    await use(context);
  },

  browse: async ({ browser, visitor, noise }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (who, options = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      await listen(context, noise);
      if (who) await context.addCookies([sessionCookie(await visitor(who))]);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  openClient: async ({ browserName: _ }, use) => {
    const clients: ClientApp[] = [];
    await use(async (options) => {
      const client = await startClient(options);
      clients.push(client);
      return client;
    });
    for (const client of clients) await client.close();
  },

  register: async ({ server, workshop }, use) => {
    await use(async (client, { owner = "owner", name = unique("Ledger"), ...choices } = {}) => {
      const where = choices.domain || choices.uris ? {} : { uris: client.redirect_uri };
      const app = await createApp(await workshop(owner), name, { ...choices, ...where });
      await client.register(app, server.url);
      return app;
    });
  },

  checkAccessibility: async ({ page }, use) => {
    await use(() => checkAccessibility(page));
  },

  logOnFailure: [
    async ({ server }, use, info) => {
      await use(undefined);
      if (info.status === info.expectedStatus) return;
      await info.attach("server.log", { body: server.log(), contentType: "text/plain" });
    },
    { auto: true },
  ],
});

function sessionCookie({ cookie, issuer }: Visitor) {
  const [name = "", value = ""] = cookie.split("=");
  return { name, value, url: issuer };
}

let made = 0;

/** A name nothing else has or begins with: tests share the demo's people, and so their lists. */
export function unique(name: string): string {
  made += 1;
  return `${name} ${process.pid.toString(36)}${String(made).padStart(4, "0")}`;
}

/** Signs in through the page that a person would use; ends wherever that leads. */
export async function signIn(page: Page, email: string) {
  if (!new URL(page.url(), "http://localhost").pathname.startsWith("/login")) await page.goto("/login");
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/login");
}

/** What lies behind an open dialog is hidden from everybody: that it is not seen proves nothing until the dialog is closed. */
export async function expectGone(page: Page, entry: Locator) {
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(entry).toHaveCount(0);
}

/** Waits until no part of the page is on its way: streamed parts are there, unseen, before they take their place. */
export async function arrived(page: Page) {
  await expect(page.locator("h1")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /^Loading/ })).toHaveCount(0);
}

/** Fails when axe finds anything on the page once it is there; with all its rules unless some are named. */
export async function checkAccessibility(page: Page, rules?: string[]) {
  await arrived(page);
  await settle(page);
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => `${node.html} ${node.failureSummary}`),
  }));
  expect(found, `accessibility of ${page.url()}`).toEqual([]);
}

/** Waits for what moves once, such as a dialog or a message that appears. */
export function settle(page: Page) {
  return page.evaluate(async () => {
    const once = document.getAnimations().filter((animation) => {
      const { iterations } = animation.effect?.getTiming() ?? {};
      return iterations !== Number.POSITIVE_INFINITY;
    });
    await Promise.allSettled(once.map((animation) => animation.finished));
  });
}

/** Collects errors and warnings of the console, uncaught exceptions and violations of the Content-Security-Policy. */
async function listen(context: BrowserContext, noise: string[]) {
  const documents = new Set<string>();
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      console.error(`Content-Security-Policy: ${violatedDirective} blocked ${blockedURI}`);
    });
  });
  context.on("weberror", (error) => noise.push(`uncaught: ${error.error().stack}`));
  context.on("request", (request) => {
    if (request.isNavigationRequest()) documents.add(request.url());
  });
  context.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // A page that is itself a 404 says so here, too; a missing part of a page is what we look for.
    const isDocument = documents.has(message.location().url) && message.text().startsWith("Failed to load");
    if (!isDocument) noise.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
}
