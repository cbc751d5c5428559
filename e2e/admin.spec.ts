// The administration: the first administrator, people, companies, apps, and the audit log.

import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import pg from "pg";
import { heldNoise, holdAction, sendAction } from "./support/actions.ts";
import { callApi, requestToken } from "./support/api.ts";
import { attempt, discover } from "./support/client.ts";
import { awaitLetter } from "./support/letters.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import { createApp } from "./support/portal.ts";
import { end, launch, makePlace, startServer } from "./support/server.ts";
import { expect, password, people, signIn, test, unique } from "./support/test.ts";
import { postSignIn, visit } from "./support/visitor.ts";

const outsideTheDemo = { DEMO: "0" };

test.describe("The first administrator", () => {
  test("is made by the link that a start without anybody prints, once; the link of the start before has ended", {
    tag: "@once",
  }, async ({ browse }) => {
    test.setTimeout(300_000); // three servers are started, one after the other
    const place = await makePlace("embedded");
    const link = (log: string) => /http:\S+\/setup\?link=[0-9A-Za-z]{40}/.exec(log)?.[0] ?? "";
    try {
      const first = launch(place, outsideTheDemo);
      await expect.poll(() => link(first.log()), { timeout: 90_000 }).not.toBe("");
      expect(first.log()).not.toContain("latchkey-demo");
      expect(await end(first)).toBe(0);

      const second = launch(place, outsideTheDemo);
      await expect.poll(() => link(second.log()), { timeout: 90_000 }).not.toBe("");
      const page = await browse(null);
      await page.goto(link(first.log()));
      await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
      for (const device of devices) {
        const looking = await browse(null, sizeOf(device));
        await looking.goto(link(second.log()));
        await look(looking, device, "setup");
      }

      await page.goto(link(second.log()));
      const create = page.getByRole("button", { name: "Create administrator", exact: true });
      await page.getByLabel("Name", { exact: true }).fill("Ada First");
      await page.getByLabel("Email", { exact: true }).fill("ada@first.test");
      await page.getByLabel("Password", { exact: true }).fill("short");
      await create.click();
      await expect(page.getByText("at least 8 characters and at most")).toBeVisible();
      await expect(page.getByLabel("Email", { exact: true })).toHaveValue("ada@first.test");
      await page.getByLabel("Password", { exact: true }).fill("correct horse");
      await create.click();
      await expect(page).toHaveURL(/\/admin/);
      await expect(page.getByText("ada@first.test").first()).toBeVisible();

      const other = await browse(null);
      await other.goto(link(second.log()));
      await expect(other.getByRole("heading", { name: "This link does not work" })).toBeVisible();
      await page.waitForLoadState("networkidle"); // it looks pages up ahead of time, and would find nobody there
      await page.close();
      expect(await end(second)).toBe(0);
      const third = launch(place, outsideTheDemo);
      await expect.poll(third.log, { timeout: 90_000 }).toContain("is ready at");
      expect(link(third.log())).toBe("");
      expect(await end(third)).toBe(0);
    } finally {
      await place.clean();
    }
  });
});

const button = (within: Page | Locator, name: string) => within.getByRole("button", { name, exact: true });
const link = (within: Page | Locator, name: string) => within.getByRole("link", { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name, exact: true });
const byKey = { grant_type: "client_credentials" };

/** An address and a name that nobody else has. */
function naming(what: string) {
  const name = unique(what);
  return { name, email: `${name.toLowerCase().replace(/[^a-z0-9]+/g, ".")}@admin.test` };
}

/** Makes an account by the form, and ends on its page. */
async function createUser(page: Page, { name, email }: { name: string; email: string }) {
  await page.goto("/admin/users/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Email", { exact: true }).fill(email);
  await button(page, "Create user").click();
  await expect(heading(page, name)).toBeVisible();
}

/** Presses the button, and the same one in the dialog that asks. */
async function confirm(page: Page, name: string) {
  await button(page, name).click();
  await button(page.getByRole("dialog"), name).click();
  await expect(page.getByRole("dialog")).toBeHidden();
}

test.describe("Users", () => {
  test("An administrator makes an account, its person chooses a password by the letter, is suspended and resumed", async ({
    browse,
    server,
  }) => {
    const page = await browse("admin");
    const person = naming("Nora");
    await createUser(page, person);
    await expect(page.getByRole("status").getByText(person.email)).toBeVisible();
    const letter = await awaitLetter(server, person.email, /account/);
    const theirs = await browse(null);
    await theirs.goto(letter.link);
    await theirs.getByLabel("Password", { exact: true }).fill("correct horse");
    await button(theirs, "Set password").click();
    await expect(theirs).toHaveURL(/\/settings\/api-access/);
    await theirs.goto(letter.link);
    await expect(heading(theirs, "This link does not work")).toBeVisible();

    await page.reload();
    await expect(page.getByText(/ on (Windows|Linux|macOS)$/).first()).toBeVisible();
    await confirm(page, "Suspend");
    await expect(page.getByText("Suspended", { exact: true })).toBeVisible();
    await theirs.goto("/settings/profile");
    await expect(theirs).toHaveURL(/\/login/);
    const attempt = () => postSignIn(server.url, { email: person.email, password: "correct horse" });
    expect((await attempt()).headers.get("location")).toContain("error=credentials");
    await page.goto(`/admin/users?show=suspended&q=${person.email.slice(0, 12)}`);
    await link(page, person.name).click();
    await button(page, "Resume").click();
    await expect(page.getByText("Active", { exact: true })).toBeVisible();
    expect((await attempt()).headers.get("set-cookie")).toContain("latchkey.session");
    await page.reload();
    await confirm(page, "End all sessions");
    await expect(page.getByText("They are signed in nowhere.")).toBeVisible();
    await expect(page.getByText("Suspended an account")).toBeVisible();
  });

  test("Administration is given and taken, and never from the last one", async ({ browse }) => {
    const page = await browse("admin");
    const person = naming("Second");
    await createUser(page, person);
    await confirm(page, "Make administrator");
    await expect(page.getByText("Administrator", { exact: true })).toBeVisible();
    await confirm(page, "Take administration");
    await expect(button(page, "Make administrator")).toBeVisible();
    await page.goto("/admin/users?show=admins");
    await link(page, "Ada Admin").click();
    await button(page, "Take administration").click();
    const dialog = page.getByRole("dialog");
    await button(dialog, "Take administration").click();
    await expect(dialog.getByText("This is the last administrator.")).toBeVisible();
    await button(dialog, "Cancel").click();
    await button(page, "Suspend").click();
    await button(dialog, "Suspend").click();
    await expect(dialog.getByText("You cannot suspend yourself.")).toBeVisible();
  });

  test("For everybody else nothing of it is there, and their requests change nothing", {
    tag: "@once",
  }, async ({ browse, visitor, server, expectedNoise }) => {
    expectedNoise.push(...heldNoise);
    const page = await browse("admin");
    const person = naming("Held");
    await createUser(page, person);
    const path = new URL(page.url()).pathname;
    const member = await visitor("member");
    const pages = ["users", "users/new", "companies", "companies/new", "audit"];
    for (const where of ["/admin", path, "/admin/audit.csv", ...pages.map((one) => `/admin/${one}`)]) {
      const answer = await visit(member, where);
      expect([where, answer.status, (await answer.text()).includes(person.name)]).toEqual([
        where,
        404,
        false,
      ]);
      const signedOut = await fetch(server.url + where, { redirect: "manual" });
      expect(signedOut.headers.get("location")).toContain("/login?next=");
    }
    const held = {
      suspend: await holdAction(page, path, async () => {
        await button(page, "Suspend").click();
        await button(page.getByRole("dialog"), "Suspend").click();
      }),
      promote: await holdAction(page, path, async () => {
        await button(page, "Make administrator").click();
        await button(page.getByRole("dialog"), "Make administrator").click();
      }),
    };
    for (const action of Object.values(held))
      for (const cookie of [member.cookie, ""])
        expect(await sendAction(action, cookie)).not.toContain('"ok":true');
    await page.goto(path);
    await expect(page.getByText("Active", { exact: true })).toBeVisible();
    await expect(button(page, "Make administrator")).toBeVisible();
    const { cookie } = await visitor("admin");
    expect(await sendAction(held.suspend, cookie)).toContain('"ok":true');
  });
});

test.describe("Companies", () => {
  test("A company is made with its first owner; its plan decides about the next call", async ({
    browse,
    server,
  }) => {
    const page = await browse("admin");
    const { name, email } = naming("Harbour");
    await page.goto("/admin/companies/new");
    await button(page, "Create company").click();
    await expect(page.getByText("Enter a name.")).toBeVisible();
    await page.getByLabel("Company name", { exact: true }).fill(name);
    await page.getByLabel("Email of its first owner", { exact: true }).fill(email);
    await button(page, "Create company").click();
    await expect(heading(page, name)).toBeVisible();
    const owner = await browse(null);
    await owner.goto((await awaitLetter(server, email, /account/)).link);
    await owner.getByLabel("Password", { exact: true }).fill("correct horse");
    await button(owner, "Set password").click();
    await owner.goto("/settings/api-access/tokens/new");
    await owner.getByLabel("Token name", { exact: true }).fill("Plan");
    await owner.locator("input[name=scope][value=read]").check();
    await button(owner, "Create token").click();
    const token = await owner.getByLabel("Personal token", { exact: true }).inputValue();
    const status = async () => (await callApi(server.url, token, "GET /public/v1/projects")).status;
    expect(await status()).toBe(200);
    await confirm(page, "Take API access");
    await expect(page.getByText("No API access", { exact: true })).toBeVisible();
    expect(await status()).toBe(403);
    await button(page, "Give API access").click();
    await expect(button(page, "Take API access")).toBeVisible();
    expect(await status()).toBe(200);
    await page.getByLabel("Company name", { exact: true }).fill(`${name} Two`);
    await button(page, "Save name").click();
    await expect(heading(page, `${name} Two`)).toBeVisible();
    await page.goto(`/admin/companies?q=${encodeURIComponent(name)}`);
    await expect(link(page, `${name} Two`)).toBeVisible();
  });
});

test.describe("Apps", () => {
  test("An app is suspended with a reason its owner reads, works for nobody, and works again when it is resumed", async ({
    browse,
    server,
  }) => {
    const owner = await browse("owner");
    const app = await createApp(owner, unique("Crane"), {
      uris: "http://localhost:4999/callback",
      policy: "Classic with refresh tokens",
    });
    const token = (await requestToken(server.url, app, byKey)).body.access_token;
    const call = async () => (await callApi(server.url, token, "GET /public/v1/me")).status;
    const issue = async () => (await requestToken(server.url, app, byKey)).status;
    const asking = new URLSearchParams({
      ...{ response_type: "code", client_id: app.client_id, scope: "read", state: "s" },
      redirect_uri: "http://localhost:4999/callback",
    });
    const authorize = async () => {
      const answer = await fetch(`${server.url}/oauth/authorize?${asking}`, { redirect: "manual" });
      return answer.headers.get("location") ?? String(answer.status);
    };
    expect([await call(), await issue()]).toEqual([200, 200]);
    const page = await browse("admin");
    await page.goto(`/admin/apps/${app.client_id}`);
    await expect(page.getByText(`cs_…${app.client_secret.slice(-4)}`)).toBeVisible();
    expect(await page.content()).not.toContain(app.client_secret);
    await button(page, "Suspend").click();
    const dialog = page.getByRole("dialog");
    await expect(button(dialog, "Suspend")).toBeDisabled();
    await dialog.getByLabel("Reason", { exact: true }).fill("It asks <b>everybody</b> for everything.");
    await button(dialog, "Suspend").click();
    await expect(button(page, "Resume")).toBeVisible();
    expect([await call(), await issue()]).toEqual([401, 401]);
    expect(await authorize()).not.toContain("/login?request=");
    await owner.goto(`/settings/api-access/apps/${app.client_id}`);
    await expect(owner.getByText("It asks <b>everybody</b> for everything.")).toBeVisible();
    await button(page, "Resume").click();
    await expect(button(page, "Suspend")).toBeVisible();
    expect([await call(), await issue()]).toEqual([200, 200]);
    expect(await authorize()).toContain("/login?request=");
  });

  test("A verified app says so on the consent screen, until it shows itself under another name", async ({
    browse,
    server,
  }) => {
    const redirect_uri = "http://localhost:4999/callback";
    const app = await createApp(await browse("owner"), unique("Trusty"), { uris: redirect_uri });
    const { url } = await attempt(await discover(server.url), app, redirect_uri, { scope: "read" });
    const page = await browse("admin");
    await page.goto(`/admin/apps/${app.client_id}`);
    await button(page, "Verify").click();
    await expect(button(page, "Unverify")).toBeVisible();
    const member = await browse("member");
    await member.goto(url.href);
    await expect(member.getByText("Verified by Latchkey")).toBeVisible();
    const owner = await browse("owner");
    await owner.goto(`/settings/api-access/apps/${app.client_id}`);
    await expect(owner.getByText("Verified", { exact: true })).toBeVisible();
    await owner.goto(`/settings/api-access/apps/${app.client_id}/edit`);
    await owner.getByLabel("App name", { exact: true }).fill(`${app.name} Bank`);
    await button(owner, "Save changes").click();
    await expect(heading(owner, `${app.name} Bank`)).toBeVisible();
    await expect(owner.getByText("Verified", { exact: true })).toHaveCount(0);
  });

  test("An app is transferred to somebody else, and deleted when its name is typed", async ({ browse }) => {
    const app = await createApp(await browse("owner"), unique("Moved"), {
      uris: "http://localhost:4999/callback",
    });
    const page = await browse("admin");
    await page.goto(`/admin/apps/${app.client_id}`);
    await button(page, "Transfer").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("New owner", { exact: true }).fill("nobody@latchkey.test");
    await button(dialog, "Transfer").click();
    await expect(dialog.getByText("There is no such person or company")).toBeVisible();
    await dialog.getByLabel("New owner", { exact: true }).fill(people.manager);
    await button(dialog, "Transfer").click();
    await expect(link(page, "Manu Manager")).toBeVisible();
    const manager = await browse("manager");
    await manager.goto(`/settings/api-access/apps/${app.client_id}`);
    await expect(heading(manager, app.name)).toBeVisible();
    await button(page, "Delete app").click();
    await dialog.getByRole("textbox").fill(app.name);
    await button(dialog, "Delete app").click();
    await expect(page).toHaveURL(/\/admin\/apps\?show=all/);
    await manager.reload();
    await expect(heading(manager, app.name)).toHaveCount(0);
  });
});

test.describe("The audit log", () => {
  test("is filtered by person and action, read in words, and saved as a file in which no name is a formula", async ({
    browse,
  }) => {
    const page = await browse("admin");
    const person = naming("Filter");
    const formula = { ...person, name: `=cmd() ${person.name}` };
    await createUser(page, formula);
    await page.goto("/admin/audit");
    await page.getByLabel("Person", { exact: true }).fill(person.email);
    await page.getByLabel("Action", { exact: true }).selectOption({ label: "People: Account made" });
    await button(page, "Filter").click();
    await expect(page.getByText("Made an account")).toBeVisible();
    await expect(page.getByText(formula.name).first()).toBeVisible();
    const waiting = page.waitForEvent("download");
    await link(page, "Export CSV").click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^audit-.*\.csv$/);
    const csv = await readFile(await download.path(), "utf8");
    expect(csv.trimEnd().split("\r\n")).toHaveLength(2);
    expect(csv).toContain(`,'=cmd() ${person.name},${person.email},`);
    await page.getByLabel("Person", { exact: true }).fill("nobody@latchkey.test");
    await button(page, "Filter").click();
    await expect(page.getByText("Nothing fits")).toBeVisible();
  });
});

for (const device of devices) {
  test(`The administration is accessible on a ${device}`, { tag: "@once" }, async ({ browse }) => {
    test.setTimeout(300_000); // twice a dozen looks, each through all of axe
    const page = await browse("admin", sizeOf(device));
    const app = await createApp(await browse("owner"), unique("Looked at"), {
      uris: "http://localhost:4999/callback",
    });
    const person = naming("A person with quite a long name indeed");
    await page.goto("/admin");
    await look(page, device, "admin");
    await page.goto("/admin/users");
    await look(page, device, "admin-users");
    await page.goto("/admin/users?q=nobody+is+called+that");
    await look(page, device, "admin-users-none");
    await page.goto("/admin/users/new");
    await button(page, "Create user").click();
    await expect(page.getByText("Enter a name.")).toBeVisible();
    await look(page, device, "admin-user-new");
    await createUser(page, person);
    await look(page, device, "admin-user");
    await page.goto("/admin/companies");
    await look(page, device, "admin-companies");
    await link(page, "Northwind Labs").click();
    await expect(heading(page, "Northwind Labs")).toBeVisible();
    await look(page, device, "admin-company");
    await page.goto("/admin/companies/new");
    await look(page, device, "admin-company-new");
    await page.goto("/admin/apps?show=all");
    await look(page, device, "admin-apps");
    await page.goto(`/admin/apps/${app.client_id}`);
    await button(page, "Verify").click();
    await expect(button(page, "Unverify")).toBeVisible();
    await look(page, device, "admin-app");
    await button(page, "Suspend").click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(page, device, "admin-app-suspend");
    await page.goto("/admin/audit");
    await look(page, device, "admin-audit");
  });
}

test("Who signed in a while ago proves again who they are before something powerful, and comes back", async ({
  browser,
}) => {
  test.skip(!process.env.TEST_DATABASE_URL, "the sign-in is made older in a database that can be reached");
  test.setTimeout(180_000);
  const own = await startServer("postgresql");
  const context = await browser.newContext({ baseURL: own.url });
  try {
    const page = await context.newPage();
    await signIn(page, people.admin);
    await page.goto("/admin/users?q=member");
    await link(page, "Mika Member").click();
    await expect(heading(page, "Mika Member")).toBeVisible();
    const here = page.url();
    const client = new pg.Client({ connectionString: own.databaseUrl });
    await client.connect();
    await client.query("UPDATE sessions SET confirmed_at = now() - interval '16 minutes'");
    await client.end();
    await button(page, "Suspend").click();
    await button(page.getByRole("dialog"), "Suspend").click();
    await expect(heading(page, "Confirm it is you")).toBeVisible();
    await page.getByLabel("Password", { exact: true }).fill(password);
    await button(page, "Confirm").click();
    await expect(page).toHaveURL(here.replace(/\?.*$/, ""));
    await expect(page.getByText("Active", { exact: true })).toBeVisible();
    await confirm(page, "Suspend");
    await expect(page.getByText("Suspended", { exact: true })).toBeVisible();
  } finally {
    await context.close();
    await own.stop();
  }
});
