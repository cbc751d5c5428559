// Two-factor authentication as a person lives with it: an authenticator app, recovery codes, passkeys.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import { devices, look, sizeOf } from "./support/look.ts";
import { createApp } from "./support/portal.ts";
import { type Server, startServer } from "./support/server.ts";
import { test as base, expect, password, people } from "./support/test.ts";

const security = "/settings/security";

interface Own {
  server: Server;
  /** Where its letters land. */
  outbox: string;
}

// A server of their own: what people set up here would be asked of them in every other test.
const test = base.extend<object, Own>({
  outbox: [
    async ({ browserName: _ }, use) => {
      const dataDir = await mkdtemp(path.join(tmpdir(), "latchkey-factors-"));
      await use(path.join(dataDir, "outbox"));
      await rm(dataDir, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  server: [
    async ({ database, outbox }, use) => {
      const server = await startServer(database, { DATA_DIR: path.dirname(outbox) });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
});
test.describe.configure({ timeout: 300_000 });

for (const device of devices) {
  const phone = device === "phone";

  test(`Somebody turns on two-factor authentication and signs in with their app and a recovery code, on a ${device}`, {
    tag: "@once",
  }, async ({ browse, outbox }) => {
    const email = phone ? people.member : people.owner;
    const page = await browse(null, sizeOf(device));
    await enterPassword(page, email);
    if (phone) await page.locator("summary").click();
    await page.getByRole("link", { name: "Security", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Security", exact: true })).toBeVisible();
    await expect(page.getByText("Off", { exact: true })).toBeVisible();
    await look(page, device, "security-off");

    await page.getByRole("button", { name: "Set up", exact: true }).click();
    await expect(page.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
    const key = await page.getByLabel("Key", { exact: true }).inputValue();
    const code = page.getByLabel("Code", { exact: true });
    await code.fill("000000");
    await page.getByRole("button", { name: "Turn on", exact: true }).click();
    await expect(page.getByText("That is not the code of this key.")).toBeVisible();
    await expect(page.getByLabel("Key", { exact: true })).toHaveValue(key);
    await look(page, device, "security-set-up");
    await code.fill(codeOf(key, 0));
    await page.getByRole("button", { name: "Turn on", exact: true }).click();

    await expect(page.getByRole("heading", { name: "Two-factor authentication is on" })).toBeFocused();
    const codes = await page
      .getByRole("list", { name: "Recovery codes" })
      .getByRole("listitem")
      .allInnerTexts();
    expect(codes).toHaveLength(10);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download", exact: true }).click();
    expect(await readFile(await (await download).path(), "utf8")).toBe(`${codes.join("\n")}\n`);
    await look(page, device, "security-recovery-codes");
    await page.getByRole("link", { name: "Done", exact: true }).click();
    await expect(page.getByText("10 of 10 left")).toBeVisible();
    await look(page, device, "security-on");
    expect(await letters(outbox, email)).toContain("Latchkey: a way to sign in was added");

    await signOut(page, phone);
    await enterPassword(page, email);
    await expect(page).toHaveURL(/\/login\/second$/);
    await expect(page.getByRole("heading", { name: "Two-factor authentication" })).toBeVisible();
    await page.goto(security);
    await expect(page, "the password alone opens nothing").toHaveURL(/\/login\?/);
    await page.goto(`/login/second?next=${security}`);
    await page.getByLabel("Code", { exact: true }).fill("000000");
    await page.getByRole("button", { name: "Verify", exact: true }).click();
    await expect(page.getByText("That code is wrong")).toBeVisible();
    await look(page, device, "second-step");
    await page.getByLabel("Code", { exact: true }).fill(codeOf(key, 1));
    await page.getByRole("button", { name: "Verify", exact: true }).click();
    await expect(page).toHaveURL(security);
    await expect(page.getByText(/last used/)).toBeVisible();

    const elsewhere = await browse(null, { ...sizeOf(device), javaScriptEnabled: false });
    await enterPassword(elsewhere, email);
    await elsewhere.getByRole("link", { name: "Use a recovery code" }).click();
    await enterRecoveryCode(elsewhere, codes[0]);
    await expect(elsewhere).toHaveURL(/\/settings\//);
    expect(await letters(outbox, email)).toContain("Latchkey: a recovery code was used");
    const again = await browse(null, sizeOf(device));
    await enterPassword(again, email);
    await again.getByRole("link", { name: "Use a recovery code" }).click();
    await enterRecoveryCode(again, codes[0]);
    await expect(again.getByText("That is not one of your recovery codes")).toBeVisible();
    await look(again, device, "second-step-recovery");

    await page.goto(`/login/confirm?next=${security}`);
    await expect(page.getByLabel("Password", { exact: true })).toHaveCount(0);
    await look(page, device, "confirm-code");
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code", { exact: true }).fill(codes[1] ?? "");
    await page.getByRole("button", { name: "Confirm", exact: true }).click();
    await expect(page.getByText("8 of 10 left")).toBeVisible();

    await page.getByRole("link", { name: "Make new codes" }).click();
    const make = page.getByRole("button", { name: "Make new codes" });
    await expect(make).toBeVisible();
    await look(page, device, "security-new-codes");
    await make.click();
    await expect(page.getByRole("heading", { name: "Your new recovery codes" })).toBeFocused();
    await page.getByRole("link", { name: "Done", exact: true }).click();
    await expect(page.getByText("10 of 10 left")).toBeVisible();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(page, device, "security-remove");
    await page.getByRole("button", { name: "Turn off", exact: true }).click();
    await expect(page.getByText("Off", { exact: true })).toBeVisible();
    await signOut(page, phone);
    await enterPassword(page, email);
    await expect(page).toHaveURL(/\/settings\//);
  });

  test(`Somebody adds a passkey, signs in with it, names and removes it, on a ${device}`, {
    tag: "@once",
  }, async ({ browse, outbox }) => {
    const email = phone ? people.outsider : people.manager;
    const page = await browse(null, sizeOf(device));
    await addAuthenticator(page);
    await enterPassword(page, email);
    await page.goto(security);
    await page.getByRole("button", { name: "Add a passkey", exact: true }).click();
    const passkeys = page.getByRole("list", { name: "Passkeys" }).getByRole("listitem");
    await expect(passkeys).toHaveCount(1);
    await expect(passkeys).toContainText("never used");
    expect(await letters(outbox, email)).toContain("Latchkey: a way to sign in was added");
    await page.getByRole("button", { name: "Add a passkey", exact: true }).click();
    await expect(page.getByText("No passkey was made")).toBeVisible();
    await page.getByRole("button", { name: "Rename", exact: true }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(page, device, "passkey-rename");
    await page.getByLabel("Name", { exact: true }).fill("The test's own device");
    await page.getByRole("dialog").getByRole("button", { name: "Rename", exact: true }).click();
    await expect(passkeys).toContainText("The test's own device");
    await look(page, device, "security-passkeys");

    await signOut(page, phone);
    await page.goto(`/login?next=${security}`);
    await look(page, device, "login-passkey");
    await page.getByRole("button", { name: "Sign in with a passkey", exact: true }).click();
    await expect(page).toHaveURL(security);
    await expect(passkeys).toContainText("last used");

    await page.goto(`/login/confirm?next=${security}`);
    await look(page, device, "confirm-passkey");
    await page.getByRole("button", { name: "Use a passkey", exact: true }).click();
    await expect(page).toHaveURL(security);

    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
    await expect(page.getByText("You have no passkey yet.")).toBeVisible();
    await signOut(page, phone);
    await page.goto("/login");
    await page.getByRole("button", { name: "Sign in with a passkey", exact: true }).click();
    await expect(page.getByText("That passkey did not work here.")).toBeVisible();
  });
}

test("An app gets its user back through the second step: the first time, and when nothing is left to ask", {
  tag: "@once",
}, async ({ browse, openClient, server }) => {
  const developer = await browse(null);
  await addAuthenticator(developer);
  await enterPassword(developer, people.admin);
  const client = await openClient();
  await client.register(await createApp(developer, "Harbour", { uris: client.redirect_uri }), server.url);
  await developer.goto(security);
  await developer.getByRole("button", { name: "Add a passkey", exact: true }).click();
  await expect(developer.getByRole("list", { name: "Passkeys" }).getByRole("listitem")).toHaveCount(1);
  await developer.getByRole("button", { name: "Set up", exact: true }).click();
  const key = await developer.getByLabel("Key", { exact: true }).inputValue();
  await developer.getByLabel("Code", { exact: true }).fill(codeOf(key, 0));
  await developer.getByRole("button", { name: "Turn on", exact: true }).click();
  const listed = developer.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(listed).toHaveCount(10);
  const codes = await listed.allInnerTexts();

  for (const [index, code] of codes.slice(0, 2).entries()) {
    const person = await browse(null);
    await person.goto(client.start({ scope: "read" }));
    await fillPassword(person, people.admin);
    await person.getByRole("link", { name: "Use a recovery code" }).click();
    await enterRecoveryCode(person, code);
    if (index === 0) await person.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(person.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
  }

  await signOut(developer, false);
  await developer.goto(client.start({ scope: "read" }));
  await fillPassword(developer, people.admin);
  await developer.getByRole("button", { name: "Use a passkey", exact: true }).click();
  await expect(developer.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
});

/** The code an app with this key shows, so many steps from now; one is accepted before and after its own. */
function codeOf(key: string, steps: number): string {
  return TOTP.generate({ secret: Secret.fromBase32(key), timestamp: Date.now() + steps * 30_000 });
}

async function enterPassword(page: Page, email: string) {
  await page.goto("/login");
  await fillPassword(page, email);
}

async function fillPassword(page: Page, email: string) {
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/login");
}

async function enterRecoveryCode(page: Page, code = "") {
  await page.getByLabel("Recovery code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Verify", exact: true }).click();
}

async function signOut(page: Page, phone: boolean) {
  await page.goto("/settings/profile");
  if (phone) await page.locator("summary").click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.waitForURL((url) => url.pathname === "/login");
}

/** Chromium's own authenticator, which always finds that its owner is there. */
async function addAuthenticator(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** The subjects of the letters that somebody got. */
async function letters(outbox: string, to: string): Promise<string[]> {
  const names = (await readdir(outbox)).filter((name) => !name.startsWith("."));
  const files = await Promise.all(names.map((name) => readFile(path.join(outbox, name), "utf8")));
  return files
    .filter((file) => file.includes(`To: ${to}`))
    .map((file) => /^Subject: (.*)$/m.exec(file)?.[1] ?? "");
}
