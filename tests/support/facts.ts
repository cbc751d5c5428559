/** What a test puts into a store's world: people, companies and apps, whichever store keeps them. */
import type { Policy, PresetName } from "../../lib/oauth/policy";
import type { RedirectRule } from "../../lib/oauth/redirect";
import type { Client } from "../../lib/oauth/types";

export interface AppFacts {
  ownerId: string;
  name: string;
  type: Client["type"];
  redirect: RedirectRule;
  preset: PresetName;
  /** Switches that differ from the preset's. */
  policy: Partial<Policy>;
}

export interface TestApp {
  client_id: string;
  /** Empty for a public client. */
  secret: string;
}

export interface Facts {
  /** @returns the user's id */
  addUser(email?: string): Promise<string>;
  /** @returns the company's id */
  addCompany(...memberIds: string[]): Promise<string>;
  leave(userId: string, companyId: string): Promise<void>;
  suspendUser(userId: string): Promise<void>;
  deleteUser(userId: string): Promise<void>;
  addApp(app?: Partial<AppFacts>): Promise<TestApp>;
  /** One more secret of an app, until `expiresAt`. @returns its value */
  addSecret(client_id: string, expiresAt: Date | null): Promise<string>;
  setStatus(client_id: string, status: Client["status"]): Promise<void>;
  setPolicy(client_id: string, policy: Partial<Policy>): Promise<void>;
  deleteApp(client_id: string): Promise<void>;
  withdrawConsents(userId: string, client_id: string): Promise<void>;
  /** Only the consents, or only the app: what a code redeemed at the same moment finds gone. */
  dropConsents(userId: string, client_id: string): Promise<void>;
  dropApp(client_id: string): Promise<void>;
}

export const callback = "https://app.example/callback";

/** An app of today, unless said otherwise. */
export function appFacts(app: Partial<AppFacts>, ownerId: string): AppFacts {
  return {
    ownerId,
    name: "Test app",
    type: "confidential",
    redirect: { match: "exact", uris: [callback] },
    preset: "standard",
    policy: {},
    ...app,
  };
}
