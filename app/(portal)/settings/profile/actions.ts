"use server";
/** Changing one's own profile. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { updateProfile } from "@/lib/db/users";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { visibleName } from "@/lib/server/visible-name";

const fields = z.object({
  name: visibleName("Enter your name.", 80),
});

export async function saveProfile(_: ActionState, form: FormData): Promise<ActionState> {
  const parsed = fields.safeParse({ name: form.get("name") ?? undefined });
  const user = await requireUser("/settings/profile");
  if (!parsed.success)
    return { ok: false, errors: { name: parsed.error.issues[0]?.message ?? "Enter your name." } };
  const saved = await updateProfile(runtime().db, user.id, parsed.data);
  if (!saved) return { ok: false, errors: { form: "Your profile could not be saved." } };
  revalidatePath("/settings", "layout");
  return { ok: true };
}
