// archilogic.txt, sentence by sentence: an app whose documentation was written for that provider works here unchanged
// under the policy "Single redirect, registered scopes". What needs no browser is tested in tests/.

import { callApi } from "../support/api.ts";
import type { ClientApp } from "../support/client.ts";
import { runDocumented } from "../support/curl.ts";
import type { App, AppChoices } from "../support/portal.ts";
import { expect, test } from "../support/test.ts";
import { decide, locationOf, type Visitor, visit } from "../support/visitor.ts";

const policy = "Single redirect, registered scopes";

const authorizationUrl = `<endpoint>/oauth/authorize?
response_type=code&
client_id=YOUR_CLIENT_ID&
state=RANDOM_STATE_VALUE`;

const tokenRequest = `curl -X POST <endpoint>/oauth/token \\
-H "Content-Type: application/x-www-form-urlencoded" \\
-d "grant_type=authorization_code" \\
-d "code=AUTHORIZATION_CODE"`;

const apiRequest = `curl -H "Authorization: Bearer YOUR_ACCESS_TOKEN" \\
"https://api.archilogic.com/v2/floor/FLOOR_ID"`;

/** The documented authorization URL with our values: no redirect_uri, no scope, no PKCE. */
function documentedUrl(issuer: string, { client_id }: App, state: string): string {
  return authorizationUrl
    .replaceAll("\n", "")
    .replace("<endpoint>", issuer)
    .replace("YOUR_CLIENT_ID", client_id)
    .replace("RANDOM_STATE_VALUE", state);
}

/** Runs the documented token request; `more` are the lines that say who the client is. */
async function exchangeByCurl(issuer: string, code: string, more: readonly string[] = [], status = false) {
  const lines = more.map((line) => ` \\\n-d "${line}"`).join("");
  const command = tokenRequest + lines + (status ? ` -w "\\n%{http_code}"` : "");
  const printed = await runDocumented(command, { "<endpoint>": issuer, AUTHORIZATION_CODE: code });
  const [body = "", code3 = ""] = status ? printed.split(/\n(?=\d{3}$)/) : [printed];
  return { body: JSON.parse(body), status: Number(code3) };
}

const credentials = ({ client_id, client_secret }: App) => [
  `client_id=${client_id}`,
  `client_secret=${client_secret}`,
];

async function codeFor(issuer: string, app: App, person: Visitor): Promise<string> {
  const answer = await decide(person, documentedUrl(issuer, app, "s"));
  return answer.searchParams.get("code") ?? "";
}

test("ARC-02 ARC-03 ARC-04 The documented URL without redirect_uri asks the first time only, and comes back to the one registered URI with code and state", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri });
  const person = await browse("member");
  await person.goto(documentedUrl(server.url, app, "first time"));
  await expect(person.getByRole("heading", { level: 1 })).toContainText(app.name);
  await expect(person.getByText("See your projects", { exact: true })).toBeVisible();
  await expect(person.getByText("Create and change projects", { exact: true })).toBeVisible();
  await person.getByRole("button", { name: "Allow", exact: true }).click();
  await expect.poll(() => client.answers.length).toBe(1);

  // Later authorizations of the same app do not ask again.
  await person.goto(documentedUrl(server.url, app, "second"));
  await expect.poll(() => client.answers.length).toBe(2);
  for (const [answer, state] of [
    [client.answers[0], "first time"],
    [client.answers[1], "second"],
  ] as const) {
    expect(answer?.href.startsWith(`${client.redirect_uri}?code=ac_`)).toBe(true);
    expect(answer?.searchParams.get("state")).toBe(state);
  }
});

test("ARC-05 ARC-15 ARC-27 Who denies, or lacks one of the registered scopes, sends the app access_denied with a description and the state", async ({
  browse,
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri });
  const person = await browse("manager");
  await person.goto(documentedUrl(server.url, app, "denied"));
  await person.getByRole("button", { name: "Deny", exact: true }).click();
  await expect.poll(() => client.answers.length).toBe(1);
  expectDenied(client.answers[0], "denied");

  // The second app is registered for a scope that administrators alone can give: nothing is asked, nothing narrowed.
  const wide = await openClient();
  const wideApp = await register(wide, { policy, uris: wide.redirect_uri, scopes: ["read", "admin"] });
  const url = documentedUrl(server.url, wideApp, "lacking");
  const lacking = locationOf(await visit(await visitor("member"), url), server.url);
  expect(lacking.href.startsWith(wide.redirect_uri)).toBe(true);
  expectDenied(lacking, "lacking");

  const admin = await browse("admin");
  await admin.goto(url);
  await expect(admin.getByText("Administer this installation", { exact: true })).toBeVisible();

  // An error of the request itself goes the same way.
  const broken = url.replace("response_type=code", "response_type=id_token");
  const answer = await decide(await visitor("member"), broken);
  expect(Object.fromEntries(answer.searchParams)).toMatchObject({
    error: "unsupported_response_type",
    error_description: expect.stringMatching(/./),
    state: "lacking",
  });
});

function expectDenied(answer: URL | undefined, state: string) {
  expect(Object.fromEntries(answer?.searchParams ?? [])).toMatchObject({
    error: "access_denied",
    error_description: expect.stringMatching(/./),
    state,
  });
  expect(answer?.searchParams.has("code")).toBe(false);
}

test("ARC-06 state is recommended, not required", async ({ openClient, register, server, visitor }) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri });
  const url = documentedUrl(server.url, app, "s").replace("&state=s", "");
  const answer = await decide(await visitor("member"), url);
  expect(answer.searchParams.get("code")).toMatch(/^ac_/);
  expect(answer.searchParams.has("state")).toBe(false);
});

test("ARC-07 ARC-22 The documented token request names no client: refused with 400 and the missing method; with the client's credentials, or by a public client with PKCE, it works", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri });
  const code = await codeFor(server.url, app, await visitor("member"));
  const refused = await exchangeByCurl(server.url, code, [], true);
  expect(refused).toEqual({
    status: 400,
    body: { error: "invalid_client", error_description: expect.stringMatching(/client_secret_post/) },
  });
  const wrong = await exchangeByCurl(
    server.url,
    code,
    [`client_id=${app.client_id}`, "client_secret=x"],
    true,
  );
  expect(wrong).toEqual({
    status: 400,
    body: { error: "invalid_client", error_description: expect.stringMatching(/./) },
  });
  // Neither used the code up.
  expect((await exchangeByCurl(server.url, code, credentials(app))).body).toHaveProperty("access_token");

  const native = await openClient();
  const publicApp = await register(native, { type: "Native or single-page app" });
  expect(publicApp.client_secret).toBe("");
  const attempt = await redirected(native, await visitor("member"));
  const answered = await exchangeByCurl(server.url, attempt.code, [
    `client_id=${publicApp.client_id}`,
    `code_verifier=${attempt.verifier}`,
    `redirect_uri=${native.redirect_uri}`,
  ]);
  expect(answered.body).toMatchObject({ token_type: "Bearer", expires_in: 3600 });
});

/** Walks a person through the client's own request with PKCE, and keeps the code from the client. */
async function redirected(client: ClientApp, person: Visitor) {
  const started = await fetch(client.start(), { redirect: "manual" });
  const answer = await decide(person, started.headers.get("location") ?? "");
  const state = answer.searchParams.get("state") ?? "";
  return { code: answer.searchParams.get("code") ?? "", verifier: client.verifierOf(state) };
}

test("ARC-08 ARC-10 ARC-11 The answer is exactly the documented one, with an opaque token that does not expire", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri } satisfies AppChoices);
  const code = await codeFor(server.url, app, await visitor("member"));
  const { body } = await exchangeByCurl(server.url, code, credentials(app));
  expect(body).toEqual({ access_token: expect.any(String), token_type: "bearer" });

  // The document's sample begins like a JWT, its text calls tokens opaque: ours look like nothing to parse.
  expect(body.access_token).toMatch(/^at_[0-9A-Za-z]+$/);
  const printed = await runDocumented(apiRequest, {
    "https://api.archilogic.com/v2/floor/FLOOR_ID": `${server.url}/public/v1/projects`,
    YOUR_ACCESS_TOKEN: body.access_token,
  });
  expect(JSON.parse(printed).projects).not.toHaveLength(0);

  const introspected = await fetch(`${server.url}/oauth/introspect`, {
    method: "POST",
    body: new URLSearchParams({ token: body.access_token, ...formOf(app) }),
  });
  const facts = await introspected.json();
  expect(facts).toMatchObject({ active: true, scope: "read write" });
  expect(facts).not.toHaveProperty("exp");
  expect(await callApi(server.url, body.access_token, "GET /public/v1/me")).toMatchObject({ status: 200 });
});

const formOf = ({ client_id, client_secret }: App) => ({ client_id, client_secret });
