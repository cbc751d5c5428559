"use server";
/** Ending one's own sign-ins. */
import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { endOtherSessions, endOwnSession } from "@/lib/db/own-sessions";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";

const path = "/settings/sessions";
const sessionId = z.string().regex(/^\w{1,64}$/);

export async function endOneSession(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireUser(path);
  const session = sessionId.safeParse(form.get("session"));
  const ended = session.success && (await endOwnSession(runtime().db, user.id, session.data));
  if (!ended) return { ok: false, errors: { form: "This session has ended already." } };
  // Who ends the one they are in is signed out.
  if (session.data === user.sessionId) redirect("/login");
  revalidatePath(path);
  return { ok: true };
}

export async function endEveryOtherSession(): Promise<ActionState> {
  const user = await requireUser(path);
  await endOtherSessions(runtime().db, user.id, user.sessionId);
  revalidatePath(path);
  return { ok: true };
}
