"use server";
/** Taking a way to sign in away. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { unlinkIdentity } from "@/lib/db/identities";
import { runtime } from "@/lib/server/runtime";
import { requireFreshUser } from "@/lib/server/session";

/** As they are stored: characters of ASCII (OpenID Connect Core §2). */
const fields = z.object({
  issuer: z.string().regex(/^[!-~]{1,2000}$/),
  subject: z.string().regex(/^[ -~]{1,255}$/),
});

export async function unlinkProvider(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireFreshUser("/settings/profile");
  const parsed = fields.safeParse({ issuer: form.get("issuer"), subject: form.get("subject") });
  const outcome = parsed.success ? await unlinkIdentity(runtime().db, user.id, parsed.data) : "gone";
  if (outcome === "only")
    return {
      ok: false,
      errors: {
        form: "This is your only way in. Set a password first, with “Forgot password?” at the sign-in.",
      },
    };
  if (outcome === "gone") return { ok: false, errors: { form: "It is not linked any more." } };
  revalidatePath("/settings/profile");
  return { ok: true };
}
