// visibuild.txt, sentence by sentence: a company's integration that was written for that provider works here unchanged.
// The numbers are those of the project's list of its 21 behaviours; what is not about credentials is tested in tests/.

import pg from "pg";
import { callApi } from "../support/api.ts";
import { createCredential, createLegacyToken, revokeCredential } from "../support/company.ts";
import { runDocumented } from "../support/curl.ts";
import { clientCredentialsWith, libraries } from "../support/libraries.ts";
import { expect, people, signIn, test, unique } from "../support/test.ts";

/** The provider's host, as the document writes it. */
const host = "https://app.visibuild.com.au";

const tokenRequest = `POST /oauth/token
Content-Type: application/x-www-form-urlencoded
grant_type=client_credentials&client_id=YOUR_CLIENT_ID&client_secret=YOUR_CLIENT_SECRET&scope=read`;

const documentedCurl = `curl -X POST https://app.visibuild.com.au/oauth/token \\
-H "Content-Type: application/x-www-form-urlencoded" \\
-d "grant_type=client_credentials\\ &client_id=YOUR_CLIENT_ID\\
&client_secret=YOUR_CLIENT_SECRET\\ &scope=read%20write"`;

/** The documented POST with these values, sent word for word. */
async function postDocumented(issuer: string, values: Record<string, string>, body = tokenRequest) {
  const [line = "", type = "", form = ""] = body.split("\n");
  const [method = "", path = ""] = line.split(" ");
  let filled = form;
  for (const [placeholder, value] of Object.entries(values)) filled = filled.replace(placeholder, value);
  const [name = "", mediaType = ""] = type.split(": ");
  const answer = await fetch(issuer + path, { method, headers: { [name]: mediaType }, body: filled });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const valuesOf = ({ client_id, client_secret }: { client_id: string; client_secret: string }) => ({
  YOUR_CLIENT_ID: client_id,
  YOUR_CLIENT_SECRET: client_secret,
});

test("VSB-01 VSB-05 Company setup has an API section with both kinds of credentials, the OAuth ones recommended", async ({
  browse,
}) => {
  const manager = await browse(null);
  await manager.goto("/settings");
  await signIn(manager, people.manager);
  await expect(manager.getByRole("heading", { name: "Company setup", exact: true })).toBeVisible();
  await manager.getByRole("link", { name: "API", exact: true }).click();
  await expect(manager).toHaveURL("/company/api");
  await expect(manager.getByRole("heading", { name: "API", exact: true, level: 1 })).toBeVisible();
  const kinds = manager.getByRole("main");
  await expect(kinds.getByText("Recommended", { exact: true })).toBeVisible();
  await expect(kinds).toContainText("Still supported, not recommended for new integrations.");
});

test("VSB-02 Only auth managers and owners manage the API; anybody else is told why, whom to ask, and to contact support", async ({
  browse,
}) => {
  for (const who of ["owner", "manager"] as const) {
    const page = await browse(who);
    await page.goto("/company/api");
    await expect(page.getByRole("button", { name: "Create OAuth credentials", exact: true })).toBeVisible();
  }
  const member = await browse("member");
  for (const path of ["/company/api", "/company/api/new", "/company/api/legacy/new"]) {
    await member.goto(path);
    await expect(member).toHaveURL(/\/company\/api(\?company=\w+)?$/);
    await expect(member.getByRole("heading", { name: "API", exact: true, level: 1 })).toBeVisible();
    await expect(member.getByText("Only owners and auth managers manage the API")).toBeVisible();
    await expect(member.getByText(/contact support/)).toBeVisible();
    const toAsk = member.getByRole("list", { name: "Whom to ask", exact: true });
    await expect(toAsk.getByRole("link")).toHaveText([people.owner, people.manager]);
    await expect(member.getByRole("button", { name: /create|revoke/i })).toHaveCount(0);
  }
});

test("VSB-06 VSB-07 Create OAuth credentials asks for a name and a scope, and shows ID and secret this once", async ({
  browse,
}) => {
  const manager = await browse("manager", { permissions: ["clipboard-read", "clipboard-write"] });
  await manager.goto("/company/api");
  await manager.getByRole("button", { name: "Create OAuth credentials", exact: true }).click();
  const name = manager.getByLabel("Name", { exact: true });
  const scope = manager.getByLabel("Scope", { exact: true });
  await expect(scope.getByRole("option")).toHaveText(["Read", "Read and write"]);
  await manager.getByRole("button", { name: "Create", exact: true }).click();
  await expect(name).toHaveAccessibleDescription(/Give it a name/);
  const called = unique("Site diary");
  await name.fill(called);
  await scope.selectOption({ label: "Read and write" });
  await manager.getByRole("button", { name: "Create", exact: true }).click();

  await expect(manager.getByText("It is not shown again.")).toBeVisible();
  const secret = await manager.getByLabel("Client Secret", { exact: true }).inputValue();
  expect(secret).toMatch(/^cs_[0-9A-Za-z]{30,}$/);
  for (const label of ["Client ID", "Client Secret"]) {
    const field = manager.getByLabel(label, { exact: true });
    await expect(field).not.toBeEditable();
    await manager.getByRole("button", { name: "Copy", exact: true, description: label }).click();
    expect(await manager.evaluate(() => navigator.clipboard.readText())).toBe(await field.inputValue());
  }

  await manager.reload();
  await expect(manager.getByLabel("Client Secret", { exact: true })).toHaveCount(0);
  await manager.goto("/company/api");
  await expect(manager.getByRole("row").filter({ hasText: called })).toContainText("Read and write");
  await manager.getByRole("link", { name: called, exact: true }).click();
  await expect(manager.getByRole("heading", { name: called, exact: true, level: 1 })).toBeVisible();
  expect(await manager.content()).not.toContain(secret);
});

test("VSB-08 VSB-14 The documented POST gives an access token and no refresh token; the next one is asked for in the same way", async ({
  browse,
  server,
}) => {
  const app = await createCredential(await browse("owner"), unique("Nightly export"));
  const tokens = [];
  for (let round = 0; round < 2; round += 1) {
    const { status, headers, body } = await postDocumented(server.url, valuesOf(app));
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^at_[0-9A-Za-z]{36}$/),
      token_type: "Bearer",
      expires_in: 3600,
      scope: "read",
    });
    tokens.push(body.access_token);
  }
  expect(new Set(tokens).size).toBe(2);
  for (const token of tokens)
    expect(await callApi(server.url, token, "GET /public/v1/projects")).toMatchObject({ status: 200 });
});

test("VSB-04 A set of credentials reaches every project of its company, one that is added later, and none of another company", async ({
  browse,
  server,
}) => {
  const app = await createCredential(await browse("owner"), unique("All projects"));
  const { access_token } = (await postDocumented(server.url, valuesOf(app))).body;
  const { body: me } = await callApi(server.url, access_token, "GET /public/v1/me");
  expect(me).toMatchObject({ type: "company", workspace: { name: "Northwind Labs" }, scopes: ["read"] });
  const { body: reached } = await callApi(server.url, access_token, "GET /public/v1/workspaces");
  expect(reached.workspaces).toEqual([{ id: me.workspace.id, name: "Northwind Labs" }]);

  const namesSeen = async () => {
    const { body } = await callApi(server.url, access_token, "GET /public/v1/projects");
    return body.projects.map(({ name }: { name: string }) => name);
  };
  expect(await namesSeen()).toEqual(
    expect.arrayContaining(["Harbour refit", "Tide sensors", "Annual report"]),
  );
  expect(await namesSeen()).not.toContain("Stone catalogue"); // of Quarry Works, to which the owner belongs as well
  const name = unique("Added later");
  const writing = await clientCredentialsWith("oauth4webapi", server.url, app, "read write");
  const project = { name, workspace_id: me.workspace.id };
  const made = await callApi(server.url, String(writing.access_token), "POST /public/v1/projects", project);
  expect(made.status).toBe(201);
  expect(await namesSeen()).toContain(name);
});

test("VSB-09 VSB-10 VSB-11 The scope asked for is the credentials' or a part of it, written with a space, %20 or +, and read where none is named", async ({
  browse,
  server,
}) => {
  const owner = await browse("owner");
  const reading = await createCredential(owner, unique("Reads"), { scope: "Read" });
  const writing = await createCredential(owner, unique("Writes"), { scope: "Read and write" });
  const ask = async (app: typeof reading, scope: string) => {
    const body = tokenRequest.replace("&scope=read", scope);
    const answer = await postDocumented(server.url, valuesOf(app), body);
    return answer.status === 200 ? answer.body.scope : { status: answer.status, error: answer.body.error };
  };
  const beyond = { status: 400, error: "invalid_scope" };
  const table: [typeof reading, string, unknown][] = [
    [reading, "&scope=read", "read"],
    [reading, "&scope=write", beyond],
    [reading, "&scope=read%20write", beyond],
    [writing, "&scope=read", "read"],
    [writing, "&scope=write", "write"],
    [writing, "&scope=read write", "read write"],
    [writing, "&scope=read%20write", "read write"],
    [writing, "&scope=read+write", "read write"],
    [writing, "&scope=write%20read", "read write"],
    [reading, "", "read"],
    [writing, "", "read"],
    [writing, "&scope=", "read"],
    [writing, "&scope=admin", beyond],
    [writing, "&scope=everything", beyond],
    [writing, "&scope=read%2Cwrite", beyond],
    [writing, "&scope=read&scope=write", { status: 400, error: "invalid_request" }],
  ];
  for (const [app, scope, expected] of table) {
    expect(await ask(app, scope), `${app.name} ${scope}`).toEqual(expected);
  }
});

test("VSB-21 The documented curl, stray characters and all, is answered with a description that names them; without them it works", async ({
  browse,
  server,
}) => {
  const app = await createCredential(await browse("owner"), unique("From the document"));
  const values = { ...valuesOf(app), [host]: server.url };
  const refused = JSON.parse(await runDocumented(documentedCurl, values));
  expect(refused).toEqual({
    error: "unsupported_grant_type",
    error_description: expect.stringMatching(/stray characters \(backslash, space\).*quoted/),
  });
  const mended = documentedCurl.replaceAll("\\ &", "&").replaceAll("\\\n&", "&");
  expect(mended).not.toMatch(/\\ |\\\n&/);
  const answer = JSON.parse(await runDocumented(mended, values));
  expect(answer).toMatchObject({ token_type: "Bearer", expires_in: 3600, scope: "read write" });
  const { status } = await callApi(server.url, answer.access_token, "GET /public/v1/projects");
  expect(status).toBe(200);
});

for (const library of libraries) {
  test(`A company's integration written with ${library} gets its token, and is refused more than it has`, async ({
    browse,
    server,
  }) => {
    const app = await createCredential(await browse("owner"), unique(library), { scope: "Read" });
    for (const scope of [undefined, "read"]) {
      const answer = await clientCredentialsWith(library, server.url, app, scope);
      expect(answer).toMatchObject({ expires_in: 3600, scope: "read" });
      expect(answer).not.toHaveProperty("refresh_token");
      const { status } = await callApi(server.url, String(answer.access_token), "GET /public/v1/projects");
      expect(status).toBe(200);
    }
    await expect(clientCredentialsWith(library, server.url, app, "read write")).rejects.toThrow();
    const wrong = { ...app, client_secret: `${app.client_secret.slice(0, -1)}~` };
    await expect(clientCredentialsWith(library, server.url, wrong, "read")).rejects.toThrow();
  });
}

test("VSB-17 VSB-18 VSB-19 The arrow beside Create OAuth credentials leads to a legacy token: name, scope, expiration, shown this once", async ({
  browse,
}) => {
  const manager = await browse("manager");
  await manager.goto("/company/api");
  await manager.getByRole("button", { name: "More credential types", exact: true }).click();
  await manager.getByRole("menuitem", { name: "Create legacy token", exact: true }).click();
  const name = manager.getByLabel("Name", { exact: true });
  const expiration = manager.getByLabel("Expiration", { exact: true });
  await expect(expiration.getByRole("option")).toHaveText(["1 month", "3 months", "6 months", "1 year"]);
  await expect(manager.getByText("Still supported, not recommended for new integrations.")).toBeVisible();
  await manager.getByRole("button", { name: "Generate", exact: true }).click();
  await expect(name).toHaveAccessibleDescription(/Give it a name/);
  const called = unique("Old importer");
  await name.fill(called);
  await manager.getByLabel("Scope", { exact: true }).selectOption({ label: "Read" });
  await expiration.selectOption({ label: "1 year" });
  await manager.getByRole("button", { name: "Generate", exact: true }).click();

  const token = await manager.getByLabel("Legacy token", { exact: true }).inputValue();
  expect(token).toMatch(/^lt_[0-9A-Za-z]{36}$/);
  await expect(manager.getByLabel("Legacy token", { exact: true })).not.toBeEditable();
  await expect(manager.getByText("It is not shown again.")).toBeVisible();

  await manager.goto("/company/api");
  const row = manager.getByRole("row").filter({ hasText: called });
  await expect(row).toContainText(`lt_…${token.slice(-4)}`);
  await expect(row).toContainText("by Manu Manager");
  const end = new Date();
  end.setUTCFullYear(end.getUTCFullYear() + 1);
  await expect(row.locator("time").last()).toHaveAttribute("datetime", new RegExp(`^${isoDay(end)}`));
  expect(await manager.content()).not.toContain(token);
});

test("VSB-20 A legacy token is sent as it is, reaches what its scope says, and works until its date or until it is revoked", async ({
  browse,
  server,
}) => {
  const owner = await browse("owner");
  const name = unique("Importer");
  const reading = await createLegacyToken(owner, unique("Reader"), { scope: "Read", expiration: "3 months" });
  const writing = await createLegacyToken(owner, name, { scope: "Read and write" });
  const me = await callApi(server.url, writing, "GET /public/v1/me");
  expect(me.body).toMatchObject({ type: "company", scopes: ["read", "write"] });
  const project = { name: unique("Imported"), workspace_id: me.body.workspace.id };
  expect(await callApi(server.url, writing, "POST /public/v1/projects", project)).toMatchObject({
    status: 201,
  });
  expect(await callApi(server.url, reading, "GET /public/v1/projects")).toMatchObject({ status: 200 });
  const forbidden = { status: 403, body: { error: "insufficient_scope" } };
  expect(await callApi(server.url, reading, "POST /public/v1/projects", project)).toMatchObject(forbidden);

  // It is no grant: the token endpoint knows it neither as a secret nor as a refresh token.
  const grant = new URLSearchParams({ grant_type: "refresh_token", refresh_token: writing });
  const refused = await fetch(`${server.url}/oauth/token`, { method: "POST", body: grant });
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: "invalid_grant" }]);

  await owner.goto("/company/api");
  await revokeCredential(owner, name);
  const invalid = { status: 401, body: { error: "invalid_token" } };
  expect(await callApi(server.url, writing, "GET /public/v1/projects")).toMatchObject(invalid);
  await expect(owner.getByRole("row").filter({ hasText: name })).toHaveCount(0);

  // A date can be moved where the database is not inside the server; tests/db/credentials.test.ts moves the clock.
  if (server.databaseUrl) {
    await query(
      server.databaseUrl,
      "UPDATE tokens SET expires_at = now() WHERE last4 = $1",
      reading.slice(-4),
    );
    expect(await callApi(server.url, reading, "GET /public/v1/projects")).toMatchObject(invalid);
  }
});

test("VSB-03 Credentials belong to the company: they are the other managers' as well, and outlive whoever made them", async ({
  browse,
  server,
}) => {
  const manager = await browse("manager");
  const app = await createCredential(manager, unique("Outlives its maker"));
  const token = await createLegacyToken(manager, unique("Outlives its maker, too"));
  const works = async () => {
    const { status, body } = await postDocumented(server.url, valuesOf(app));
    expect(status).toBe(200);
    for (const bearer of [token, body.access_token])
      expect(await callApi(server.url, bearer, "GET /public/v1/projects")).toMatchObject({ status: 200 });
  };
  await works();
  const owner = await browse("owner");
  await owner.goto("/company/api");
  const row = owner.getByRole("row").filter({ hasText: app.name }).first();
  await expect(row).toContainText("by Manu Manager");

  // People cannot be removed in the portal yet; tests/db/credentials.test.ts deletes them on every database.
  if (server.databaseUrl) {
    await query(
      server.databaseUrl,
      "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email = $1)",
      people.manager,
    );
    try {
      await works();
      await owner.reload();
      await expect(row).toContainText("by a former member");
      await manager.goto("/company/api");
      await expect(manager.getByText("You belong to no company")).toBeVisible();
    } finally {
      await query(
        server.databaseUrl,
        `INSERT INTO memberships (user_id, company_id, role, created_at)
         SELECT u.id, c.id, 'auth_manager', now() FROM users u, companies c WHERE u.email = $1 AND c.name = 'Northwind Labs'`,
        people.manager,
      );
    }
  }
});

function isoDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

async function query(connectionString: string, sql: string, value: string) {
  const database = new pg.Client({ connectionString });
  await database.connect();
  try {
    await database.query(sql, [value]);
  } finally {
    await database.end();
  }
}
