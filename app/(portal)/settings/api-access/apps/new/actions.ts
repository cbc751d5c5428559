"use server";
/** Registering an app: the secret travels in this answer and nowhere else. */
import type { CreatedApp } from "@/components/create-app";
import type { ActionState } from "@/components/ui/action-state";
import { requireUser } from "@/lib/server/session";
import { createFromForm } from "./create-from-form";

export async function createOneApp(
  _: ActionState<CreatedApp>,
  form: FormData,
): Promise<ActionState<CreatedApp>> {
  const user = await requireUser("/settings/api-access/apps/new");
  const refusal = "Only owners and auth managers of a company may register apps here.";
  return createFromForm(user, form, { companyId: null, refusal });
}
