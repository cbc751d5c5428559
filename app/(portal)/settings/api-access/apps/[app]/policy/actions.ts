"use server";
/** Changing an app's policy, and trying a change on the requests of the past. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { dryRunWords } from "@/components/dry-run-words";
import type { PolicyAnswer } from "@/components/policy-form";
import type { ActionState } from "@/components/ui/action-state";
import { changePolicy, dryRun } from "@/lib/db/app-policy";
import { parsePolicyForm } from "@/lib/server/policy-form";
import { runtime } from "@/lib/server/runtime";
import { loadApp } from "../load-app";

/** Saves, unless it is only to be tried or would have refused something that was not yet shown. */
export async function savePolicy(
  _: ActionState<PolicyAnswer>,
  form: FormData,
): Promise<ActionState<PolicyAnswer>> {
  const { user, app } = await loadApp(form.get("app"));
  const { as, db } = runtime();
  const parsed = parsePolicyForm(form, app, await as.store.findInstance(), db.now());
  if (!parsed.ok) return parsed;
  const refusals = await dryRun(db, user.id, app.id, parsed.policy);
  if (!refusals) notFound();
  const accepted = String(form.get("accepted") ?? "").split(" ");
  const unseen = refusals.some(({ trait }) => !accepted.includes(trait));
  if (unseen || form.get("intent") === "try")
    return { ok: true, tried: dryRunWords(app.policy, parsed.policy, refusals, db.now()) };
  if (!(await changePolicy(db, user.id, app.id, parsed.policy))) notFound();
  revalidatePath("/settings/api-access/apps", "layout");
  return { ok: true, tried: null };
}
