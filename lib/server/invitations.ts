/** Inviting somebody to a company: the form as it arrives, what is said of it, and the letter. */
import { z } from "zod";
import { brand, limits } from "../../latchkey.config";
import type { Invitation, NotInvited } from "../db/invitations";
import type { Runtime } from "./runtime";

const form = z.object({
  email: z
    .string({ error: "Enter an email address." })
    .trim()
    .toLowerCase()
    .min(1, "Enter an email address.")
    .max(254, "This is too long.")
    .pipe(z.email("This is no email address.")),
  role: z.enum(["owner", "auth_manager", "member"], { error: "Choose a role." }),
});

export type InvitationForm = z.infer<typeof form>;

/** @returns whom to invite as what, or what is wrong per field */
export function parseInvitation(
  fields: FormData,
): { ok: true; input: InvitationForm } | { ok: false; errors: Record<string, string> } {
  const parsed = form.safeParse({
    email: fields.get("email") ?? undefined,
    role: fields.get("role") ?? undefined,
  });
  if (parsed.success) return { ok: true, input: parsed.data };
  const errors = parsed.error.issues.map(({ path, message }) => [String(path[0]), message] as const);
  // The first problem of a field is the one to solve first.
  return { ok: false, errors: Object.fromEntries(errors.reverse()) };
}

/** Why nothing was sent, for the one who wanted to. */
export const notInvited: Record<NotInvited, { field: "email" | "form"; text: string }> = {
  not_owner: { field: "form", text: "Only owners of the company can invite people." },
  is_member: { field: "email", text: "This person is a member of the company already." },
  is_invited: {
    field: "email",
    text: "This address is invited already. You can send the letter again below.",
  },
  too_many: {
    field: "form",
    text: "The company has sent as many invitations as it may. Try again tomorrow, or withdraw some that wait.",
  },
  not_pending: { field: "form", text: "This invitation does not wait any more: it was used, or withdrawn." },
};

const article: Record<Invitation["role"], string> = {
  owner: "an owner",
  auth_manager: "an auth manager",
  member: "a member",
};

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** Posts the letter with the link. */
export function postInvitation(
  { mail, env, db }: Pick<Runtime, "mail" | "env" | "db">,
  { link, email, role, company, invitedBy }: Invitation,
): void {
  const ends = new Date(db.now().getTime() + limits.invitations.seconds * 1000);
  mail.post({
    to: email,
    subject: `Join ${company} on ${brand.name}`,
    text: [
      `${invitedBy} invites you to join ${company} on ${brand.name} as ${article[role]}.`,
      "Open this page to see the invitation and decide:",
      `${env.issuer}/join?link=${link}`,
      `The link works once, until ${day.format(ends)}. If you do not know what this is about, you need do nothing.`,
    ].join("\n\n"),
  });
}
