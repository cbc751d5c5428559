"use server";
/** Registering an app: the secret travels in this answer and nowhere else. */
import { revalidatePath } from "next/cache";
import type { CreatedApp } from "@/components/create-app";
import { quickstartFacts } from "@/components/quickstart-facts";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import { registerApp } from "@/lib/db/registrations";
import { presets } from "@/lib/oauth/presets";
import { parseAppForm } from "@/lib/server/app-form";
import { admissionOf } from "@/lib/server/registration";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";

const closed = {
  ok: false as const,
  errors: { form: "Only owners and auth managers of a company may register apps here." },
};

export async function createOneApp(
  _: ActionState<CreatedApp>,
  form: FormData,
): Promise<ActionState<CreatedApp>> {
  const user = await requireUser("/settings/api-access/apps/new");
  const admitted = await admissionOf(user);
  if (admitted === "closed") return closed;
  const parsed = await parseAppForm(form, admitted === "by_approval");
  if (!parsed.ok) return parsed;
  const { input } = parsed;
  const made = await registerApp(runtime().db, user.id, input, brand.credentialPrefix);
  if (!made) return closed;
  const { id, secret, status } = made;
  revalidatePath("/settings/api-access/apps");
  const policy = presets[input.preset].policy;
  const quickstart = quickstartFacts({ ...input, id, policy }, runtime().env.issuer);
  return { ok: true, id, secret, name: input.name, quickstart, waits: status === "pending" };
}
