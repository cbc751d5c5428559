"use server";
/** Changing one's own password, with the old one. */
import { redirect } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { changePassword } from "@/lib/db/passwords";
import { checkPassword } from "@/lib/server/confirm";
import { passwordChangedLetter } from "@/lib/server/letters";
import { newPassword } from "@/lib/server/new-password";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { waitText } from "@/lib/server/wait-text";

const fields = z.object({
  current: z.string({ error: "Enter your current password." }).min(1, "Enter your current password."),
  next: newPassword(),
  endAccess: z.literal("on").optional(),
});

/** Ends every sign-in of the person, this one included, so it ends on the sign-in page. */
export async function savePassword(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireUser("/settings/profile");
  const parsed = fields.safeParse({
    current: form.get("current") ?? undefined,
    next: form.get("next") ?? undefined,
    endAccess: form.get("endAccess") ?? undefined,
  });
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => [String(path[0]), message] as const);
    return { ok: false, errors: Object.fromEntries(errors) };
  }
  const { current, next, endAccess } = parsed.data;
  const { db, mail, passwords } = runtime();
  const checked = await checkPassword(runtime(), user, current);
  if (checked.outcome === "wait") return { ok: false, errors: { current: waitText(checked.seconds) } };
  if (checked.outcome === "wrong")
    return { ok: false, errors: { current: "This is not your current password." } };
  const from = checked.who;
  const change = { from, to: await passwords.hash(next), endAccess: endAccess === "on" };
  if (!(await changePassword(db, user.id, change)))
    return { ok: false, errors: { form: "Your password was changed meanwhile." } };
  mail.post(passwordChangedLetter(user));
  redirect("/login?notice=password");
}
