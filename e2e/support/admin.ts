// What an administrator does for tests that are about something else: service accounts, and the installation's settings.

import type { Page } from "@playwright/test";

export interface ServiceAccount {
  readonly name: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly username: string;
  readonly password: string;
}

export interface ServiceAccountChoices {
  username: string;
  /** By its name. */
  company?: string;
  scope?: "Read" | "Read and write";
}

/** Fills the form in and reads the credentials; ends on the page that shows them. */
export async function createServiceAccount(
  admin: Page,
  name: string,
  { username, company = "Northwind Labs", scope = "Read" }: ServiceAccountChoices,
): Promise<ServiceAccount> {
  await admin.goto("/admin/service-accounts/new");
  await admin.getByLabel("Name", { exact: true }).fill(name);
  await admin.getByLabel("Username", { exact: true }).fill(username);
  await admin.getByLabel("Company", { exact: true }).selectOption({ label: company });
  await admin.getByLabel("Scope", { exact: true }).selectOption({ label: scope });
  await admin.getByRole("button", { name: "Create service account", exact: true }).click();
  const read = (label: string) => admin.getByLabel(label, { exact: true }).inputValue();
  return {
    name,
    apiKey: await read("API Key"),
    apiSecret: await read("API Secret"),
    username: await read("Username"),
    password: await read("Password"),
  };
}

/** The switches of the settings page, by the names on them. */
export interface SettingsChoices {
  "Implicit grant"?: boolean;
  "Password grant"?: boolean;
  "Personal tokens without expiry"?: boolean;
  registration?: "Open" | "By role" | "By approval";
  leaked?: "Revoke" | "Quarantine";
  signUp?: "Open" | "By invitation" | "Off";
}

/** Changes what is named and leaves the rest; ends on the settings page. Tests share a server: put it back afterwards. */
export async function changeSettings(
  admin: Page,
  { registration, leaked, signUp, ...boxes }: SettingsChoices,
) {
  await admin.goto("/admin/settings");
  for (const [name, on] of Object.entries(boxes))
    await admin.getByRole("checkbox", { name, exact: true }).setChecked(on);
  if (registration) await admin.getByRole("radio", { name: registration, exact: true }).check();
  if (leaked) await admin.getByRole("radio", { name: leaked, exact: true }).check();
  if (signUp) await admin.getByLabel("Sign-up", { exact: true }).selectOption({ label: signUp });
  await admin.getByRole("button", { name: "Save settings", exact: true }).click();
  await admin.getByText("Settings saved").waitFor();
}
