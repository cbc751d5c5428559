"use server";
/** Deleting one's own account. */
import { redirect } from "next/navigation";
import type { ActionState } from "@/components/ui/action-state";
import { deleteAccount } from "@/lib/db/account-deletion";
import { accountDeletedLetter } from "@/lib/server/letters";
import { runtime } from "@/lib/server/runtime";
import { requireFreshUser } from "@/lib/server/session";

export async function deleteOwnAccount(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireFreshUser("/settings/profile");
  if (String(form.get("confirm") ?? "").trim() !== user.email)
    return { ok: false, errors: { form: "Type your e-mail address to confirm." } };
  const { db, mail } = runtime();
  const { outcome } = await deleteAccount(db, user.id);
  if (outcome === "refused")
    return { ok: false, errors: { form: "Something stands in the way. Load this page again to see what." } };
  if (outcome === "done") mail.post(accountDeletedLetter(user));
  redirect("/login?notice=deleted");
}
