// Personal tokens from the form to the last request, and what a person sees of the apps they allowed.

import type { Locator, Page } from "@playwright/test";
import { heldNoise, holdAction, sendAction } from "./support/actions.ts";
import { callApi, requestToken } from "./support/api.ts";
import { attempt, discover, exchange } from "./support/client.ts";
import { runDocumented } from "./support/curl.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import { expect, expectGone, test, unique } from "./support/test.ts";
import { decide, visit } from "./support/visitor.ts";

const list = "/settings/api-access/tokens";
const consents = "/settings/api-access/consents";
const read = "See your projects";
const write = "Create and change projects";
const administer = "Administer this installation";

interface Wishes {
  scopes?: readonly string[];
  company?: string;
  expiration?: string;
}

/** Fills the form in and presses the button. */
async function fillIn(page: Page, name: string, { scopes = [read], company, expiration }: Wishes = {}) {
  await page.goto(`${list}/new`);
  await page.getByLabel("Token name", { exact: true }).fill(name);
  for (const box of await page.getByRole("checkbox").all()) await box.uncheck();
  for (const scope of scopes) await page.getByRole("checkbox", { name: scope, exact: true }).check();
  if (company) await page.getByLabel("Company", { exact: true }).selectOption(company);
  if (expiration) await page.getByLabel("Expiration", { exact: true }).selectOption(expiration);
}

/** @returns the token's value */
async function create(page: Page, name: string, wishes: Wishes = {}): Promise<string> {
  await fillIn(page, name, wishes);
  await page.getByRole("button", { name: "Create token", exact: true }).click();
  return page.getByLabel("Personal token", { exact: true }).inputValue();
}

const rowOf = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

async function revoke(page: Page, name: string) {
  await page.goto(list);
  await rowOf(page, name).getByRole("button", { name: "Revoke", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(name);
  await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
  await expectGone(page, rowOf(page, name));
}

async function expectProblem(field: Locator, problem: RegExp) {
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(problem);
}

test.describe("A personal token", () => {
  test("ARC-01 A server calls the API with a personal token and no OAuth at all; an app has the authorization code alone; a revoked token is refused at once", async ({
    browse,
    openClient,
    register,
    server,
  }) => {
    const page = await browse("owner", { permissions: ["clipboard-read", "clipboard-write"] });
    const name = unique("Night export");
    await page.goto("/settings/api-access");
    await page.getByRole("link", { name: "Personal tokens", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Personal tokens", exact: true })).toBeVisible();
    await page.getByRole("link", { name: "Create token", exact: true }).click();
    await expect(page).toHaveURL(`${list}/new`);
    await expect(page.getByLabel("Expiration", { exact: true }).locator("option:checked")).toHaveText(
      "30 days",
    );
    const token = await create(page, name, { company: "Northwind Labs" });
    expect(token).toMatch(/^pat_[0-9A-Za-z]{36}$/);

    await test.step("it is shown once, and copied", async () => {
      await expect(page.getByText("It is not shown again.")).toBeVisible();
      await expect(page.getByLabel("Personal token", { exact: true })).not.toBeEditable();
      await page.getByRole("button", { name: "Copy", exact: true }).first().click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
      const command = await page.getByRole("region", { name: "API request" }).innerText();
      const { projects } = JSON.parse(await runDocumented(`${command} -sS`, { [server.url]: server.url }));
      expect(projects.map((project: { name: string }) => project.name)).toContain("Tide sensors");
      expect(projects.map((project: { name: string }) => project.name)).not.toContain("Stone catalogue");
      await page.reload();
      await expect(page.getByLabel("Token name", { exact: true })).toHaveValue("");
      expect(await page.content()).not.toContain(token);
    });

    await test.step("it stands in the list, by its last four characters", async () => {
      await page.goto(list);
      const row = rowOf(page, name);
      await expect(row).toContainText(`pat_…${token.slice(-4)}`);
      for (const fact of ["Northwind Labs", "Made by you", "read", "in 30 days"])
        await expect(row).toContainText(fact);
      expect(await page.content()).not.toContain(token);
    });

    await test.step("it ends with the next request", async () => {
      expect(await callApi(server.url, token, "GET /public/v1/projects")).toMatchObject({ status: 200 });
      await revoke(page, name);
      const answer = await callApi(server.url, token, "GET /public/v1/projects");
      expect(answer).toMatchObject({ status: 401, body: { error: "invalid_token" } });
    });

    await test.step("an app of the same kind of provider gets nothing without a person", async () => {
      const app = await register(await openClient(), { policy: "Single redirect, registered scopes" });
      const answer = await requestToken(server.url, app, { grant_type: "client_credentials" });
      expect(answer.body).toMatchObject({ error: "unsupported_grant_type" });
      expect(answer.body).not.toHaveProperty("access_token");
    });
  });

  test("ARC-13 has the scopes of one catalogue: the form, the metadata, the consent screen and the API name the same", async ({
    browse,
    openClient,
    register,
    server,
  }) => {
    const admin = await browse("admin");
    await admin.goto(`${list}/new`);
    const boxes = admin.getByRole("checkbox");
    const names = await boxes.evaluateAll((all) => all.map((box) => box.getAttribute("value")));
    expect(names).toEqual((await discover(server.url)).scopes_supported);
    for (const title of [read, write, administer])
      await expect(admin.getByRole("checkbox", { name: title, exact: true })).toBeVisible();

    const page = await browse("owner");
    await page.goto(`${list}/new`);
    await expect(page.getByRole("checkbox", { name: administer, exact: true })).toHaveCount(0);
    const personal = await create(page, unique("Reader"), { company: "Northwind Labs" });
    const client = await openClient();
    await register(client);
    await page.goto(client.start({ scope: "read" }));
    await expect(page.getByRole("listitem").filter({ hasText: read })).toBeVisible();
    await page.getByLabel("Company", { exact: true }).selectOption("Northwind Labs");
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Connected" })).toBeVisible();

    const answers = await Promise.all(
      [personal, client.token()].map(async (token) => [
        (await callApi(server.url, token, "GET /public/v1/projects")).body,
        (await callApi(server.url, token, "POST /public/v1/projects", { name: "x", workspace_id: "x" })).body,
      ]),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.[1]).toMatchObject({ error: "insufficient_scope" });
  });

  test("reaches one company or all of them, as it was made", async ({ browse, server }) => {
    const page = await browse("owner");
    const workspaces = async (token: string) =>
      (await callApi(server.url, token, "GET /public/v1/workspaces")).body.workspaces.map(
        (workspace: { name: string }) => workspace.name,
      );
    const one = await create(page, unique("One"), { company: "Quarry Works" });
    expect(await workspaces(one)).toEqual(["Quarry Works"]);
    const name = unique("All");
    const all = await create(page, name);
    expect(await workspaces(all)).toEqual(["Northwind Labs", "Quarry Works"]);
    await page.goto(list);
    await expect(rowOf(page, name)).toContainText("All companies");
  });

  test("of somebody with one company is for that one, of somebody with none reaches nothing but their name", async ({
    browse,
    server,
  }) => {
    const member = await browse("member");
    const name = unique("Only one");
    await create(member, name);
    await member.goto(list);
    await expect(rowOf(member, name)).toContainText("Northwind Labs");

    const admin = await browse("admin");
    await admin.goto(`${list}/new`);
    await expect(admin.getByText("You belong to no company")).toBeVisible();
    const token = await create(admin, unique("Nowhere"));
    const me = await callApi(server.url, token, "GET /public/v1/me");
    expect(me).toMatchObject({ status: 200, body: { email: "admin@latchkey.test" } });
    expect((await callApi(server.url, token, "GET /public/v1/projects")).body).toEqual({ projects: [] });
  });

  test("of a company whose plan has no API access is refused with that reason", async ({
    browse,
    server,
  }) => {
    const token = await create(await browse("outsider"), unique("Too early"));
    const answer = await callApi(server.url, token, "GET /public/v1/projects");
    expect(answer).toMatchObject({ status: 403, body: { error_description: expect.stringMatching(/plan/) } });
  });

  test("with a date of one's own ends when that day is over", async ({ browse }) => {
    const page = await browse("owner");
    const name = unique("Until Friday");
    const day = new Date(Date.now() + 9 * 24 * 3600_000).toISOString().slice(0, 10);
    await fillIn(page, name, { expiration: "Custom date" });
    await page.getByLabel("Expires on", { exact: true }).fill(day);
    await page.getByRole("button", { name: "Create token", exact: true }).click();
    await expect(page.getByLabel("Personal token", { exact: true })).toHaveAccessibleDescription(/23:59:59/);
    await page.goto(list);
    const until = rowOf(page, name).getByRole("cell").locator("time").last();
    await expect(until).toHaveAttribute("datetime", `${day}T23:59:59.999Z`);
  });

  test("is refused in words at each field, and the form keeps what was typed", async ({ browse }) => {
    const page = await browse("owner");
    await fillIn(page, "", { scopes: [], company: "Quarry Works", expiration: "Custom date" });
    const button = page.getByRole("button", { name: "Create token", exact: true });
    const name = page.getByLabel("Token name", { exact: true });
    const date = page.getByLabel("Expires on", { exact: true });
    await button.click();
    await expectProblem(name, /Give the token a name/);
    await expectProblem(page.getByRole("checkbox").first(), /Choose at least one/);
    await expectProblem(date, /Enter a date/);
    await expect(name).toBeFocused();

    await name.fill("Laptop\u202e");
    await page.getByRole("checkbox", { name: write, exact: true }).check();
    await date.fill("2020-01-01");
    await button.click();
    await expectProblem(name, /visible characters/);
    await expectProblem(date, /This day is over/);
    await date.fill(`${new Date().getUTCFullYear() + 2}-01-01`);
    await name.fill("Laptop");
    await button.click();
    await expectProblem(date, /within one year/);
    await expect(name).toHaveValue("Laptop");
    await expect(page.getByRole("checkbox", { name: write, exact: true })).toBeChecked();
    await expect(page.getByRole("checkbox", { name: read, exact: true })).not.toBeChecked();
    for (const [label, chosen] of [
      ["Company", "Quarry Works"],
      ["Expiration", "Custom date"],
    ] as const)
      await expect(page.getByLabel(label, { exact: true }).locator("option:checked")).toHaveText(chosen);
    await page.getByLabel("Expiration", { exact: true }).selectOption("7 days");
    await expect(date).toBeHidden();
    await expect(page).toHaveURL(`${list}/new`);
  });

  test("can be made and revoked with the keyboard alone", async ({ browse, server }) => {
    const page = await browse("member");
    const name = unique("By hand");
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.goto(`${list}/new`);
    await page.getByLabel("Token name", { exact: true }).focus();
    await page.keyboard.type(name);
    await press("Tab");
    await expect(page.getByRole("checkbox", { name: read, exact: true })).toBeFocused();
    await press("Tab", "Space", "Tab");
    await expect(page.getByLabel("Expiration", { exact: true })).toBeFocused();
    await press("Tab");
    await expect(page.getByLabel("Allowed addresses", { exact: true })).toBeFocused();
    await press("Tab");
    await expect(page.getByRole("button", { name: "Create token", exact: true })).toBeFocused();
    await press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: `${name} is ready` })).toBeFocused();
    const token = await page.getByLabel("Personal token", { exact: true }).inputValue();
    expect((await callApi(server.url, token, "GET /public/v1/me")).body).toMatchObject({
      scopes: ["read", "write"],
    });

    await page.goto(list);
    await rowOf(page, name).getByRole("button", { name: "Revoke", exact: true }).focus();
    await press("Enter");
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).focus();
    await press("Enter");
    await expectGone(page, rowOf(page, name));
    expect(await callApi(server.url, token, "GET /public/v1/me")).toMatchObject({ status: 401 });
  });

  test("can be made without JavaScript, and the form keeps what was typed there, too", async ({
    browse,
    server,
  }) => {
    const page = await browse("owner", { javaScriptEnabled: false });
    await fillIn(page, "", { scopes: [write], company: "Quarry Works", expiration: "Custom date" });
    const date = page.getByLabel("Expires on", { exact: true });
    await expect(date).toBeVisible();
    await date.fill("2020-01-01");
    const button = page.getByRole("button", { name: "Create token", exact: true });
    await button.click();
    const name = page.getByLabel("Token name", { exact: true });
    await expectProblem(name, /Give the token a name/);
    await expectProblem(date, /This day is over/);
    await expect(page.getByRole("checkbox", { name: write, exact: true })).toBeChecked();
    await expect(page.getByRole("checkbox", { name: read, exact: true })).not.toBeChecked();
    await expect(page.getByLabel("Company", { exact: true }).locator("option:checked")).toHaveText(
      "Quarry Works",
    );
    await expect(date).toHaveValue("2020-01-01");
    await name.fill(unique("Plain"));
    await page.getByLabel("Expiration", { exact: true }).selectOption("7 days");
    await button.click();
    const token = await page.getByLabel("Personal token", { exact: true }).inputValue();
    const me = await callApi(server.url, token, "GET /public/v1/me");
    expect(me.body).toMatchObject({ scopes: ["write"], workspace: { name: "Quarry Works" } });
  });

  test("is not made by a forged form: a scope, a company or a lifetime that was not offered, or nobody signed in", async ({
    browse,
    visitor,
    expectedNoise,
  }) => {
    expectedNoise.push(...heldNoise);
    const page = await browse("owner");
    const name = unique("Forged");
    const held = await holdAction(page, `${list}/new`, async () => {
      await fillIn(page, name, { company: "Quarry Works", expiration: "7 days" });
      await page.getByRole("button", { name: "Create token", exact: true }).click();
    });
    const { cookie } = await visitor("owner");
    const company = /name="[^"]*company"\r\n\r\n([0-9A-Za-z]+)/.exec(held.body.toString("latin1"))?.[1] ?? "";
    expect(company).not.toBe("");
    const value = (text: string) => `\r\n\r\n${text}\r\n`;
    const forgeries: [string, string, string, string][] = [
      ["a scope only administrators hold", cookie, value("read"), value("admin")],
      ["a scope that does not exist", cookie, value("read"), value("everything")],
      ["a company of somebody else", cookie, value(company), value("another")],
      ["another person, who has another company", (await visitor("member")).cookie, "", ""],
      ["a lifetime of ten years", cookie, value("7"), value("3650")],
      ["a token without an end", cookie, value("7"), value("never")],
      ["a date in the past", cookie, value("7"), value("custom")],
      ["nobody", "", "", ""],
    ];
    for (const [what, who, from, to] of forgeries) {
      const answer = await sendAction(held, who, [from, to]);
      expect(answer, what).not.toMatch(/pat_[0-9A-Za-z]{20}/);
    }
    for (const who of ["owner", "member"] as const)
      expect(await (await visit(await visitor(who), list)).text()).not.toContain(name);
    // The very same request makes a token when nothing in it is changed.
    expect(await sendAction(held, cookie)).toMatch(/pat_[0-9A-Za-z]{20}/);
    expect(await (await visit(await visitor("owner"), list)).text()).toContain(name);
  });
});

test.describe("Authorized apps", () => {
  test("An app does not get what is not the person's to give, and the consent screen says so", async ({
    browse,
    openClient,
    register,
  }) => {
    const client = await openClient();
    await register(client, { scopes: ["read", "admin"] });
    const person = await browse("member");
    await person.goto(client.start({ scope: "read admin" }));
    await expect(person.getByText(`Not yours to give: ${administer}`)).toBeVisible();
    await expect(person.getByRole("listitem").filter({ hasText: administer })).toHaveCount(0);
    await expect(person.getByText("Cannot administer")).toHaveCount(0);
    await expect(person.getByText("Cannot create and change projects")).toBeVisible();
    await person.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(person.getByRole("heading", { name: "Connected" })).toBeVisible();
    expect(client.tokens.at(-1)?.scope).toBe("read");

    const admin = await browse("admin");
    await admin.goto(client.start({ scope: "read admin" }));
    await expect(admin.getByRole("listitem").filter({ hasText: administer })).toBeVisible();
    await expect(admin.getByText("Not yours to give")).toHaveCount(0);
  });

  test("ARC-16 A person sees in their settings what each app may do and what they were shown, and takes it back at any time", async ({
    browse,
    openClient,
    register,
    server,
  }) => {
    const client = await openClient();
    const { name } = await register(client);
    const person = await browse("member");
    await person.goto(client.start({ scope: "read" }));
    await person.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(person.getByRole("heading", { name: "Connected" })).toBeVisible();

    await person.goto(server.url + consents);
    const entry = cardOf(person, name);
    for (const fact of [read, "Northwind Labs", "Never used", "1 working token, can renew its access"])
      await expect(entry).toContainText(fact);
    const receipt = entry.getByRole("group").filter({ hasText: "What you allowed" });
    await expect(receipt.getByText("Names and status of every project in the company")).toBeHidden();
    await receipt.getByText("What you allowed").click();
    await expect(receipt.getByText("Names and status of every project in the company")).toBeVisible();
    for (const fact of ["UTC", `${name}, made by Olivia Owner`, "Northwind Labs", "localhost", read])
      await expect(receipt).toContainText(fact);
    await expect(receipt).not.toContainText(write);

    const settings = await browse("member");
    await settings.goto(server.url + consents);
    await cardOf(settings, name).getByRole("button", { name: "Revoke access", exact: true }).click();
    const dialog = settings.getByRole("dialog");
    await expect(dialog).toContainText("can no longer renew its access");
    await dialog.getByRole("button", { name: "Revoke access", exact: true }).click();
    await expectGone(settings, cardOf(settings, name));
    await expect(cardOf(person, name)).toHaveCount(1); // as it was loaded
    await person.reload();
    await expect(cardOf(person, name)).toHaveCount(0);
  });

  test("ARC-17 Revoke access deletes every access token and refresh token of that app for that person, and no other", async ({
    browse,
    openClient,
    register,
    server,
    visitor,
  }) => {
    const client = await openClient();
    const [app, other] = [await register(client), await register(await openClient())];
    const as = await discover(server.url);
    const connect = async (who: "member" | "manager", to = app, redirect_uri = client.redirect_uri) => {
      const made = await attempt(as, to, redirect_uri, { scope: "read write" });
      return exchange(as, to, made, await decide(await visitor(who), made.url));
    };
    const ended = [await connect("member"), await connect("member")];
    const kept = [await connect("manager")];
    expect(other.client_id).not.toBe(app.client_id);
    const personal = await create(await browse("member"), unique("Stays"));

    const page = await browse("member");
    await page.goto(consents);
    await cardOf(page, app.name).getByRole("button", { name: "Revoke access", exact: true }).click();
    await expect(page.getByRole("dialog")).toContainText("2 tokens");
    await page.getByRole("dialog").getByRole("button", { name: "Revoke access", exact: true }).click();
    await expectGone(page, cardOf(page, app.name));

    const alive = async (token: string) =>
      (await callApi(server.url, token, "GET /public/v1/projects")).status === 200;
    const renewed = async (refresh_token = "") =>
      requestToken(server.url, app, { grant_type: "refresh_token", refresh_token });
    for (const { access_token, refresh_token } of ended) {
      expect(refresh_token).toMatch(/^rt_/);
      expect(await alive(access_token)).toBe(false);
      expect(await renewed(refresh_token)).toMatchObject({ body: { error: "invalid_grant" } });
    }
    for (const { access_token, refresh_token } of kept) {
      expect(await alive(access_token)).toBe(true);
      expect(await renewed(refresh_token)).toMatchObject({ status: 200 });
    }
    expect(await alive(personal)).toBe(true);
  });
});

for (const device of devices) {
  test(`Making a personal token is accessible on a ${device}, with its errors and with the token`, {
    tag: "@once",
  }, async ({ browse, server }) => {
    test.slow(); // four states, two colour schemes
    const page = await browse("owner", sizeOf(device));
    await page.goto(`${list}/new`);
    await look(page, device, "token-new");
    await fillIn(page, "", { scopes: [], expiration: "Custom date" });
    await page.getByRole("button", { name: "Create token", exact: true }).click();
    await expect(page.getByLabel("Token name", { exact: true })).toHaveAttribute("aria-invalid", "true");
    await look(page, device, "token-new-errors");
    await create(page, "A token with a name of sixty characters: that is the longest", {
      scopes: [read, write],
      expiration: "7 days",
    });
    await look(page, device, "token-ready");
    const admin = await browse("admin", sizeOf(device));
    await admin.goto(`${server.url}${list}/new`);
    await look(admin, device, "token-new-admin");
  });

  test(`The list of personal tokens and the receipts are accessible on a ${device}`, {
    tag: "@once",
  }, async ({ browse, openClient, register, server }) => {
    test.slow();
    const page = await browse("owner", sizeOf(device));
    await create(page, unique("Laptop"), { company: "Northwind Labs", expiration: "1 year" });
    const client = await openClient();
    const { name } = await register(client);
    for (const scope of ["read", "read write"]) {
      await page.goto(client.start({ scope }));
      await page.getByRole("button", { name: "Allow", exact: true }).click();
      await expect(page.getByRole("heading", { name: "Connected" })).toBeVisible();
    }
    await page.goto(server.url + list);
    await look(page, device, "tokens-personal");
    await page.goto(server.url + consents);
    await cardOf(page, name).getByText("What you allowed").click();
    await look(page, device, "consents-receipt");
    const curious = await openClient();
    await register(curious, { scopes: ["read", "admin"] });
    await page.goto(curious.start({ scope: "read admin" }));
    await expect(page.getByText("Not yours to give")).toBeVisible();
    await look(page, device, "consent-left-out");
  });
}

/** An app's card under Authorized apps. */
function cardOf(page: Page, name: string): Locator {
  return page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
}
