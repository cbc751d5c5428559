"use server";
/** Rotating and revoking the secrets of a company's OAuth credentials, and revoking the credentials themselves. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { RotatedSecret } from "@/components/rotate-secret";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import { revokeSecret, rotateSecret } from "@/lib/db/client-secrets";
import { managedCredential, renewableCredential, revokeCredential } from "@/lib/db/credentials";
import { setRetirement } from "@/lib/db/secret-retirement";
import { runtime } from "@/lib/server/runtime";
import { retirementChoice, rotationChoice } from "@/lib/server/secret-form";
import { noPlan } from "../../load-company";
import { loadCredential } from "./load-credential";

const secretId = z.string().regex(/^[\w-]{1,64}$/);

export async function rotateCredentialSecret(
  _: ActionState<RotatedSecret>,
  form: FormData,
): Promise<ActionState<RotatedSecret>> {
  const choice = rotationChoice(form);
  const { user, credential } = await loadCredential(form.get("app"));
  if (!choice) return { ok: false, errors: { overlap: "Choose one of these." } };
  const whose = renewableCredential(user.id);
  const { overlapSeconds, silentHours } = choice;
  const secret = await rotateSecret(
    runtime().db,
    user.id,
    credential.id,
    overlapSeconds,
    brand.credentialPrefix,
    whose,
    silentHours,
  );
  if (secret === null) return { ok: false, errors: { form: noPlan(credential.company.name) } };
  revalidatePath(`/company/api/${credential.id}`);
  return { ok: true, secret };
}

export async function revokeCredentialSecret(_: ActionState, form: FormData): Promise<ActionState> {
  const { data } = secretId.safeParse(form.get("secret"));
  const { user, credential } = await loadCredential(form.get("app"));
  const whose = managedCredential(user.id);
  const revoked =
    data !== undefined && (await revokeSecret(runtime().db, user.id, credential.id, data, whose));
  revalidatePath(`/company/api/${credential.id}`);
  return revoked ? { ok: true } : { ok: false, errors: { form: "This secret has ended already." } };
}

/** Lets an old secret end once it is silent, or at its date after all. */
export async function setCredentialRetirement(_: ActionState, form: FormData): Promise<ActionState> {
  const choice = retirementChoice(form);
  const { user, credential } = await loadCredential(form.get("app"));
  const { db } = runtime();
  const whose = managedCredential(user.id);
  const about = choice && { appId: credential.id, secretId: choice.secretId, whose };
  const done = about !== null && (await setRetirement(db, user.id, about, choice?.silentHours ?? null));
  revalidatePath(`/company/api/${credential.id}`);
  return done ? { ok: true } : { ok: false, errors: { form: "This secret has ended already." } };
}

/** Does not revalidate: the page it is called from is gone, and its form goes to the list. */
export async function revokeWholeCredential(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, credential } = await loadCredential(form.get("app"));
  if (!(await revokeCredential(runtime().db, user.id, credential.id))) notFound();
  return { ok: true };
}
