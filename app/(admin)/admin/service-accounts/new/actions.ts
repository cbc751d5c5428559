"use server";
/** Making a service account: its secret and its password travel in this answer and nowhere else. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import type { CreatedServiceAccount } from "@/components/create-service-account";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import { createServiceAccount } from "@/lib/db/service-account-changes";
import { runtime } from "@/lib/server/runtime";
import { newPassword, parseServiceAccount } from "@/lib/server/service-account-form";
import { requireAdmin } from "@/lib/server/session";

export async function createOneServiceAccount(
  _: ActionState<CreatedServiceAccount>,
  form: FormData,
): Promise<ActionState<CreatedServiceAccount>> {
  const user = await requireAdmin("/admin/service-accounts/new");
  const parsed = parseServiceAccount(form);
  if (!parsed.ok) return parsed;
  const { db, passwords } = runtime();
  const password = newPassword(db.random);
  const input = { ...parsed.input, passwordHash: await passwords.hash(password) };
  const made = await createServiceAccount(db, user.id, input, brand.credentialPrefix);
  if (made === "not_admin") notFound();
  if (made === "username_taken")
    return { ok: false, errors: { username: "Another account has this username." } };
  if (made === "no_company") return { ok: false, errors: { company: "Choose a company." } };
  revalidatePath("/admin/service-accounts");
  return { ok: true, ...made, name: input.name, username: input.username, password };
}
