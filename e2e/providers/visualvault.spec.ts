// visualvault.txt, sentence by sentence: an app whose documentation was written for that provider works here under the
// policy "Classic with refresh tokens". Service accounts and what needs no browser are in e2e/service-accounts.spec.ts
// and tests/.

import type { Page } from "@playwright/test";
import * as openid from "openid-client";
import { changeSettings, createServiceAccount } from "../support/admin.ts";
import { callApi, requestToken } from "../support/api.ts";
import { discover } from "../support/client.ts";
import { runDocumented } from "../support/curl.ts";
import { simple, simpleOptions } from "../support/libraries.ts";
import { connect, openidClient } from "../support/openid.ts";
import { startServer } from "../support/server.ts";
import { expect, password, people, signIn, test, unique } from "../support/test.ts";
import { decide, enter } from "../support/visitor.ts";

const policy = "Classic with refresh tokens";

test("VVT-04 VVT-05 VVT-18 VVT-21 The person is prompted, the code comes to the redirect URL, and is exchanged for an access token with its lifetime and a refresh token", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri });
  const person = await browse("member");
  await person.goto(client.start({ pkce: false, scope: "read write" }));
  await expect(person.getByRole("heading", { level: 1 })).toContainText(app.name);
  await person.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
  const [tokens] = client.tokens;
  expect(tokens).toMatchObject({
    access_token: expect.stringMatching(/^at_/),
    refresh_token: expect.stringMatching(/^rt_/),
    expires_in: 1200,
    scope: "read write",
  });

  // With an API key and secret of the app, and by refreshing, too: each answer has the next refresh token.
  const machine = await requestToken(server.url, app, { grant_type: "client_credentials", scope: "read" });
  const refreshed = await requestToken(server.url, app, {
    grant_type: "refresh_token",
    refresh_token: tokens?.refresh_token ?? "",
  });
  for (const { status, body } of [machine, refreshed]) {
    expect(status).toBe(200);
    expect(body).toMatchObject({ refresh_token: expect.stringMatching(/^rt_/), expires_in: 1200 });
  }
  expect(refreshed.body.refresh_token).not.toBe(tokens?.refresh_token);
});

test("VVT-20 A refresh token brings a new access token without the credentials of the client or the person", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri });
  const config = await openidClient(server.url, app);
  const person = await visitor("member");
  const granted = await connect(config, client.redirect_uri, person, { scope: "read" });
  const command = (refresh_token: string) =>
    `curl -s ${server.url}/oauth/token -d grant_type=refresh_token -d refresh_token=${refresh_token}`;
  const next = JSON.parse(await runDocumented(command(granted.refresh_token ?? ""), {}));
  expect(next).toMatchObject({ refresh_token: expect.stringMatching(/^rt_/), scope: "read" });
  expect(await callApi(server.url, next.access_token, "GET /public/v1/projects")).toMatchObject({
    status: 200,
  });

  // A client that does authenticate goes on with it as well, here in openid-client's words.
  const again = await openid.refreshTokenGrant(config, next.refresh_token);
  expect(again.refresh_token).not.toBe(next.refresh_token);

  // New apps must authenticate.
  const modern = await openClient();
  const modernApp = await register(modern);
  const modernConfig = await openidClient(server.url, modernApp);
  const { refresh_token = "" } = await connect(modernConfig, modern.redirect_uri, person);
  expect(JSON.parse(await runDocumented(command(refresh_token), {}))).toMatchObject({
    error: "invalid_client",
  });
  expect(await openid.refreshTokenGrant(modernConfig, refresh_token)).toHaveProperty("access_token");
});

test("VVT-06 An app inside somebody's iframe signs people in through a popup; sign-in and consent themselves are never framed", async ({
  browse,
  expectedNoise,
  openClient,
  register,
  server,
}) => {
  expectedNoise.push(/frame-ancestors/, /Framing/);
  const viewer = await openClient();
  viewer.pages.set(
    "/done",
    `<!doctype html><title>Done</title><script>opener.postMessage("connected", "*"); close();</script>`,
  );
  const client = await openClient({ onward: `${viewer.origin}/done` });
  await register(client, { policy, uris: client.redirect_uri });
  client.pages.set(
    "/embedded",
    `<!doctype html><title>Embedded</title><button onclick="open('${client.start()}', 'sign-in', 'popup')">Connect</button>
     <output></output><script>addEventListener("message", ({ data }) => { document.querySelector("output").textContent = data; });</script>`,
  );
  viewer.pages.set(
    "/viewer",
    `<!doctype html><title>Page viewer</title><iframe name="app" src="${client.origin}/embedded"></iframe>
     <iframe name="framed" src="${server.url}/login"></iframe>`,
  );
  const person = await browse("member");
  await person.goto(`${viewer.origin}/viewer`);
  const embedded = person.frameLocator("iframe[name=app]");
  const opened = person.waitForEvent("popup");
  await embedded.getByRole("button", { name: "Connect" }).click();
  const popup = await opened;
  await popup.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(embedded.getByRole("status")).toHaveText("connected");
  expect(client.tokens.at(0)).toHaveProperty("refresh_token");

  await expect(person.frameLocator("iframe[name=framed]").getByLabel("Email", { exact: true })).toHaveCount(
    0,
  );
  for (const page of ["/login", "/consent?request=x"]) {
    const { headers } = await fetch(server.url + page);
    expect(headers.get("content-security-policy"), page).toContain("frame-ancestors 'none'");
  }
});

test("VVT-24 Changing the password signs the person out at once, everywhere; the new one signs in", {
  tag: "@once",
}, async ({ browser, database }) => {
  test.setTimeout(120_000);
  // A server of its own: the demo's people are shared, and so are their passwords.
  const own = await startServer(database);
  try {
    const elsewhere = await enter(own.url, people.member);
    const page = await browser.newPage({ baseURL: own.url });
    await page.goto("/settings/profile");
    await signIn(page, people.member);
    await page.getByLabel("Current password", { exact: true }).fill("not this");
    await page.getByLabel("New password", { exact: true }).fill("another-password");
    await page.getByRole("button", { name: "Change password", exact: true }).click();
    await expect(page.getByLabel("Current password", { exact: true })).toHaveAccessibleDescription(
      /not your current/,
    );
    await page.getByLabel("Current password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Change password", exact: true }).click();
    await expect(page.getByText("Your password was changed.")).toBeVisible();

    await page.goto("/settings/profile");
    await expect(page).toHaveURL(/\/login/);
    const answer = await fetch(`${own.url}/settings/profile`, {
      headers: { cookie: elsewhere.cookie },
      redirect: "manual",
    });
    expect(answer.headers.get("location")).toContain("/login");
    await expect(enter(own.url, people.member)).rejects.toThrow(/not signed in/);

    await page.getByLabel("Email", { exact: true }).fill(people.member);
    await page.getByLabel("Password", { exact: true }).fill("another-password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Profile", exact: true })).toBeVisible();
    await page.context().close();
  } finally {
    await own.stop();
  }
});

/** The owner switches a grant on for the app, until a day a month from now. */
async function switchOn(owner: Page, client_id: string, grant: "Implicit grant" | "Password grant") {
  await owner.goto(`/settings/api-access/apps/${client_id}/policy`);
  await owner.getByText("Change switches", { exact: true }).click();
  const field = owner.getByLabel(grant, { exact: true });
  const on = await field.getByRole("option", { name: /^On until/ }).textContent();
  await field.selectOption({ label: on ?? "" });
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await owner.getByLabel(`${grant}: falls back to Standard on`, { exact: true }).fill(day);
  await owner.getByRole("button", { name: "Save policy", exact: true }).click();
  await expect(owner.getByText("Policy saved", { exact: true }).first()).toBeVisible();
}

/** The documented implicit request: client id, redirect URL and scope. */
function implicitUrl(issuer: string, client_id: string, redirect_uri: string): URL {
  const url = new URL(`${issuer}/oauth/authorize`);
  url.search = new URLSearchParams({
    response_type: "token",
    client_id,
    redirect_uri,
    scope: "read",
    state: "s",
  }).toString();
  return url;
}

test("VVT-03 All four grants are offered once an administrator and the app's owner switched the old two on, and only then", async ({
  browse,
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri });
  const [admin, owner, person] = [await browse("admin"), await browse("owner"), await visitor("member")];
  const name = unique("Night job");
  const account = await createServiceAccount(admin, name, {
    username: name.toLowerCase().replaceAll(" ", "-"),
  });
  const byPassword = () =>
    requestToken(server.url, app, {
      grant_type: "password",
      username: account.username,
      password: account.password,
      scope: "read",
    });
  const offered = async () => (await discover(server.url)).grant_types_supported;

  const config = await openidClient(server.url, app);
  expect(await connect(config, client.redirect_uri, person, { scope: "read" })).toHaveProperty(
    "access_token",
  );
  expect(await openid.clientCredentialsGrant(config, { scope: "read" })).toHaveProperty("access_token");
  expect(await byPassword()).toMatchObject({ status: 400, body: { error: "unsupported_grant_type" } });
  expect(await offered()).toEqual(["authorization_code", "refresh_token", "client_credentials"]);

  await changeSettings(admin, { "Implicit grant": true, "Password grant": true });
  try {
    expect(await offered()).toEqual(expect.arrayContaining(["password", "implicit"]));
    // The installation's switch alone is not enough.
    expect(await byPassword()).toMatchObject({ status: 400, body: { error: "unauthorized_client" } });
    await switchOn(owner, app.client_id, "Password grant");
    await switchOn(owner, app.client_id, "Implicit grant");
    expect(await byPassword()).toMatchObject({ status: 200, body: { scope: "read" } });
    // And in the words of a library that knows this grant.
    const { username, password } = account;
    const library = new simple.ResourceOwnerPassword(simpleOptions(server.url, app));
    const { token } = await library.getToken({ username, password, scope: "read" });
    expect(token).toMatchObject({ refresh_token: expect.stringMatching(/^rt_/), scope: "read" });
    const answer = await decide(person, implicitUrl(server.url, app.client_id, client.redirect_uri));
    expect(answer.hash).toContain("access_token=at_");
  } finally {
    await changeSettings(admin, { "Implicit grant": false, "Password grant": false });
  }
  expect(await byPassword()).toMatchObject({ status: 400, body: { error: "unsupported_grant_type" } });
});

test("VVT-10 VVT-11 VVT-12 JavaScript in a browser gets its access token in the fragment of the registered callback once the person allows it, and never a refresh token", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri });
  const [admin, owner, person] = [await browse("admin"), await browse("owner"), await browse("member")];
  await changeSettings(admin, { "Implicit grant": true });
  try {
    await switchOn(owner, app.client_id, "Implicit grant");
    const url = implicitUrl(server.url, app.client_id, client.redirect_uri);
    await person.goto(url.href);
    await expect(person.getByRole("heading", { level: 1 })).toContainText(app.name);
    await person.getByRole("button", { name: "Allow", exact: true }).click();
    await person.waitForURL((at) => at.href.startsWith(client.redirect_uri));
    // The script reads it there; the fragment reaches no server.
    const answer = new URLSearchParams((await person.evaluate(() => location.hash)).slice(1));
    expect(Object.fromEntries(answer)).toEqual({
      access_token: expect.stringMatching(/^at_/),
      token_type: "Bearer",
      expires_in: "1200",
      scope: "read",
      state: "s",
      iss: server.url,
    });
    expect(client.answers.at(-1)?.href).toBe(client.redirect_uri);
    const token = answer.get("access_token") ?? "";
    expect(await callApi(server.url, token, "GET /public/v1/projects")).toMatchObject({ status: 200 });

    // A callback that was not registered before gets nothing.
    const stranger = implicitUrl(server.url, app.client_id, "https://elsewhere.example/callback");
    const refused = await person.goto(stranger.href);
    expect(refused?.status()).toBe(400);
  } finally {
    await changeSettings(admin, { "Implicit grant": false });
  }
});
