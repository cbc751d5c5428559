// visuary.txt, sentence by sentence: an app whose documentation was written for that provider works here unchanged.
// The numbers are those of the project's list of its 35 behaviours; npm test checks that each is in one title.

import pg from "pg";
import { callApi, requestToken } from "../support/api.ts";
import { attempt, discover, exchange } from "../support/client.ts";
import { runDocumented } from "../support/curl.ts";
import { png } from "../support/pictures.ts";
import { expect, people, signIn, test, unique } from "../support/test.ts";
import { decide, visit } from "../support/visitor.ts";

const longLived = { policy: "Long-lived tokens" } as const;

/** The provider's host, as the document writes it. */
const host = "https://api.visuary.com";

const metadataRequest = `GET ${host}/.well-known/oauth-authorization-server`;

const tokenRequest = `curl -X POST https://api.visuary.com/oauth/token \\
-u YOUR_CLIENT_ID:YOUR_CLIENT_SECRET \\
-d "grant_type=authorization_code" \\
-d "code=AUTH_CODE" \\
-d "redirect_uri=https://yourapp.com/callback"`;

const apiRequest = `curl https://api.visuary.com/public/v1/workspaces \\
-H "Authorization: Bearer ACCESS_TOKEN"`;

const authorizationUrl = `https://api.visuary.com/oauth/authorize
?response_type=code
&client_id=YOUR_CLIENT_ID
&redirect_uri=https://yourapp.com/callback
&state=RANDOM_CSRF_TOKEN`;

/** The documented authorization URL with our values, as written otherwise: the redirect URI is not percent-encoded. */
function documentedUrl(issuer: string, client_id: string, redirect_uri: string, state: string): string {
  return authorizationUrl
    .replaceAll("\n", "")
    .replace(host, issuer)
    .replace("YOUR_CLIENT_ID", client_id)
    .replace("https://yourapp.com/callback", redirect_uri)
    .replace("RANDOM_CSRF_TOKEN", state);
}

test("VSY-04 VSY-05 VSY-06 VSY-09 VSY-10 A developer finds Create app, must fill in a name and a redirect domain, and copies the credentials", async ({
  browse,
  openClient,
  server,
}) => {
  const client = await openClient();
  const name = unique("Visual Ledger");
  const developer = await browse(null, { permissions: ["clipboard-read", "clipboard-write"] });
  await developer.goto("/settings");
  await signIn(developer, people.owner);
  await developer.getByRole("link", { name: "API Access", exact: true }).click();
  await expect(developer.getByRole("heading", { name: "Developer apps", exact: true })).toBeVisible();
  await developer.getByRole("link", { name: "Create app", exact: true }).click();

  const appName = developer.getByLabel("App name", { exact: true });
  const domain = developer.getByRole("textbox", { name: "Redirect domain", exact: true });
  const create = developer.getByRole("button", { name: "Create app", exact: true });
  await developer.getByRole("radio", { name: "Redirect domain" }).check();
  await developer.getByLabel("Policy", { exact: true }).selectOption({ label: "Long-lived tokens" });
  await create.click();
  await expect(appName).toHaveAccessibleDescription(/Give the app a name/);
  await expect(domain).toHaveAccessibleDescription(/Enter the base URL of your app/);

  await appName.fill(name);
  await domain.fill("yourapp.com");
  await create.click();
  await expect(domain).toHaveAttribute("aria-invalid", "true");
  await domain.fill("https://yourapp.com");
  await create.click();

  const clientId = developer.getByLabel("Client ID", { exact: true });
  const id = await clientId.inputValue();
  expect(id).toMatch(/^[0-9A-Za-z]{8,24}$/);
  const secret = await developer.getByLabel("Client Secret", { exact: true }).inputValue();
  expect(secret).toMatch(/^cs_[0-9A-Za-z]{30,}$/);
  await expect(developer.getByText("It is not shown again.")).toBeVisible();
  for (const [label, value] of [
    ["Client ID", id],
    ["Client Secret", secret],
  ] as const) {
    await developer.getByRole("button", { name: "Copy", exact: true, description: label }).click();
    await expect(developer.getByRole("button", { name: "Copied", description: label })).toBeVisible();
    expect(await developer.evaluate(() => navigator.clipboard.readText())).toBe(value);
  }

  await test.step("the name is what people see on the authorization screen", async () => {
    await client.register({ name, client_id: id, client_secret: secret }, server.url);
    const person = await browse("member");
    await person.goto(documentedUrl(server.url, id, "https://yourapp.com/callback", "xyz"));
    await expect(person.getByRole("heading", { level: 1 })).toContainText(name);
    await expect(person.getByText("yourapp.com", { exact: true })).toBeVisible();
  });
});

test("VSY-08 A logo is shown beside the app's name on the authorization screen, and an app without one works as well", async ({
  browse,
  openClient,
  register,
}) => {
  const person = await browse("member");
  for (const logo of [undefined, png()]) {
    const client = await openClient();
    const { name } = await register(client, { ...longLived, domain: client.origin, logo });
    await person.goto(client.start({ pkce: false }));
    await expect(person.getByRole("heading", { level: 1 })).toContainText(name);
    const picture = person.locator("img[src^='/logos/']");
    await expect(picture).toHaveCount(logo ? 1 : 0);
    if (logo) {
      const width = await picture.evaluate((image: HTMLImageElement) =>
        image.decode().then(() => image.naturalWidth),
      );
      expect(width).toBe(192);
    }
    await person.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
  }
});

test("VSY-03 The metadata names the endpoints and what they support", async ({ server }) => {
  const [method = "", url = ""] = metadataRequest.split(" ");
  const printed = await runDocumented(`curl -s -X ${method} ${url}`, { [host]: server.url });
  expect(JSON.parse(printed)).toMatchObject({
    issuer: server.url,
    authorization_endpoint: `${server.url}/oauth/authorize`,
    token_endpoint: `${server.url}/oauth/token`,
    response_types_supported: ["code"],
    grant_types_supported: expect.arrayContaining(["authorization_code"]),
    token_endpoint_auth_methods_supported: expect.arrayContaining(["client_secret_basic"]),
  });
});

test("VSY-12 VSY-17 VSY-18 The documented URL leads to sign-in and approval, and back to the callback with code and state", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  const { client_id } = await register(client, { ...longLived, domain: client.origin });
  const stranger = await browse(null);
  await stranger.goto(documentedUrl(server.url, client_id, client.redirect_uri, "first"));
  await expect(stranger.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await signIn(stranger, people.member);
  await expect(stranger.getByRole("button", { name: "Allow", exact: true })).toBeVisible();

  const person = await browse("manager");
  // `?` of an existing query written as the URL's own: the redirect URI is one parameter and must be encoded here.
  const withQuery = encodeURIComponent(`${client.redirect_uri}?from=mail&empty=`);
  await person.goto(documentedUrl(server.url, client_id, withQuery, "second"));
  await expect(person).toHaveURL(/\/consent\?/);
  await person.getByRole("button", { name: "Allow", exact: true }).click();
  await expect.poll(() => client.answers.length).toBe(1);
  const answer = client.answers.at(0);
  expect(answer?.href).toMatch(/\/callback\?from=mail&empty=&code=ac_[0-9A-Za-z]+&state=second&iss=/);
});

test("VSY-13 Any response_type but code is answered unsupported_response_type", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const { client_id } = await register(client, { ...longLived, domain: client.origin });
  const person = await visitor("member");
  const url = documentedUrl(server.url, client_id, client.redirect_uri, "s");
  const errorOf = async (response_type: string) => {
    const answer = await decide(person, url.replace("response_type=code", response_type));
    expect(answer.href.startsWith(`${client.redirect_uri}?`)).toBe(true);
    expect(answer.searchParams.get("state")).toBe("s");
    return answer.searchParams.get("error");
  };
  for (const other of ["token", "code%20token", "Code", "id_token", "none"]) {
    expect(await errorOf(`response_type=${other}`), other).toBe("unsupported_response_type");
  }
  // RFC 6749 §3.1.1: one that is missing is an invalid request.
  for (const none of ["", "response_type="]) expect(await errorOf(none)).toBe("invalid_request");
});

test("VSY-14 A missing or unknown client_id gets an error page and no redirect", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const { client_id } = await register(client, { ...longLived, domain: client.origin });
  const person = await visitor("member");
  const url = documentedUrl(server.url, client_id, client.redirect_uri, "s");
  for (const wrong of ["", "client_id=", "client_id=nobody", `client_id=${client_id}&client_id=x`]) {
    await expectErrorPage(await visit(person, url.replace(`client_id=${client_id}`, wrong)));
  }
  expect(client.answers).toEqual([]);
});

test("VSY-15 A missing redirect_uri, or one outside the redirect domain, gets an error page and no redirect", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const { client_id } = await register(client, { ...longLived, domain: client.origin });
  const person = await visitor("member");
  const { host: own, port } = new URL(client.origin);
  const outside = [
    "",
    "https://evil.example/callback",
    `http://127.0.0.1:${port}/callback`,
    `http://localhost:${Number(port) + 1}/callback`,
    `https://${own}/callback`,
    `http://${own}.evil.example/callback`,
    `http://${own}@evil.example/callback`,
    `http://evil.example#${own}`,
    `http://evil.example\\@${own}/callback`,
    `${client.origin}/callback/../../x`,
    `${client.origin}/%2e%2e/x`,
    `${client.origin}//evil.example`,
    "javascript:alert(1)",
    "data:text/html,x",
  ];
  for (const redirect_uri of outside) {
    const url = documentedUrl(server.url, client_id, encodeURIComponent(redirect_uri), "s");
    await expectErrorPage(await visit(person, url));
  }
  const below = documentedUrl(server.url, client_id, `${client.origin}/any/path/below`, "s");
  expect((await decide(person, below)).pathname).toBe("/any/path/below");
});

test("VSY-16 state is required, and returned byte for byte", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const { client_id } = await register(client, { ...longLived, domain: client.origin });
  const person = await visitor("member");
  const url = documentedUrl(server.url, client_id, client.redirect_uri, "STATE");
  for (const missing of ["", "state="]) {
    const answer = await decide(person, url.replace("state=STATE", missing));
    expect(answer.searchParams.get("error")).toBe("invalid_request");
    expect(answer.searchParams.has("code")).toBe(false);
  }
  const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");
  for (const state of [printable, "a+b c%20d%2Bé", "日本 😀", "=".repeat(2000)]) {
    const answer = await decide(person, url.replace("STATE", encodeURIComponent(state)));
    // Decoded as a URI, not as a form: what the client's framework does with `+` must not matter.
    const [, returned = ""] = /[?&]state=([^&]*)/.exec(answer.search) ?? [];
    expect(decodeURIComponent(returned)).toBe(state);
    expect(answer.searchParams.get("code")).toMatch(/^ac_/);
  }
});

test("VSY-19 VSY-22 VSY-24 The documented curl commands exchange the code for exactly the documented answer, and call the API with it", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { ...longLived, domain: client.origin });
  const person = await visitor("member");
  const url = documentedUrl(server.url, app.client_id, client.redirect_uri, "s");
  const answer = await decide(person, url);
  const printed = await runDocumented(tokenRequest, {
    [host]: server.url,
    YOUR_CLIENT_ID: app.client_id,
    YOUR_CLIENT_SECRET: app.client_secret,
    AUTH_CODE: answer.searchParams.get("code") ?? "",
    "https://yourapp.com/callback": client.redirect_uri,
  });
  const { access_token } = JSON.parse(printed);
  expect(JSON.parse(printed)).toEqual({ access_token, token_type: "Bearer" });
  expect(access_token).toMatch(/^at_[0-9A-Za-z]{30,}$/);

  const workspaces = await runDocumented(apiRequest, { [host]: server.url, ACCESS_TOKEN: access_token });
  expect(JSON.parse(workspaces).workspaces).toMatchObject([{ name: "Northwind Labs" }]);
});

test("VSY-20 VSY-21 The token endpoint wants grant_type authorization_code, the code, and the very redirect_uri of the request", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { ...longLived, domain: client.origin });
  const person = await visitor("member");
  const answer = await decide(person, documentedUrl(server.url, app.client_id, client.redirect_uri, "s"));
  const good = {
    grant_type: "authorization_code",
    code: answer.searchParams.get("code") ?? "",
    redirect_uri: client.redirect_uri,
  };
  const send = async (form: Record<string, string>) => {
    const response = await requestToken(server.url, app, form);
    expect(response.headers.get("location")).toBeNull();
    expect(response.headers.get("cache-control")).toBe("no-store");
    return response;
  };
  const { grant_type, code, redirect_uri } = good;
  const refusals: [Record<string, string>, string][] = [
    [{ code, redirect_uri }, "invalid_request"],
    [{ ...good, grant_type: "password" }, "unsupported_grant_type"],
    [{ grant_type, redirect_uri }, "invalid_request"],
    [{ ...good, code: `${code}x` }, "invalid_grant"],
    [{ grant_type, code }, "invalid_request"],
    [{ ...good, redirect_uri: `${redirect_uri}/` }, "invalid_grant"],
    [{ ...good, redirect_uri: `${client.origin}/other` }, "invalid_grant"],
    [{ ...good, redirect_uri: "https://evil.example/" }, "invalid_grant"],
  ];
  for (const [form, error] of refusals) {
    expect(await send(form), JSON.stringify(form)).toMatchObject({ status: 400, body: { error } });
  }
  // None of them used the code up, and the redirect URI was compared and never called.
  expect(await send(good)).toMatchObject({ status: 200, body: { token_type: "Bearer" } });
  expect(client.answers).toEqual([]);
});

test("VSY-01 VSY-02 VSY-34 VSY-35 Without scope and PKCE the standard code flow gives a token with its user's full access", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  await register(client, { ...longLived, domain: client.origin });
  const person = await browse("member");
  await person.goto(client.start({ pkce: false }));
  await expect(person.getByText("See your projects", { exact: true })).toBeVisible();
  await expect(person.getByText("Create and change projects", { exact: true })).toBeVisible();
  await person.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
  expect(client.tokens.at(0)).not.toHaveProperty("refresh_token");

  const call = (request: string, body?: unknown) => callApi(server.url, client.token(), request, body);
  const me = await call("GET /public/v1/me");
  expect(me.body).toMatchObject({ type: "user", email: people.member, scopes: ["read", "write"] });
  const project = { name: unique("Full access"), workspace_id: me.body.workspace.id };
  const made = await call("POST /public/v1/projects", project);
  expect(made.status).toBe(201);
  expect(await call(`DELETE /public/v1/projects/${made.body.id}`)).toMatchObject({ status: 204 });
});

test("VSY-25 VSY-26 VSY-27 The token is listed with its app under Personal tokens, and revoking it there ends it at once", async ({
  browse,
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { ...longLived, domain: client.origin });
  const as = await discover(server.url);
  const made = await attempt(as, app, client.redirect_uri, { pkce: false });
  const { access_token } = await exchange(as, app, made, await decide(await visitor("member"), made.url));
  expect(await callApi(server.url, access_token, "GET /public/v1/workspaces")).toMatchObject({ status: 200 });

  const person = await browse("member");
  await person.goto("/settings");
  await person.getByRole("link", { name: "API Access", exact: true }).click();
  await person.getByRole("link", { name: "Personal tokens", exact: true }).click();
  const row = person.getByRole("row").filter({ hasText: app.name });
  await expect(row).toContainText(access_token.slice(-4));
  await expect(row.getByRole("cell").filter({ hasText: "Never" })).not.toHaveCount(0); // it does not expire
  await row.getByRole("button", { name: "Revoke", exact: true }).click();
  const dialog = person.getByRole("dialog");
  await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(dialog).toBeHidden();
  expect(await callApi(server.url, access_token, "GET /public/v1/workspaces")).toMatchObject({ status: 401 });
  await expect(row).toHaveCount(0);
});

test("VSY-28 VSY-31 Rotate secret is on the app's page and can be staged: next secret, servers switch, old secret retired", async ({
  browse,
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { ...longLived, domain: client.origin });
  const developer = await browse("owner");
  await developer.goto("/settings/api-access/apps");
  await developer.getByRole("link", { name: app.name, exact: true }).click();
  await developer.getByRole("link", { name: "Credentials", exact: true }).click();
  await developer.getByRole("button", { name: "Rotate secret", exact: true }).click();
  const dialog = developer.getByRole("dialog", { name: "Rotate secret" });
  await dialog.getByLabel("Old secret stays valid for", { exact: true }).selectOption("24 hours");
  await dialog.getByRole("button", { name: "Rotate secret", exact: true }).click();
  const next = await developer.getByLabel("Client Secret", { exact: true }).inputValue();
  expect(next).not.toBe(app.client_secret);

  const as = await discover(server.url);
  const person = await visitor("member");
  const connectWith = async (client_secret: string) => {
    const made = await attempt(as, app, client.redirect_uri, { pkce: false });
    return exchange(as, { ...app, client_secret }, made, await decide(person, made.url));
  };
  for (const secret of [app.client_secret, next]) {
    expect(await connectWith(secret)).toMatchObject({ token_type: "bearer" });
  }

  await developer.reload();
  const old = developer.getByRole("listitem").filter({ hasText: `cs_…${app.client_secret.slice(-4)}` });
  await old.getByRole("button", { name: "Revoke", exact: true }).click();
  const question = developer.getByRole("dialog");
  await question.getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(question).toBeHidden(); // until then everything behind it is hidden, too
  await expect(old).toHaveCount(0);
  const refused = await requestToken(server.url, app, {
    grant_type: "authorization_code",
    code: "any",
    redirect_uri: client.redirect_uri,
  });
  expect(refused).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  expect(await connectWith(next)).toMatchObject({ token_type: "bearer" });
});

test("VSY-32 The API answers 401 without a token, 403 where the plan has no API, 400 to a bad request and 500 when it is our fault", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { ...longLived, domain: client.origin });
  const as = await discover(server.url);
  const tokenOf = async (who: "member" | "outsider") => {
    const made = await attempt(as, app, client.redirect_uri, { pkce: false });
    return (await exchange(as, app, made, await decide(await visitor(who), made.url))).access_token;
  };
  const call = async (token: string, request: string, body?: unknown) => {
    const answer = await callApi(server.url, token, request, body);
    expect(Object.keys(answer.body)).toEqual(["error", "error_description"]);
    return { status: answer.status, error: answer.body.error };
  };
  const token = await tokenOf("member");

  const missing = await callApi(server.url, "", "GET /public/v1/workspaces");
  expect(missing.status).toBe(401);
  expect(missing.headers.get("www-authenticate")).toMatch(/^Bearer/);
  const invalid = { status: 401, error: "invalid_token" };
  for (const wrong of ["at_nonsense", token.slice(0, -1), app.client_secret, `${token}x`]) {
    expect(await call(wrong, "GET /public/v1/workspaces")).toEqual(invalid);
  }
  const noPlan = { status: 403, error: "access_denied" };
  expect(await call(await tokenOf("outsider"), "GET /public/v1/workspaces")).toEqual(noPlan);
  const bad = { status: 400, error: "invalid_request" };
  expect(await call(token, "POST /public/v1/projects", { name: "" })).toEqual(bad);
  expect(await call(token, "POST /public/v1/projects", ["name"])).toEqual(bad);

  // A database that fails can be had where it is not inside the server.
  if (server.databaseUrl) {
    const database = new pg.Client({ connectionString: server.databaseUrl });
    await database.connect();
    await database.query("ALTER TABLE projects RENAME TO projects_gone");
    try {
      const answer = await callApi(server.url, token, "GET /public/v1/projects");
      expect(answer).toMatchObject({ status: 500, body: { error: "server_error" } });
      const said = JSON.stringify(answer.body);
      expect(said).toContain(answer.headers.get("x-request-id"));
      expect(said).not.toMatch(/projects|relation|\bat /);
      await expect.poll(server.log).toContain(answer.headers.get("x-request-id"));
    } finally {
      await database.query("ALTER TABLE projects_gone RENAME TO projects");
      await database.end();
    }
  }
});

/** A page of ours that says what is wrong, and sends nobody anywhere. */
async function expectErrorPage(answer: Response) {
  expect(answer.status).toBe(400);
  expect(answer.headers.get("location")).toBeNull();
  expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
  expect(await answer.text()).toContain("This request cannot go on");
}
