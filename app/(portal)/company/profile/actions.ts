"use server";
/** Giving a company another name. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { renameCompany } from "@/lib/db/company-profile";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { visibleName } from "@/lib/server/visible-name";

const id = z.string().regex(/^[\w-]{1,64}$/);
const names = visibleName("Give the company a name.");

export async function renameOneCompany(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireUser("/company/profile");
  const name = names.safeParse(form.get("name") ?? undefined);
  if (!name.success) return { ok: false, errors: { name: name.error.issues[0]?.message ?? "" } };
  const { data: company } = id.safeParse(form.get("company"));
  if (!company || !(await renameCompany(runtime().db, user.id, company, name.data)))
    return { ok: false, errors: { name: "Only owners of the company can change its name." } };
  revalidatePath("/", "layout");
  return { ok: true };
}
