"use server";
/** Rotating and revoking client secrets; a new one travels in this answer and nowhere else. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { RotatedSecret } from "@/components/rotate-secret";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import { revokeSecret, rotateSecret } from "@/lib/db/client-secrets";
import { runtime } from "@/lib/server/runtime";
import { loadApp } from "../load-app";

const appId = z.string().max(64);
const rotation = z.object({ app: appId, overlap: z.enum(["0", "3600", "86400", "604800"]) });
const revocation = z.object({ app: appId, secret: z.string().regex(/^[\w-]{1,64}$/) });

export async function rotateOneSecret(
  _: ActionState<RotatedSecret>,
  form: FormData,
): Promise<ActionState<RotatedSecret>> {
  const parsed = rotation.safeParse({ app: form.get("app"), overlap: form.get("overlap") });
  const { user, app } = await loadApp(form.get("app"));
  if (!parsed.success) return { ok: false, errors: { overlap: "Choose one of these." } };
  const secret = await rotateSecret(
    runtime().db,
    user.id,
    app.id,
    Number(parsed.data.overlap),
    brand.credentialPrefix,
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
