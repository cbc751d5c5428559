// An app's registration and its policy: what the forms propose, switch by switch, tried on the past, and pinned redirects.

import type { Locator, Page } from "@playwright/test";
import { heldNoise, holdAction, sendAction } from "./support/actions.ts";
import { attempt, discover } from "./support/client.ts";
import { runDocumented } from "./support/curl.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import { expect, test, unique } from "./support/test.ts";
import { decide, visit } from "./support/visitor.ts";

const apps = "/settings/api-access/apps";
const policyOf = ({ client_id }: { client_id: string }) => `${apps}/${client_id}/policy`;

test.describe("Registering", () => {
  test("VSR-06: A new app is proposed the authorization code with PKCE, and each other policy says what it is for", async ({
    browse,
  }) => {
    const page = await browse("owner");
    await page.goto(`${apps}/new`);
    const policy = page.getByLabel("Policy", { exact: true });
    await expect(policy.locator("option:checked")).toHaveText("Standard (recommended)");
    await expect(page.getByText("PKCE is required")).toBeVisible();
    for (const [label, says, legacy] of [
      ["Long-lived tokens", "Access tokens do not expire", true],
      ["Single redirect, registered scopes", "One redirect URI", true],
      ["Machine to machine", "No person in between", false],
      ["Classic with refresh tokens", "a refresh token comes with each", true],
      ["Service account", "for service accounts only", true],
    ] as const) {
      await policy.selectOption({ label });
      const sentence = page.getByText(says);
      await expect(sentence).toBeVisible();
      expect(await sentence.textContent()).toMatch(legacy ? /Shown with a Legacy badge/ : /hour\.\s*$/);
    }
    await policy.selectOption({ label: "Machine to machine" });
    await expect(page.getByText("the app sends nobody anywhere")).toBeVisible();
  });

  test("VSR-13: The page that registers a client application says how, step by step", async ({ browse }) => {
    const page = await browse("owner");
    await page.goto(`${apps}/new`);
    await page.getByText("How to register a client application").click();
    await expect(page.getByRole("listitem").filter({ hasText: "Name the app" })).toBeVisible();
    await expect(
      page.getByRole("listitem").filter({ hasText: "client secret that you are shown" }),
    ).toBeVisible();
  });

  test("VSR-09: Registration yields a client ID and a client secret", async ({ browse }) => {
    const page = await browse("owner");
    await page.goto(`${apps}/new`);
    await page.getByLabel("App name", { exact: true }).fill(unique("Ledger"));
    await page.getByLabel("Redirect URIs", { exact: true }).fill("https://ledger.example/callback");
    await page.getByRole("button", { name: "Create app", exact: true }).click();
    await expect(page.getByLabel("Client ID", { exact: true })).toHaveValue(/^[0-9A-Za-z]{12}$/);
    await expect(page.getByLabel("Client Secret", { exact: true })).toHaveValue(/^cs_[0-9A-Za-z]{30,}$/);
  });

  test("ARC-14: What an app may ask for is fixed when it is registered, not by the request", async ({
    browse,
    register,
    openClient,
    server,
    visitor,
  }) => {
    const client = await openClient();
    const choices = { policy: "Single redirect, registered scopes", scopes: ["read"] } as const;
    const app = await register(client, choices);
    const person = await visitor("member");
    const as = await discover(server.url);
    const wider = await attempt(as, app, client.redirect_uri, { scope: "read write" });
    expect((await decide(person, wider.url)).searchParams.get("error")).toBe("invalid_scope");
    const page = await browse("member");
    await page.goto((await attempt(as, app, client.redirect_uri)).url.href);
    await expect(page.getByText("See your projects", { exact: true })).toBeVisible();
    await expect(page.getByText("Create and change projects", { exact: true })).toHaveCount(0);

    const owner = await browse("owner");
    await owner.goto(`${apps}/${app.client_id}/edit`);
    await expect(owner.getByLabel("See your projects", { exact: true })).toBeChecked();
    await expect(owner.getByLabel("Create and change projects", { exact: true })).not.toBeChecked();
    await owner.getByLabel("See your projects", { exact: true }).uncheck();
    await owner.getByRole("button", { name: "Save changes", exact: true }).click();
    await expect(owner.getByText("Choose at least one of these.")).toBeVisible();
    await owner.getByLabel("Create and change projects", { exact: true }).check();
    await owner.getByRole("button", { name: "Save changes", exact: true }).click();
    await expect(owner).toHaveURL(`${apps}/${app.client_id}`);
    await expect(owner.getByRole("definition").filter({ hasText: "write" })).toHaveText("write");
    const other = await attempt(as, app, client.redirect_uri, { scope: "read" });
    expect((await decide(person, other.url)).searchParams.get("error")).toBe("invalid_scope");
  });

  test("VSR-12: An app's page has a sample for each grant of its policy, and the samples work", async ({
    browse,
    register,
    openClient,
  }) => {
    const page = await browse("owner");
    const client = await openClient();
    const sample = (name: string) => page.getByRole("region", { name, exact: true }).locator("code");
    const credentials = ({ client_secret }: { client_secret: string }) => ({ CLIENT_SECRET: client_secret });

    const standard = await register(client);
    await page.goto(`${apps}/${standard.client_id}`);
    await expect(sample("Authorization address")).toContainText("code_challenge_method=S256");
    await expect(sample("Token request")).toContainText("code_verifier=VERIFIER");
    await expect(sample("Refresh request")).toContainText("grant_type=refresh_token");

    const loose = await register(client, { policy: "Long-lived tokens" });
    await page.goto(`${apps}/${loose.client_id}`);
    await expect(sample("Authorization address")).not.toContainText("code_challenge");
    await expect(sample("Refresh request")).toHaveCount(0);

    const machine = await register(client, { policy: "Machine to machine" });
    await page.goto(`${apps}/${machine.client_id}`);
    await expect(sample("Authorization address")).toHaveCount(0);
    const answer = await runDocumented(
      `${await sample("Token request").textContent()} -s`,
      credentials(machine),
    );
    const { access_token } = JSON.parse(answer);
    const call = `${await sample("API request").textContent()} -s`;
    const companies = await runDocumented(call, { ACCESS_TOKEN: access_token });
    expect(companies).toContain("Northwind Labs");

    const classic = await register(client, { policy: "Classic with refresh tokens" });
    await page.goto(`${apps}/${classic.client_id}`);
    await expect(sample("Authorization address")).toBeVisible();
    const direct = `${await sample("Token request: client credentials").textContent()} -s`;
    const { refresh_token } = JSON.parse(await runDocumented(direct, credentials(classic)));
    const refresh = `${await sample("Refresh request: client credentials").textContent()} -s`;
    const values = { ...credentials(classic), REFRESH_TOKEN: refresh_token };
    expect(JSON.parse(await runDocumented(refresh, values))).toMatchObject({ token_type: "Bearer" });
  });
});

test.describe("The Policy tab", () => {
  test("Before PKCE is required, it says how many requests came without; then the next one is refused", async ({
    browse,
    register,
    openClient,
    server,
    visitor,
  }) => {
    const client = await openClient();
    const app = await register(client, { policy: "Long-lived tokens" });
    const person = await visitor("member");
    const { url } = await attempt(await discover(server.url), app, client.redirect_uri, { pkce: false });
    expect((await decide(person, url)).searchParams.get("code")).toMatch(/^ac_/);

    const page = await browse("owner");
    await page.goto(policyOf(app));
    await openSwitches(page);
    await select(page, "Proof key (PKCE)").selectOption({ label: "Required, S256" });
    // Counts are written a moment after the request.
    await expect(async () => {
      await button(page, "Try it first").click();
      await expect(
        page.getByText("In the last 30 days 1 request of this app would have been refused."),
      ).toBeVisible({ timeout: 1000 });
    }).toPass();
    await expect(page.getByText("1 without PKCE")).toBeVisible();
    await expect(page.getByText("(Proof key (PKCE), last on")).toBeVisible();

    // Another choice is another question.
    await select(page, "Proof key (PKCE)").selectOption({ label: "Optional; checked whenever it is sent" });
    await expect(page.getByText("would have been refused")).toHaveCount(0);
    await button(page, "Try it first").click();
    await expect(page.getByText("nothing this app asked for would have been refused")).toBeVisible();
    await page.reload();
    await expect(line(page, "Proof key (PKCE)")).toContainText("Optional");

    await openSwitches(page);
    await select(page, "Proof key (PKCE)").selectOption({ label: "Required, S256" });
    await button(page, "Save policy").click();
    await expect(page.getByText("1 without PKCE")).toBeVisible();
    await expect(line(page, "Proof key (PKCE)")).toContainText("Optional");
    await button(page, "Save anyway").click();
    await expect(line(page, "Proof key (PKCE)")).toContainText("Required, S256");
    await expect(line(page, "Proof key (PKCE)")).not.toContainText("Legacy");
    await expect(page.getByText("would have been refused")).toHaveCount(0);

    expect((await decide(person, url)).searchParams.get("error")).toBe("invalid_request");
    await page.goto(`${apps}/${app.client_id}/activity`);
    await expect(page.getByText("changed the policy")).toBeVisible();
    await expect(page.getByText(/Proof key \(PKCE\): Required, S256 \(was: Optional/)).toBeVisible();
  });

  test("What is weaker than Standard has a Legacy badge, the sentence it is weaker than, and an end date", async ({
    browse,
    register,
    openClient,
  }) => {
    const app = await register(await openClient());
    const page = await browse("owner");
    await page.goto(policyOf(app));
    await expect(page.getByRole("main").getByText("Legacy", { exact: true })).toHaveCount(0);
    await openSwitches(page);
    await expect(page.getByLabel("Proof key (PKCE): falls back to Standard on")).toHaveCount(0);
    await select(page, "Proof key (PKCE)").selectOption({ label: "Optional; checked whenever it is sent" });
    const end = page.getByLabel("Proof key (PKCE): falls back to Standard on");
    await end.fill("2020-01-31");
    await button(page, "Save policy").click();
    await expect(page.getByText("Choose a day in the future.")).toBeVisible();
    await expect(end).toBeFocused();
    await expect(line(page, "Proof key (PKCE)")).not.toContainText("Legacy");

    const day = new Date(Date.now() + 90 * 86_400_000);
    await end.fill(day.toISOString().slice(0, 10));
    await button(page, "Save policy").click();
    const pkce = line(page, "Proof key (PKCE)");
    await expect(pkce).toContainText("Optional; checked whenever it is sent");
    await expect(pkce).toContainText("Legacy");
    await expect(pkce).toContainText(/Since .* · falls back to Standard on/);
    await expect(pkce.getByText("RFC 9700")).toBeHidden();
    await pkce.getByText("Standard: Required, S256").click();
    await expect(pkce.getByText("RFC 9700")).toBeVisible();
    await page.goto(apps);
    await expect(page.getByRole("listitem").filter({ hasText: app.name })).toContainText("Legacy");
  });

  test("A value that no form offers is refused under its switch, and the grants that are off say why", async ({
    browse,
    register,
    openClient,
  }) => {
    const app = await register(await openClient());
    const page = await browse("owner");
    await page.goto(policyOf(app));
    await openSwitches(page);
    await expect(select(page, "Implicit grant")).toBeDisabled();
    await expect(select(page, "Password grant")).toBeDisabled();
    await expect(page.getByText("Switched off for this installation")).toHaveCount(2);
    await select(page, "Authorization code is valid for")
      .locator("option")
      .first()
      .evaluate((option: HTMLOptionElement) => {
        option.value = "86400";
      });
    await select(page, "Authorization code is valid for").selectOption("86400");
    await button(page, "Save policy").click();
    await expect(page.getByText("Choose one of these.")).toBeVisible();
    await expect(select(page, "Authorization code is valid for")).toHaveAttribute("aria-invalid", "true");
    await expect(line(page, "Authorization code is valid for")).toContainText("1 minute");

    // A combination that cannot be, in the words of the rule.
    await page.reload();
    await openSwitches(page);
    await select(page, "A refresh token nobody uses ends after").selectOption({ label: "365 days" });
    await button(page, "Save policy").click();
    await expect(page.getByText("A refresh token cannot wait longer than all of them last.")).toBeVisible();
  });

  test("Sent again with another person's cookie, a change of switches changes nothing", async ({
    browse,
    register,
    openClient,
    visitor,
    expectedNoise,
  }) => {
    expectedNoise.push(...heldNoise);
    const app = await register(await openClient());
    const page = await browse("owner");
    const held = await holdAction(page, policyOf(app), async () => {
      await openSwitches(page);
      await select(page, "People are asked").selectOption({ label: "Every time" });
      await button(page, "Save policy").click();
    });
    await sendAction(held, (await visitor("manager")).cookie);
    await page.goto(policyOf(app));
    await expect(line(page, "People are asked")).toContainText("The first time");
    await sendAction(held, (await visitor("owner")).cookie);
    await page.reload();
    await expect(line(page, "People are asked")).toContainText("Every time");
  });

  test("A policy that does not fit the registration is refused with the reason", async ({
    browse,
    register,
    openClient,
  }) => {
    const client = await openClient();
    const app = await register(client, { uris: `${client.redirect_uri}\nhttps://ledger.example/second` });
    const page = await browse("owner");
    await page.goto(policyOf(app));
    await page
      .getByLabel("Policy", { exact: true })
      .selectOption({ label: "Single redirect, registered scopes" });
    await expect(page.getByText("Saving sets every switch to what this policy says.")).toBeVisible();
    await button(page, "Save policy").click();
    await expect(page.getByText("This policy has exactly one redirect URI.")).toBeVisible();
  });
});

test("The addresses an app used below its domain are listed, and pinned they are the only ones", async ({
  browse,
  register,
  openClient,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { domain: client.origin });
  const as = await discover(server.url);
  const person = await visitor("member");
  const urlOf = async (path: string) => (await attempt(as, app, client.origin + path)).url;
  const ask = async (path: string) => visit(person, await urlOf(path));
  const page = await browse("owner");
  await page.goto(`${apps}/${app.client_id}`);
  await expect(page.getByText("No address has been used yet.")).toBeVisible();
  // One that was only asked for, and never allowed, is not one the app used.
  expect((await ask("/zero")).status).toBe(303);
  for (const path of ["/one", "/one", "/two", "/three"])
    expect((await decide(person, await urlOf(path))).pathname).toBe(path);
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(`${client.origin}/three`)).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(page.getByRole("listitem").filter({ hasText: `${client.origin}/one` })).toContainText(
    "2 requests",
  );

  await button(page, "Pin to exact").click();
  const dialog = page.getByRole("dialog", { name: "Pin to exact" });
  await expect(dialog.getByRole("checkbox")).toHaveCount(3);
  for (const box of await dialog.getByRole("checkbox").all()) await box.uncheck();
  await dialog.getByRole("button", { name: "Pin to exact", exact: true }).click();
  await expect(dialog.getByText("Choose at least one address.")).toBeVisible();
  await dialog.getByRole("checkbox", { name: `${client.origin}/one` }).check();
  await dialog.getByRole("checkbox", { name: `${client.origin}/two` }).check();
  await dialog.getByRole("button", { name: "Pin to exact", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Redirect URIs", { exact: true })).toBeVisible();
  await expect(page.getByText(`${client.origin}/three`)).toHaveCount(0);

  expect((await ask("/one")).status).toBe(303);
  expect((await ask("/three")).status).toBe(400);
  expect((await ask("/one/more")).status).toBe(400);
  await page.goto(`${apps}/${app.client_id}/activity`);
  await expect(page.getByText("pinned the redirects to exact URIs")).toBeVisible();
});

for (const device of devices) {
  test(`Registering and the quickstart are accessible on a ${device}`, { tag: "@once" }, async ({
    browse,
    register,
    openClient,
  }) => {
    const page = await browse("owner", sizeOf(device));
    await page.goto(`${apps}/new`);
    await page.getByText("How to register a client application").click();
    for (const box of await page.getByRole("checkbox").all()) await box.uncheck();
    await page.getByLabel("Policy", { exact: true }).selectOption({ label: "Machine to machine" });
    await button(page, "Create app").click();
    await expect(page.getByText("Choose at least one of these.")).toBeVisible();
    await look(page, device, "policy-create-refused");
    const classic = await register(await openClient(), { policy: "Classic with refresh tokens" });
    await page.goto(`${apps}/${classic.client_id}`);
    await look(page, device, "policy-quickstart");
  });

  test(`The Policy tab is accessible on a ${device}`, { tag: "@once" }, async ({
    browse,
    register,
    openClient,
    server,
    visitor,
  }) => {
    const page = await browse("owner", sizeOf(device));
    const client = await openClient();
    const app = await register(client, { policy: "Long-lived tokens" });
    const { url } = await attempt(await discover(server.url), app, client.redirect_uri, { pkce: false });
    await decide(await visitor("member"), url);
    await page.goto(policyOf(app));
    await openSwitches(page);
    await select(page, "Proof key (PKCE)").selectOption({ label: "Required, S256" });
    await select(page, "Request without a scope gets").selectOption({ label: "An error" });
    // Counts are written a moment after the request; until then saving would have nothing to ask about.
    await expect(async () => {
      await button(page, "Try it first").click();
      await expect(page.getByText("1 without PKCE")).toBeVisible({ timeout: 1000 });
    }).toPass();
    await look(page, device, "policy-dry-run");
    await page.getByLabel("Access token ends after: falls back to Standard on").fill("2020-01-01");
    await button(page, "Save policy").click();
    await expect(page.getByText("Choose a day in the future.")).toBeVisible();
    await look(page, device, "policy-refused");
  });

  test(`Pinning redirect URIs is accessible on a ${device}`, { tag: "@once" }, async ({
    browse,
    register,
    openClient,
    server,
    visitor,
  }) => {
    const page = await browse("owner", sizeOf(device));
    const client = await openClient();
    const app = await register(client, { domain: client.origin });
    const as = await discover(server.url);
    for (const path of ["/callback", "/eu/callback", "/us/callback", "/a", "/b", "/c", "/d/e/f"])
      await decide(await visitor("member"), (await attempt(as, app, client.origin + path)).url);
    await expect(async () => {
      await page.goto(`${apps}/${app.client_id}`);
      await expect(page.getByText("2 more addresses")).toBeVisible({ timeout: 1000 });
    }).toPass();
    await look(page, device, "policy-observed");
    await button(page, "Pin to exact").click();
    await expect(page.getByRole("dialog").getByRole("checkbox")).toHaveCount(7);
    await look(page, device, "policy-pin");
  });
}

/** The row of a switch in what the policy says. */
function line(page: Page, title: string): Locator {
  return page.locator("dl > div").filter({ has: page.getByText(title, { exact: true }) });
}

function select(page: Page, title: string): Locator {
  return page.getByRole("combobox", { name: title, exact: true });
}

function button(page: Page, name: string): Locator {
  return page.getByRole("button", { name, exact: true });
}

async function openSwitches(page: Page) {
  await page.getByText("Change switches", { exact: true }).click();
}
