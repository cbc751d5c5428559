"use server";
/** Rotating and revoking client secrets; a new one travels in this answer and nowhere else. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { RotatedSecret } from "@/components/rotate-secret";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import { maintainedBy } from "@/lib/db/app-maintenance";
import { revokeSecret, rotateSecret } from "@/lib/db/client-secrets";
import { setRetirement } from "@/lib/db/secret-retirement";
import { runtime } from "@/lib/server/runtime";
import { retirementChoice, rotationChoice } from "@/lib/server/secret-form";
import { loadApp } from "../load-app";

const appId = z.string().max(64);
const revocation = z.object({ app: appId, secret: z.string().regex(/^[\w-]{1,64}$/) });

export async function rotateOneSecret(
  _: ActionState<RotatedSecret>,
  form: FormData,
): Promise<ActionState<RotatedSecret>> {
  const choice = rotationChoice(form);
  const { user, app } = await loadApp(form.get("app"));
  if (!choice) return { ok: false, errors: { overlap: "Choose one of these." } };
  const secret = await rotateSecret(
    runtime().db,
    user.id,
    app.id,
    choice.overlapSeconds,
    brand.credentialPrefix,
    maintainedBy(user.id),
    choice.silentHours,
  );
  if (secret === null) notFound();
  revalidatePath(`/settings/api-access/apps/${app.id}`, "layout");
  return { ok: true, secret };
}

export async function revokeOneSecret(_: ActionState, form: FormData): Promise<ActionState> {
  const parsed = revocation.safeParse({ app: form.get("app"), secret: form.get("secret") });
  const { user, app } = await loadApp(form.get("app"));
  const revoked = parsed.success && (await revokeSecret(runtime().db, user.id, app.id, parsed.data.secret));
  revalidatePath(`/settings/api-access/apps/${app.id}`, "layout");
  return revoked ? { ok: true } : { ok: false, errors: { form: "This secret has ended already." } };
}

/** Lets an old secret end once it is silent, or at its date after all. */
export async function setSecretRetirement(_: ActionState, form: FormData): Promise<ActionState> {
  const choice = retirementChoice(form);
  const { user, app } = await loadApp(form.get("app"));
  const { db } = runtime();
  const about = choice && { appId: app.id, secretId: choice.secretId, whose: maintainedBy(user.id) };
  const done = about !== null && (await setRetirement(db, user.id, about, choice?.silentHours ?? null));
  revalidatePath(`/settings/api-access/apps/${app.id}`, "layout");
  return done ? { ok: true } : { ok: false, errors: { form: "This secret has ended already." } };
}
