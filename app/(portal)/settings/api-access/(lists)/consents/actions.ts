"use server";
/** Taking an approval back. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { revokeConsent } from "@/lib/db/consents";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";

const fields = z.object({ app: z.string().regex(/^[\w-]{1,64}$/) });

export async function revokeAccess(_: ActionState, form: FormData): Promise<ActionState> {
  const parsed = fields.safeParse({ app: form.get("app") });
  const user = await requireUser("/settings/api-access/consents");
  const revoked = parsed.success && (await revokeConsent(runtime().db, user.id, parsed.data.app));
  revalidatePath("/settings/api-access", "layout");
  return revoked ? { ok: true } : { ok: false, errors: { form: "This app has no access any more." } };
}
