"use server";
/** Ending one of one's own tokens, and making a new one in its place. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { RegeneratedToken } from "@/components/regenerate-token";
import type { ActionState } from "@/components/ui/action-state";
import { exactTime } from "@/components/ui/time-in-words";
import { brand } from "@/latchkey.config";
import { type Replacement, regeneratePersonalToken } from "@/lib/db/personal-tokens";
import { revokeToken } from "@/lib/db/token-revocation";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { parseReplacementForm, tokenMaker } from "@/lib/server/token-form";

const fields = z.object({ token: z.string().regex(/^[\w-]{1,100}$/) });

export async function revokeOneToken(_: ActionState, form: FormData): Promise<ActionState> {
  const parsed = fields.safeParse({ token: form.get("token") });
  const user = await requireUser("/settings/api-access/tokens");
  const revoked = parsed.success && (await revokeToken(runtime().db, user.id, parsed.data.token));
  revalidatePath("/settings/api-access", "layout");
  return revoked ? { ok: true } : { ok: false, errors: { form: "This token is gone already." } };
}

/** The page is not read again here: the value is shown in the row of the token that has ended. */
export async function regenerateOneToken(
  _: ActionState<RegeneratedToken>,
  form: FormData,
): Promise<ActionState<RegeneratedToken>> {
  const user = await requireUser("/settings/api-access/tokens");
  const parsed = fields.safeParse({ token: form.get("token") });
  const asked = parseReplacementForm(form, await tokenMaker(user));
  if (!asked.ok) return asked;
  const made =
    parsed.success &&
    (await regeneratePersonalToken(
      runtime().db,
      user.id,
      parsed.data.token,
      asked.replacement,
      brand.credentialPrefix,
    ));
  if (!made) return { ok: false, errors: { form: "This token has ended, or was replaced already." } };
  return { ok: true, token: made.value, told: inWords(asked.replacement) };
}

function inWords({ overlapSeconds, expiresAt }: Replacement): string {
  const old =
    overlapSeconds === 0
      ? "The old token has ended."
      : `The old token works for ${overlapSeconds / 3600} more hours at most.`;
  return `${old} This one ${expiresAt ? `works until ${exactTime(expiresAt)}` : "never expires"}.`;
}
