"use server";
/** Asking for another e-mail address: the password first, then a letter to the new one. */
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { limits } from "@/latchkey.config";
import { startEmailChange } from "@/lib/db/email-changes";
import { hasPassword } from "@/lib/db/passwords";
import { checkPassword } from "@/lib/server/confirm";
import { addressTakenLetter, changeAskedLetter, changeEmailLetter } from "@/lib/server/letters";
import { runtime } from "@/lib/server/runtime";
import { requireFreshUser, requireUser } from "@/lib/server/session";
import { waitText } from "@/lib/server/wait-text";

const address = z.email("Enter an e-mail address, such as you@example.com.").max(254, "This is too long.");

/** Says the same whoever has the new address; its letter tells its owner. */
export async function askForEmail(_: ActionState, form: FormData): Promise<ActionState> {
  const rt = runtime();
  const user = await requireUser("/settings/profile");
  const parsed = address.safeParse(String(form.get("newEmail") ?? "").trim());
  if (!parsed.success) return { ok: false, errors: { newEmail: parsed.error.issues[0]?.message ?? "" } };
  const to = parsed.data.toLowerCase();
  if (to === user.email) return { ok: false, errors: { newEmail: "This is your address already." } };
  if (await hasPassword(rt.db, user.id)) {
    const checked = await checkPassword(rt, user, String(form.get("password") ?? ""));
    if (checked.outcome === "wait") return { ok: false, errors: { password: waitText(checked.seconds) } };
    if (checked.outcome === "wrong") return { ok: false, errors: { password: "This is not your password." } };
  } else await requireFreshUser("/settings/profile");
  const wait = await rt.letterLimits.ask(`user ${user.id}`);
  if (wait > 0) return { ok: false, errors: { form: waitText(wait, "letters were asked for") } };
  rt.mail.compose(async () => {
    if (!(await rt.letterLimits.send(to))) return null;
    const seconds = limits.letters.emailLinkSeconds;
    const link = await startEmailChange(rt.db, user.id, { to, seconds });
    if (link === null) return addressTakenLetter(to);
    rt.mail.post(changeAskedLetter(user, to));
    return changeEmailLetter(to, `${rt.env.issuer}/login/email?link=${link}`);
  });
  return { ok: true };
}
