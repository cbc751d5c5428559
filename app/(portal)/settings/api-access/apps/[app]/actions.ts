"use server";
/** Deleting an app, once its name has been typed. */
import { notFound } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { deleteApp } from "@/lib/db/app-registration";
import { runtime } from "@/lib/server/runtime";
import { loadApp } from "./load-app";

const fields = z.object({ app: z.string().max(64), confirm: z.string().max(200) });

/** Does not revalidate: the page it is called from is gone, and its form goes to the list. */
export async function deleteOneApp(_: ActionState, form: FormData): Promise<ActionState> {
  const parsed = fields.safeParse({ app: form.get("app"), confirm: form.get("confirm") });
  const { user, app } = await loadApp(parsed.data?.app);
  if (parsed.data?.confirm.trim() !== app.name) {
    return { ok: false, errors: { form: `Type the name exactly as it is: ${app.name}` } };
  }
  if (!(await deleteApp(runtime().db, user.id, app.id))) notFound();
  return { ok: true };
}
