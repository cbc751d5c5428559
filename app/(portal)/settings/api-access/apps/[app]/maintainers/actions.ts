"use server";
/** Saying who maintains a company's app. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { addMaintainer, MAINTAINERS_LIMIT, type NotAdded, removeMaintainer } from "@/lib/db/app-maintainers";
import { runtime } from "@/lib/server/runtime";
import { loadApp } from "../load-app";

const address = z.string().trim().toLowerCase().max(254).pipe(z.email());
const personId = z.string().regex(/^[\w-]{1,64}$/);

const problems: Record<NotAdded, string> = {
  not_owner: "Only owners and auth managers of the company can say who maintains its apps.",
  not_member: "Nobody with this address is a member of the company. Invite them first.",
  manages: "They manage the company, so they maintain this app already.",
  is_maintainer: "They maintain this app already.",
  too_many: `An app has at most ${MAINTAINERS_LIMIT} maintainers.`,
};

export async function addOneMaintainer(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, app } = await loadApp(form.get("app"));
  const email = address.safeParse(form.get("email"));
  if (!email.success) return { ok: false, errors: { email: "Enter the email address of a member." } };
  const added = await addMaintainer(runtime().db, user.id, app.id, email.data);
  if (added !== "done") return { ok: false, errors: { email: problems[added] } };
  revalidatePath(`/settings/api-access/apps/${app.id}`, "layout");
  return { ok: true };
}

export async function removeOneMaintainer(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, app } = await loadApp(form.get("app"));
  const { data } = personId.safeParse(form.get("person"));
  const removed = data !== undefined && (await removeMaintainer(runtime().db, user.id, app.id, data));
  revalidatePath(`/settings/api-access/apps/${app.id}`, "layout");
  return removed ? { ok: true } : { ok: false, errors: { form: "They do not maintain this app any more." } };
}
