"use server";
/** Changing an app's preset. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { changePreset } from "@/lib/db/app-registration";
import { runtime } from "@/lib/server/runtime";
import { loadApp } from "../load-app";

const fields = z.object({ app: z.string().max(64), preset: z.enum(["standard", "perpetual"]) });

export async function savePolicy(_: ActionState, form: FormData): Promise<ActionState> {
  const parsed = fields.safeParse({ app: form.get("app"), preset: form.get("preset") });
  const { user, app } = await loadApp(form.get("app"));
  if (!parsed.success) return { ok: false, errors: { preset: "Choose one of these." } };
  const saved = await changePreset(runtime().db, user.id, app.id, parsed.data.preset);
  if (!saved) notFound();
  revalidatePath("/settings/api-access/apps", "layout");
  return { ok: true };
}
