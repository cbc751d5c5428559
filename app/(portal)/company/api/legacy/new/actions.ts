"use server";
/** Making a legacy token of a company: it travels in this answer and nowhere else. */
import { revalidatePath } from "next/cache";
import type { CreatedLegacyToken } from "@/components/create-legacy-token";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import { createLegacyToken } from "@/lib/db/legacy-tokens";
import { parseLegacyTokenForm } from "@/lib/server/credential-form";
import { runtime } from "@/lib/server/runtime";
import { companyToCreateIn } from "../../../load-company";

export async function createOneLegacyToken(
  _: ActionState<CreatedLegacyToken>,
  form: FormData,
): Promise<ActionState<CreatedLegacyToken>> {
  const allowed = await companyToCreateIn(form.get("company"));
  if ("refused" in allowed) return { ok: false, errors: { form: allowed.refused } };
  const parsed = parseLegacyTokenForm(form);
  if (!parsed.ok) return parsed;
  const { user, companyId } = allowed;
  const made = await createLegacyToken(
    runtime().db,
    user.id,
    companyId,
    parsed.input,
    brand.credentialPrefix,
  );
  if (!made) return { ok: false, errors: { form: "You can no longer do this for the company." } };
  revalidatePath("/company/api");
  return { ok: true, token: made.value, name: parsed.input.name, expiresAt: made.expiresAt.toISOString() };
}
