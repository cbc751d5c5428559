"use server";
/** Deciding about a credential that was reported as leaked. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { endQuarantined, restoreQuarantined } from "@/lib/db/quarantine";
import { runtime } from "@/lib/server/runtime";
import { requireFreshUser, requireUser } from "@/lib/server/session";

const path = "/settings/api-access/quarantine";
const fields = z.object({ credential: z.string().regex(/^[\w-]{1,64}$/) });

export async function restoreOne(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireFreshUser(path);
  const parsed = fields.safeParse({ credential: form.get("credential") });
  const done = parsed.success && (await restoreQuarantined(runtime().db, user.id, parsed.data.credential));
  return answer(done);
}

export async function endOne(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireUser(path);
  const parsed = fields.safeParse({ credential: form.get("credential") });
  const done = parsed.success && (await endQuarantined(runtime().db, user.id, parsed.data.credential));
  return answer(done);
}

function answer(done: boolean): ActionState {
  revalidatePath("/settings/api-access", "layout");
  return done ? { ok: true } : { ok: false, errors: { form: "This was decided already." } };
}
