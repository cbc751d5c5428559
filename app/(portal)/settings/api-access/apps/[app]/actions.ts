"use server";
/** Deleting an app, once its name has been typed, and giving it to a company. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { deleteApp } from "@/lib/db/app-registration";
import { type Transfer, transferApp } from "@/lib/db/app-transfer";
import { runtime } from "@/lib/server/runtime";
import { requireFreshUser } from "@/lib/server/session";
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

const companyId = z.string().regex(/^[\w-]{1,64}$/);

const problems: Record<Exclude<Transfer, "done">, string> = {
  not_yours: "This app is not yours any more.",
  not_manager: "Only owners and auth managers of a company can give it an app.",
};

export async function transferOneApp(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, app } = await loadApp(form.get("app"));
  await requireFreshUser(`/settings/api-access/apps/${app.id}`);
  const { data } = companyId.safeParse(form.get("company"));
  const transfer = data ? await transferApp(runtime().db, user.id, app.id, data) : "not_manager";
  if (transfer !== "done") return { ok: false, errors: { form: problems[transfer] } };
  revalidatePath("/settings/api-access/apps", "layout");
  return { ok: true };
}
