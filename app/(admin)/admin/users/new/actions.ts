"use server";
/** Making an account for somebody, who gets a letter. */
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import { createUser } from "@/lib/db/user-changes";
import { emailAddress } from "@/lib/server/email-address";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";
import { visibleName } from "@/lib/server/visible-name";
import { postWelcome } from "@/lib/server/welcome";

const fields = z.object({ name: visibleName("Enter a name.", 80), email: emailAddress });

export async function createOneUser(_: ActionState, form: FormData): Promise<ActionState> {
  const admin = await requireAdmin("/admin/users/new");
  const parsed = fields.safeParse({
    name: form.get("name") ?? undefined,
    email: form.get("email") ?? undefined,
  });
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => [String(path[0]), message] as const);
    return { ok: false, errors: Object.fromEntries(errors) };
  }
  const made = await createUser(runtime().db, admin.id, parsed.data);
  if (made === "not_admin") notFound();
  if (made === "email_taken")
    return { ok: false, errors: { email: "Somebody has an account with this address." } };
  postWelcome(runtime(), { brandName: brand.name, link: made.link, ...parsed.data });
  redirect(`/admin/users/${made.id}?welcome=1`);
}
