"use server";
/** Inviting people to a company; the link goes to their address and nowhere else. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { limits } from "@/latchkey.config";
import {
  type Invitation,
  inviteMember,
  type NotInvited,
  resendInvitation,
  withdrawInvitation,
} from "@/lib/db/invitations";
import { notInvited, parseInvitation, postInvitation } from "@/lib/server/invitations";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";

const path = "/company/members";
const id = z.string().regex(/^[\w-]{1,64}$/);
const one = z.object({ company: id, invitation: id });

export async function inviteOne(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireUser(path);
  const parsed = parseInvitation(form);
  if (!parsed.ok) return parsed;
  const { data: company } = id.safeParse(form.get("company"));
  if (!company) return answer("not_owner");
  return answer(await inviteMember(runtime().db, user.id, company, parsed.input, limits.invitations));
}

export async function resendOne(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireUser(path);
  const { data } = one.safeParse(Object.fromEntries(form));
  if (!data) return answer("not_pending");
  const { company, invitation } = data;
  return answer(await resendInvitation(runtime().db, user.id, company, invitation, limits.invitations));
}

export async function withdrawOne(_: ActionState, form: FormData): Promise<ActionState> {
  const user = await requireUser(path);
  const { data } = one.safeParse(Object.fromEntries(form));
  const withdrawn = data && (await withdrawInvitation(runtime().db, user.id, data.company, data.invitation));
  revalidatePath(path);
  return withdrawn ? { ok: true } : { ok: false, errors: { form: notInvited.not_pending.text } };
}

function answer(sent: Invitation | NotInvited): ActionState {
  revalidatePath(path);
  if (typeof sent === "string") {
    const { field, text } = notInvited[sent];
    return { ok: false, errors: { [field]: text } };
  }
  postInvitation(runtime(), sent);
  return { ok: true };
}
