// Makes apps as a developer does, for tests that are about something else.

import type { Page } from "@playwright/test";

/** An app as its owner knows it after making it. */
export interface App {
  readonly name: string;
  readonly client_id: string;
  /** Empty for a public app. */
  readonly client_secret: string;
}

/** The presets' labels. */
export type PolicyLabel =
  | "Standard (recommended)"
  | "Long-lived tokens"
  | "Single redirect, registered scopes"
  | "Machine to machine"
  | "Classic with refresh tokens"
  | "Service account";

export interface AppChoices {
  /** One a line. */
  uris?: string;
  /** Instead of `uris`. */
  domain?: string;
  policy?: PolicyLabel;
  /** The scopes to tick, by name; those proposed otherwise. */
  scopes?: readonly string[];
  type?: "Web app with a server" | "Native or single-page app";
  /** The bytes of a PNG. */
  logo?: Buffer;
}

/** Goes to the form, fills it in and reads the credentials; ends on the page that shows them. */
export async function createApp(page: Page, name: string, choices: AppChoices): Promise<App> {
  const {
    uris,
    domain = "",
    policy = "Standard (recommended)",
    type = "Web app with a server",
    logo,
    scopes,
  } = choices;
  await page.goto("/settings/api-access/apps/new");
  await page.getByLabel("App name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: type, exact: true }).check();
  if (domain) {
    await page.getByRole("radio", { name: "Redirect domain", exact: true }).check();
    await page.getByRole("textbox", { name: "Redirect domain", exact: true }).fill(domain);
  } else {
    await page.getByLabel("Redirect URIs", { exact: true }).fill(uris ?? "");
  }
  for (const box of scopes ? await page.locator("input[name=scope]").all() : [])
    await box.setChecked(scopes?.includes(await box.inputValue()) ?? false);
  await page.getByLabel("Policy", { exact: true }).selectOption({ label: policy });
  if (logo) {
    const file = { name: "logo.png", mimeType: "image/png", buffer: logo };
    await page.getByLabel("Logo", { exact: true }).setInputFiles(file);
  }
  await page.getByRole("button", { name: "Create app", exact: true }).click();
  const client_id = await page.getByLabel("Client ID", { exact: true }).inputValue();
  const secret = page.getByLabel("Client Secret", { exact: true });
  return { name, client_id, client_secret: type.startsWith("Web") ? await secret.inputValue() : "" };
}
