"use server";
/** What an administrator does about one person. What is powerful asks for a fresh sign-in first. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import type { Database } from "@/lib/db/database";
import { resetSecondFactors } from "@/lib/db/second-factors";
import * as changes from "@/lib/db/user-changes";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin, requireFreshAdmin, type SignedInUser } from "@/lib/server/session";
import { postWelcome } from "@/lib/server/welcome";
import { userId } from "./load-user";

const path = "/admin/users";
const sessionId = z.string().regex(/^[\w-]{1,64}$/);

const problems: Record<Exclude<changes.UserChanged, "done" | "not_admin" | "no_user">, string> = {
  unchanged: "Somebody was faster: there was nothing left to do. Reload the page.",
  yourself: "You cannot suspend yourself. Another administrator can.",
  last_admin: "This is the last administrator. Make somebody else one first.",
};

type Change = (db: Database, adminId: string, id: string) => Promise<changes.UserChanged>;

/** @param require who may do it */
async function change(
  form: FormData,
  require: (returnTo: string) => Promise<SignedInUser>,
  act: Change,
): Promise<ActionState> {
  const { data } = userId.safeParse(form.get("user"));
  const admin = await require(data ? `${path}/${data}` : path);
  if (!data) notFound();
  const changed = await act(runtime().db, admin.id, data);
  if (changed === "not_admin" || changed === "no_user") notFound();
  if (changed !== "done") return { ok: false, errors: { form: problems[changed] } };
  revalidatePath(path, "layout");
  return { ok: true };
}

export async function suspendOne(_: ActionState, form: FormData): Promise<ActionState> {
  return change(form, requireFreshAdmin, changes.suspendUser);
}

export async function resumeOne(_: ActionState, form: FormData): Promise<ActionState> {
  return change(form, requireFreshAdmin, changes.resumeUser);
}

export async function makeAdmin(_: ActionState, form: FormData): Promise<ActionState> {
  return change(form, requireFreshAdmin, (db, adminId, id) =>
    changes.setAdministrator(db, adminId, id, true),
  );
}

export async function takeAdmin(_: ActionState, form: FormData): Promise<ActionState> {
  return change(form, requireFreshAdmin, (db, adminId, id) =>
    changes.setAdministrator(db, adminId, id, false),
  );
}

export async function endOneSession(_: ActionState, form: FormData): Promise<ActionState> {
  const { data } = sessionId.safeParse(form.get("session"));
  if (!data) notFound();
  return change(form, requireAdmin, (db, adminId, id) => changes.endSessionsOf(db, adminId, id, data));
}

export async function endAllSessions(_: ActionState, form: FormData): Promise<ActionState> {
  return change(form, requireAdmin, (db, adminId, id) => changes.endSessionsOf(db, adminId, id, null));
}

export async function resetFactors(_: ActionState, form: FormData): Promise<ActionState> {
  return change(form, requireFreshAdmin, async (db, adminId, id) =>
    (await resetSecondFactors(db, adminId, id)) ? "done" : "unchanged",
  );
}

export async function inviteAgain(_: ActionState, form: FormData): Promise<ActionState> {
  const { data } = userId.safeParse(form.get("user"));
  const admin = await requireAdmin(data ? `${path}/${data}` : path);
  const welcome = data ? await changes.renewWelcome(runtime().db, admin.id, data) : null;
  if (!welcome) return { ok: false, errors: { form: "They have chosen a password meanwhile." } };
  postWelcome(runtime(), { brandName: brand.name, ...welcome });
  revalidatePath(path, "layout");
  return { ok: true };
}
