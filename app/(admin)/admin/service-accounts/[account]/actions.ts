"use server";
/** Changing one service account; what is made new travels in the answer and nowhere else. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { RotatedSecret } from "@/components/rotate-secret";
import type { NewPassword } from "@/components/service-account-password";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import {
  deleteServiceAccount,
  issueApiSecret,
  resetServicePassword,
  revokeApiSecret,
  setServiceAccountStatus,
  setServiceSecretRetirement,
} from "@/lib/db/service-account-changes";
import { runtime } from "@/lib/server/runtime";
import { retirementChoice, rotationChoice } from "@/lib/server/secret-form";
import { newPassword } from "@/lib/server/service-account-form";
import { requireAdmin } from "@/lib/server/session";
import { loadAccount } from "./load-account";

const path = "/admin/service-accounts";
const key = z.string().regex(/^[\w-]{1,64}$/);
const revocation = z.object({ app: key, secret: key });

export async function issueOneSecret(
  _: ActionState<RotatedSecret>,
  form: FormData,
): Promise<ActionState<RotatedSecret>> {
  const user = await requireAdmin(path);
  const choice = rotationChoice(form);
  const app = key.safeParse(form.get("app"));
  if (!choice || !app.success) return { ok: false, errors: { overlap: "Choose one of these." } };
  const { overlapSeconds, silentHours } = choice;
  const secret = await issueApiSecret(
    runtime().db,
    user.id,
    app.data,
    overlapSeconds,
    brand.credentialPrefix,
    silentHours,
  );
  if (secret === null) notFound();
  revalidatePath(path, "layout");
  return { ok: true, secret };
}

export async function revokeOneSecret(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireAdmin(path);
  const { data } = revocation.safeParse(Object.fromEntries(form));
  const revoked = data && (await revokeApiSecret(runtime().db, user.id, data.app, data.secret));
  revalidatePath(path, "layout");
  return revoked ? { ok: true } : { ok: false, errors: { form: "This secret has ended already." } };
}

/** Lets an old API Secret end once it is silent, or at its date after all. */
export async function setOneRetirement(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireAdmin(path);
  const choice = retirementChoice(form);
  const { data: app } = key.safeParse(form.get("app"));
  const done =
    choice !== null &&
    app !== undefined &&
    (await setServiceSecretRetirement(runtime().db, user.id, app, choice.secretId, choice.silentHours));
  revalidatePath(path, "layout");
  return done ? { ok: true } : { ok: false, errors: { form: "This secret has ended already." } };
}

export async function resetOnePassword(
  _: ActionState<NewPassword>,
  form: FormData,
): Promise<ActionState<NewPassword>> {
  const { user, account } = await loadAccount(form.get("account"));
  const { db, passwords } = runtime();
  const password = newPassword(db.random);
  if (!(await resetServicePassword(db, user.id, account.id, await passwords.hash(password)))) notFound();
  revalidatePath(path, "layout");
  return { ok: true, password };
}

export async function suspendOne(_: ActionState, form: FormData): Promise<ActionState> {
  return setStatus(form, "suspended");
}

export async function reactivateOne(_: ActionState, form: FormData): Promise<ActionState> {
  return setStatus(form, "active");
}

async function setStatus(form: FormData, status: "active" | "suspended"): Promise<ActionState> {
  const { user, account } = await loadAccount(form.get("account"));
  if (!(await setServiceAccountStatus(runtime().db, user.id, account.id, status))) notFound();
  revalidatePath(path, "layout");
  return { ok: true };
}

/** Does not revalidate: the page it is called from is gone, and its form goes to the list. */
export async function deleteOne(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, account } = await loadAccount(form.get("account"));
  if (form.get("confirm") !== account.username)
    return { ok: false, errors: { form: `Type the username exactly as it is: ${account.username}` } };
  if (!(await deleteServiceAccount(runtime().db, user.id, account.id))) notFound();
  return { ok: true };
}
