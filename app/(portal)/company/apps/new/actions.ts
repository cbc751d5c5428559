"use server";
/** Registering an app of a company: the secret travels in this answer and nowhere else. */
import { z } from "zod";
import type { CreatedApp } from "@/components/create-app";
import type { ActionState } from "@/components/ui/action-state";
import { requireUser } from "@/lib/server/session";
import { createFromForm } from "../../../settings/api-access/apps/new/create-from-form";

const id = z.string().regex(/^[\w-]{1,64}$/);

export async function createCompanyApp(
  _: ActionState<CreatedApp>,
  form: FormData,
): Promise<ActionState<CreatedApp>> {
  const user = await requireUser("/company/apps/new");
  const { data: company } = id.safeParse(form.get("company"));
  const refusal = "Only owners and auth managers of the company can make its apps.";
  if (!company) return { ok: false, errors: { form: refusal } };
  return createFromForm(user, form, { companyId: company, refusal });
}
