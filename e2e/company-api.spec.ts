// Company setup → API: who sees what, how it is used by keyboard and on a phone, and what forged requests achieve.

import type { Page } from "@playwright/test";
import pg from "pg";
import { type HeldAction, heldNoise, holdAction, sendAction } from "./support/actions.ts";
import { callApi, requestToken } from "./support/api.ts";
import { createCredential, createLegacyToken, revokeCredential } from "./support/company.ts";
import type { App } from "./support/portal.ts";
import { checkAccessibility, expect, people, test, unique } from "./support/test.ts";
import { type Visitor, visit } from "./support/visitor.ts";

const api = "/company/api";
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } as const;

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const inDialog = (page: Page, name: string) =>
  page.getByRole("dialog").getByRole("button", { name, exact: true });

/** What the token endpoint says to these credentials. */
async function answerTo(issuer: string, app: App): Promise<string> {
  const { status, body } = await requestToken(issuer, app, { grant_type: "client_credentials" });
  return status === 200 ? "token" : body.error;
}

test.describe("The page", () => {
  test("Somebody without a company sees that there is none, and no Company setup in the menu", async ({
    browse,
  }) => {
    const page = await browse("admin");
    await page.goto(api);
    await expect(page.getByRole("heading", { name: "API", exact: true, level: 1 })).toBeVisible();
    await expect(page.getByText("You belong to no company")).toBeVisible();
    await expect(page.getByRole("heading", { name: "Company setup" })).toHaveCount(0);
    await expect(button(page, "Create OAuth credentials")).toHaveCount(0);
    await checkAccessibility(page);
  });

  test("An owner whose plan has no API sees that, and gets to no form", async ({ browse }) => {
    const page = await browse("outsider");
    for (const path of [api, `${api}/new`, `${api}/legacy/new`]) {
      await page.goto(path);
      await expect(page.getByText("The plan does not include the API")).toBeVisible();
      await expect(button(page, "Create OAuth credentials")).toHaveCount(0);
      await expect(button(page, "More credential types")).toHaveCount(0);
    }
    await checkAccessibility(page);
  });

  test("Who has a company's credentials revoked to the last one is told how to begin", async ({ browse }) => {
    const page = await browse("manager");
    const name = unique("The last one");
    await createCredential(page, name);
    await page.goto(api);
    const rows = page.locator("main").getByRole("row");
    for (;;) {
      const [, first] = await rows.all();
      if (!first) break;
      await first.getByRole("button", { name: "Revoke", exact: true }).click();
      await inDialog(page, "Revoke").click();
      await expect(page.getByRole("dialog")).toBeHidden();
      await page.reload();
    }
    await expect(page.getByText("No credentials yet")).toBeVisible();
    await expect(button(page, "Create OAuth credentials")).toBeVisible();
    await checkAccessibility(page);
  });

  test("Credentials are made without JavaScript", async ({ browse, server }) => {
    const page = await browse("owner", { javaScriptEnabled: false });
    const app = await createCredential(page, unique("Plain form"));
    expect(await answerTo(server.url, app)).toBe("token");
  });

  test("Fifty-one rows come in pages, newest first, both kinds together", async ({
    browse,
    visitor,
    expectedNoise,
  }) => {
    test.slow(); // fifty actions, each answered with a page
    expectedNoise.push(...heldNoise);
    const word = unique("Crate").replace(" ", "");
    const page = await browse("manager");
    const create = await holdAction(page, `${api}/new`, async () => {
      await page.getByLabel("Name", { exact: true }).fill(`${word} No 01`);
      await button(page, "Create").click();
    });
    const { cookie } = await visitor("manager");
    for (let number = 1; number <= 50; number += 1)
      await sendAction(create, cookie, ["No 01", `No ${String(number).padStart(2, "0")}`]);
    await createLegacyToken(page, `${word} No 51`);
    await page.goto(api);
    const rows = page.getByRole("row").filter({ hasText: word });
    await expect(rows).toHaveCount(50);
    await expect(rows.first()).toContainText(`${word} No 51`);
    await page.getByRole("link", { name: "Next", exact: true }).click();
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText(`${word} No 01`);
    await page.getByRole("link", { name: "First page", exact: true }).click();
    await expect(rows).toHaveCount(50);
  });
});

test.describe("By keyboard and on a phone", () => {
  test("The menu beside Create OAuth credentials is opened, walked through and left by keys alone", async ({
    browse,
  }) => {
    const page = await browse("owner");
    await page.goto(api);
    const more = button(page, "More credential types");
    const item = page.getByRole("menuitem", { name: "Create legacy token", exact: true });
    await button(page, "Create OAuth credentials").focus();
    await page.keyboard.press("Tab");
    await expect(more).toBeFocused();
    await expect(more).toHaveAttribute("aria-expanded", "false");
    await page.keyboard.press("ArrowDown");
    await expect(item).toBeFocused();
    await expect(more).toHaveAttribute("aria-expanded", "true");
    await checkAccessibility(page);
    for (const key of ["ArrowDown", "ArrowUp", "Home", "End"]) {
      await page.keyboard.press(key);
      await expect(item).toBeFocused();
    }
    await page.keyboard.press("Escape");
    await expect(item).toHaveCount(0);
    await expect(more).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(item).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(item).toHaveCount(0);
    await more.click();
    await page.getByRole("heading", { level: 1 }).click(); // a press elsewhere
    await expect(item).toHaveCount(0);
    await more.focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Space");
    await expect(page).toHaveURL(new RegExp(`${api}/legacy/new`));
    await expect(button(page, "Generate")).toBeVisible();
  });

  test("A phone of 360 px shows every state whole, and axe finds nothing in any of them", {
    tag: "@once",
  }, async ({ browse, server }) => {
    const page = await browse("owner", { ...phone, reducedMotion: "reduce" });
    const look = async (what: string) => {
      await expect(page.locator("h1"), what).toHaveCount(1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(360);
      await checkAccessibility(page);
    };
    const long = "A name of sixty characters, which is the longest there can be";
    const app = await createCredential(page, long.slice(0, 60));
    await look("ready");
    const name = unique("Old importer");
    await createLegacyToken(page, name);
    await look("legacy ready");
    await page.goto(api);
    await look("list");
    await button(page, "More credential types").click();
    await expect(page.getByRole("menuitem")).toBeInViewport({ ratio: 1 });
    await look("menu");
    await page.goto(`${server.url}${api}/new`);
    await button(page, "Create").click();
    await expect(page.getByText("Give it a name.")).toBeVisible();
    await look("form with an error");
    await page.goto(`${server.url}${api}/${app.client_id}`);
    await look("credentials");
    await page.goto(server.url + api);
    await revokeCredential(page, name);
    const member = await browse("member", phone);
    await member.goto(api);
    expect(await member.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await checkAccessibility(member);
  });
});

test("A secret is rotated with an overlap, the old one retired, and the credentials revoked from their page", async ({
  browse,
  server,
}) => {
  const page = await browse("owner");
  const app = await createCredential(page, unique("Rotated"));
  const { access_token } = (await requestToken(server.url, app, { grant_type: "client_credentials" })).body;
  await page.goto(api);
  await page.getByRole("link", { name: app.name, exact: true }).click();
  await button(page, "Rotate secret").click();
  await page.getByLabel("Old secret stays valid for", { exact: true }).selectOption("1 hour");
  await inDialog(page, "Rotate secret").click();
  const next = {
    ...app,
    client_secret: await page.getByLabel("Client Secret", { exact: true }).inputValue(),
  };
  expect(next.client_secret).not.toBe(app.client_secret);
  expect([await answerTo(server.url, app), await answerTo(server.url, next)]).toEqual(["token", "token"]);
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByText("New secret made", { exact: true })).toBeVisible();
  await checkAccessibility(page);

  const old = page.getByRole("listitem").filter({ hasText: `cs_…${app.client_secret.slice(-4)}` });
  await old.getByRole("button", { name: "Revoke", exact: true }).click();
  await inDialog(page, "Revoke").click();
  await expect(page.getByRole("dialog")).toBeHidden();
  expect([await answerTo(server.url, app), await answerTo(server.url, next)]).toEqual([
    "invalid_client",
    "token",
  ]);

  await button(page, "Revoke credentials").click();
  await inDialog(page, "Revoke").click();
  await expect(page).toHaveURL(/\/company\/api$/);
  await expect(page.getByRole("link", { name: app.name })).toHaveCount(0);
  expect(await answerTo(server.url, next)).toBe("invalid_client");
  expect(await callApi(server.url, access_token, "GET /public/v1/me")).toMatchObject({ status: 401 });
});

test.describe("Forged requests", () => {
  test("Every action of the page, sent again by somebody who does not manage the company, changes nothing", async ({
    browse,
    server,
    visitor,
    expectedNoise,
  }) => {
    expectedNoise.push(...heldNoise);
    const page = await browse("owner");
    const app = await createCredential(page, unique("Kept"));
    const name = unique("Kept, too");
    const token = await createLegacyToken(page, name);
    const held = await holdActions(page, app, name);
    const owner = await visitor("owner");
    const before = await namesOn(owner);

    const strangers = ["member", "outsider", "admin"] as const;
    const cookies = await Promise.all(strangers.map(async (who) => (await visitor(who)).cookie));
    for (const [what, request] of Object.entries(held)) {
      for (const [index, cookie] of [...cookies, ""].entries()) {
        const answer = await sendAction(request, cookie);
        const who = `${what} by ${strangers[index] ?? "nobody"}`;
        expect(answer, who).not.toContain('"ok":true');
        expect(answer, who).not.toMatch(/(cs|lt)_[0-9A-Za-z]{20}/);
      }
    }
    expect(await namesOn(owner)).toEqual(before);
    expect(await answerTo(server.url, app)).toBe("token");
    expect(await callApi(server.url, token, "GET /public/v1/me")).toMatchObject({ status: 200 });
    for (const who of strangers) {
      const answer = await visit(await visitor(who), `${api}/${app.client_id}`);
      expect([who, answer.status]).toEqual([who, 404]);
    }

    // The very same requests do work with a manager's cookie: it was the cookie that was refused.
    const { cookie } = await visitor("manager");
    expect(await sendAction(held.create, cookie)).toMatch(/cs_[0-9A-Za-z]{20}/);
    expect(await sendAction(held.generate, cookie)).toMatch(/lt_[0-9A-Za-z]{20}/);
    expect(await sendAction(held.rotate, cookie)).toMatch(/cs_[0-9A-Za-z]{20}/);
    expect(await answerTo(server.url, app)).toBe("invalid_client");
    expect(await sendAction(held.revoke, cookie)).toContain('"ok":true');
    expect(await sendAction(held.revokeToken, cookie)).toContain('"ok":true');
    expect(await callApi(server.url, token, "GET /public/v1/me")).toMatchObject({ status: 401 });
  });

  test("A choice that is not on the form, and another company, is refused in words and makes nothing", async ({
    browse,
    server,
    visitor,
    expectedNoise,
  }) => {
    expectedNoise.push(...heldNoise);
    const page = await browse("owner");
    await page.goto(api);
    const choices = page.locator('nav[aria-label="Settings"] button[name="company"]');
    const idOf = async (name: string) =>
      (await choices.filter({ hasText: name }).getAttribute("value")) ?? "";
    const [northwind, quarry] = [await idOf("Northwind Labs"), await idOf("Quarry Works")];
    const generate = await holdGenerate(page);
    const owner = await visitor("owner");
    const before = await namesOn(owner);
    const field = (name: string, value: string) => `_${name}"\r\n\r\n${value}\r\n`;
    const refusals: [from: string, to: string, words: RegExp][] = [
      ...["0", "2", "13", "24", "120", "1.5", "-1", "1 ", "never", ""].map(
        (months): [string, string, RegExp] => [
          field("expiration", "1"),
          field("expiration", months),
          /"expiration":"Choose one of these\."/,
        ],
      ),
      ...["admin", "read write", "READ", "", "__proto__"].map((scope): [string, string, RegExp] => [
        field("scope", "read"),
        field("scope", scope),
        /"scope":"Choose one of these\."/,
      ]),
      [field("name", "Forged"), field("name", " "), /"name":"Give it a name\."/],
      [field("name", "Forged"), field("name", "x".repeat(61)), /"name":"A name has at most 60/],
      [field("name", "Forged"), field("name", "two\r\nlines"), /"name":"A name is one line/],
      ...[quarry, "nobody", "", `${northwind}'`].map((company): [string, string, RegExp] => [
        field("company", northwind),
        field("company", company),
        /"form":"Only owners and auth managers/,
      ]),
    ];
    for (const [from, to, words] of refusals) {
      expect(generate.body.toString("latin1"), from).toContain(from);
      const answer = await sendAction(generate, owner.cookie, [from, to]);
      expect(answer, to).toMatch(words);
      expect(answer, to).not.toMatch(/lt_[0-9A-Za-z]{20}/);
    }
    // A company whose plan has no API, asked for by its owner.
    if (server.databaseUrl) {
      const fabrikam = await companyId(server.databaseUrl, "Fabrikam");
      const { cookie } = await visitor("outsider");
      const answer = await sendAction(generate, cookie, [northwind, fabrikam]);
      expect(answer).toContain("The plan of Fabrikam does not include the API.");
    }
    expect(await namesOn(owner)).toEqual(before);
    expect(await sendAction(generate, owner.cookie)).toMatch(/lt_[0-9A-Za-z]{20}/);
  });
});

/** Each action once, held back: with what an owner of the company meant to do. */
async function holdActions(page: Page, app: App, legacy: string) {
  const row = (name: string) => page.getByRole("row").filter({ hasText: name });
  const revokeOnList = (name: string) =>
    holdAction(page, api, async () => {
      await row(name).getByRole("button", { name: "Revoke", exact: true }).click();
      await inDialog(page, "Revoke").click();
    });
  const own = `${api}/${app.client_id}`;
  return {
    create: await holdAction(page, `${api}/new`, async () => {
      await page.getByLabel("Name", { exact: true }).fill("Forged");
      await button(page, "Create").click();
    }),
    generate: await holdGenerate(page),
    rotate: await holdAction(page, own, async () => {
      await button(page, "Rotate secret").click();
      await page.getByLabel("Old secret stays valid for", { exact: true }).selectOption("Revoke now");
      await inDialog(page, "Rotate secret").click();
    }),
    revokeSecret: await holdAction(page, own, async () => {
      await page.getByRole("listitem").getByRole("button", { name: "Revoke", exact: true }).click();
      await inDialog(page, "Revoke").click();
    }),
    revokeAll: await holdAction(page, own, async () => {
      await button(page, "Revoke credentials").click();
      await inDialog(page, "Revoke").click();
    }),
    revoke: await revokeOnList(app.name),
    revokeToken: await revokeOnList(legacy),
  };
}

function holdGenerate(page: Page): Promise<HeldAction> {
  return holdAction(page, `${api}/legacy/new`, async () => {
    await page.getByLabel("Name", { exact: true }).fill("Forged");
    await button(page, "Generate").click();
  });
}

/** The names on the list, as its HTML has them. */
async function namesOn(person: Visitor): Promise<string[]> {
  const page = await (await visit(person, api)).text();
  const names = [...page.matchAll(/<th id="credential-[^>]*>.*?<\/th>/gs)].map(([cell]) => cell);
  expect(names.length, people.owner).toBeGreaterThan(0);
  return names;
}

async function companyId(connectionString: string, name: string): Promise<string> {
  const database = new pg.Client({ connectionString });
  await database.connect();
  try {
    const { rows } = await database.query("SELECT id FROM companies WHERE name = $1", [name]);
    return rows[0].id;
  } finally {
    await database.end();
  }
}
