"use server";
/** Making OAuth credentials of a company: the secret travels in this answer and nowhere else. */
import { revalidatePath } from "next/cache";
import type { CreatedCredential } from "@/components/create-credential";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import { createCredential } from "@/lib/db/credentials";
import { parseCredentialForm } from "@/lib/server/credential-form";
import { runtime } from "@/lib/server/runtime";
import { companyToCreateIn } from "../../load-company";

export async function createOneCredential(
  _: ActionState<CreatedCredential>,
  form: FormData,
): Promise<ActionState<CreatedCredential>> {
  const allowed = await companyToCreateIn(form.get("company"));
  if ("refused" in allowed) return { ok: false, errors: { form: allowed.refused } };
  const parsed = parseCredentialForm(form);
  if (!parsed.ok) return parsed;
  const { user, companyId } = allowed;
  const made = await createCredential(runtime().db, user.id, companyId, parsed.input, brand.credentialPrefix);
  if (!made) return { ok: false, errors: { form: "You can no longer do this for the company." } };
  revalidatePath("/company/api");
  return { ok: true, ...made, name: parsed.input.name, scope: parsed.input.scopes.join(" ") };
}
