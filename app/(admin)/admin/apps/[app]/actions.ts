"use server";
/** What an administrator does about one app, as it was seen. What is powerful asks for a fresh sign-in first. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import * as supervision from "@/lib/db/app-supervision";
import { emailAddress } from "@/lib/server/email-address";
import { runtime } from "@/lib/server/runtime";
import { requireFreshAdmin } from "@/lib/server/session";
import { appId } from "./load-app";

const path = "/admin/apps";
const versions = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);
const reasons = z
  .string({ error: "Say why: its owner reads it." })
  .trim()
  .min(1, "Say why: its owner reads it.")
  .max(1000, "At most 1,000 characters.")
  .regex(/^[^\0]*$/, "No NUL characters.");

const problems: Record<"changed" | "not_now", string> = {
  changed: "It was changed since you opened this page. Reload the page and look again.",
  not_now: "It is not in the state for this any more. Reload the page.",
};

/** The administrator and the app they mean; nobody else and nothing else gets further. */
async function asked(form: FormData) {
  const { data: id } = appId.safeParse(form.get("app"));
  const admin = await requireFreshAdmin(id ? `${path}/${id}` : path);
  const version = versions.safeParse(form.get("version"));
  if (!id) notFound();
  return { db: runtime().db, adminId: admin.id, id, seen: { appId: id, version: version.data ?? -1 } };
}

function answer(done: supervision.Supervised): ActionState {
  if (done === "not_admin" || done === "no_app") notFound();
  if (done !== "done") return { ok: false, errors: { form: problems[done] } };
  revalidatePath(path, "layout");
  return { ok: true };
}

export async function suspendOne(_: ActionState, form: FormData): Promise<ActionState> {
  const { db, adminId, id } = await asked(form);
  const reason = reasons.safeParse(form.get("reason"));
  if (!reason.success) return { ok: false, errors: { form: reason.error.issues[0]?.message ?? "" } };
  return answer(await supervision.suspendApp(db, adminId, id, reason.data));
}

export async function resumeOne(_: ActionState, form: FormData): Promise<ActionState> {
  const { db, adminId, seen } = await asked(form);
  return answer(await supervision.resumeApp(db, adminId, seen));
}

export async function verifyOne(_: ActionState, form: FormData): Promise<ActionState> {
  const { db, adminId, seen } = await asked(form);
  return answer(await supervision.verifyApp(db, adminId, seen));
}

export async function unverifyOne(_: ActionState, form: FormData): Promise<ActionState> {
  const { db, adminId, id } = await asked(form);
  return answer(await supervision.unverifyApp(db, adminId, id));
}

/** To a person by their e-mail address, or to a company by its id. */
export async function transferOne(_: ActionState, form: FormData): Promise<ActionState> {
  const { db, adminId, id } = await asked(form);
  const to = String(form.get("to") ?? "").trim();
  const email = emailAddress.safeParse(to);
  const company = appId.safeParse(to);
  if (!email.success && !company.success)
    return { ok: false, errors: { form: "Enter an e-mail address, or the id of a company." } };
  const owner = email.success ? { email: email.data } : { companyId: to };
  const done = await supervision.transferApp(db, adminId, id, owner);
  if (done === "no_owner")
    return { ok: false, errors: { form: "There is no such person or company, or they are suspended." } };
  return answer(done);
}

/** Does not revalidate: the page it is called from is gone, and its form goes to the list. */
export async function deleteOne(_: ActionState, form: FormData): Promise<ActionState> {
  const { db, adminId, id } = await asked(form);
  const typed = String(form.get("confirm") ?? "");
  const done = await supervision.deleteAnyApp(db, adminId, id, typed);
  if (done === "changed") return { ok: false, errors: { form: "Type the name exactly as it is." } };
  return done === "done" ? { ok: true } : answer(done);
}
