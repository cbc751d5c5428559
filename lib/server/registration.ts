/** Whether the signed-in person may register an app here, and whether it waits for approval. */

import { type Admission, admission } from "../db/registrations";
import type { Client } from "../oauth/types";
import { runtime } from "./runtime";
import type { SignedInUser } from "./session";

export async function admissionOf({ isAdmin, companies }: SignedInUser): Promise<Admission> {
  const { registration } = await runtime().as.store.findInstance();
  return admission(registration, { isAdmin, roles: companies.map(({ role }) => role) });
}

/** Is somebody to read what this app of theirs is for? */
export async function needsPurpose(user: SignedInUser, status: Client["status"]): Promise<boolean> {
  if (user.isAdmin) return false;
  return status === "pending" || status === "refused" || (await admissionOf(user)) === "by_approval";
}

/** Does this app of theirs wait again for a change that goes beyond what was approved? */
export async function changesWait(user: SignedInUser, status: Client["status"]): Promise<boolean> {
  return status === "active" && (await admissionOf(user)) === "by_approval";
}
