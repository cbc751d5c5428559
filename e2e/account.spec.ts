// A person's account: a forgotten password, sign-ups, sessions, a new address, the end, and single sign-on.

import type { Page } from "@playwright/test";
import { startProvider } from "../tests/support/openid-provider.ts";
import { changeSettings } from "./support/admin.ts";
import { awaitLetter, lettersTo } from "./support/letters.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import { startServer } from "./support/server.ts";
import { expect, password, people, signIn, test } from "./support/test.ts";
import { enter, visit } from "./support/visitor.ts";

let made = 0;
const address = () => `nora${process.pid}x${made++}@example.test`;
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

/** What the page says; not what Next reads aloud when a page has changed. */
const said = (page: Page, role: "alert" | "status", text: string) =>
  page.getByRole(role).filter({ hasText: text });

/** Makes an account through the pages; ends signed in, wherever `start` leads. */
async function signUp(
  page: Page,
  server: { url: string; dataDir: string },
  { email = address(), start = "/login" } = {},
): Promise<string> {
  await page.goto(server.url + start);
  await page.getByRole("link", { name: "Create account", exact: true }).click();
  await field(page, "Name").fill("Nora New");
  await field(page, "Email").fill(email);
  await field(page, "Password").fill(password);
  await button(page, "Create account").click();
  await expect(page.getByRole("heading", { name: "Confirm your e-mail" })).toBeVisible();
  const { link } = await awaitLetter(server, email, /Confirm your address/);
  await page.goto(link);
  return email;
}

test.describe("A forgotten password", () => {
  test("is replaced with the link from the letter: every session ends, and the new one signs in", async ({
    browse,
    server,
  }) => {
    await changeSettings(await browse("admin"), { signUp: "Open" });
    const page = await browse(null);
    const email = await signUp(page, server);
    await expect(page).toHaveURL(/\/settings\//);

    const other = await browse(null);
    await other.goto("/login?next=/settings/sessions");
    await other.getByRole("link", { name: "Forgot password?", exact: true }).click();
    await field(other, "Email").fill(email);
    await button(other, "Send reset link").click();
    await expect(said(other, "status", "If there is an account")).toBeVisible();
    const { link } = await awaitLetter(server, email, /Set a new password/);
    const answer = await other.goto(link);
    expect(answer?.headers()["referrer-policy"]).toBe("no-referrer");
    await field(other, "New password").fill("another password");
    await button(other, "Set password").click();
    await expect(said(other, "status", "Your password was changed")).toBeVisible();
    await page.reload();
    await expect(page).toHaveURL(/\/login\?/);
    await field(other, "Email").fill(email);
    await field(other, "Password").fill("another password");
    await button(other, "Sign in").click();
    await expect(other).toHaveURL(/\/settings\/sessions$/);

    await other.goto(link);
    await expect(other.getByRole("heading", { name: "This link has ended" })).toBeVisible();
    await other.getByRole("link", { name: "Send a new link", exact: true }).click();
    await expect(field(other, "Email")).toBeVisible();
  });

  test("is asked for in the same words whoever has an account, without JavaScript", async ({
    browse,
    server,
  }) => {
    const page = await browse(null, { javaScriptEnabled: false });
    const says = [];
    for (const email of [people.member, "nobody@latchkey.test"]) {
      await page.goto(`${server.url}/login/forgot`);
      await field(page, "Email").fill(email);
      await button(page, "Send reset link").click();
      says.push(await page.getByRole("main").innerText());
    }
    expect(says[0]).toBe(says[1]);
    await awaitLetter(server, people.member, /Set a new password/);
    expect(await lettersTo(server, "nobody@latchkey.test")).toEqual([]);
  });
});

test.describe("Sign-up", () => {
  test("is linked from the sign-in where an administrator has opened it, and leads on to the app that was asked for", async ({
    browse,
    openClient,
    register,
    server,
  }) => {
    const admin = await browse("admin");
    await changeSettings(admin, { signUp: "By invitation" });
    const page = await browse(null);
    await page.goto(`${server.url}/login`);
    await expect(page.getByRole("link", { name: "Create account" })).toHaveCount(0);
    await page.goto(`${server.url}/sign-up`);
    await expect(page.getByRole("heading", { name: "By invitation" })).toBeVisible();

    await changeSettings(admin, { signUp: "Open" });
    const client = await openClient();
    const { name } = await register(client);
    const start = client.start({ scope: "read" });
    await page.goto(start);
    await page.getByRole("link", { name: "Create account", exact: true }).click();
    await expect(page.getByText(`to continue to ${name}`)).toBeVisible();
    const email = address();
    await field(page, "Name").fill("Nora New");
    await field(page, "Email").fill(email);
    await field(page, "Password").fill(password);
    await button(page, "Create account").click();
    await button(page, "Send again").click();
    await expect(said(page, "status", "Another letter")).toBeVisible();
    await expect.poll(async () => (await lettersTo(server, email)).length).toBe(2);
    const { link } = await awaitLetter(server, email, /Confirm your address/);
    await page.goto(link);
    await expect(page).toHaveURL(/\/consent\?request=/);
    await button(page, "Allow").click();
    await expect(page.getByRole("heading", { name: "Connected" })).toBeVisible();
  });

  test("says what is wrong with a field without JavaScript, and keeps name and address", async ({
    browse,
    server,
  }) => {
    await changeSettings(await browse("admin"), { signUp: "Open" });
    const page = await browse(null, { javaScriptEnabled: false });
    await page.goto(`${server.url}/sign-up`);
    await field(page, "Name").fill("Nora New");
    await field(page, "Email").fill(address());
    await field(page, "Password").fill("é".repeat(40));
    await button(page, "Create account").click();
    await expect(page.getByText("at most 72 bytes")).toBeVisible();
    await expect(field(page, "Name")).toHaveValue("Nora New");
    await expect(field(page, "Email")).toHaveValue(/@example\.test$/);
    await expect(field(page, "Password")).toHaveValue("");
  });

  test("in another browser asks for the password; before that the sign-in says what is missing", async ({
    browse,
    server,
  }) => {
    await changeSettings(await browse("admin"), { signUp: "Open" });
    const first = await browse(null);
    await first.goto(`${server.url}/sign-up?next=/settings/sessions`);
    const email = address();
    await field(first, "Name").fill("Nora New");
    await field(first, "Email").fill(email);
    await field(first, "Password").fill(password);
    await button(first, "Create account").click();
    const { link } = await awaitLetter(server, email, /Confirm your address/);

    const second = await browse(null);
    await second.goto(`${server.url}/login`);
    await field(second, "Email").fill(email);
    await field(second, "Password").fill(password);
    await button(second, "Sign in").click();
    await expect(button(second, "Send again")).toBeVisible();

    const third = await browse(null);
    await third.goto(link);
    await field(third, "Password").fill("wrong password");
    await button(third, "Confirm email").click();
    await expect(said(third, "alert", "not the password")).toBeVisible();
    await field(third, "Password").fill(password);
    await button(third, "Confirm email").click();
    await expect(third).toHaveURL(/\/settings\/sessions$/);
  });
});

test("Sessions say where one is signed in, and end with the next request, one by one or all others at once", async ({
  browse,
  server,
}) => {
  await changeSettings(await browse("admin"), { signUp: "Open" });
  const page = await browse(null);
  const email = await signUp(page, server);
  const [one, two, three] = [
    await enter(server.url, email),
    await enter(server.url, email),
    await enter(server.url, email),
  ];
  await page.getByRole("link", { name: "Sessions", exact: true }).click();
  const rows = page
    .getByRole("table")
    .getByRole("row")
    .filter({ has: page.getByRole("button") });
  await expect(rows).toHaveCount(4);
  await expect(rows.filter({ hasText: "This one" })).toContainText(/Chrome \d+ on \w+/);
  await expect(rows.filter({ hasText: "Unknown browser" })).toHaveCount(3);
  await rows
    .filter({ hasText: "Unknown browser" })
    .first()
    .getByRole("button", { name: "End session" })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "End session", exact: true }).click();
  await expect(rows).toHaveCount(3);
  const alive = async () => {
    const answers = await Promise.all([one, two, three].map((who) => visit(who, "/settings/profile")));
    return answers.filter(({ status }) => status === 200).length;
  };
  expect(await alive()).toBe(2);
  await button(page, "End all other sessions").click();
  await page.getByRole("dialog").getByRole("button", { name: "End all other sessions", exact: true }).click();
  await expect(rows).toHaveCount(1);
  expect(await alive()).toBe(0);
  await rows.getByRole("button", { name: "End session" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End session", exact: true }).click();
  await expect(page).toHaveURL(/\/login/);
});

test("A new address takes effect by the link in its letter, and the old one hears of it", async ({
  browse,
  server,
}) => {
  await changeSettings(await browse("admin"), { signUp: "Open" });
  const page = await browse(null);
  const before = await signUp(page, server);
  const after = address();
  await page.goto(`${server.url}/settings/profile`);
  await field(page, "New email").fill(after);
  await field(page, "Your password").fill("wrong");
  await button(page, "Change email").click();
  await expect(page.getByText("This is not your password.")).toBeVisible();
  await field(page, "Your password").fill(password);
  await button(page, "Change email").click();
  await expect(said(page, "status", after)).toBeVisible();
  const { link } = await awaitLetter(server, after, /Confirm your new address/);
  expect((await awaitLetter(server, before, /about to change/)).text).toContain(after);

  const other = await browse("outsider");
  await other.goto(link);
  await expect(other.getByRole("heading", { name: "This link is not for you" })).toBeVisible();
  await page.goto(link);
  await button(page, "Change email").click();
  await expect(said(page, "status", "Your e-mail address is changed")).toBeVisible();
  await awaitLetter(server, before, /was changed/);
  await page.context().clearCookies();
  await page.goto(`${server.url}/login`);
  await field(page, "Email").fill(before);
  await field(page, "Password").fill(password);
  await button(page, "Sign in").click();
  await expect(page.getByText("Email or password is wrong.")).toBeVisible();
  await signIn(page, after);
});

test("An account is deleted after its address was typed; the only owner of a company is told why not", async ({
  browse,
  server,
}) => {
  const owner = await browse("outsider");
  await owner.goto(`${server.url}/settings/profile`);
  await expect(owner.getByText("You are the only owner of Fabrikam.")).toBeVisible();
  await expect(button(owner, "Delete account")).toHaveCount(0);

  await changeSettings(await browse("admin"), { signUp: "Open" });
  const page = await browse(null);
  const email = await signUp(page, server);
  const session = await enter(server.url, email);
  await page.goto(`${server.url}/settings/profile`);
  await button(page, "Delete account").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Delete account", exact: true })).toBeDisabled();
  await dialog.getByLabel(`Type ${email} to confirm`).fill(email);
  await dialog.getByRole("button", { name: "Delete account", exact: true }).click();
  await expect(said(page, "status", "Your account is deleted")).toBeVisible();
  expect((await visit(session, "/settings/profile")).status).not.toBe(200);
  await awaitLetter(server, email, /was deleted/);
});

test("Single sign-on makes an account, is linked and unlinked in the profile, and says when the provider is away", async ({
  browse,
  database,
}) => {
  test.setTimeout(180_000);
  const provider = await startProvider();
  const server = await startServer(database, {
    SSO_ISSUER: provider.issuer,
    SSO_CLIENT_ID: provider.client.client_id,
    SSO_CLIENT_SECRET: provider.client.client_secret,
    SSO_NAME: "Northwind ID",
  });
  try {
    const go = (page: Page) =>
      page.getByRole("link", { name: "Continue with Northwind ID", exact: true }).click();
    provider.fault = "down";
    const page = await browse(null);
    await page.goto(`${server.url}/login?next=/settings/sessions`);
    await look(page, "desk", "login-sso");
    await go(page);
    await expect(said(page, "alert", "Northwind ID does not answer")).toBeVisible();

    provider.fault = "none";
    const email = address();
    provider.person = { sub: "petra", email, email_verified: true, name: "Petra Provider" };
    await go(page);
    await expect(page).toHaveURL(`${server.url}/settings/sessions`);
    await page.goto(`${server.url}/settings/profile`);
    await expect(field(page, "Name")).toHaveValue("Petra Provider");
    await button(page, "Unlink").click();
    await page.getByRole("dialog").getByRole("button", { name: "Unlink", exact: true }).click();
    await expect(said(page, "alert", "your only way in")).toBeVisible();

    // Somebody whose address has an account here already signs in to that first.
    provider.person = { sub: "mika", email: people.member, email_verified: true };
    const member = await browse(null);
    await member.goto(`${server.url}/login`);
    await go(member);
    await expect(said(member, "alert", "has an account here already")).toBeVisible();
    await signIn(member, people.member);
    await member.goto(`${server.url}/settings/profile`);
    await member.getByRole("link", { name: "Link Northwind ID", exact: true }).click();
    await expect(said(member, "status", "It is linked")).toBeVisible();
    await look(member, "desk", "profile-sso");
    const again = await browse(null);
    await again.goto(`${server.url}/login`);
    await go(again);
    await again.waitForURL(/\/settings\//);
    await button(member, "Unlink").click();
    await member.getByRole("dialog").getByRole("button", { name: "Unlink", exact: true }).click();
    await expect(member.getByRole("link", { name: "Link Northwind ID", exact: true })).toBeVisible();
    // What a page looks up ahead of time would find nobody there.
    for (const one of [page, member, again]) await one.close();
  } finally {
    await server.stop();
    await provider.close();
  }
});

for (const device of devices) {
  test(`The pages of an account are accessible on a ${device}`, { tag: "@once" }, async ({
    browse,
    server,
  }) => {
    test.setTimeout(240_000); // a dozen looks, each through all of axe
    await changeSettings(await browse("admin"), { signUp: "Open" });
    const page = await browse(null, sizeOf(device));
    const see = (name: string) => look(page, device, name);
    await page.goto(`${server.url}/login`);
    await see("login-open");
    await page.goto(`${server.url}/login/forgot?sent=1`);
    await see("forgot-sent");
    await page.goto(`${server.url}/login/reset?link=gone`);
    await see("link-ended");
    await page.goto(`${server.url}/sign-up?error=password`);
    await see("sign-up-error");
    const email = address();
    await field(page, "Name").fill("Nora New");
    await field(page, "Email").fill(email);
    await field(page, "Password").fill(password);
    await button(page, "Create account").click();
    await see("sign-up-sent");
    const { link } = await awaitLetter(server, email, /Confirm your address/);
    const other = await browse(null, sizeOf(device));
    await other.goto(link);
    await look(other, device, "sign-up-confirm");
    await page.goto(link);
    await enter(server.url, email);
    await page.goto(`${server.url}/settings/sessions`);
    await see("sessions");
    await button(page, "End session").first().click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await see("sessions-end");
    await page.goto(`${server.url}/settings/profile`);
    await see("profile-account");
    await button(page, "Delete account").click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await see("profile-delete");
    await page.goto(`${server.url}/login/forgot`);
    await field(page, "Email").fill(email);
    await button(page, "Send reset link").click();
    await page.goto((await awaitLetter(server, email, /Set a new password/)).link);
    await see("reset");
    const admin = await browse("admin", sizeOf(device));
    await admin.goto(`${server.url}/admin/settings`);
    await look(admin, device, "settings-sign-up");
  });
}
