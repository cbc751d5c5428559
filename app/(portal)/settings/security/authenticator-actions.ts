"use server";
/** Setting up an authenticator app, and taking it away. */
import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { replaceRecoveryCodes } from "@/lib/db/recovery-codes";
import { beginTotp, confirmTotp, findTotpSetup, removeTotp } from "@/lib/db/totp";
import { codesMadeLetter, factorAddedLetter, factorRemovedLetter } from "@/lib/server/factor-letters";
import { runtime } from "@/lib/server/runtime";
import { KEY_PURPOSE } from "@/lib/server/second-factor";
import { requireFreshUser } from "@/lib/server/session";
import { newTotpKey, stepOf } from "@/lib/server/totp";

const page = "/settings/security";
const app = "an authenticator app";

/** What an action made that is shown once. */
export interface MadeCodes {
  codes: string[];
}

/** Draws a key; it counts once a code has proven that an app has it. */
export async function startAuthenticator(): Promise<void> {
  const user = await requireFreshUser(page);
  const { db, keys } = runtime();
  await beginTotp(db, user.id, keys.seal(KEY_PURPOSE, user.id, newTotpKey(db.random)));
  redirect(`${page}/authenticator`);
}

const typed = z.object({ code: z.string().min(1).max(100) });

export async function confirmAuthenticator(
  _: ActionState<MadeCodes>,
  form: FormData,
): Promise<ActionState<MadeCodes>> {
  const user = await requireFreshUser(`${page}/authenticator`);
  const { db, env, keys, mail } = runtime();
  const parsed = typed.safeParse({ code: form.get("code") ?? undefined });
  if (!parsed.success) return { ok: false, errors: { code: "Enter the code your app shows." } };
  const sealed = await findTotpSetup(db, user.id);
  const key = sealed && keys.unseal(KEY_PURPOSE, user.id, sealed);
  if (!key) return { ok: false, errors: { form: "This set-up took too long. Start it again." } };
  const step = stepOf(key.text, parsed.data.code, db.now());
  if (step === null)
    return {
      ok: false,
      errors: { code: "That is not the code of this key. Is the clock of your phone right?" },
    };
  const codes = await confirmTotp(db, user.id, sealed, step);
  if (!codes) return { ok: false, errors: { form: "This set-up was finished or replaced elsewhere." } };
  mail.post(factorAddedLetter(env.issuer, user.email, app));
  revalidatePath(page);
  return { ok: true, codes };
}

export async function removeAuthenticator(_: ActionState, _form: FormData): Promise<ActionState> {
  const user = await requireFreshUser(page);
  const { db, env, mail } = runtime();
  if (!(await removeTotp(db, user.id)))
    return { ok: false, errors: { form: "There is no authenticator app any more." } };
  mail.post(factorRemovedLetter(env.issuer, user.email, app));
  revalidatePath(page);
  return { ok: true };
}

export async function makeCodes(_: ActionState<MadeCodes>, _form: FormData): Promise<ActionState<MadeCodes>> {
  const user = await requireFreshUser(`${page}/recovery-codes`);
  const { db, env, mail } = runtime();
  const codes = await replaceRecoveryCodes(db, user.id);
  if (!codes) return { ok: false, errors: { form: "Set up an authenticator app first." } };
  mail.post(codesMadeLetter(env.issuer, user.email));
  revalidatePath(page);
  return { ok: true, codes };
}
