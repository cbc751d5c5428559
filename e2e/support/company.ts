// Makes a company's credentials as one of its managers does, for tests that are about something else.

import type { Page } from "@playwright/test";
import type { App } from "./portal.ts";

export type ScopeLabel = "Read" | "Read and write";
export type ExpirationLabel = "1 month" | "3 months" | "6 months" | "1 year";

export interface CredentialChoices {
  scope?: ScopeLabel;
}

/** From the list: makes OAuth credentials and reads them; ends on the page that shows them. */
export async function createCredential(
  page: Page,
  name: string,
  { scope = "Read and write" }: CredentialChoices = {},
): Promise<App> {
  await page.goto("/company/api");
  await page.getByRole("button", { name: "Create OAuth credentials", exact: true }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Scope", { exact: true }).selectOption({ label: scope });
  await page.getByRole("button", { name: "Create", exact: true }).click();
  const client_id = await page.getByLabel("Client ID", { exact: true }).inputValue();
  const client_secret = await page.getByLabel("Client Secret", { exact: true }).inputValue();
  return { name, client_id, client_secret };
}

/** From the list: makes a legacy token and reads it; ends on the page that shows it. */
export async function createLegacyToken(
  page: Page,
  name: string,
  {
    scope = "Read and write",
    expiration = "1 month",
  }: CredentialChoices & { expiration?: ExpirationLabel } = {},
): Promise<string> {
  await page.goto("/company/api");
  await page.getByRole("button", { name: "More credential types", exact: true }).click();
  await page.getByRole("menuitem", { name: "Create legacy token", exact: true }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Scope", { exact: true }).selectOption({ label: scope });
  await page.getByLabel("Expiration", { exact: true }).selectOption({ label: expiration });
  await page.getByRole("button", { name: "Generate", exact: true }).click();
  return page.getByLabel("Legacy token", { exact: true }).inputValue();
}

/** On the list: revokes what has this name. */
export async function revokeCredential(page: Page, name: string) {
  const row = page.getByRole("row").filter({ hasText: name });
  await row.getByRole("button", { name: "Revoke", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
}
