/** The app form as it arrives: text and a picture from a browser, checked field by field. */
import { z } from "zod";
import { scopes as catalogue, limits } from "../../latchkey.config";
import type { AppInput } from "../db/app-registration";
import { type Policy, type PresetName, policySchema } from "../oauth/policy";
import { presets } from "../oauth/presets";
import { redirectDomainProblem } from "../oauth/redirect";
import { redirectUriProblem } from "../oauth/redirect_uri";
import { misfitOf } from "../oauth/registration";
import { reencodeLogo } from "./logo";
import { visibleName } from "./visible-name";

/** The form's fields; an error is shown under the field it names. */
export type AppField =
  | "name"
  | "type"
  | "match"
  | "uris"
  | "domain"
  | "preset"
  | "scopes"
  | "purpose"
  | "logo";

export type AppFormErrors = Partial<Record<AppField, string>>;

export type ParsedAppForm = { ok: true; input: AppInput } | { ok: false; errors: AppFormErrors };

const fields = z.object({
  name: visibleName("Give the app a name."),
  type: z.enum(["confidential", "public"], { error: "Choose what kind of app this is." }),
  match: z.enum(["exact", "origin_path"], { error: "Choose how redirects are matched." }),
  uris: z.string().max(25_000, "This is too long.").optional(),
  domain: z.string().max(2_000, "This is too long.").optional(),
  preset: z.enum(policySchema.shape.preset.options, { error: "Choose a policy." }),
  purpose: z
    .string()
    .trim()
    .max(1000, "At most 1,000 characters.")
    .optional()
    .transform((text) => text || null),
  removeLogo: z.literal("on").optional(),
});

/**
 * Checks the app form.
 * @param form what the browser sent
 * @param asksPurpose is an administrator to read what the app is for?
 * @param before the policy of an app that is changed
 * @returns the app as it may be stored, or what is wrong per field, in words
 */
export async function parseAppForm(
  form: FormData,
  asksPurpose = false,
  before?: Policy,
): Promise<ParsedAppForm> {
  const parsed = fields.safeParse(textOf(form));
  const errors: AppFormErrors = parsed.success ? {} : errorsOf(parsed.error);
  const redirect = errors.match ? undefined : redirectOf(textOf(form), needsRedirect(textOf(form), before));
  if (redirect && !redirect.ok) errors[redirect.field] = redirect.problem;
  const logo = await logoOf(form);
  if (!logo.ok) errors.logo = logo.problem;
  const scopes = scopesOf(form);
  if (scopes === null) errors.scopes = "Choose at least one of these.";
  if (asksPurpose && String(textOf(form).purpose ?? "").trim() === "")
    errors.purpose = "Say what the app is for.";
  if (!parsed.success || !redirect?.ok || !logo.ok || !scopes || errors.purpose) return { ok: false, errors };
  const { name, type, preset, purpose, removeLogo } = parsed.data;
  const kept = removeLogo ? null : undefined;
  const input = {
    name,
    type,
    preset,
    scopes,
    purpose,
    redirect: redirect.redirect,
    logo: logo.image ?? kept,
  };
  const misfit = misfitOf(policyFor(preset, before), input);
  if (!misfit) return { ok: true, input };
  return { ok: false, errors: { [misfit.part === "type" ? "preset" : misfit.part]: misfit.problem } };
}

/** The scopes that were ticked, in the catalogue's order; null for none, and for one that is not in it. */
function scopesOf(form: FormData): string[] | null {
  const ticked = form.getAll("scope");
  const names = Object.keys(catalogue).filter((name) => ticked.includes(name));
  return names.length > 0 && ticked.every((name) => typeof name === "string" && names.includes(name))
    ? names
    : null;
}

type CheckedRedirect =
  | { ok: true; redirect: AppInput["redirect"] }
  | { ok: false; field: "uris" | "domain"; problem: string };

/** The redirect rule that `match` chose; the other field is not looked at. */
function redirectOf({ match, uris, domain }: Record<string, unknown>, needed: boolean): CheckedRedirect {
  return match === "exact" ? exactRedirect(String(uris ?? ""), needed) : domainRedirect(String(domain ?? ""));
}

/** An app that never sends a person anywhere needs no redirect URI. */
function needsRedirect({ preset }: Record<string, unknown>, before?: Policy): boolean {
  const { data } = policySchema.shape.preset.safeParse(preset);
  return data === undefined || policyFor(data, before).grants.includes("authorization_code");
}

/** The policy the app will have: its own, unless another preset was chosen. */
function policyFor(preset: PresetName, before?: Policy): Policy {
  return before?.preset === preset ? before : presets[preset].policy;
}

function exactRedirect(text: string, needed: boolean): CheckedRedirect {
  const refuse = (problem: string) => ({ ok: false, field: "uris", problem }) as const;
  const uris = [...new Set(text.split("\n").map((line) => line.trim()))].filter((line) => line !== "");
  if (uris.length === 0 && needed) return refuse("Enter at least one redirect URI.");
  if (uris.length > limits.redirectUris) return refuse(`Enter at most ${limits.redirectUris} redirect URIs.`);
  for (const [index, uri] of uris.entries()) {
    const problem = redirectUriProblem(uri);
    if (problem) return refuse(uris.length > 1 ? `Redirect URI ${index + 1}: ${problem}` : problem);
  }
  return { ok: true, redirect: { match: "exact", uris } };
}

function domainRedirect(text: string): CheckedRedirect {
  const domain = text.trim();
  const problem = domain === "" ? "Enter the base URL of your app." : redirectDomainProblem(domain);
  return problem
    ? { ok: false, field: "domain", problem }
    : { ok: true, redirect: { match: "origin_path", domain } };
}

/** The text fields; a field that came twice or as a file becomes `null`, which no schema accepts. */
function textOf(form: FormData): Record<string, unknown> {
  const text: Record<string, unknown> = {};
  for (const key of Object.keys(fields.shape)) {
    const values = form.getAll(key);
    if (values.length > 0)
      text[key] = values.length === 1 && typeof values[0] === "string" ? values[0] : null;
  }
  return text;
}

function errorsOf(error: z.ZodError): AppFormErrors {
  const known: readonly string[] = [
    "name",
    "type",
    "match",
    "uris",
    "domain",
    "preset",
    "purpose",
  ] satisfies AppField[];
  const errors: Record<string, string> = {};
  for (const issue of error.issues) {
    const field = String(issue.path[0]);
    errors[known.includes(field) ? field : "logo"] ??= issue.message;
  }
  return errors;
}

/** The uploaded picture drawn anew; no picture when the field was left empty. */
async function logoOf(
  form: FormData,
): Promise<{ ok: true; image?: Uint8Array<ArrayBuffer> } | { ok: false; problem: string }> {
  const [file, second] = form.getAll("logo");
  if (second) return { ok: false, problem: "Choose one picture." };
  // A field left empty arrives as a file without content, under a name that depends on who decoded the form.
  if (!(file instanceof File) || file.size === 0) return { ok: true };
  if (file.size > limits.logoBytes) {
    return { ok: false, problem: `The file is larger than ${limits.logoBytes / 1024} KB.` };
  }
  return reencodeLogo(new Uint8Array(await file.arrayBuffer()));
}
