// The portal: what a developer and a person do with apps, secrets, their profile and their session.

import type { Locator, Page } from "@playwright/test";
import { heldNoise, holdAction, sendAction } from "./support/actions.ts";
import { callApi, requestToken } from "./support/api.ts";
import { attempt, discover, exchange } from "./support/client.ts";
import { png } from "./support/pictures.ts";
import type { App } from "./support/portal.ts";
import { expect, password, people, signIn, test, unique } from "./support/test.ts";
import { decide, enter, locationOf, postSignIn, type Visitor, visit } from "./support/visitor.ts";

const apps = "/settings/api-access/apps";
const callback = "http://localhost:4999/callback";

/** The form of an exchange whose code is wrong: the answer is about the client alone. */
const anyCode = { grant_type: "authorization_code", code: "any", redirect_uri: callback };

test.describe("Apps", () => {
  test("The list of somebody without apps says what an app is and leads to the first one", async ({
    browse,
  }) => {
    const page = await browse("admin"); // makes no apps in any test
    await page.goto(apps);
    await expect(page.getByRole("heading", { name: "Developer apps", exact: true })).toBeVisible();
    await expect(page.getByText("Nothing made yet")).toBeVisible();
    await expect(page.getByRole("searchbox")).toHaveCount(0);
    await page.getByRole("link", { name: "Create app", exact: true }).click();
    await expect(page).toHaveURL(`${apps}/new`);
  });

  test("The list is searched by name and by client ID, says when nothing matches, and pages after fifty", async ({
    browse,
    visitor,
    expectedNoise,
  }) => {
    expectedNoise.push(...heldNoise);
    const word = unique("Crate").replace(" ", "");
    const page = await browse("manager");
    const create = await holdAction(page, `${apps}/new`, async () => {
      await page.getByLabel("App name", { exact: true }).fill(`${word} No 01`);
      await page.getByLabel("Redirect URIs", { exact: true }).fill(callback);
      await page.getByRole("button", { name: "Create app", exact: true }).click();
    });
    const { cookie } = await visitor("manager");
    for (let number = 1; number <= 51; number += 1) {
      await sendAction(create, cookie, ["No 01", `No ${String(number).padStart(2, "0")}`]);
    }
    await page.goto(apps);
    const search = page.getByRole("searchbox", { name: "Search apps", exact: true });
    const links = page.getByRole("main").getByRole("link", { name: new RegExp(`^${word} No`) });

    await search.fill(word.toUpperCase());
    await search.press("Enter");
    await expect(links).toHaveCount(50);
    await expect(links.first()).toHaveText(`${word} No 51`);
    await page.getByRole("link", { name: /next|older|more/i }).click();
    await expect(links).toHaveText([`${word} No 01`]);
    await links.click();
    await expect(page.getByRole("heading", { level: 1, name: `${word} No 01` })).toBeVisible();
    const clientId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    await page.goto(apps);

    await search.fill(clientId);
    await search.press("Enter");
    await expect(links).toHaveText([`${word} No 01`]);

    await search.fill("no such app %_\\ '\"<b>");
    await search.press("Enter");
    await expect(page.getByText("Nothing matches")).toBeVisible();
    await page.getByRole("link", { name: "Show all", exact: true }).click();
    await expect(links).not.toHaveCount(0);
    await expect(search).toHaveValue("");
  });

  test("The form says in words what is wrong with each field, and keeps what was typed", async ({
    browse,
  }) => {
    const page = await browse("owner");
    await page.goto(`${apps}/new`);
    const name = page.getByLabel("App name", { exact: true });
    const uris = page.getByLabel("Redirect URIs", { exact: true });
    const create = page.getByRole("button", { name: "Create app", exact: true });
    await create.click();
    await expectProblem(name, /Give the app a name/);
    await expectProblem(uris, /Enter at least one redirect URI/);
    await expect(name).toBeFocused();

    await name.fill("   ");
    await page.getByLabel("Policy", { exact: true }).selectOption({ label: "Long-lived tokens" });
    await page.getByRole("radio", { name: "Native or single-page app" }).check();
    await uris.fill(Array.from({ length: 11 }, (_, index) => `https://a${index}.example/cb`).join("\n"));
    await create.click();
    await expectProblem(name, /Give the app a name/);
    await expectProblem(uris, /at most 10 redirect URIs/);
    await expect(uris).toHaveValue(/^https:\/\/a0\.example\/cb\n.*\nhttps:\/\/a10\.example\/cb$/s);
    await expect(page.getByLabel("Policy", { exact: true }).locator("option:checked")).toHaveText(
      "Long-lived tokens",
    );
    await expect(page.getByRole("radio", { name: "Native or single-page app" })).toBeChecked();

    await name.fill("Ledger‮"); // turns the direction of what follows
    await uris.fill("https://good.example/cb\nhttps://good.example/cb#fragment");
    await create.click();
    await expectProblem(name, /visible characters/);
    await expectProblem(uris, /Redirect URI 2: .*fragment/i);

    await page.getByRole("radio", { name: "Redirect domain", exact: true }).check();
    const domain = page.getByRole("textbox", { name: "Redirect domain", exact: true });
    await expect(uris).toBeHidden();
    await domain.fill("https://yourapp.com?x=1");
    await create.click();
    await expectProblem(domain, /no query/);
    await expect(page).toHaveURL(`${apps}/new`);
  });

  test("Redirect URIs that an attacker would like are refused, each with its reason", async ({ browse }) => {
    const page = await browse("owner");
    await page.goto(`${apps}/new`);
    const uris = page.getByLabel("Redirect URIs", { exact: true });
    await page.getByLabel("App name", { exact: true }).fill(unique("Never made"));
    const attacks: [string, RegExp][] = [
      ["https://yourapp.com@evil.com/cb", /@/],
      ["https://evil.com#yourapp.com", /fragment/],
      ["https://yourapp.com\\.evil.com/cb", /backslash/],
      ["https://yourapp.com/a/../b", /segments/],
      ["https://yourapp.com/%2e%2e/b", /segments/],
      ["http://yourapp.com/cb", /https/],
      ["https://yöurapp.com/cb", /xn--/],
      ["javascript:alert(1)", /scheme/],
      ["data:text/html,hi", /scheme/],
      ["https://yourapp.com/cb%00", /control/],
      ["https://yourapp.com/cb?code=x", /code/],
      ["//yourapp.com/cb", /absolute|https/],
      ["https://127.1/cb", /host/],
      [`https://yourapp.com/${"a".repeat(10_000)}`, /2000/],
    ];
    for (const [uri, reason] of attacks) {
      await uris.fill(uri);
      await page.getByRole("button", { name: "Create app", exact: true }).click();
      await expectProblem(uris, reason);
    }
    await expect(page).toHaveURL(`${apps}/new`);
  });

  test("A logo must be a picture by its content and at most 512 KB; an SVG is refused", async ({
    browse,
    openClient,
    server,
  }) => {
    const client = await openClient();
    const page = await browse("owner");
    await page.goto(`${apps}/new`);
    const name = unique("Pictured");
    await page.getByLabel("App name", { exact: true }).fill(name);
    await page.getByLabel("Redirect URIs", { exact: true }).fill(client.redirect_uri);
    const logo = page.getByLabel("Logo", { exact: true });
    const create = page.getByRole("button", { name: "Create app", exact: true });
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const wrong: [string, string, Buffer, RegExp][] = [
      ["logo.svg", "image/svg+xml", Buffer.from(svg), /Only PNG, JPEG and WebP/],
      ["logo.png", "image/png", Buffer.from("This is text."), /Only PNG, JPEG and WebP/],
      ["logo.png", "image/png", Buffer.from(svg), /Only PNG, JPEG and WebP/],
      ["logo.png", "image/png", png().subarray(0, 60), /damaged/],
      ["logo.png", "image/png", Buffer.concat([png(), Buffer.alloc(512 * 1024)]), /larger than 512 KB/],
    ];
    for (const [file, mimeType, buffer, reason] of wrong) {
      await logo.setInputFiles({ name: file, mimeType, buffer });
      await create.click();
      await expectProblem(logo, reason);
    }
    await logo.setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: png() });
    await create.click();
    const client_id = await page.getByLabel("Client ID", { exact: true }).inputValue();
    const client_secret = await page.getByLabel("Client Secret", { exact: true }).inputValue();
    await client.register({ name, client_id, client_secret }, server.url);

    const person = await browse("member");
    await person.goto(client.start());
    const picture = person.locator("img[src^='/logos/']");
    await expect(picture).toBeVisible();
    const answer = await person.request.get((await picture.getAttribute("src")) ?? "");
    expect(answer.headers()).toMatchObject({
      "content-type": "image/webp",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("sandbox"),
    });
  });

  test("An app is edited: name, redirects from exact URIs to a domain, and a logo that comes and goes", async ({
    browse,
    register,
    openClient,
    server,
    visitor,
  }) => {
    const client = await openClient();
    const app = await register(client);
    const page = await browse("owner");
    await page.goto(`${apps}/${app.client_id}`);
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    const renamed = unique("Renamed");
    await page.getByLabel("App name", { exact: true }).fill(renamed);
    await page.getByRole("radio", { name: "Redirect domain", exact: true }).check();
    const domain = page.getByRole("textbox", { name: "Redirect domain", exact: true });
    await domain.fill(client.origin);
    const file = { name: "l.png", mimeType: "image/png", buffer: png() };
    await page.getByLabel("Logo", { exact: true }).setInputFiles(file);
    await page.getByRole("button", { name: "Save changes", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: renamed })).toBeVisible();
    await expect(page.locator("main img[src^='/logos/']")).not.toHaveCount(0);

    const as = await discover(server.url);
    const person = await visitor("member");
    const elsewhere = await attempt(as, app, `${client.origin}/somewhere/else`);
    expect((await decide(person, elsewhere.url)).pathname).toBe("/somewhere/else");

    await page.goto(`${apps}/${app.client_id}/edit`);
    await expect(domain).toHaveValue(client.origin);
    await page.getByLabel("Remove the picture").check();
    await page.getByRole("button", { name: "Save changes", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: renamed })).toBeVisible();
    await expect(page.locator("main img[src^='/logos/']")).toHaveCount(0);
    await page.getByRole("link", { name: "Activity", exact: true }).click();
    await expect(page.getByText(`New name: ${renamed}`)).toBeVisible();
    await expect(page.getByText("Logo removed")).toBeVisible();
  });

  test("Deleting an app wants its name typed, and ends its tokens at once", async ({
    browse,
    register,
    openClient,
    server,
    visitor,
  }) => {
    const client = await openClient();
    const app = await register(client);
    const access_token = await tokenOf(server.url, app, await visitor("member"), client.redirect_uri);
    const page = await browse("owner");
    await page.goto(`${apps}/${app.client_id}`);
    await page.getByRole("button", { name: "Delete app", exact: true }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: "Delete app", exact: true });
    await expect(dialog).toContainText("1 token");
    await expect(confirm).toBeDisabled();
    const typed = dialog.getByRole("textbox");
    await typed.fill(app.name.toUpperCase());
    await expect(confirm).toBeDisabled();
    await typed.fill(app.name);
    await confirm.click();
    await expect(page).toHaveURL(apps);
    await expect(page.getByRole("link", { name: app.name, exact: true })).toHaveCount(0);

    expect(await callApi(server.url, access_token, "GET /public/v1/me")).toMatchObject({ status: 401 });
    expect(await requestToken(server.url, app, anyCode)).toMatchObject({ status: 401 });
    const answer = await visit(await visitor("owner"), `${apps}/${app.client_id}`);
    expect(answer.status).toBe(404);
  });

  test("Long-lived tokens is marked Legacy switch by switch, and the policy can be changed", async ({
    browse,
    register,
    openClient,
    server,
    visitor,
  }) => {
    const client = await openClient();
    const app = await register(client, { policy: "Long-lived tokens" });
    const person = await visitor("member");
    const as = await discover(server.url);
    const withoutPkce = await attempt(as, app, client.redirect_uri, { pkce: false });
    expect((await decide(person, withoutPkce.url)).searchParams.get("code")).toMatch(/^ac_/);

    const page = await browse("owner");
    await page.goto(`${apps}/${app.client_id}`);
    await page.getByRole("link", { name: "Policy", exact: true }).click();
    await expect(switchOf(page, "Proof key (PKCE)")).toContainText("Legacy");
    await expect(switchOf(page, "Access token ends after")).toContainText(/Does not expire.*Legacy/);
    await expect(switchOf(page, "Authorization code is valid for")).not.toContainText("Legacy");
    const policy = page.getByLabel("Policy", { exact: true });
    await policy.selectOption({ label: "Standard (recommended)" });
    await page.getByRole("button", { name: "Save policy", exact: true }).click();
    // The request above would have been refused; whether it has been counted by now is a matter of a moment.
    const anyway = page.getByRole("button", { name: "Save anyway", exact: true });
    await expect(anyway.or(page.getByText("Policy saved"))).toBeVisible();
    if (await anyway.isVisible()) await anyway.click();
    await expect(switchOf(page, "Access token ends after")).toContainText("1 hour");
    await expect(page.getByRole("main").getByText("Legacy", { exact: true })).toHaveCount(0);

    expect((await decide(person, withoutPkce.url)).searchParams.get("error")).toBe("invalid_request");
    await page.goto(`${apps}/${app.client_id}/activity`);
    await expect(page.getByText("changed the policy to Standard (recommended)")).toBeVisible();
  });
});

test.describe("Secrets", () => {
  for (const [overlap, oldWorks] of [
    ["Revoke now", false],
    ["1 hour", true],
    ["24 hours", true],
    ["7 days", true],
  ] as const) {
    test(`After a rotation with "${overlap}" the old secret ${oldWorks ? "still works beside the new one" : "is refused at once"}`, async ({
      browse,
      register,
      openClient,
      server,
      visitor,
    }) => {
      const client = await openClient();
      const app = await register(client);
      const access_token = await tokenOf(server.url, app, await visitor("member"), client.redirect_uri);
      const page = await browse("owner");
      await page.goto(`${apps}/${app.client_id}/credentials`);
      await page.getByRole("button", { name: "Rotate secret", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "Rotate secret" });
      const choice = dialog.getByLabel("Old secret stays valid for", { exact: true });
      await expect(choice.getByRole("option")).toHaveText(["Revoke now", "1 hour", "24 hours", "7 days"]);
      await choice.selectOption(overlap);
      await dialog.getByRole("button", { name: "Rotate secret", exact: true }).click();
      await expect(dialog).toBeHidden();
      const secret = page.getByLabel("Client Secret", { exact: true });
      const client_secret = await secret.inputValue();

      expect(await errorWith(server.url, app)).toBe(oldWorks ? "invalid_grant" : "invalid_client");
      expect(await errorWith(server.url, { ...app, client_secret })).toBe("invalid_grant");
      expect(await callApi(server.url, access_token, "GET /public/v1/me")).toMatchObject({ status: 200 });
      await expect(secretRow(page, client_secret)).toBeVisible();
      await expect(secretRow(page, app.client_secret)).toHaveCount(oldWorks ? 1 : 0);
      if (oldWorks) await expect(secretRow(page, app.client_secret)).toContainText(/Ends/);

      await page.reload();
      await expect(secretRow(page, client_secret)).toBeVisible();
      await expect(secret).toHaveCount(0);
      expect(await page.content()).not.toContain(client_secret);
    });
  }

  test("Cancel leaves the secret as it is, and one secret can be revoked by itself", async ({
    browse,
    register,
    openClient,
    server,
  }) => {
    const client = await openClient();
    const app = await register(client);
    const page = await browse("owner");
    await page.goto(`${apps}/${app.client_id}/credentials`);
    const rotate = page.getByRole("button", { name: "Rotate secret", exact: true });
    await rotate.click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel", exact: true }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
    await expect(rotate).toBeFocused();
    expect(await errorWith(server.url, app)).toBe("invalid_grant");

    await secretRow(page, app.client_secret).getByRole("button", { name: "Revoke", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("only secret");
    await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
    await expect(dialog).toBeHidden(); // until then everything behind it is hidden, too
    await expect(secretRow(page, app.client_secret)).toHaveCount(0);
    expect(await errorWith(server.url, app)).toBe("invalid_client");
  });

  test("A refused token request is in the app's Activity with its reason and the request id the client got", async ({
    browse,
    register,
    openClient,
    server,
  }) => {
    const client = await openClient();
    const app = await register(client);
    const wrong = { ...app, client_secret: "cs_wrong" };
    const refused = await requestToken(server.url, wrong, anyCode);
    expect(refused).toMatchObject({ status: 401, body: { error: "invalid_client" } });
    const requestId = refused.headers.get("x-request-id") ?? "";
    expect(requestId).not.toBe("");
    expect(JSON.stringify(refused.body)).not.toContain("secret is not one"); // that is for the owner

    const page = await browse("owner");
    await page.goto(`${apps}/${app.client_id}/activity`);
    const entry = page.getByRole("listitem").filter({ hasText: "invalid_client" });
    await expect(entry).toContainText("not one of this app's secrets");
    await entry.locator("summary").click();
    await expect(entry.getByText(requestId, { exact: true })).toBeVisible();
    await expect(entry).toContainText("/oauth/token");
    await expect(entry).toContainText("client_secret_basic");
    expect(await page.content()).not.toContain("cs_wrong");
  });

  test("A redirect URI that does not match is explained to the owner component by component, not to the visitor", async ({
    browse,
    register,
    openClient,
    server,
    visitor,
  }) => {
    const client = await openClient();
    const app = await register(client, { uris: "https://yourapp.com/callback" });
    const as = await discover(server.url);
    const { url } = await attempt(as, app, "https://yourapp.com/other");
    const answer = await visit(await visitor("member"), url);
    const shown = await answer.text();
    expect(answer.status).toBe(400);
    expect(shown).not.toContain("yourapp.com");
    const requestId = answer.headers.get("x-request-id") ?? "";
    expect(shown).toContain(requestId);

    const page = await browse("owner");
    await page.goto(`${apps}/${app.client_id}/activity`);
    const entry = page
      .getByRole("listitem")
      .filter({ hasText: "path: received /other, registered /callback" });
    await entry.locator("summary").click();
    await expect(entry.getByText(requestId, { exact: true })).toBeVisible();
  });
});

test.describe("Somebody else's", () => {
  test("Another person's app is a 404 on each of its pages", async ({
    browse,
    register,
    openClient,
    visitor,
  }) => {
    const app = await register(await openClient());
    const pages = ["", "/edit", "/credentials", "/policy", "/activity"].map(
      (page) => `${apps}/${app.client_id}${page}`,
    );
    for (const path of pages) {
      expect((await visit(await visitor("owner"), path)).status, path).toBe(200);
      const answer = await visit(await visitor("manager"), path); // auth manager of the same company
      expect(answer.status, path).toBe(404);
      const shown = await answer.text();
      expect(shown, path).not.toContain(app.name);
      expect(shown, path).not.toContain(app.client_secret.slice(-4));
    }
    const page = await browse("manager");
    await page.goto(`${apps}/${app.client_id}`);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
    await page.goto(`${apps}?q=${app.client_id}`);
    await expect(page.getByText("Nothing matches")).toBeVisible();
  });

  test("Every change of an app, sent again with another person's cookie, changes nothing", async ({
    browse,
    register,
    openClient,
    server,
    visitor,
    expectedNoise,
  }) => {
    expectedNoise.push(...heldNoise);
    const client = await openClient();
    const app = await register(client);
    const base = `${apps}/${app.client_id}`;
    const page = await browse("owner");
    const [owner, stranger] = [await visitor("owner"), await visitor("manager")];
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const inDialog = (name: string) => page.getByRole("dialog").getByRole("button", { name, exact: true });

    const held = {
      rename: await holdAction(page, `${base}/edit`, async () => {
        await page.getByLabel("App name", { exact: true }).fill("Taken over");
        await button("Save changes").click();
      }),
      policy: await holdAction(page, `${base}/policy`, async () => {
        await page.getByLabel("Policy", { exact: true }).selectOption({ label: "Long-lived tokens" });
        await button("Save policy").click();
      }),
      rotate: await holdAction(page, `${base}/credentials`, async () => {
        await button("Rotate secret").click();
        await page.getByLabel("Old secret stays valid for", { exact: true }).selectOption("Revoke now");
        await inDialog("Rotate secret").click();
      }),
      revoke: await holdAction(page, `${base}/credentials`, async () => {
        await secretRow(page, app.client_secret).getByRole("button", { name: "Revoke", exact: true }).click();
        await inDialog("Revoke").click();
      }),
      delete: await holdAction(page, base, async () => {
        await button("Delete app").click();
        await page.getByRole("dialog").getByRole("textbox").fill(app.name);
        await inDialog("Delete app").click();
      }),
    };

    for (const [what, request] of Object.entries(held)) {
      for (const cookie of [stranger.cookie, ""]) {
        const answer = await sendAction(request, cookie);
        expect(answer, what).not.toContain('"ok":true');
        expect(answer, what).not.toMatch(/cs_[0-9A-Za-z]{20}/);
      }
    }
    expect(await (await visit(owner, base)).text()).toContain(app.name);
    const strong = "Nothing here is weaker than current practice.";
    expect(await (await visit(owner, `${base}/policy`)).text()).toContain(strong);
    expect(await errorWith(server.url, app)).toBe("invalid_grant");

    // The very same requests do work with the owner's cookie: it was the cookie that was refused.
    await sendAction(held.rename, owner.cookie);
    expect(await (await visit(owner, base)).text()).toContain("Taken over");
    await sendAction(held.policy, owner.cookie);
    expect(await (await visit(owner, `${base}/policy`)).text()).toContain("4 weaker than current practice.");
    const rotated = await sendAction(held.rotate, owner.cookie);
    expect(rotated).toMatch(/cs_[0-9A-Za-z]{20}/);
    expect(await errorWith(server.url, app)).toBe("invalid_client");
  });

  test("A token or an approval cannot be ended by somebody else's request", async ({
    browse,
    register,
    openClient,
    server,
    visitor,
    expectedNoise,
  }) => {
    expectedNoise.push(...heldNoise);
    const client = await openClient();
    const app = await register(client);
    const [person, stranger] = [await visitor("member"), await visitor("manager")];
    const access_token = await tokenOf(server.url, app, person, client.redirect_uri);
    const page = await browse("member");
    const inDialog = (name: string) => page.getByRole("dialog").getByRole("button", { name, exact: true });
    const token = await holdAction(page, "/settings/api-access/tokens", async () => {
      const row = page.getByRole("row").filter({ hasText: app.name });
      await row.getByRole("button", { name: "Revoke", exact: true }).click();
      await inDialog("Revoke").click();
    });
    const consent = await holdAction(page, "/settings/api-access/consents", async () => {
      const entry = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: app.name }) });
      await entry.getByRole("button", { name: "Revoke access", exact: true }).click();
      await inDialog("Revoke access").click();
    });
    const alive = async () => (await callApi(server.url, access_token, "GET /public/v1/me")).status === 200;
    for (const request of [token, consent]) {
      for (const cookie of [stranger.cookie, (await visitor("owner")).cookie, ""])
        await sendAction(request, cookie);
    }
    expect(await alive()).toBe(true);
    await sendAction(consent, person.cookie);
    expect(await alive()).toBe(false);
  });
});

test.describe("Profile and session", () => {
  test("A name is changed where it is shown, and an empty one is refused", async ({ browse }) => {
    const page = await browse("outsider");
    await page.goto("/settings/profile");
    const name = page.getByLabel("Name", { exact: true });
    const before = await name.inputValue();
    const save = page.getByRole("button", { name: "Save", exact: true });
    await name.fill(" ");
    await save.click();
    await expectProblem(name, /Enter your name/);
    await name.fill("Otto O. Outsider");
    await save.click();
    await expect(page.getByRole("complementary").getByText("Otto O. Outsider")).toBeVisible();
    await page.reload();
    await expect(name).toHaveValue("Otto O. Outsider");
    await name.fill(before);
    await save.click();
    await expect(page.getByRole("complementary").getByText(before)).toBeVisible();
  });

  test("Signing out ends the session on the server: the old cookie opens nothing any more", async ({
    browse,
    server,
  }) => {
    const page = await browse(null);
    await page.goto("/settings/profile");
    await expect(page).toHaveURL(/\/login\?next=/);
    await signIn(page, people.member);
    await expect(page).toHaveURL("/settings/profile");
    const [device, cookie] = (await page.context().cookies()).sort((a, b) => a.name.localeCompare(b.name));
    expect(cookie).toMatchObject({ name: "latchkey.session", httpOnly: true, sameSite: "Lax" });
    expect(device).toMatchObject({ name: "latchkey.device", httpOnly: true, sameSite: "Strict" });
    const old = { issuer: server.url, email: people.member, cookie: `${cookie?.name}=${cookie?.value}` };
    expect((await visit(old, "/settings/profile")).status).toBe(200);

    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await expect(page).toHaveURL(/\/login$/);
    // What is left says only that this browser has been here before.
    expect((await page.context().cookies()).map(({ name }) => name)).toEqual(["latchkey.device"]);
    const answer = await visit(old, "/settings/profile");
    expect(answer.status).toBe(307);
    expect(answer.headers.get("location")).toContain("/login");
    await page.goBack();
    await page.reload();
    await expect(page).toHaveURL(/\/login/);
  });

  test("Sign-in leads to our own pages only", async ({ browse, server }) => {
    const traps = [
      "//evil.example/x",
      "/\\evil.example/x",
      "\\\\evil.example",
      "https://evil.example/x",
      "javascript:alert(1)",
      "/\t/evil.example",
      "/ok\\..\\..\\evil.example",
    ];
    for (const next of traps) {
      const answer = await postSignIn(server.url, { email: people.member, password, next });
      expect(locationOf(answer, server.url).href, next).toBe(`${server.url}/`);
    }
    const page = await browse(null);
    await page.goto(`/login?next=${encodeURIComponent("/\\evil.example/x")}`);
    await signIn(page, people.member);
    await expect(page).toHaveURL(apps);
    const good = { email: people.member, password, next: "/settings/profile?a=1" };
    const answer = await postSignIn(server.url, good);
    expect(locationOf(answer, server.url).href).toBe(`${server.url}/settings/profile?a=1`);
  });

  test("An unknown user, a wrong password and one of more than 72 bytes are refused alike, in the same words", async ({
    browse,
    server,
  }) => {
    const page = await browse(null);
    const tries = [
      { email: "nobody@latchkey.test", password },
      { email: people.member, password: "wrong" },
      { email: people.member, password: `${password}${"x".repeat(73)}` },
      { email: people.member, password: password.padEnd(72, "é") },
    ];
    const shown: string[] = [];
    for (const { email, password: tried } of tries) {
      await page.goto("/login");
      await page.getByLabel("Email", { exact: true }).fill(email);
      await page.getByLabel("Password", { exact: true }).fill(tried);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.getByText("Email or password is wrong.")).toBeVisible();
      await expect(page.getByRole("button", { name: "Sign in with a passkey", exact: true })).toBeVisible();
      shown.push(`${page.url()} ${await page.locator("main").innerText()}`);
      expect(await page.context().cookies()).toEqual([]);
    }
    expect(shown).toEqual(tries.map(() => shown[0]));
    expect(shown[0]).not.toContain("latchkey-demo");
    // The address in another case is the same address.
    expect((await enter(server.url, "Member@Latchkey.test")).cookie).not.toBe("");
  });
});

async function expectProblem(field: Locator, reason: RegExp) {
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(reason);
}

function secretRow(page: Page, secret: string): Locator {
  return page.getByRole("listitem").filter({ hasText: `cs_…${secret.slice(-4)}` });
}

/** The line of the policy that speaks of this switch. */
function switchOf(page: Page, title: string): Locator {
  return page.locator("dl > div").filter({ has: page.getByText(title, { exact: true }) });
}

/** What a token request with this secret is refused for: its code is wrong in any case. */
async function errorWith(issuer: string, app: App): Promise<string> {
  return (await requestToken(issuer, app, anyCode)).body.error;
}

async function tokenOf(issuer: string, app: App, person: Visitor, redirect_uri: string): Promise<string> {
  const as = await discover(issuer);
  const made = await attempt(as, app, redirect_uri);
  return (await exchange(as, app, made, await decide(person, made.url))).access_token;
}
