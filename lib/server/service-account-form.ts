/** The forms of service accounts as they arrive, checked field by field; and the passwords made for them. */
import { z } from "zod";
import { scopes as catalogue } from "../../latchkey.config";
import { basicScopes, heldScopes } from "../oauth/scope";
import { type Random, randomId } from "../oauth/tokens";
import { visibleName } from "./visible-name";

const USERNAME = /^[a-z0-9][a-z0-9._-]{2,40}$/;

/** Has it the form of a service account's username? An e-mail address never has. */
export function isServiceUsername(username: string): boolean {
  return USERNAME.test(username);
}

/** What the key may do: the catalogue's basic access, or all that is not for administrators. */
const reach = {
  read: () => basicScopes(catalogue),
  write: () => heldScopes(catalogue, { isAdmin: false }),
};

const fields = z.object({
  name: visibleName("Give the account a name."),
  username: z
    .string({ error: "Choose a username." })
    .trim()
    .min(1, "Choose a username.")
    .regex(
      USERNAME,
      "3 to 41 characters: small letters, digits, dots, hyphens and underscores, beginning with a letter or a digit.",
    ),
  company: z.string({ error: "Choose a company." }).regex(/^[\w-]{1,64}$/, "Choose a company."),
  scope: z.enum(["read", "write"], { error: "Choose what it may do." }),
});

export interface ServiceAccountForm {
  name: string;
  username: string;
  companyId: string;
  scopes: string[];
}

export type ParsedServiceAccount =
  | { ok: true; input: ServiceAccountForm }
  | { ok: false; errors: Record<string, string> };

/** @returns the account as it may be stored, or what is wrong per field, in words */
export function parseServiceAccount(form: FormData): ParsedServiceAccount {
  const parsed = fields.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { ok: false, errors: errorsOf(parsed.error) };
  const { name, username, company, scope } = parsed.data;
  return { ok: true, input: { name, username, companyId: company, scopes: reach[scope]() } };
}

/** The first thing wrong with each field. */
function errorsOf({ issues }: z.ZodError): Record<string, string> {
  return Object.fromEntries(issues.map(({ path, message }) => [String(path[0]), message]).reverse());
}

/** 24 base62 characters: 142 random bits, within what bcrypt reads. */
export function newPassword(random: Random): string {
  return randomId(24, random);
}
