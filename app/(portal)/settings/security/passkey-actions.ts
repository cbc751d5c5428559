"use server";
/** Adding, naming and removing one's passkeys. */
import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { removePasskey, renamePasskey as rename } from "@/lib/db/passkeys";
import { factorAddedLetter, factorRemovedLetter } from "@/lib/server/factor-letters";
import { askForNewPasskey, keepPasskey } from "@/lib/server/passkeys";
import { runtime } from "@/lib/server/runtime";
import { requireFreshUser, requireUser } from "@/lib/server/session";
import { visibleName } from "@/lib/server/visible-name";

const page = "/settings/security";
const id = z.string().min(1).max(100);

/** @returns what the browser is asked for */
export async function beginPasskey() {
  const user = await requireFreshUser(page);
  return askForNewPasskey(runtime(), user);
}

/** @param answer the browser's, as JSON; only who was asked a short while ago has one that holds */
export async function finishPasskey(answer: unknown): Promise<ActionState<{ name: string }>> {
  const user = await requireUser(page);
  const rt = runtime();
  const parsed = z.string().max(100_000).safeParse(answer);
  const agent = (await headers()).get("user-agent") ?? "";
  const name = parsed.success ? await keepPasskey(rt, user.id, parsed.data, agent) : null;
  if (name === null) return { ok: false, errors: { form: "This passkey could not be added. Try again." } };
  rt.mail.post(factorAddedLetter(rt.env.issuer, user.email, `a passkey named “${name}”`));
  revalidatePath(page);
  return { ok: true, name };
}

const naming = z.object({ id, name: visibleName("Give it a name.", 60) });

export async function renamePasskey(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireUser(page);
  const parsed = naming.safeParse({ id: form.get("id"), name: form.get("name") ?? undefined });
  if (!parsed.success)
    return { ok: false, errors: { name: parsed.error.issues[0]?.message ?? "Give it a name." } };
  if (!(await rename(runtime().db, user.id, parsed.data.id, parsed.data.name)))
    return { ok: false, errors: { name: "This passkey is gone." } };
  revalidatePath(page);
  return { ok: true };
}

export async function forgetPasskey(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireFreshUser(page);
  const { db, env, mail } = runtime();
  const parsed = id.safeParse(form.get("id"));
  const name = parsed.success ? await removePasskey(db, user.id, parsed.data) : null;
  if (name === null) return { ok: false, errors: { form: "This passkey is gone already." } };
  mail.post(factorRemovedLetter(env.issuer, user.email, `a passkey named “${name}”`));
  revalidatePath(page);
  return { ok: true };
}
