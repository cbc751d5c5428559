// One inventory of every credential: a person's tokens with what has ended, and an administrator's one table.

import type { Page } from "@playwright/test";
import { callApi } from "./support/api.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import { expect, expectGone, test, unique } from "./support/test.ts";
import { visit } from "./support/visitor.ts";

const list = "/settings/api-access/tokens";
const admin = "/admin/tokens";
const projects = "GET /public/v1/projects";

interface Wishes {
  company?: string;
  expiration?: string;
  addresses?: string;
}

/** @returns the token's value */
async function create(page: Page, name: string, wishes: Wishes = {}): Promise<string> {
  const { company = "Northwind Labs", expiration, addresses } = wishes;
  await page.goto(`${list}/new`);
  await page.getByLabel("Token name", { exact: true }).fill(name);
  await page.getByLabel("Company", { exact: true }).selectOption(company);
  if (expiration) await page.getByLabel("Expiration", { exact: true }).selectOption(expiration);
  if (addresses) await page.getByLabel("Allowed addresses", { exact: true }).fill(addresses);
  await page.getByRole("button", { name: "Create token", exact: true }).click();
  return page.getByLabel("Personal token", { exact: true }).inputValue();
}

const rowOf = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

/** Presses Regenerate in the row of a token and answers the dialog. @returns the new value */
async function regenerate(page: Page, name: string, overlap: string): Promise<string> {
  await page.goto(list);
  await rowOf(page, name).getByRole("button", { name: "Regenerate", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Old token stays valid for", { exact: true }).selectOption(overlap);
  await dialog.getByLabel("Expiration", { exact: true }).selectOption("90 days");
  await dialog.getByRole("button", { name: "Regenerate", exact: true }).click();
  const value = await dialog.getByLabel("Personal token", { exact: true }).inputValue();
  await dialog.getByRole("button", { name: "Done", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  return value;
}

test.describe("A person's tokens", () => {
  test("are regenerated with an overlap: both work, and the old one says that it is replaced", async ({
    browse,
    server,
  }) => {
    const page = await browse("owner");
    const name = unique("Backup");
    const old = await create(page, name);
    const token = await regenerate(page, name, "1 hour");
    expect(token).toMatch(/^pat_[0-9A-Za-z]{36}$/);
    expect(token).not.toBe(old);
    for (const value of [old, token])
      expect(await callApi(server.url, value, projects)).toMatchObject({ status: 200 });
    const rowOfValue = (value: string) => rowOf(page, `pat_…${value.slice(-4)}`);
    await expect(rowOfValue(old)).toContainText("Replaced, ends in 1 hour");
    await expect(rowOfValue(old).getByRole("button", { name: "Regenerate" })).toHaveCount(0);
    await expect(rowOfValue(token)).toContainText("in 90 days");
    await page.reload();
    expect(await page.content()).not.toContain(token);
  });

  test("are regenerated at once: the old one is refused with the next request, and stays in sight as replaced", async ({
    browse,
    server,
  }) => {
    const page = await browse("owner");
    const name = unique("Leaked");
    const old = await create(page, name);
    const token = await regenerate(page, name, "Revoke now");
    expect(await callApi(server.url, old, projects)).toMatchObject({ status: 401 });
    expect(await callApi(server.url, token, projects)).toMatchObject({ status: 200 });
    await expect(rowOf(page, name)).toHaveCount(1);
    await page.getByRole("link", { name: "Revoked", exact: true }).click();
    await expect(page).toHaveURL(`${list}?show=revoked`);
    await expect(rowOf(page, name)).toContainText("Replaced just now");
    await expect(rowOf(page, name)).toContainText(`pat_…${old.slice(-4)}`);
  });

  test("are found by state, app and scope, and each view has an address", async ({ browse }) => {
    const page = await browse("owner");
    const name = unique("Filtered");
    await create(page, name);
    await page.goto(list);
    await page.getByLabel("App", { exact: true }).selectOption("Made by you");
    await page.getByLabel("Scope", { exact: true }).selectOption("read");
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await expect(page).toHaveURL(`${list}?app=own&scope=read`);
    await expect(rowOf(page, name)).toHaveCount(1);
    await page.goto(`${list}?scope=admin`);
    await expect(page.getByRole("heading", { name: "No such token" })).toBeVisible();
    await page.goto(`${list}?scope=%00&app=${"x".repeat(99)}&show=everything&after=%00`);
    await expect(rowOf(page, name)).toHaveCount(1);

    await rowOf(page, name).getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await expectGone(page, rowOf(page, name));
    await page.goto(`${list}?show=revoked&app=own`);
    await expect(rowOf(page, name)).toContainText("Revoked just now");
    await page.goto(`${list}?show=expired`);
    await expect(rowOf(page, name)).toHaveCount(0);
  });

  test("that end within a week say so in words", async ({ browse }) => {
    const page = await browse("owner");
    const name = unique("Short");
    await create(page, name, { expiration: "7 days" });
    await page.goto(list);
    await expect(rowOf(page, name)).toContainText("Expires soon, in 7 days");
  });

  test("are asked for by a link that fills the form in, says so, and makes nothing by itself", async ({
    browse,
    visitor,
  }) => {
    const page = await browse("owner");
    const name = unique("From a link");
    const link = new URLSearchParams({ name, scopes: "read,write", expiration: "60", company: "all" });
    await page.goto(`${list}/new?${link}`);
    await expect(page.getByText("A link filled this form in.")).toBeVisible();
    await expect(page.getByLabel("Token name", { exact: true })).toHaveValue(name);
    for (const box of await page.getByRole("checkbox").all()) await expect(box).toBeChecked();
    await expect(page.getByLabel("Expiration", { exact: true }).locator("option:checked")).toHaveText(
      "60 days",
    );
    expect(await (await visit(await visitor("owner"), list)).text()).not.toContain(name);

    await page.goto(`${list}/new?name=%E2%80%AEevil&scopes=admin&expiration=9999&company=another&submit=1`);
    await expect(page.getByText("A link filled this form in.")).toHaveCount(0);
    await expect(page.getByLabel("Token name", { exact: true })).toHaveValue("");
    await page.goto(`${list}/new?name=a&name=b&scopes=%00`);
    await expect(page.getByLabel("Token name", { exact: true })).toHaveValue("");
  });

  test("may be for some addresses alone: calls from elsewhere are refused with that reason", async ({
    browse,
    server,
  }) => {
    const page = await browse("owner");
    const here = await create(page, unique("Here"), { addresses: "127.0.0.0/8\n::1" });
    expect(await callApi(server.url, here, projects)).toMatchObject({ status: 200 });
    const name = unique("Elsewhere");
    const elsewhere = await create(page, name, { addresses: "203.0.113.0/24\n2001:db8::/32" });
    expect(await callApi(server.url, elsewhere, projects)).toMatchObject({
      status: 401,
      body: { error: "invalid_token", error_description: "the token may not be used from this address" },
    });
    await page.goto(list);
    await expect(rowOf(page, name)).toContainText("Only from 203.0.113.0/24 and 1 more");

    await page.goto(`${list}/new`);
    await page.getByLabel("Token name", { exact: true }).fill("Wrong");
    const field = page.getByLabel("Allowed addresses", { exact: true });
    await field.fill("203.0.113.7/24");
    await page.getByRole("button", { name: "Create token", exact: true }).click();
    await expect(field).toHaveAccessibleDescription(/203\.0\.113\.0\/24 is that network/);
    await expect(field).toHaveValue("203.0.113.7/24");
  });
});

test.describe("An administrator", () => {
  test("pastes a token, sees whose it is and whether it works, and neither the address nor the log has it", async ({
    browse,
    server,
  }) => {
    const name = unique("Found in a log");
    const token = await create(await browse("owner"), name);
    const page = await browse("admin");
    await page.goto("/admin");
    await page.getByRole("link", { name: "Tokens", exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 1, name: "Tokens", exact: true })).toBeVisible();
    const field = page.getByLabel("Find a token or secret", { exact: true });
    const find = page.getByRole("button", { name: "Find", exact: true });
    await field.fill(token);
    await find.click();
    const answer = page.getByRole("status").filter({ hasText: `pat_…${token.slice(-4)}` });
    for (const fact of ["Works", name, "owner@latchkey.test", "Northwind Labs", "read"])
      await expect(answer).toContainText(fact);
    expect(page.url()).not.toContain(token.slice(4, 20));

    await field.fill(`pat_…${token.slice(-4)}`);
    await find.click();
    await expect(page).toHaveURL(`${admin}?kind=personal&ends=${token.slice(-4)}`);
    await rowOf(page, name).getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await expectGone(page, rowOf(page, name));
    expect(await callApi(server.url, token, projects)).toMatchObject({ status: 401 });

    await page.getByLabel("Find a token or secret", { exact: true }).fill(token);
    await find.click();
    await expect(answer).toContainText("Does not work");
    await expect(answer).toContainText("Revoked");
    await field.fill("nonsense that is no token at all");
    await find.click();
    await expect(field).toHaveAccessibleDescription(/no token or secret of ours/);
    expect(server.log()).not.toContain(token);
    await page.goto(`${admin}?show=ended&kind=personal`);
    await expect(rowOf(page, name)).toContainText("by");
  });

  test("counts what an app holds, and ends that and nothing that came after", async ({
    browse,
    openClient,
    register,
    server,
  }) => {
    const client = await openClient();
    const app = await register(client);
    const person = await browse("member");
    const connect = async () => {
      await person.goto(client.start({ scope: "read" }));
      const allow = person.getByRole("button", { name: "Allow", exact: true });
      await allow
        .or(person.getByRole("heading", { name: "Connected" }))
        .first()
        .waitFor();
      if (await allow.isVisible()) await allow.click();
      await expect(person.getByRole("heading", { name: "Connected" })).toBeVisible();
      return client.token();
    };
    test.slow(); // three authorizations
    const before = [await connect(), await connect()];
    const page = await browse("admin");
    await page.goto(`${admin}?app=${app.client_id}&kind=access`);
    await expect(page.getByRole("row").filter({ hasText: "Access token" })).toHaveCount(2);
    await page.getByRole("link", { name: "Revoke all of these", exact: true }).click();
    await expect(
      page.getByRole("heading", { name: `Revoke 2 credentials of app ${app.name}?` }),
    ).toBeVisible();
    const after = await connect();
    await page.getByRole("button", { name: "Revoke all", exact: true }).click();
    await expect(page.getByText("2 revoked.")).toBeVisible();
    for (const token of before)
      expect(await callApi(server.url, token, projects)).toMatchObject({ status: 401 });
    expect(await callApi(server.url, after, projects)).toMatchObject({ status: 200 });
    await page.goto(`${admin}/revoke?kind=access`);
    await expect(page).toHaveURL(`${admin}?kind=access`);
  });

  test("finds what one person has by their e-mail address; hostile filters are none", async ({ browse }) => {
    const name = unique("Hers");
    await create(await browse("owner"), name);
    const page = await browse("admin");
    await page.goto(admin);
    await page.getByLabel("User", { exact: true }).fill("owner@latchkey.test");
    await page.getByLabel("Kind", { exact: true }).selectOption("Personal token");
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await expect(page.getByRole("link", { name: /User: Olivia Owner/ })).toBeVisible();
    await expect(rowOf(page, name)).toHaveCount(1);
    await page.goto(`${admin}?user=nobody%40nowhere.test`);
    await expect(page.getByRole("heading", { name: "Nothing fits" })).toBeVisible();
    await page.goto(
      `${admin}?user=%00&app=%27&company=a&company=b&kind=x&show=x&ends=%25%25%25%25&after=x.y`,
    );
    await expect(page.getByRole("heading", { level: 1, name: "Tokens", exact: true })).toBeVisible();
    await page.goto(`${admin}?kind=access&ends=aaaa`);
    await expect(page.getByText("within one app, user or company")).toBeVisible();
  });

  test("is needed: for everybody else there is no such page", async ({ visitor }) => {
    for (const path of [admin, `${admin}/revoke?app=x`])
      expect((await visit(await visitor("owner"), path)).status).toBe(404);
  });
});

for (const device of devices) {
  test(`The lists of tokens are accessible on a ${device}, with what has ended and with their dialogs`, {
    tag: "@once",
  }, async ({ browse }) => {
    test.slow();
    const page = await browse("owner", sizeOf(device));
    const name = unique("Laptop");
    await create(page, unique("Soon"), { expiration: "7 days" });
    await create(page, name, { addresses: "203.0.113.0/24\n10.0.0.1" });
    await regenerate(page, name, "24 hours");
    await create(page, unique("Gone"));
    await page.goto(list);
    await page.getByRole("button", { name: "Revoke", exact: true }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await look(page, device, "tokens-filters");
    await page.getByRole("button", { name: "Regenerate", exact: true }).first().click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(page, device, "tokens-regenerate");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Regenerate", exact: true }).click();
    await expect(dialog.getByLabel("Personal token", { exact: true })).toBeVisible();
    await look(page, device, "tokens-regenerated");
    await page.goto(`${list}?show=revoked`);
    await look(page, device, "tokens-revoked");
    await page.goto(`${list}?show=expired`);
    await look(page, device, "tokens-expired");
    await page.goto(`${list}/new?name=Night+export&scopes=read&expiration=90`);
    await look(page, device, "token-new-from-link");
  });

  test(`The administrator's table of credentials is accessible on a ${device}`, {
    tag: "@once",
  }, async ({ browse, server }) => {
    test.slow();
    const token = await create(await browse("owner"), unique("A token with a long name in the list"));
    const page = await browse("admin", sizeOf(device));
    await page.goto(admin);
    await look(page, device, "admin-tokens");
    await page.getByLabel("Find a token or secret", { exact: true }).fill(token);
    await page.getByRole("button", { name: "Find", exact: true }).click();
    await expect(page.getByText("Works", { exact: true })).toBeVisible();
    await look(page, device, "admin-tokens-found");
    await page.goto(`${server.url}${admin}?user=owner%40latchkey.test`);
    await look(page, device, "admin-tokens-user");
    await page.getByRole("link", { name: "Revoke all of these", exact: true }).click();
    await expect(page.getByRole("button", { name: "Revoke all", exact: true })).toBeVisible();
    await look(page, device, "admin-tokens-revoke");
    await page.goto(`${server.url}${admin}?show=ended`);
    await look(page, device, "admin-tokens-ended");
  });
}
