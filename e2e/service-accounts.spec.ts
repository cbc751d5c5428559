// Service accounts and the installation's settings: what an administrator does there, and that nobody else can.

import type { Locator, Page } from "@playwright/test";
import { heldNoise, holdAction, sendAction } from "./support/actions.ts";
import { changeSettings, createServiceAccount, type ServiceAccount } from "./support/admin.ts";
import { callApi, requestToken } from "./support/api.ts";
import { discover } from "./support/client.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import { expect, password, test, unique } from "./support/test.ts";
import { postSignIn, visit } from "./support/visitor.ts";

const accounts = "/admin/service-accounts";
const byKey = { grant_type: "client_credentials" };

/** A name and a username nothing else has. */
function naming(what: string) {
  const name = unique(what);
  return { name, username: name.toLowerCase().replace(/[^a-z0-9]+/g, "-") };
}

async function made(page: Page, what = "Sync"): Promise<ServiceAccount> {
  const { name, username } = naming(what);
  return createServiceAccount(page, name, { username });
}

const keyOf = ({ apiKey, apiSecret }: ServiceAccount, secret = apiSecret) => ({
  client_id: apiKey,
  client_secret: secret,
});

/** Opens the properties of an account that was just made. */
async function openAccount(page: Page, { name }: ServiceAccount) {
  await page.getByRole("link", { name: `Open ${name}`, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
}

const button = (within: Page | Locator, name: string) => within.getByRole("button", { name, exact: true });

test.describe("Service accounts", () => {
  test("VVT-01 VVT-15 A key and a secret come from the account's properties and from a registered app's page; the key brings an access and a refresh token", async ({
    browse,
    server,
    register,
    openClient,
  }) => {
    const page = await browse("admin");
    const { name, username } = naming("Nightly sync");
    await page.goto(accounts);
    await page.getByRole("link", { name: "Create service account", exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 1, name: "Create service account" })).toBeVisible();
    const account = await createServiceAccount(page, name, { username, scope: "Read and write" });
    expect([account.username, account.password.length >= 20]).toEqual([username, true]);
    for (const label of ["API Key", "API Secret", "Username", "Password"])
      await expect(page.getByLabel(label, { exact: true })).toHaveAttribute("readonly", "");
    await expect(button(page, "Copy")).toHaveCount(6); // four of them, and two examples
    await expect(page.getByText("not shown again")).toBeVisible();

    const issued = await requestToken(server.url, keyOf(account), { ...byKey, scope: "read" });
    expect(issued).toMatchObject({
      status: 200,
      body: { token_type: "Bearer", expires_in: 1200, scope: "read", refresh_token: expect.any(String) },
    });
    const { access_token, refresh_token } = issued.body;
    const reached = await callApi(server.url, access_token, "GET /public/v1/workspaces");
    expect(reached.body.workspaces).toMatchObject([{ name: "Northwind Labs" }]);
    const next = await requestToken(server.url, keyOf(account), {
      grant_type: "refresh_token",
      refresh_token,
    });
    expect(next.status).toBe(200);

    await openAccount(page, account);
    await expect(page.getByLabel("API Key", { exact: true })).toHaveValue(account.apiKey);
    const content = await page.content();
    for (const secret of [account.apiSecret, account.password]) expect(content).not.toContain(secret);
    await button(page, "Issue API Secret").click();
    const dialog = page.getByRole("dialog", { name: "Issue API Secret" });
    const overlap = dialog.getByLabel("Old secret stays valid for", { exact: true });
    await expect(overlap.getByRole("option")).toHaveText(["Revoke now", "1 hour", "24 hours", "7 days"]);
    await overlap.selectOption("1 hour");
    await button(dialog, "Issue API Secret").click();
    const second = await page.getByLabel("API Secret", { exact: true }).inputValue();
    for (const secret of [account.apiSecret, second])
      expect(await requestToken(server.url, keyOf(account, secret), byKey)).toMatchObject({ status: 200 });

    const app = await register(await openClient(), { policy: "Classic with refresh tokens" });
    expect(await requestToken(server.url, app, byKey)).toMatchObject({
      status: 200,
      body: { access_token: expect.any(String), refresh_token: expect.any(String) },
    });
  });

  test("VVT-02 Only administrators issue keys: for others no page is there, and their requests change nothing", async ({
    browse,
    server,
    visitor,
    expectedNoise,
  }) => {
    expectedNoise.push(...heldNoise);
    const page = await browse("admin");
    const account = await made(page);
    await openAccount(page, account);
    const path = new URL(page.url()).pathname;
    const others = [await visitor("owner"), await visitor("manager"), await visitor("member")];
    for (const person of others) {
      for (const where of ["/admin", accounts, `${accounts}/new`, path, "/admin/settings"]) {
        const answer = await visit(person, where);
        const shown = await answer.text();
        expect([where, answer.status, shown.includes(account.name)]).toEqual([where, 404, false]);
      }
      expect(await (await visit(person, "/settings/profile")).text()).not.toContain("/admin/");
    }
    const signedOut = await fetch(server.url + path, { redirect: "manual" });
    expect(signedOut.status).toBe(307);
    expect(signedOut.headers.get("location")).toBe(`/login?next=${encodeURIComponent(path)}`);

    const inDialog = (name: string) => button(page.getByRole("dialog"), name);
    const wanted = naming("Forged");
    const held = {
      create: await holdAction(page, `${accounts}/new`, async () => {
        await page.getByLabel("Name", { exact: true }).fill(wanted.name);
        await page.getByLabel("Username", { exact: true }).fill(wanted.username);
        await page.getByLabel("Company", { exact: true }).selectOption("Northwind Labs");
        await button(page, "Create service account").click();
      }),
      issue: await holdAction(page, path, async () => {
        await button(page, "Issue API Secret").click();
        await page.getByLabel("Old secret stays valid for", { exact: true }).selectOption("Revoke now");
        await inDialog("Issue API Secret").click();
      }),
      revoke: await holdAction(page, path, async () => {
        await button(page, "Revoke").click();
        await inDialog("Revoke").click();
      }),
      password: await holdAction(page, path, async () => {
        await button(page, "Reset password").click();
        await inDialog("Reset password").click();
      }),
      suspend: await holdAction(page, path, async () => {
        await button(page, "Suspend").click();
        await inDialog("Suspend").click();
      }),
      delete: await holdAction(page, path, async () => {
        await button(page, "Delete account").click();
        await page.getByRole("dialog").getByRole("textbox").fill(account.username);
        await inDialog("Delete account").click();
      }),
      settings: await holdAction(page, "/admin/settings", async () => {
        await page.getByRole("checkbox", { name: "Password grant", exact: true }).check();
        await button(page, "Save settings").click();
      }),
    };
    for (const [what, request] of Object.entries(held)) {
      for (const cookie of [...others.map((person) => person.cookie), ""]) {
        const answer = await sendAction(request, cookie);
        expect(answer, what).not.toContain('"ok":true');
        expect(answer, what).not.toMatch(/cs_[0-9A-Za-z]{20}/);
      }
    }
    expect(await requestToken(server.url, keyOf(account), byKey)).toMatchObject({ status: 200 });
    expect((await discover(server.url)).grant_types_supported).not.toContain("password");
    const admin = await visitor("admin");
    const list = async () => (await visit(admin, `${accounts}?q=${wanted.username}`)).text();
    expect(await list()).toContain("Nothing matches");

    // The very same requests do work with the administrator's cookie: it was the cookie that was refused.
    expect(await sendAction(held.create, admin.cookie)).toMatch(/cs_[0-9A-Za-z]{20}/);
    expect(await list()).not.toContain("Nothing matches");
    await sendAction(held.suspend, admin.cookie);
    expect(await requestToken(server.url, keyOf(account), byKey)).not.toMatchObject({ status: 200 });
    await sendAction(held.delete, admin.cookie);
    expect((await visit(admin, path)).status).toBe(404);
  });

  test("The form says what is wrong with each field, keeps what was typed, and takes a username once", async ({
    browse,
  }) => {
    const page = await browse("admin");
    const first = await made(page);
    await page.goto(`${accounts}/new`);
    const name = page.getByLabel("Name", { exact: true });
    const username = page.getByLabel("Username", { exact: true });
    const create = button(page, "Create service account");
    await create.click();
    await expect(page.getByText("Give the account a name.")).toBeVisible();
    await expect(page.getByText("Choose a username.")).toBeVisible();
    await expect(page.getByText("Choose a company.")).toBeVisible();
    await expect(name).toBeFocused();
    await name.fill("Kept");
    await username.fill("owner@latchkey.test");
    await page.getByLabel("Company", { exact: true }).selectOption("Quarry Works");
    await create.click();
    await expect(page.getByText("3 to 41 characters")).toBeVisible();
    await expect(name).toHaveValue("Kept");
    await username.fill(first.username);
    await create.click();
    await expect(page.getByText("Another account has this username.")).toBeVisible();
    await expect(page.getByLabel("API Secret")).toHaveCount(0);
  });

  test("A secret is revoked, the password reset and shown once, the account suspended, reactivated and deleted", async ({
    browse,
    server,
  }) => {
    const page = await browse("admin");
    const account = await made(page);
    const { access_token } = (await requestToken(server.url, keyOf(account), byKey)).body;
    const works = async () => (await callApi(server.url, access_token, "GET /public/v1/me")).status === 200;
    await openAccount(page, account);
    const dialog = page.getByRole("dialog");

    await button(page, "Reset password").click();
    await expect(dialog).toContainText("The old one and every token it opened end at once");
    await button(dialog, "Reset password").click();
    const second = page.getByLabel("Password", { exact: true });
    await expect(second).toHaveValue(/^[0-9A-Za-z]{24}$/);
    expect(await second.inputValue()).not.toBe(account.password);
    expect(await works()).toBe(true);
    await page.reload();
    await expect(second).toHaveCount(0);

    await button(page, "Suspend").click();
    await expect(dialog).toContainText("1 token");
    await button(dialog, "Suspend").click();
    await expect(page.getByText("Suspended", { exact: true })).toBeVisible();
    expect(await works()).toBe(false);
    expect(await requestToken(server.url, keyOf(account), byKey)).toMatchObject({ status: 401 });
    await button(page, "Reactivate").click();
    await expect(button(page, "Suspend")).toBeVisible();
    expect(await works()).toBe(true);

    await button(page, "Revoke").click();
    await expect(dialog).toContainText("only secret");
    await button(dialog, "Revoke").click();
    await expect(page.getByText("No secret works now.")).toBeVisible();
    expect(await requestToken(server.url, keyOf(account), byKey)).toMatchObject({ status: 401 });

    await button(page, "Delete account").click();
    const confirm = button(dialog, "Delete account");
    await expect(confirm).toBeDisabled();
    await dialog.getByRole("textbox").fill(account.username);
    await confirm.click();
    await expect(page).toHaveURL(accounts);
    await expect(page.getByText(account.name, { exact: true })).toHaveCount(0);
    expect(await works()).toBe(false);
  });

  test("A service account is nobody at the sign-in page", { tag: "@once" }, async ({ browse, server }) => {
    const account = await made(await browse("admin"));
    const wrong = await postSignIn(server.url, { email: "nobody@latchkey.test", password });
    const answer = await postSignIn(server.url, { email: account.username, password: account.password });
    expect([answer.headers.get("location"), answer.headers.get("set-cookie")]).toEqual([
      wrong.headers.get("location"),
      null,
    ]);
  });

  test("An account is made with the keyboard alone", { tag: "@once" }, async ({ browse }) => {
    const page = await browse("admin");
    const { name, username } = naming("Typed");
    await page.goto(accounts);
    await page.getByRole("link", { name: "Create service account", exact: true }).first().focus();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${accounts}/new`);
    await page.getByLabel("Name", { exact: true }).focus();
    await page.keyboard.type(name);
    await page.keyboard.press("Tab");
    await page.keyboard.type(username);
    await page.keyboard.press("Tab");
    await page.keyboard.type("Northwind");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Read and");
    await page.keyboard.press("Tab");
    await expect(button(page, "Create service account")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: `${name} is ready` })).toBeFocused();
  });
});

test.describe("Settings", () => {
  const asItBegins = {
    "Implicit grant": false,
    "Password grant": false,
    "Personal tokens without expiry": false,
    registration: "Open",
  } as const;
  // Tests of one worker share a server: whatever happened, the next ones find it as it begins.
  test.afterEach(async ({ browse }) => changeSettings(await browse("admin"), asItBegins));

  test("What an administrator turns on is advertised, what is off is not, and the page says who changed it", async ({
    browse,
    server,
  }) => {
    const page = await browse("admin");
    await changeSettings(page, asItBegins);
    const grants = async () => (await discover(server.url)).grant_types_supported;
    expect(await grants()).not.toEqual(expect.arrayContaining(["password"]));
    await expect(page.getByText("each app still needs its own switch with an end date")).toBeVisible();
    await changeSettings(page, { "Implicit grant": true, "Password grant": true, registration: "By role" });
    expect(await grants()).toEqual(expect.arrayContaining(["password", "implicit"]));
    await page.reload();
    await expect(page.getByText(/^Last changed by Ada Admin/)).toBeVisible();
    for (const [name, on] of [
      ["Implicit grant", true],
      ["Password grant", true],
      ["Personal tokens without expiry", false],
    ] as const)
      await expect(page.getByRole("checkbox", { name, exact: true })).toBeChecked({ checked: on });
    await expect(page.getByRole("radio", { name: "By role", exact: true })).toBeChecked();
  });

  test("A forged value is refused and changes nothing", { tag: "@once" }, async ({
    browse,
    visitor,
    expectedNoise,
  }) => {
    expectedNoise.push(...heldNoise);
    const page = await browse("admin");
    const save = await holdAction(page, "/admin/settings", async () => {
      await page.getByRole("radio", { name: "By role", exact: true }).check();
      await button(page, "Save settings").click();
    });
    const answer = await sendAction(save, (await visitor("admin")).cookie, [
      "\r\n\r\nrole\r\n",
      "\r\n\r\nnone\r\n",
    ]);
    expect(answer).toContain("Choose one of these.");
    await page.reload();
    await expect(page.getByRole("radio", { name: "Open", exact: true })).toBeChecked();
  });
});

for (const device of devices) {
  test(`Making and listing service accounts, and the settings, are accessible on a ${device}`, {
    tag: "@once",
  }, async ({ browse }) => {
    const page = await browse("admin", sizeOf(device));
    await page.goto(`${accounts}?q=nothing+has+this+name`);
    await look(page, device, "service-accounts-no-match");
    await page.goto(`${accounts}/new`);
    await button(page, "Create service account").click();
    await expect(page.getByText("Give the account a name.")).toBeVisible();
    await look(page, device, "service-account-new-errors");
    const long = naming("The nightly export of every project to the warehouse");
    await createServiceAccount(page, long.name.slice(0, 60), {
      username: long.username.slice(-41).replace(/^-/, "x"),
      scope: "Read and write",
    });
    await look(page, device, "service-account-ready");
    await page.goto(accounts);
    await look(page, device, "service-accounts");
    await page.goto("/admin/settings");
    await look(page, device, "settings");
  });

  test(`The properties of a service account and their dialogs are accessible on a ${device}`, {
    tag: "@once",
  }, async ({ browse, server }) => {
    const page = await browse("admin", sizeOf(device));
    const dialog = page.getByRole("dialog");
    const account = await made(page);
    await requestToken(server.url, keyOf(account), byKey);
    await openAccount(page, account);
    await button(page, "Issue API Secret").click();
    await expect(dialog).toBeVisible();
    await look(page, device, "service-account-issue");
    await button(dialog, "Issue API Secret").click();
    await expect(page.getByLabel("API Secret", { exact: true })).toBeVisible();
    await expect(dialog).toBeHidden();
    await button(page, "Reset password").click();
    await expect(dialog).toBeVisible();
    await look(page, device, "service-account-reset");
    await button(dialog, "Reset password").click();
    await expect(page.getByLabel("Password", { exact: true })).toBeVisible();
    await expect(dialog).toBeHidden();
    await look(page, device, "service-account-once");
    await button(page, "Suspend").click();
    await button(dialog, "Suspend").click();
    await expect(button(page, "Reactivate")).toBeVisible();
    await look(page, device, "service-account-suspended");
    await button(page, "Delete account").click();
    await expect(dialog).toBeVisible();
    await look(page, device, "service-account-delete");
  });
}
