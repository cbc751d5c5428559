"use server";
/** Registering an app: the secret travels in this answer and nowhere else. */
import { revalidatePath } from "next/cache";
import { exampleRedirect } from "@/components/app-words";
import type { CreatedApp } from "@/components/create-app";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import { createApp } from "@/lib/db/app-registration";
import { presets } from "@/lib/oauth/policy";
import { parseAppForm } from "@/lib/server/app-form";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";

export async function createOneApp(
  _: ActionState<CreatedApp>,
  form: FormData,
): Promise<ActionState<CreatedApp>> {
  const user = await requireUser("/settings/api-access/apps/new");
  const parsed = await parseAppForm(form);
  if (!parsed.ok) return parsed;
  const { input } = parsed;
  const { id, secret } = await createApp(runtime().db, user.id, input, brand.credentialPrefix);
  revalidatePath("/settings/api-access/apps");
  const pkce = input.type === "public" || presets[input.preset].policy.pkce === "required";
  return { ok: true, id, secret, name: input.name, redirectUri: exampleRedirect(input.redirect), pkce };
}
