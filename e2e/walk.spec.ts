// The walk: an app is registered, a person allows it, its server calls the API, the person takes it back.

import type { Locator, Page } from "@playwright/test";
import { callApi } from "./support/api.ts";
import { expect, people, signIn, test, unique } from "./support/test.ts";

const readInWords = "See your projects";
const writeInWords = "Create and change projects";

test("A developer registers an app, a person allows it, its server calls the API, and a revoked token ends at once", async ({
  browse,
  openClient,
  server,
}) => {
  const client = await openClient();
  const name = unique("Ledger Sync");
  const developer = await browse(null, { permissions: ["clipboard-read", "clipboard-write"] });
  const person = await browse(null);
  const credentials = { client_id: "", client_secret: "" };

  await test.step("the developer makes an app and copies its credentials", async () => {
    await developer.goto("/");
    await signIn(developer, people.owner);
    const menu = developer.getByRole("navigation", { name: "Settings" });
    await menu.getByRole("link", { name: "API Access", exact: true }).click();
    await developer.getByRole("link", { name: "Developer apps", exact: true }).click();
    await developer.getByRole("link", { name: "Create app", exact: true }).click();
    await developer.getByLabel("App name", { exact: true }).fill(name);
    await developer.getByRole("radio", { name: "Exact redirect URIs" }).check();
    await developer.getByLabel("Redirect URIs", { exact: true }).fill(client.redirect_uri);
    await developer.getByLabel("Policy", { exact: true }).selectOption({ label: "Standard (recommended)" });
    await developer.getByRole("button", { name: "Create app", exact: true }).click();
    credentials.client_id = await copied(developer, "Client ID");
    credentials.client_secret = await copied(developer, "Client Secret");
    expect(credentials.client_secret).toMatch(/^cs_/);
    await client.register({ name, ...credentials }, server.url);
  });

  await test.step("a person signs in, sees what is asked for and allows it", async () => {
    await person.goto(client.start({ scope: "read write" }));
    await expect(person.getByText(`to continue to ${name}`)).toBeVisible();
    await signIn(person, people.member);
    await expect(person.getByRole("heading", { level: 1 })).toContainText(name);
    await expect(person.getByText("Made by Olivia Owner")).toBeVisible();
    await expect(person.getByText(new URL(client.origin).host, { exact: true })).toBeVisible();
    await expect(person.getByText(readInWords, { exact: true })).toBeVisible();
    await expect(person.getByText(writeInWords, { exact: true })).toBeVisible();
    await expect(person.getByText("Northwind Labs")).toBeVisible();
    await person.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
    const [token] = client.tokens;
    expect(token).toMatchObject({ token_type: "bearer", expires_in: 3600, scope: "read write" });
    expect(token?.refresh_token).toMatch(/^rt_/);
  });

  const call = (request: string, body?: unknown) => callApi(server.url, client.token(), request, body);

  await test.step("its server reads, makes, changes and deletes", async () => {
    const me = await call("GET /public/v1/me");
    expect(me.body).toMatchObject({ type: "user", email: people.member, scopes: ["read", "write"] });
    const { workspaces } = (await call("GET /public/v1/workspaces")).body;
    expect(workspaces).toEqual([{ id: me.body.workspace.id, name: "Northwind Labs" }]);
    const project = { name: unique("Dock"), workspace_id: workspaces[0].id };
    const made = await call("POST /public/v1/projects", project);
    expect(made).toMatchObject({ status: 201, body: project });
    const renamed = await call(`PATCH /public/v1/projects/${made.body.id}`, { name: "Pier" });
    expect(renamed).toMatchObject({ status: 200, body: { id: made.body.id, name: "Pier" } });
    const { projects } = (await call("GET /public/v1/projects")).body;
    expect(projects).toContainEqual(renamed.body);
    expect(await call(`DELETE /public/v1/projects/${made.body.id}`)).toMatchObject({ status: 204 });
    expect(await call(`GET /public/v1/projects/${made.body.id}`)).toMatchObject({ status: 404 });
  });

  await test.step("the person ends the token under Personal tokens, and the next call is refused", async () => {
    await person.goto(server.url);
    await person.getByRole("link", { name: "Personal tokens", exact: true }).click();
    const row = person.getByRole("row").filter({ hasText: name });
    await row.getByRole("button", { name: "Revoke", exact: true }).click();
    await confirm(person, "Revoke");
    await expect(row).toHaveCount(0);
    const refused = await call("GET /public/v1/me");
    expect(refused).toMatchObject({ status: 401, body: { error: "invalid_token" } });
    expect(refused.headers.get("www-authenticate")).toMatch(/^Bearer .*error="invalid_token"/);
  });

  await test.step("the app may ask again, and the person is not asked twice", async () => {
    await person.goto(client.start({ scope: "read write" }));
    await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
    expect(await call("GET /public/v1/me")).toMatchObject({ status: 200 });
  });
});

test("A wider scope asks again and marks what is new; a narrower one does not ask", async ({
  browse,
  openClient,
  register,
}) => {
  const client = await openClient();
  await register(client);
  const person = await browse("member");

  await person.goto(client.start({ scope: "read" }));
  await expect(person.getByText("New", { exact: true })).toHaveCount(0);
  await expect(person.getByText("Cannot create and change projects")).toBeVisible();
  await allow(person);
  expect(client.tokens.at(-1)?.scope).toBe("read");

  await person.goto(client.start({ scope: "read write" }));
  await expect(person.getByRole("listitem").filter({ hasText: writeInWords })).toContainText("New");
  await expect(person.getByRole("listitem").filter({ hasText: readInWords })).not.toContainText("New");
  await allow(person);
  expect(client.tokens.at(-1)?.scope).toBe("read write");

  await person.goto(client.start({ scope: "read" }));
  await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
  expect(client.tokens.at(-1)?.scope).toBe("read");
});

test("Revoke access under Authorized apps ends every token of the app, and it has to ask again", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  const { name } = await register(client);
  const person = await browse("member");
  await person.goto(client.start({ scope: "read" }));
  await allow(person);
  await person.goto(client.start({ scope: "read" }));
  await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
  expect(client.tokens).toHaveLength(2);

  await person.goto(`${server.url}/settings/api-access/consents`);
  const entry = person.getByRole("listitem").filter({ has: person.getByRole("heading", { name }) });
  await expect(entry).toContainText(readInWords);
  await expect(entry).toContainText("Northwind Labs");
  await entry.getByRole("button", { name: "Revoke access", exact: true }).click();
  await confirm(person, "Revoke access");
  await expect(entry).toHaveCount(0);

  for (const { access_token } of client.tokens) {
    expect(await callApi(server.url, access_token, "GET /public/v1/me")).toMatchObject({ status: 401 });
  }
  await person.goto(client.start({ scope: "read" }));
  await expect(person.getByRole("button", { name: "Allow", exact: true })).toBeVisible();
});

test("Deny tells the client access_denied with its state and the issuer, and gives nothing", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  await register(client);
  const person = await browse("member");
  await person.goto(client.start({ state: "a b&c=d/é+%" }));
  await person.getByRole("button", { name: "Deny", exact: true }).click();
  await expect(person.getByText("access_denied")).toBeVisible();
  const answer = client.answers.at(-1)?.searchParams;
  expect(answer?.get("error")).toBe("access_denied");
  expect(answer?.get("state")).toBe("a b&c=d/é+%");
  expect(answer?.get("iss")).toBe(server.url);
  expect(answer?.has("code")).toBe(false);
  expect(client.tokens).toEqual([]);
});

test("Somebody with two companies chooses one, and the token reaches only that one", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  await register(client, { owner: "member" });
  const person = await browse("owner");
  await person.goto(client.start({ scope: "read write" }));
  const picker = person.getByLabel("Company", { exact: true });
  await expect(picker.getByRole("option")).toHaveText(["Northwind Labs", "Quarry Works"]);
  await picker.selectOption("Quarry Works");
  await allow(person);
  const call = (request: string, body?: unknown) => callApi(server.url, client.token(), request, body);
  const { workspaces } = (await call("GET /public/v1/workspaces")).body;
  expect(workspaces).toMatchObject([{ name: "Quarry Works" }]);
  const { projects } = (await call("GET /public/v1/projects")).body;
  const names = projects.map((project: { name: string }) => project.name);
  expect(names).toEqual(expect.arrayContaining(["Stone catalogue", "Conveyor upgrade"]));
  expect(names).not.toContain("Harbour refit");

  await test.step("the other company's projects are not there for it", async () => {
    const other = await openClient();
    await register(other, { owner: "member" });
    await person.goto(other.start());
    await person.getByLabel("Company", { exact: true }).selectOption("Northwind Labs");
    await allow(person);
    const theirs = await callApi(server.url, other.token(), "GET /public/v1/projects");
    const [project] = theirs.body.projects;
    expect(project.workspace_id).not.toBe(workspaces[0].id);
    expect(await call(`GET /public/v1/projects/${project.id}`)).toMatchObject({ status: 404 });
    expect(await call(`DELETE /public/v1/projects/${project.id}`)).toMatchObject({ status: 404 });
    const stolen = { name: "Not theirs", workspace_id: project.workspace_id };
    expect(await call("POST /public/v1/projects", stolen)).toMatchObject({ status: 404 });
  });
});

test("A public app without a secret connects with PKCE alone", async ({ browse, openClient, register }) => {
  const client = await openClient({ host: "127.0.0.1" });
  const app = await register(client, { type: "Native or single-page app" });
  expect(app.client_secret).toBe("");
  const person = await browse("member");
  await person.goto(client.start());
  await allow(person);
  expect(client.tokens).toMatchObject([{ scope: "read" }]);
});

test("Sign-in and consent can be done with the keyboard alone", async ({ browse, openClient, register }) => {
  const client = await openClient();
  await register(client);
  const person = await browse(null);
  await person.goto(client.start());
  await expect(person.getByLabel("Email", { exact: true })).toBeFocused();
  await person.keyboard.type(people.owner);
  await person.keyboard.press("Tab");
  await person.keyboard.type("latchkey-demo");
  await person.keyboard.press("Enter");

  const picker = person.getByLabel("Company", { exact: true });
  await expect(picker).toBeVisible();
  await tabTo(person, picker);
  await person.keyboard.type("Quarry");
  await expect(picker.locator("option:checked")).toHaveText("Quarry Works");
  await person.keyboard.press("Tab");
  await expect(person.getByRole("button", { name: "Deny", exact: true })).toBeFocused();
  await person.keyboard.press("Tab");
  await expect(person.getByRole("button", { name: "Allow", exact: true })).toBeFocused();
  await person.keyboard.press("Enter");
  await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
});

test("Sign-in and consent work without JavaScript", async ({ browse, openClient, register, server }) => {
  const client = await openClient();
  await register(client);
  const person = await browse(null, { javaScriptEnabled: false });
  await person.goto(client.start({ scope: "read write" }));
  await signIn(person, people.owner);
  await person.getByLabel("Company", { exact: true }).selectOption("Quarry Works");
  await allow(person);
  const me = await callApi(server.url, client.token(), "GET /public/v1/me");
  expect(me.body).toMatchObject({ email: people.owner, workspace: { name: "Quarry Works" } });
});

test("Allow works when the client's callback moves on to another origin", async ({
  browse,
  openClient,
  register,
}) => {
  const elsewhere = await openClient({ host: "127.0.0.1" });
  const client = await openClient({ onward: `${elsewhere.origin}/` });
  await register(client);
  const person = await browse(null);
  await person.goto(client.start());
  await signIn(person, people.member);
  await person.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(person).toHaveURL(`${elsewhere.origin}/`);
  expect(client.tokens).toHaveLength(1);

  await test.step("and so does a sign-in that needs no question any more", async () => {
    await person.context().clearCookies();
    await person.goto(client.start());
    await signIn(person, people.member);
    await expect(person).toHaveURL(`${elsewhere.origin}/`);
    expect(client.tokens).toHaveLength(2);
  });
});

test("The consent screen and sign-in cannot be framed by another site", async ({
  browse,
  openClient,
  register,
  server,
  expectedNoise,
}) => {
  expectedNoise.push(/frame-ancestors 'none'/, /X-Frame-Options/i, /chrome-error:/);
  const client = await openClient({ host: "127.0.0.1" });
  await register(client);
  const person = await browse("member");
  await person.goto(client.start());
  await expect(person.getByRole("button", { name: "Allow", exact: true })).toBeVisible();
  const consent = person.url();
  for (const framed of [consent, `${server.url}/login`]) {
    client.pages.set("/trap", `<!doctype html><title>Trap</title><iframe src="${framed}"></iframe>`);
    const answer = person.waitForResponse(framed);
    await person.goto(`${client.origin}/trap`);
    expect((await answer).headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
    const frame = person.frameLocator("iframe");
    await expect(person.locator("iframe")).toBeVisible();
    await expect.poll(() => person.frames().at(1)?.url()).toMatch(/^chrome-error:/);
    await expect(frame.getByRole("button", { name: /Allow|Sign in/ })).toHaveCount(0);
  }
});

test("A form on another site can neither allow an app nor sign anybody in or out", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient({ host: "127.0.0.1" });
  await register(client);
  const person = await browse("member");
  await person.goto(client.start());
  const fields = await person
    .locator("form[action='/consent/decide'] input[type=hidden]")
    .evaluateAll((inputs) => inputs.map((input) => input.outerHTML).join(""));
  const consent = person.url();
  const forms = [
    `<form method="post" action="${server.url}/consent/decide">${fields}<button name="decision" value="allow">Go</button></form>`,
    `<form method="post" action="${server.url}/login/sign-in"><input name="email" value="${people.outsider}"><input name="password" value="latchkey-demo"><button>Go</button></form>`,
    `<form method="post" action="${server.url}/logout"><button>Go</button></form>`,
  ];
  for (const form of forms) {
    client.pages.set("/trap", `<!doctype html><title>Trap</title>${form}`);
    await person.goto(`${client.origin}/trap`);
    const answer = person.waitForResponse((response) => response.request().method() === "POST");
    await person.getByRole("button", { name: "Go" }).click();
    expect((await answer).status()).toBe(403);
  }
  expect(client.answers).toEqual([]);
  await person.goto(consent);
  await expect(person.getByText(people.member)).toBeVisible();
  await allow(person);
});

test("An answered question cannot be answered again, and one that has ended says so", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  await register(client);
  const person = await browse("member");
  await person.goto(client.start());
  const second = await person.context().newPage();
  await second.goto(person.url());
  await allow(person);
  await second.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(second.getByRole("heading", { name: "This request has ended" })).toBeVisible();
  expect(client.tokens).toHaveLength(1);
  await second.goto(`${server.url}/consent?request=nothing`);
  await expect(second.getByRole("heading", { name: "This request has expired" })).toBeVisible();
});

test("An app that changed after the question was shown is asked about again", async ({
  browse,
  openClient,
  register,
}) => {
  const client = await openClient();
  const { name, client_id } = await register(client);
  const person = await browse("member");
  await person.goto(client.start());
  await expect(person.getByRole("heading", { level: 1 })).toContainText(name);

  const developer = await browse("owner");
  await developer.goto(`/settings/api-access/apps/${client_id}/edit`);
  const renamed = unique("Quite Another");
  await developer.getByLabel("App name", { exact: true }).fill(renamed);
  await developer.getByRole("button", { name: "Save changes", exact: true }).click();
  await expect(developer.getByRole("heading", { level: 1, name: renamed })).toBeVisible();

  await person.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(person.getByText("has changed since you last saw it")).toBeVisible();
  await expect(person.getByRole("heading", { level: 1 })).toContainText(renamed);
  expect(client.answers).toEqual([]);
  await allow(person);
});

/** Presses the Copy button beside a read-only field and reads the clipboard. */
async function copied(page: Page, label: string): Promise<string> {
  const field = page.getByLabel(label, { exact: true });
  await expect(field).toHaveAttribute("readonly");
  const value = await field.inputValue();
  const button = page.getByRole("button", { name: "Copy", exact: true, description: label });
  await button.click();
  await expect(page.getByRole("button", { name: "Copied", exact: true, description: label })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(value);
  return value;
}

async function allow(page: Page) {
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
}

/** Answers the dialog that is open. */
async function confirm(page: Page, name: string) {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name, exact: true }).click();
  await expect(dialog).toBeHidden();
}

async function tabTo(page: Page, target: Locator) {
  for (let presses = 0; presses < 20; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("The keyboard does not get there");
}
