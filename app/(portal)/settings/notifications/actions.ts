"use server";
/** Choosing which letters one gets. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { saveNoticePreferences } from "@/lib/db/notice-preferences";
import { noticeKinds } from "@/lib/db/notices";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";

const wanted = z.array(z.enum(noticeKinds)).max(noticeKinds.length);

export async function savePreferences(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireUser("/settings/notifications");
  const parsed = wanted.safeParse(form.getAll("notice"));
  if (!parsed.success) return { ok: false, errors: { form: "Choose from these letters." } };
  const has = (kind: (typeof noticeKinds)[number]) => parsed.data.includes(kind);
  const preferences = {
    // An administrator's account reaches everything: they always hear of it.
    sign_in: user.isAdmin || has("sign_in"),
    token_created: has("token_created"),
    secret_rotated: has("secret_rotated"),
    expiry: has("expiry"),
    webhook_off: has("webhook_off"),
  };
  await saveNoticePreferences(runtime().db, user.id, preferences, user.sessionId);
  revalidatePath("/settings/notifications");
  return { ok: true };
}
