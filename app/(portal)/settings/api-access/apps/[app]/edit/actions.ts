"use server";
/** Changing an app's registration. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { updateApp } from "@/lib/db/app-registration";
import { parseAppForm } from "@/lib/server/app-form";
import { needsPurpose } from "@/lib/server/registration";
import { runtime } from "@/lib/server/runtime";
import { loadApp } from "../load-app";

const fields = z.object({ app: z.string().max(64) });

/** The type is not the form's to say: it was chosen once, and secrets depend on it. */
export async function saveApp(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, app } = await loadApp(fields.safeParse({ app: form.get("app") }).data?.app);
  form.set("type", app.type);
  const parsed = await parseAppForm(form, await needsPurpose(user, app.status), app.policy);
  if (!parsed.ok) return parsed;
  if (!(await updateApp(runtime().db, user.id, app.id, parsed.input))) notFound();
  revalidatePath("/settings/api-access/apps", "layout");
  return { ok: true };
}
