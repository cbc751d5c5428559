"use server";
/** What an administrator changes of one company. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import type { ActionState } from "@/components/ui/action-state";
import { type CompanyChanged, renameCompany, setApiAccess } from "@/lib/db/company-changes";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin, requireFreshAdmin } from "@/lib/server/session";
import { visibleName } from "@/lib/server/visible-name";
import { companyId } from "./load-company";

const path = "/admin/companies";
const names = visibleName("Enter a name.", 80);

export async function renameOne(_: ActionState, form: FormData): Promise<ActionState> {
  const { data: id } = companyId.safeParse(form.get("company"));
  const admin = await requireAdmin(id ? `${path}/${id}` : path);
  if (!id) notFound();
  const name = names.safeParse(form.get("name"));
  if (!name.success) return { ok: false, errors: { name: name.error.issues[0]?.message ?? "" } };
  const changed = await renameCompany(runtime().db, admin.id, id, name.data);
  return answer(changed === "unchanged" ? "done" : changed);
}

export async function includeApi(_: ActionState, form: FormData): Promise<ActionState> {
  return setPlan(form, true);
}

export async function excludeApi(_: ActionState, form: FormData): Promise<ActionState> {
  return setPlan(form, false);
}

async function setPlan(form: FormData, apiAccess: boolean): Promise<ActionState> {
  const { data: id } = companyId.safeParse(form.get("company"));
  const admin = await requireFreshAdmin(id ? `${path}/${id}` : path);
  if (!id) notFound();
  return answer(await setApiAccess(runtime().db, admin.id, id, apiAccess));
}

function answer(changed: CompanyChanged): ActionState {
  if (changed === "not_admin" || changed === "no_company") notFound();
  revalidatePath(path, "layout");
  if (changed === "unchanged")
    return { ok: false, errors: { form: "Somebody was faster: it is so already." } };
  return { ok: true };
}
