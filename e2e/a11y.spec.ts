// Every page and state, on a desk and on a phone, light and dark: axe finds nothing, nothing scrolls sideways, there is
// one h1. With SCREENS=1 test-results/screens has a picture of each.

import type { Page } from "@playwright/test";
import { requestToken } from "./support/api.ts";
import { devices, look as lookAt, sizeOf } from "./support/look.ts";
import { png } from "./support/pictures.ts";
import { expect, password, people, test } from "./support/test.ts";

const apps = "/settings/api-access/apps";
const settings = "/settings/api-access";

test.describe.configure({ mode: "parallel", timeout: 300_000 }); // each look goes through all of axe

for (const device of devices) {
  const phone = device === "phone";
  const options = sizeOf(device);
  const look = (page: Page, name: string) => lookAt(page, device, name);

  test(`Sign-in, consent and the pages that end a request are accessible on a ${device}`, {
    tag: "@once",
  }, async ({ browse, openClient, register, server }) => {
    const client = await openClient();
    const { name } = await register(client, { owner: "manager" });
    const page = await browse(null, options);
    await page.goto("/login");
    await look(page, "login");
    await page.goto(client.start({ scope: "read" }));
    await expect(page.getByText(`to continue to ${name}`)).toBeVisible();
    await page.getByLabel("Email", { exact: true }).fill(people.member);
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByText("Email or password is wrong.")).toBeVisible();
    await look(page, "login-refused");

    const member = await browse("member", options);
    await member.goto(client.start({ scope: "read" }));
    await look(member, "consent");
    await member.getByRole("button", { name: "Allow", exact: true }).click();
    await member.goto(client.start({ scope: "read write" }));
    await expect(member.getByText("New", { exact: true })).toBeVisible();
    await look(member, "consent-wider");

    const pictured = await openClient();
    const long = "An app with a name of sixty characters, which is the longest";
    await register(pictured, { owner: "manager", name: long, logo: png() });
    const owner = await browse("owner", options);
    await owner.goto(pictured.start({ scope: "read write" }));
    await expect(owner.getByLabel("Company", { exact: true })).toBeVisible();
    await look(owner, "consent-companies");
    const question = new URL(owner.url());
    question.searchParams.set("changed", "1");
    await owner.goto(question.href);
    await look(owner, "consent-changed");

    await owner.goto(`${server.url}/consent?request=gone`);
    await look(owner, "consent-expired");
    await owner.goto(`${server.url}/oauth/authorize?client_id=nobody`);
    await look(owner, "authorize-refused");
    await owner.goto(`${server.url}/nowhere`);
    await look(owner, "not-found");
  });

  test(`The lists of apps, tokens and approvals are accessible on a ${device}, full and empty`, {
    tag: "@once",
  }, async ({ browse, openClient, register, server }) => {
    const empty = await browse("admin", options);
    await empty.goto(apps);
    await look(empty, "apps-empty");
    await empty.goto(`${settings}/tokens`);
    await look(empty, "tokens-empty");
    await empty.goto(`${settings}/consents`);
    await look(empty, "consents-empty");

    const page = await browse("owner", options);
    for (const [company, policy] of [
      ["Quarry Works", "Long-lived tokens"],
      ["Northwind Labs", "Standard (recommended)"],
    ] as const) {
      const client = await openClient();
      await register(client, { policy, logo: company === "Quarry Works" ? png() : undefined });
      await page.goto(client.start({ scope: "read write" }));
      await page.getByLabel("Company", { exact: true }).selectOption(company);
      await page.getByRole("button", { name: "Allow", exact: true }).click();
      await expect(page.getByRole("heading", { name: "Connected" })).toBeVisible();
    }
    await page.goto(server.url + apps);
    await look(page, "apps");
    if (phone) {
      await page.locator("header > details > summary").click();
      await look(page, "menu");
    }
    await page.goto(`${server.url}${apps}?q=no+such+app`);
    await look(page, "apps-no-match");
    await page.goto(`${server.url}${settings}/tokens`);
    await look(page, "tokens");
    await openDialog(page, "Revoke");
    await look(page, "tokens-revoke");
    await page.goto(`${server.url}${settings}/consents`);
    await look(page, "consents");
    await openDialog(page, "Revoke access");
    await look(page, "consents-revoke");
    await page.goto(`${server.url}/settings/profile`);
    await look(page, "profile");
  });

  test(`Making an app is accessible on a ${device}, with its errors and with its credentials`, {
    tag: "@once",
  }, async ({ browse }) => {
    const page = await browse("owner", options);
    const create = page.getByRole("button", { name: "Create app", exact: true });
    const name = page.getByLabel("App name", { exact: true });
    await page.goto(`${apps}/new`);
    await look(page, "new");
    await create.click();
    await expect(name).toHaveAttribute("aria-invalid", "true");
    await look(page, "new-errors");
    await name.fill("Harbour Ledger");
    await page.getByRole("radio", { name: "Redirect domain", exact: true }).check();
    await page
      .getByRole("textbox", { name: "Redirect domain", exact: true })
      .fill("https://ledger.northwind.example/oauth");
    await page.getByLabel("Policy", { exact: true }).selectOption({ label: "Long-lived tokens" });
    await look(page, "new-domain");
    await create.click();
    await expect(page.getByLabel("Client Secret", { exact: true })).toBeVisible();
    await look(page, "new-ready");
  });

  test(`The pages of an app are accessible on a ${device}, and so are their dialogs`, {
    tag: "@once",
  }, async ({ browse, openClient, register, server }) => {
    const app = await register(await openClient(), { policy: "Long-lived tokens", logo: png() });
    const form = {
      grant_type: "authorization_code",
      code: "any",
      redirect_uri: "https://yourapp.com/callback",
    };
    await requestToken(server.url, { ...app, client_secret: password }, form);
    await fetch(
      `${server.url}/oauth/authorize?client_id=${app.client_id}&redirect_uri=https://yourapp.com/other`,
    );
    const page = await browse("owner", options);
    const base = `${apps}/${app.client_id}`;
    await page.goto(base);
    await look(page, "app");
    await openDialog(page, "Delete app");
    await look(page, "app-delete");
    await page.goto(`${base}/edit`);
    await look(page, "app-edit");
    await page.goto(`${base}/credentials`);
    await look(page, "credentials");
    await openDialog(page, "Rotate secret");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Old secret stays valid for", { exact: true }).selectOption("24 hours");
    await look(page, "credentials-rotate");
    await dialog.getByRole("button", { name: "Rotate secret", exact: true }).click();
    await expect(page.getByLabel("Client Secret", { exact: true })).toBeVisible();
    await expect(dialog).toBeHidden();
    await look(page, "credentials-rotated");
    await openDialog(page, "Revoke");
    await look(page, "credentials-revoke");
    await page.goto(`${base}/policy`);
    await look(page, "policy");
    await page.goto(`${base}/activity`);
    await page.locator("main summary").first().click();
    await look(page, "activity");
    const other = await browse("member", options);
    await other.goto(base);
    await look(other, "app-of-another");
  });
}

async function openDialog(page: Page, name: string) {
  await page.getByRole("button", { name, exact: true }).first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
}
