/** What a test puts into a store's world: people, companies and apps, whichever store keeps them. */
import type { Instance } from "../../lib/oauth/instance";
import { type Policy, type PresetName, policySchema } from "../../lib/oauth/policy";
import { presets } from "../../lib/oauth/presets";
import type { RedirectRule } from "../../lib/oauth/redirect";
import { dated } from "../../lib/oauth/switches";
import type { Client } from "../../lib/oauth/types";

export interface AppFacts {
  /** Null where a company owns it. */
  ownerId: string | null;
  companyId: string | null;
  /** Of a company's: an app it registered, or a credential of its own? */
  kind: "registered" | "credential";
  name: string;
  type: Client["type"];
  status: Client["status"];
  redirect: RedirectRule;
  /** What it may ask for at most. */
  scopes: readonly string[];
  preset: PresetName;
  /** Switches that differ from the preset's. */
  policy: Partial<Policy>;
}

export interface TestApp {
  client_id: string;
  /** Empty for a public client. */
  secret: string;
}

export type Role = "owner" | "auth_manager" | "member";

export interface Facts {
  /** @returns the user's id */
  addUser(email?: string): Promise<string>;
  makeAdmin(userId: string): Promise<void>;
  /** @returns the id of the service user; a member of the company, if there is one */
  addServiceAccount(companyId?: string): Promise<string>;
  /** @returns the company's id */
  addCompany(...memberIds: string[]): Promise<string>;
  addMember(userId: string, companyId: string, role: Role): Promise<void>;
  leave(userId: string, companyId: string): Promise<void>;
  /** Makes a member of the company that owns the app a maintainer of it. */
  addMaintainer(client_id: string, userId: string): Promise<void>;
  suspendUser(userId: string): Promise<void>;
  deleteUser(userId: string): Promise<void>;
  /** A new user's, unless an owner is named: a user, or a company. */
  addApp(app?: Partial<AppFacts>): Promise<TestApp>;
  /** One more secret of an app, until `expiresAt`. @returns its value */
  addSecret(client_id: string, expiresAt: Date | null): Promise<string>;
  /** Lets one secret of an app end at that moment. */
  endSecret(client_id: string, secret: string, at: Date): Promise<void>;
  setStatus(client_id: string, status: Client["status"]): Promise<void>;
  /** What the app may ask for at most. */
  setScopes(client_id: string, scopes: readonly string[]): Promise<void>;
  setPolicy(client_id: string, policy: Partial<Policy>): Promise<void>;
  /** What administrators decide for the whole installation. */
  setInstance(instance: Partial<Instance>): Promise<void>;
  /** The switches whose end was written down for an app, one list for each time. */
  lapsesOf(client_id: string): Promise<(readonly string[])[]>;
  /** What a user was shown for an app, first to last. */
  receiptsOf(userId: string, client_id: string): Promise<unknown[]>;
  deleteApp(client_id: string): Promise<void>;
  withdrawConsents(userId: string, client_id: string): Promise<void>;
  /** Only the consents, or only the app: what a code redeemed at the same moment finds gone. */
  dropConsents(userId: string, client_id: string): Promise<void>;
  dropApp(client_id: string): Promise<void>;
}

export const callback = "https://app.example/callback";

/** An app of today, unless said otherwise. */
export function appFacts(app: Partial<AppFacts>, owner: Pick<AppFacts, "ownerId" | "companyId">): AppFacts {
  return {
    kind: "credential",
    name: "Test app",
    type: "confidential",
    status: "active",
    redirect: { match: "exact", uris: [callback] },
    scopes: ["read", "write"],
    preset: "standard",
    policy: {},
    ...app,
    ...owner,
  };
}

/** Whose app it is: a new user's, unless somebody is named. */
export async function ownerOf(
  { ownerId, companyId }: Partial<AppFacts>,
  addUser: () => Promise<string>,
): Promise<Pick<AppFacts, "ownerId" | "companyId">> {
  return companyId
    ? { ownerId: null, companyId }
    : { ownerId: ownerId ?? (await addUser()), companyId: null };
}

/** The policy of a new app: a preset with its changes. */
export function policyFacts({ preset, policy }: Pick<AppFacts, "preset" | "policy">, now: Date): Policy {
  return changedPolicy(presets[preset].policy, policy, now);
}

/** A policy that was changed, dated and believed as a stored one is. */
export function changedPolicy(before: Policy, policy: Partial<Policy>, now: Date): Policy {
  return policySchema.parse(dated({ ...before, ...policy }, before, now));
}
