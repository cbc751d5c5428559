"use server";
/** Deciding about an app that waits, as it was seen. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { approveApp, type Decided, refuseApp } from "@/lib/db/registrations";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";

const seen = z.object({
  app: z.string().regex(/^[\w-]{1,64}$/),
  version: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
});

const reasons = z
  .string({ error: "Say why, so that its developer knows what to change." })
  .trim()
  .min(1, "Say why, so that its developer knows what to change.")
  .max(1000, "At most 1,000 characters.");

const problems: Record<Exclude<Decided, "done">, string> = {
  changed: "Its developer has changed it since you opened this page. Reload the page and look again.",
  not_waiting: "This app is not waiting any more: it was decided about, or deleted. Nothing was changed.",
  not_admin: "Only an administrator can decide this.",
};

export async function approveOneApp(_: ActionState, form: FormData): Promise<ActionState> {
  const admin = await requireAdmin("/admin/apps");
  const parsed = seen.safeParse({ app: form.get("app"), version: form.get("version") });
  if (!parsed.success) return answer("not_waiting");
  const { app: appId, version } = parsed.data;
  return answer(await approveApp(runtime().db, admin.id, { appId, version }));
}

export async function refuseOneApp(_: ActionState, form: FormData): Promise<ActionState> {
  const admin = await requireAdmin("/admin/apps");
  const parsed = seen.safeParse({ app: form.get("app"), version: form.get("version") });
  const reason = reasons.safeParse(form.get("reason"));
  if (!parsed.success) return answer("not_waiting");
  if (!reason.success) return { ok: false, errors: { reason: reason.error.issues[0]?.message ?? "" } };
  const { app: appId, version } = parsed.data;
  return answer(await refuseApp(runtime().db, admin.id, { appId, version }, reason.data));
}

/** The list stays as it is where nothing was done, so that the message has a place. */
function answer(decided: Decided): ActionState {
  if (decided !== "done") return { ok: false, errors: { form: problems[decided] } };
  revalidatePath("/admin/apps");
  return { ok: true };
}
