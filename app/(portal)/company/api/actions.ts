"use server";
/** Revoking a company's credentials from their list. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { revokeCredential } from "@/lib/db/credentials";
import { revokeLegacyToken } from "@/lib/db/legacy-tokens";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";

const fields = z.object({
  kind: z.enum(["oauth", "legacy"]),
  id: z.string().regex(/^[\w-]{1,64}$/),
});

export async function revokeOne(_: ActionState, form: FormData): Promise<ActionState> {
  const parsed = fields.safeParse({ kind: form.get("kind"), id: form.get("id") });
  const user = await requireUser("/company/api");
  const revoked = parsed.success && (await revoke(user.id, parsed.data));
  revalidatePath("/company/api", "layout");
  return revoked
    ? { ok: true }
    : { ok: false, errors: { form: "This is gone already, or not yours to revoke." } };
}

function revoke(userId: string, { kind, id }: z.infer<typeof fields>): Promise<boolean> {
  const { db } = runtime();
  return kind === "oauth" ? revokeCredential(db, userId, id) : revokeLegacyToken(db, userId, id);
}
