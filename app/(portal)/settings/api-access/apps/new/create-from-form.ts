/** Registering an app from its form: a person's own, or a company's. */
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
import type { SignedInUser } from "@/lib/server/session";

interface Owner {
  /** Null for the person's own. */
  companyId: string | null;
  /** What somebody is told who may not. */
  refusal: string;
}

export async function createFromForm(
  user: SignedInUser,
  form: FormData,
  { companyId, refusal }: Owner,
): Promise<ActionState<CreatedApp>> {
  const closed = { ok: false as const, errors: { form: refusal } };
  const admitted = await admissionOf(user);
  if (admitted === "closed") return closed;
  const parsed = await parseAppForm(form, admitted === "by_approval");
  if (!parsed.ok) return parsed;
  const { input } = parsed;
  const made = await registerApp(runtime().db, user.id, input, brand.credentialPrefix, companyId);
  if (!made) return closed;
  const { id, secret, status } = made;
  revalidatePath("/settings/api-access/apps");
  if (companyId !== null) revalidatePath("/company/apps");
  const policy = presets[input.preset].policy;
  const quickstart = quickstartFacts({ ...input, id, policy }, runtime().env.issuer);
  return { ok: true, id, secret, name: input.name, quickstart, waits: status === "pending" };
}
