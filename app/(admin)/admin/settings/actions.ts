"use server";
/** What administrators decide for the whole installation. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { changeInstance } from "@/lib/db/settings";
import { instanceSchema } from "@/lib/oauth/instance";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";

/** A box that is not ticked is not sent. */
const box = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

const fields = z.object({
  implicit: box,
  password: box,
  registration: instanceSchema.shape.registration,
  endless_personal_tokens: box,
  leaked_credentials: instanceSchema.shape.leaked_credentials,
  sign_up: instanceSchema.shape.sign_up,
});

export async function saveSettings(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireAdmin("/admin/settings");
  const parsed = fields.safeParse(Object.fromEntries(form));
  if (!parsed.success)
    return {
      ok: false,
      errors: Object.fromEntries(
        parsed.error.issues.map(({ path }) => [String(path[0]), "Choose one of these."]),
      ),
    };
  if (!(await changeInstance(runtime().db, user.id, parsed.data))) notFound();
  revalidatePath("/admin", "layout");
  return { ok: true };
}
