"use server";
/** Changing who belongs to a company, and as what. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { changeRole, type MemberChange, removeMember } from "@/lib/db/company-members";
import { runtime } from "@/lib/server/runtime";
import { requireFreshUser, requireUser } from "@/lib/server/session";

const path = "/company/members";
const id = z.string().regex(/^[\w-]{1,64}$/);
const roleChange = z.object({
  company: id,
  member: id,
  role: z.enum(["owner", "auth_manager", "member"], { error: "Choose a role." }),
});
const removal = z.object({ company: id, member: id });

const problems: Record<Exclude<MemberChange, "done">, string> = {
  not_owner: "Only owners of the company can do this.",
  not_member: "This person does not belong to the company any more.",
  last_owner: "A company keeps at least one owner. Make somebody else an owner first.",
};

export async function changeOneRole(_: ActionState, form: FormData): Promise<ActionState> {
  const parsed = roleChange.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { ok: false, errors: { form: "Choose one of these roles." } };
  const { company, member, role } = parsed.data;
  // Who is made an owner can do everything from then on.
  const user = role === "owner" ? await requireFreshUser(path) : await requireUser(path);
  return answer(await changeRole(runtime().db, user.id, company, member, role));
}

export async function removeOneMember(_: ActionState, form: FormData): Promise<ActionState> {
  const parsed = removal.safeParse(Object.fromEntries(form));
  const user = await requireUser(path);
  if (!parsed.success) return answer("not_member");
  const { company, member } = parsed.data;
  return answer(await removeMember(runtime().db, user.id, company, member));
}

/** One comes back by somebody else's invitation only. */
export async function leaveOneCompany(_: ActionState, form: FormData): Promise<ActionState> {
  const { data: company } = id.safeParse(form.get("company"));
  const user = await requireFreshUser(path);
  return answer(company ? await removeMember(runtime().db, user.id, company, user.id) : "not_member");
}

function answer(change: MemberChange): ActionState {
  // The navigation says which companies there are.
  revalidatePath("/", "layout");
  return change === "done" ? { ok: true } : { ok: false, errors: { form: problems[change] } };
}
