// What developers can find out by themselves: where a credential is used, which secret still is, and why a request was
// refused, by the id its caller got.

import type { Locator, Page } from "@playwright/test";
import { callApi, requestToken } from "./support/api.ts";
import { attempt, discover } from "./support/client.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import type { App } from "./support/portal.ts";
import { expect, test } from "./support/test.ts";
import { decide, visit } from "./support/visitor.ts";

const apps = "/settings/api-access/apps";
const anyCode = { grant_type: "authorization_code", code: "any", redirect_uri: "http://localhost:4999/cb" };

const idOf = (answer: { headers: Headers }) => answer.headers.get("x-request-id") ?? "";

/** Looks a request up as its caller would quote it. */
async function find(page: Page, app: App, requestId: string): Promise<Locator> {
  await page.goto(`${apps}/${app.client_id}/activity`);
  await page.getByLabel("Request ID", { exact: true }).fill(requestId);
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`request=${requestId}`));
  return page.getByRole("table", { name: `Received and registered, request ${requestId}` });
}

const row = (table: Locator, name: string) =>
  table
    .getByRole("row")
    .filter({ has: table.page().getByRole("rowheader", { name: new RegExp(`^${name}`) }) });

test("A redirect URI with a wrong path is found by its request id, with the part that differs marked", async ({
  browse,
  openClient,
  register,
  server,
  visitor,
}) => {
  const app = await register(await openClient(), { uris: "https://yourapp.com/callback" });
  const as = await discover(server.url);
  const { url } = await attempt(as, app, "https://yourapp.com/callbacks");
  const requestId = idOf(await visit(await visitor("member"), url));
  const page = await browse("owner");
  const table = await find(page, app, requestId);
  const path = row(table, "redirect_uri path");
  await expect(path).toContainText("differs");
  await expect(path).toContainText("/callbacks");
  await expect(path.locator("mark")).toHaveText("s");
  await expect(row(table, "redirect_uri host")).not.toContainText("differs");

  const stranger = await browse("outsider");
  const answer = await stranger.goto(`${apps}/${app.client_id}/activity?request=${requestId}`);
  expect(answer?.status()).toBe(404);
});

test("A wrong verifier and an ended secret are told apart, and neither a verifier, a code nor a secret is shown", async ({
  browse,
  openClient,
  register,
  server,
  visitor,
}) => {
  test.slow();
  const client = await openClient();
  const app = await register(client);
  const as = await discover(server.url);
  const made = await attempt(as, app, client.redirect_uri);
  const answer = await decide(await visitor("member"), made.url);
  const code = answer.searchParams.get("code") ?? "";
  const verifier = "wrong-verifier-wrong-verifier-wrong-verifier";
  const fields = { grant_type: "authorization_code", code, redirect_uri: client.redirect_uri };
  const wrong = await requestToken(server.url, app, { ...fields, code_verifier: verifier });
  expect(wrong.body.error).toBe("invalid_grant");

  const page = await browse("owner");
  const pkce = await find(page, app, idOf(wrong));
  await expect(page.getByText("code_verifier does not match the code_challenge").first()).toBeVisible();
  await expect(row(pkce, "code_challenge")).toContainText("S256 of another code_verifier");

  await page.goto(`${apps}/${app.client_id}/credentials`);
  await page.getByRole("button", { name: "Rotate secret", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Rotate secret" });
  await expect(dialog).toContainText(/used 1 time in the last 24 hours|not used yet/);
  await dialog.getByLabel("Old secret stays valid for", { exact: true }).selectOption("Revoke now");
  await dialog.getByRole("button", { name: "Rotate secret", exact: true }).click();
  await expect(page.getByLabel("Client Secret", { exact: true })).toBeVisible();
  const late = await requestToken(server.url, app, anyCode);
  expect(late.body.error).toBe("invalid_client");

  const secret = await find(page, app, idOf(late));
  await expect(
    page.getByText("The client secret has ended; it was rotated or revoked.").first(),
  ).toBeVisible();
  await expect(row(secret, "client_secret")).toContainText(`…${app.client_secret.slice(-4)}`);
  await expect(row(secret, "client_secret")).toContainText("ended just now");

  await page.goto(`${apps}/${app.client_id}/activity`);
  for (const group of await page.locator("main details summary").all()) await group.click();
  const shown = await page.content();
  for (const secretText of [app.client_secret, verifier, code]) expect(shown).not.toContain(secretText);

  // Who still has the old secret shows where secrets are kept.
  await expect(async () => {
    await page.goto(`${apps}/${app.client_id}/credentials`);
    await expect(page.getByText(/ended .*, still sent /)).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 90_000, intervals: [5_000] }); // the use before it was written less than a minute ago
});

test("An id that nobody was told finds nothing, and says so", async ({ browse, openClient, register }) => {
  const app = await register(await openClient());
  const page = await browse("owner");
  await page.goto(`${apps}/${app.client_id}/activity?request=nothing`);
  await expect(page.getByText("No refused request of this app has that id")).toBeVisible();
  await page.goto(`${apps}/${app.client_id}/activity?request=%00&endpoint=x&outcome=y&after=z`);
  await expect(page.getByText("No requests in the last 7 days")).toBeVisible();
});

test("An old secret retires when silent, if that is chosen with the rotation or later", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const app = await register(await openClient());
  const page = await browse("owner");
  await page.goto(`${apps}/${app.client_id}/credentials`);
  await page.getByRole("button", { name: "Rotate secret", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Rotate secret" });
  await dialog.getByLabel("Old secret stays valid for", { exact: true }).selectOption("7 days");
  await dialog.getByLabel("When silent for 24 hours", { exact: true }).check();
  await dialog.getByRole("button", { name: "Rotate secret", exact: true }).click();
  const old = page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ hasText: `cs_…${app.client_secret.slice(-4)}` });
  await expect(old).toContainText("Retires by itself when silent for 24 hours");
  await expect(old).toContainText("never used");

  expect((await requestToken(server.url, app, anyCode)).body.error).toBe("invalid_grant");
  await expect(async () => {
    await page.reload();
    await expect(old).toContainText("still used 1 time in the last 24 hours", { timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await expect(old).toContainText("127.0.0.1");

  await old.getByRole("button", { name: "Keep to its date", exact: true }).click();
  const keep = page.getByRole("dialog");
  await keep.getByRole("button", { name: "Keep to its date", exact: true }).click();
  await expect(old).not.toContainText("Retires by itself");
  await old.getByRole("button", { name: "Retire when silent", exact: true }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: "When silent for 24 hours", exact: true })
    .click();
  await expect(old).toContainText("Retires by itself when silent for 24 hours");
});

test("A token that is used says from where and with which program", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  const { name } = await register(client);
  const page = await browse("member");
  await page.goto(client.start({ scope: "read" }));
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await page.waitForURL((url) => url.href.startsWith(client.origin));
  const answer = await fetch(`${server.url}/public/v1/me`, {
    headers: { authorization: `Bearer ${client.token()}`, "user-agent": "curl/8.5.0 <b>bold</b>" },
  });
  expect(answer.status).toBe(200);
  const used = page.getByRole("row").filter({ hasText: name });
  await expect(async () => {
    await page.goto("/settings/api-access/tokens");
    await expect(used).toContainText("127.0.0.1 · curl 8", { timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await expect(used.getByText("curl 8")).toHaveAttribute("title", "curl/8.5.0 <b>bold</b>");
  await page.goto("/settings/api-access/consents");
  await expect(page.getByRole("listitem").filter({ hasText: name }).first()).toContainText("curl 8");
});

for (const device of devices) {
  test(`Activity and secrets with evidence can be seen by everybody, on a ${device}`, {
    tag: "@once",
  }, async ({ browse, openClient, register, server, visitor }) => {
    test.setTimeout(300_000);
    const client = await openClient();
    const app = await register(client, { uris: `${client.redirect_uri}\nhttps://yourapp.com/callback` });
    const path = `${apps}/${app.client_id}/activity`;
    const page = await browse("owner", sizeOf(device));
    await page.goto(path);
    await look(page, device, "activity-empty");

    const as = await discover(server.url);
    const person = await visitor("member");
    const { url } = await attempt(as, app, "https://yourapp.com:8443/Callback?x=1");
    const requestId = idOf(await visit(person, url));
    await page.goto(path);
    await page.locator("main details summary").last().click();
    await look(page, device, "activity-one");

    await requestToken(server.url, { ...app, client_secret: "cs_wrong" }, anyCode);
    for (let times = 0; times < 20; times += 1) {
      await requestToken(server.url, app, anyCode);
      await requestToken(server.url, app, { grant_type: "client_credentials" });
    }
    const made = await attempt(as, app, client.redirect_uri);
    const code = (await decide(person, made.url)).searchParams.get("code") ?? "";
    const issued = await requestToken(server.url, app, {
      ...{ grant_type: "authorization_code", code, redirect_uri: client.redirect_uri },
      code_verifier: made.verifier ?? "",
    });
    for (let times = 0; times < 60; times += 1)
      await callApi(server.url, issued.body.access_token, "GET /public/v1/me");
    await page.goto(path);
    await expect(page.getByRole("img", { name: /requests of the last 7 days/ })).toBeVisible();
    await page.locator("main details summary").first().click(); // all of them at once keep axe busy for a minute
    await look(page, device, "activity-many");
    await page.goto(`${path}?request=${requestId}`);
    await look(page, device, "activity-found");
    await page.goto(`${path}?endpoint=%2Foauth%2Ftoken&outcome=refused`);
    await look(page, device, "activity-filtered");

    await page.goto(`${apps}/${app.client_id}/credentials`);
    await page.getByRole("button", { name: "Rotate secret", exact: true }).click();
    await page.getByLabel("Old secret stays valid for", { exact: true }).selectOption("7 days");
    await look(page, device, "secret-rotate");
    await page.getByRole("dialog").getByRole("button", { name: "Rotate secret", exact: true }).click();
    await expect(page.getByLabel("Client Secret", { exact: true })).toBeVisible();
    await page.reload();
    await look(page, device, "secrets-old-and-new");
  });
}
