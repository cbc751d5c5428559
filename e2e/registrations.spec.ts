// Who may register apps, what an administrator decides, and the posture of the installation.

import type { Page } from "@playwright/test";
import { heldNoise, holdAction, sendAction } from "./support/actions.ts";
import { callApi } from "./support/api.ts";
import type { ClientApp } from "./support/client.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import { png } from "./support/pictures.ts";
import { type App, createApp } from "./support/portal.ts";
import { expect, expectGone, test, unique } from "./support/test.ts";

const apps = "/settings/api-access/apps";
const callback = "http://localhost:4999/callback";
const purpose = "Copies new projects into our ledger every night.";

type Mode = "Open" | "By role" | "By approval";

test.describe.configure({ mode: "default" });

// Tests of one worker share a server: whatever happened, the next ones find it open.
test.afterEach(async ({ browse }) => {
  await setMode(await browse("admin"), "Open");
});

async function setMode(admin: Page, mode: Mode) {
  await admin.goto("/admin/settings");
  await admin.getByRole("radio", { name: mode, exact: true }).check();
  await admin.getByRole("button", { name: "Save settings", exact: true }).click();
  await expect(admin.getByText("Settings saved")).toBeVisible();
}

interface Request {
  name: string;
  uris?: string;
  policy?: string;
  logo?: Buffer;
}

/** Fills the form in where registration is by approval, and reads the credentials. */
async function ask(page: Page, { name, uris = callback, policy, logo }: Request): Promise<App> {
  await page.goto(`${apps}/new`);
  await page.getByLabel("App name", { exact: true }).fill(name);
  await page.getByLabel("What is it for?", { exact: true }).fill(purpose);
  await page.getByLabel("Redirect URIs", { exact: true }).fill(uris);
  if (policy) await page.getByLabel("Policy", { exact: true }).selectOption({ label: policy });
  if (logo) {
    const file = { name: "logo.png", mimeType: "image/png", buffer: logo };
    await page.getByLabel("Logo", { exact: true }).setInputFiles(file);
  }
  await page.getByRole("button", { name: "Create app", exact: true }).click();
  return {
    name,
    client_id: await page.getByLabel("Client ID", { exact: true }).inputValue(),
    client_secret: await page.getByLabel("Client Secret", { exact: true }).inputValue(),
  };
}

/** The card of one app in the queue, which is opened. */
async function waiting(admin: Page, name: string) {
  await admin.goto("/admin/apps?show=waiting");
  return admin.getByRole("listitem").filter({ has: admin.getByRole("heading", { name, exact: true }) });
}

async function refuse(admin: Page, name: string, reason: string) {
  const card = await waiting(admin, name);
  await card.getByRole("button", { name: "Refuse", exact: true }).click();
  const dialog = admin.getByRole("dialog");
  const confirm = dialog.getByRole("button", { name: "Refuse", exact: true });
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel("Reason", { exact: true }).fill(reason);
  await confirm.click();
  await expectGone(admin, card);
}

async function allow(person: Page, client: ClientApp) {
  await person.goto(client.start({ scope: "read" }));
  await person.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
}

test("ARC-18: An app is asked for with its name, redirect URI, scopes and purpose; it works for its developer, and for others once an administrator has approved it", async ({
  browse,
  openClient,
  server,
}) => {
  const [admin, developer, other] = [await browse("admin"), await browse("manager"), await browse("member")];
  const client = await openClient();
  const name = unique("Ledger");
  await setMode(admin, "By approval");

  await test.step("the form asks what it is for", async () => {
    await developer.goto(`${apps}/new`);
    await expect(developer.getByRole("heading", { level: 1 })).toHaveText("Request an app");
    await developer.getByRole("button", { name: "Create app", exact: true }).click();
    const field = developer.getByLabel("What is it for?", { exact: true });
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(developer.getByText("Say what the app is for.")).toBeVisible();
    await client.register(await ask(developer, { name, uris: client.redirect_uri }), server.url);
    await expect(developer.getByText("Waiting for approval.")).toBeVisible();
  });

  await test.step("its developer sees that it waits, and can use it", async () => {
    await developer.goto(apps);
    const row = developer.getByRole("listitem").filter({ hasText: name });
    await expect(row.getByText("Pending", { exact: true })).toBeVisible();
    await developer.getByRole("link", { name, exact: true }).click();
    await expect(developer.getByText("Waiting for approval.")).toBeVisible();
    await allow(developer, client);
    expect(await callApi(server.url, client.token(), "GET /public/v1/me")).toMatchObject({ status: 200 });
  });

  await test.step("nobody else can", async () => {
    const answer = await other.goto(client.start({ scope: "read" }));
    expect(answer?.status()).toBe(403);
    await expect(other.getByRole("heading", { name: "This app is waiting for approval" })).toBeVisible();
    expect(client.tokens).toHaveLength(1);
  });

  await test.step("an administrator sees what there is to judge, and approves it", async () => {
    const card = await waiting(admin, name);
    for (const text of ["Manu Manager", purpose, client.redirect_uri, "See your projects"])
      await expect(card.getByText(text, { exact: false }).first()).toBeVisible();
    await card.getByRole("button", { name: "Approve", exact: true }).click();
    await expect(card).toHaveCount(0);
  });

  await test.step("from then on everybody can", async () => {
    await allow(other, client);
    await developer.goto(server.url + apps);
    const row = developer.getByRole("listitem").filter({ hasText: name });
    await expect(row.getByText("Active", { exact: true })).toBeVisible();
  });
});

test("A refused app ends at once; its developer reads why, changes it and asks again", async ({
  browse,
  openClient,
  server,
}) => {
  const [admin, developer] = [await browse("admin"), await browse("manager")];
  const client = await openClient();
  const name = unique("Scraper");
  const reason = "Say which projects you copy,\nand ask for reading only.";
  await setMode(admin, "By approval");
  const app = await ask(developer, { name, uris: client.redirect_uri });
  await client.register(app, server.url);
  await allow(developer, client);

  await refuse(admin, name, reason);
  await admin.goto("/admin/apps?show=refused");
  await expect(admin.getByRole("listitem").filter({ hasText: name })).toContainText(
    "Say which projects you copy",
  );
  expect(await callApi(server.url, client.token(), "GET /public/v1/me")).toMatchObject({ status: 401 });

  await developer.goto(`${server.url}${apps}/${app.client_id}`);
  await expect(developer.getByText("Refused", { exact: true })).toBeVisible();
  await expect(developer.getByText("and ask for reading only.")).toBeVisible();
  await developer.getByRole("link", { name: "Edit and ask again", exact: true }).click();
  const field = developer.getByLabel("What is it for?", { exact: true });
  await expect(field).toHaveValue(purpose);
  await field.fill("Copies the names of new projects.");
  await developer.getByRole("button", { name: "Ask again", exact: true }).click();
  await expect(developer.getByText("Waiting for approval.")).toBeVisible();
  await expect(await waiting(admin, name)).toContainText("Copies the names of new projects.");
});

test("An approved app that reaches further than was approved waits again", async ({ browse }) => {
  const [admin, developer] = [await browse("admin"), await browse("manager")];
  const name = unique("Growing");
  await setMode(admin, "By approval");
  const { client_id } = await ask(developer, { name });
  const card = await waiting(admin, name);
  await card.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(card).toHaveCount(0);
  await developer.goto(`${apps}/${client_id}/edit`);
  await expect(developer.getByText("Apps are approved here.")).toBeVisible();
  await developer.getByLabel("Redirect URIs", { exact: true }).fill(`${callback}\nhttps://other.example/cb`);
  await developer.getByRole("button", { name: "Save changes", exact: true }).click();
  await expect(developer.getByText("Waiting for approval.")).toBeVisible();
  await expect(await waiting(admin, name)).toContainText("https://other.example/cb");
});

test("Where apps are registered by role, others read whom to ask, and a forged form makes nothing", async ({
  browse,
  visitor,
  expectedNoise,
}) => {
  expectedNoise.push(...heldNoise);
  const [admin, member] = [await browse("admin"), await browse("member")];
  const name = unique("Sneaked in");
  const create = await holdAction(member, `${apps}/new`, async () => {
    await member.getByLabel("App name", { exact: true }).fill(name);
    await member.getByLabel("Redirect URIs", { exact: true }).fill(callback);
    await member.getByRole("button", { name: "Create app", exact: true }).click();
  });
  await setMode(admin, "By role");

  await member.goto(apps);
  await member.getByRole("link", { name: "Create app", exact: true }).first().click();
  await expect(member.getByText("Only owners and auth managers", { exact: false })).toBeVisible();
  await expect(member.getByText("Olivia Owner")).toBeVisible();
  await expect(member.getByText("Manu Manager")).toBeVisible();
  await expect(member.getByRole("button", { name: "Create app", exact: true })).toHaveCount(0);

  const answer = await sendAction(create, (await visitor("member")).cookie);
  expect(answer).toContain("Only owners and auth managers of a company");
  expect(answer).not.toMatch(/cs_[0-9A-Za-z]{20}/);
  await member.goto(`${apps}?q=${encodeURIComponent(name)}`);
  await expect(member.getByText("Nothing matches")).toBeVisible();

  const manager = await browse("manager");
  await manager.goto(`${apps}/new`);
  await expect(manager.getByRole("button", { name: "Create app", exact: true })).toBeVisible();
});

test("The decision is an administrator's: others have no such page, and their forged decision changes nothing", async ({
  browse,
  visitor,
  expectedNoise,
}) => {
  expectedNoise.push(...heldNoise);
  const [admin, developer] = [await browse("admin"), await browse("manager")];
  const name = unique("Impatient");
  await setMode(admin, "By approval");
  const { client_id } = await ask(developer, { name });
  for (const path of ["/admin/apps", "/admin/posture"])
    expect((await developer.goto(path))?.status(), path).toBe(404);

  const approve = await holdAction(admin, "/admin/apps?show=waiting", async () => {
    const card = admin.getByRole("listitem").filter({ hasText: client_id });
    await card.getByRole("button", { name: "Approve", exact: true }).click();
  });
  const state = developer.getByText(/^(Pending|Active|Refused)$/);
  for (const who of ["manager", "owner", "member", "outsider"] as const)
    await sendAction(approve, (await visitor(who)).cookie);
  await sendAction(approve, "");
  await developer.goto(`${apps}/${client_id}`);
  await expect(state).toHaveText("Pending");

  const { cookie } = await visitor("admin");
  await sendAction(approve, cookie);
  await developer.reload();
  await expect(state).toHaveText("Active");
  expect(await sendAction(approve, cookie)).toContain("not waiting any more");
});

test("Two administrators on one queue: the second reads that it was decided", async ({ browse }) => {
  const [first, second, developer] = [await browse("admin"), await browse("admin"), await browse("manager")];
  const name = unique("Twice");
  await setMode(first, "By approval");
  await ask(developer, { name });
  const [one, other] = [await waiting(first, name), await waiting(second, name)];
  await one.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(one).toHaveCount(0);
  await other.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(other.getByRole("alert")).toContainText("not waiting any more");
  await second.goto(`/admin/apps?q=${encodeURIComponent(name)}`);
  await expect(second.getByRole("listitem").filter({ hasText: name })).toContainText("Active");
});

test("The posture names each weaker switch, its app and when it was last needed", async ({
  browse,
  openClient,
  register,
}) => {
  const client = await openClient();
  const { name } = await register(client, { owner: "manager", policy: "Long-lived tokens" });
  const admin = await browse("admin");
  const row = (title: string) =>
    admin.getByRole("table", { name: title, exact: true }).getByRole("row").filter({ hasText: name });
  // Other tests' apps are there, too; one switch's page has them all.
  await admin.goto("/admin/posture?switch=access_seconds");
  await expect(row("Access token ends after")).toContainText("Does not expire");
  await expect(row("Access token ends after")).toContainText("Manu Manager");
  await admin.goto("/admin/posture?switch=pkce");
  await expect(row("Proof key (PKCE)")).toContainText("Can be tightened");

  const person = await browse("member");
  await person.goto(client.start({ scope: "read", pkce: false }));
  await person.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
  await expect(async () => {
    await admin.reload();
    await expect(row("Proof key (PKCE)")).toContainText(/request/, { timeout: 500 });
  }).toPass();
});

for (const device of devices) {
  test(`Asking for an app is accessible on a ${device}, whatever comes of it`, { tag: "@once" }, async ({
    browse,
    expectedNoise,
  }) => {
    test.slow(); // two looks by axe at each of many pages
    expectedNoise.push(/preloaded using link preload/); // the logo of a page that is not opened
    const [admin, developer] = [await browse("admin"), await browse("manager", sizeOf(device))];
    await setMode(admin, "By approval");
    const name = unique("A quite long name of an app that waits");
    await developer.goto(`${apps}/new`);
    await look(developer, device, "request");
    const { client_id } = await ask(developer, { name, policy: "Long-lived tokens", logo: png() });
    await look(developer, device, "request-ready");
    await developer.goto(`${apps}/${client_id}`);
    await look(developer, device, "request-pending");
    await refuse(admin, name, "Too wide for what it does.");
    await developer.reload();
    await look(developer, device, "request-refused");
    await developer.getByRole("link", { name: "Edit and ask again", exact: true }).click();
    await expect(developer.getByLabel("What is it for?", { exact: true })).toBeVisible();
    await look(developer, device, "request-again");
    await setMode(admin, "By role");
    const member = await browse("member", sizeOf(device));
    await member.goto(`${apps}/new`);
    await look(member, device, "request-closed");
  });

  test(`The queue of apps is accessible on a ${device}, and so is the list of all`, { tag: "@once" }, async ({
    browse,
    expectedNoise,
  }) => {
    test.slow();
    expectedNoise.push(/preloaded using link preload/);
    const [admin, developer] = [await browse("admin", sizeOf(device)), await browse("manager")];
    await setMode(await browse("admin"), "By approval");
    const name = unique("A quite long name of an app that waits");
    await ask(developer, { name: unique("First") });
    const { client_id } = await ask(developer, { name, policy: "Long-lived tokens", logo: png() });
    await admin.goto("/admin/apps");
    await look(admin, device, "admin-apps-waiting");
    const card = admin.getByRole("listitem").filter({ hasText: client_id });
    await card.getByRole("button", { name: "Refuse", exact: true }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByLabel("Reason", { exact: true }).fill("Too wide for what it does.");
    await look(admin, device, "admin-apps-refuse");
    await dialog.getByRole("button", { name: "Refuse", exact: true }).click();
    await expectGone(admin, card);
    for (const show of ["all", "refused"]) {
      await admin.goto(`/admin/apps?show=${show}`);
      await look(admin, device, `admin-apps-${show}`);
    }
    await admin.goto("/admin/apps?q=no+such+app");
    await look(admin, device, "admin-apps-no-match");
  });

  test(`The posture is accessible on a ${device}`, { tag: "@once" }, async ({ browse, workshop }) => {
    const developer = await workshop("manager");
    const domain = "https://a-long-name-of-a-host.northwind.example/oauth";
    for (const policy of ["Long-lived tokens", "Classic with refresh tokens"] as const)
      await createApp(developer, unique(policy), { domain, policy });
    const admin = await browse("admin", sizeOf(device));
    await admin.goto("/admin/posture");
    await look(admin, device, "posture");
    await admin.goto("/admin/posture?switch=pkce");
    await look(admin, device, "posture-switch");
  });
}
