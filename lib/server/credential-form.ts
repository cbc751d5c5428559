/** The forms that make a company's credentials: their choices, and what a browser sent of them. */
import { z } from "zod";
import { scopes as catalogue } from "../../latchkey.config";
import type { CredentialInput } from "../db/credentials";
import type { LegacyTokenInput } from "../db/legacy-tokens";
import { basicScopes, heldScopes } from "../oauth/scope";
import { visibleName } from "./visible-name";

const scopeChoices = {
  read: { label: "Read", scopes: basicScopes(catalogue) },
  read_write: { label: "Read and write", scopes: heldScopes(catalogue, { isAdmin: false }) },
};

const expirations = {
  "1": { label: "1 month", months: 1 },
  "3": { label: "3 months", months: 3 },
  "6": { label: "6 months", months: 6 },
  "12": { label: "1 year", months: 12 },
} as const satisfies Record<string, { label: string; months: LegacyTokenInput["months"] }>;

export interface ScopeChoice {
  value: string;
  label: string;
  /** What it lets an integration do. */
  description: string;
}

/** What the `Scope` select offers. */
export function scopeOptions(): ScopeChoice[] {
  return Object.entries(scopeChoices).map(([value, { label, scopes }]) => ({
    value,
    label,
    description: inWords(scopes),
  }));
}

/** "see your projects; create and change projects" */
function inWords(scopes: readonly string[]): string {
  const titles = Object.entries(catalogue).flatMap(([name, { title }]) =>
    scopes.includes(name) ? [title] : [],
  );
  return titles.map((title) => title.charAt(0).toLowerCase() + title.slice(1)).join("; ");
}

/** What the `Expiration` select offers. */
export function expirationOptions(): { value: string; label: string }[] {
  return Object.entries(expirations).map(([value, { label }]) => ({ value, label }));
}

/** Scopes as the form calls them; by their names where no choice of the form has them. */
export function scopesInWords(scopes: readonly string[]): string {
  const same = (others: readonly string[]) =>
    others.length === scopes.length && others.every((name) => scopes.includes(name));
  const choice = Object.values(scopeChoices).find((one) => same(one.scopes));
  return choice?.label ?? scopes.join(", ");
}

const credential = z.object({
  name: visibleName("Give it a name."),
  scope: z
    .enum(["read", "read_write"], { error: "Choose one of these." })
    .transform((choice) => scopeChoices[choice].scopes),
});

const legacyToken = credential.extend({
  expiration: z
    .enum(["1", "3", "6", "12"], { error: "Choose one of these." })
    .transform((choice) => expirations[choice].months),
});

type Parsed<Input> = { ok: true; input: Input } | { ok: false; errors: Record<string, string> };

export function parseCredentialForm(form: FormData): Parsed<CredentialInput> {
  const parsed = credential.safeParse(fieldsOf(form));
  if (!parsed.success) return { ok: false, errors: errorsOf(parsed.error) };
  const { name, scope } = parsed.data;
  return { ok: true, input: { name, scopes: scope } };
}

export function parseLegacyTokenForm(form: FormData): Parsed<LegacyTokenInput> {
  const parsed = legacyToken.safeParse(fieldsOf(form));
  if (!parsed.success) return { ok: false, errors: errorsOf(parsed.error) };
  const { name, scope, expiration } = parsed.data;
  return { ok: true, input: { name, scopes: scope, months: expiration } };
}

/** The form's fields; one that came twice becomes `null`, which no schema accepts. */
function fieldsOf(form: FormData): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(legacyToken.shape)) {
    const values = form.getAll(key);
    if (values.length > 0) fields[key] = values.length === 1 ? values[0] : null;
  }
  return fields;
}

function errorsOf(error: z.ZodError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of error.issues) errors[String(issue.path[0])] ??= issue.message;
  return errors;
}
