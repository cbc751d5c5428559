"use server";
/** Ending one of one's own tokens. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { revokeToken } from "@/lib/db/tokens";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";

const fields = z.object({ token: z.string().regex(/^[\w-]{1,100}$/) });

export async function revokeOneToken(_: ActionState, form: FormData): Promise<ActionState> {
  const parsed = fields.safeParse({ token: form.get("token") });
  const user = await requireUser("/settings/api-access/tokens");
  const revoked = parsed.success && (await revokeToken(runtime().db, user.id, parsed.data.token));
  revalidatePath("/settings/api-access", "layout");
  return revoked ? { ok: true } : { ok: false, errors: { form: "This token is gone already." } };
}
