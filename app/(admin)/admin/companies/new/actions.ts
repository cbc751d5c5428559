"use server";
/** Making a company; its first owner gets a letter when they are new. */
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { brand } from "@/latchkey.config";
import { createCompany } from "@/lib/db/company-changes";
import { emailAddress } from "@/lib/server/email-address";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";
import { visibleName } from "@/lib/server/visible-name";
import { postWelcome } from "@/lib/server/welcome";

const fields = z.object({
  name: visibleName("Enter a name.", 80),
  plan: z.enum(["yes", "no"], { error: "Choose one of these." }),
  owner: emailAddress,
});

export async function createOneCompany(_: ActionState, form: FormData): Promise<ActionState> {
  const admin = await requireAdmin("/admin/companies/new");
  const [name, plan, owner] = ["name", "plan", "owner"].map((field) => form.get(field) ?? undefined);
  const parsed = fields.safeParse({ name, plan, owner });
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => [String(path[0]), message] as const);
    return { ok: false, errors: Object.fromEntries(errors) };
  }
  const { data } = parsed;
  const company = { name: data.name, apiAccess: data.plan === "yes", ownerEmail: data.owner };
  const made = await createCompany(runtime().db, admin.id, company);
  if (made === "not_admin") notFound();
  if (made === "no_person")
    return { ok: false, errors: { owner: "Who has this address is suspended, or a service account." } };
  if (made.link !== null) {
    const [called = data.owner] = data.owner.split("@", 1);
    const welcome = {
      brandName: brand.name,
      company: data.name,
      name: called,
      email: data.owner,
      link: made.link,
    };
    postWelcome(runtime(), welcome);
  }
  redirect(`/admin/companies/${made.id}${made.link === null ? "" : "?welcome=1"}`);
}
