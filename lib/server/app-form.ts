/** The app form as it arrives: text and a picture from a browser, checked field by field. */
import { z } from "zod";
import { limits } from "../../latchkey.config";
import type { AppInput } from "../db/app-registration";
import { redirectDomainProblem } from "../oauth/redirect";
import { redirectUriProblem } from "../oauth/redirect_uri";
import { reencodeLogo } from "./logo";

/** The form's fields; an error is shown under the field it names. */
export type AppField = "name" | "type" | "match" | "uris" | "domain" | "preset" | "logo";

export type AppFormErrors = Partial<Record<AppField, string>>;

export type ParsedAppForm = { ok: true; input: AppInput } | { ok: false; errors: AppFormErrors };

/** What people judge an app by on the consent screen. */
const name = z
  .string({ error: "Give the app a name." })
  .trim()
  .min(1, "Give the app a name.")
  .max(60, "A name has at most 60 characters.")
  // No control, direction or invisible characters.
  .regex(/^[^\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]*$/u, "A name is one line of visible characters.");

const fields = z.object({
  name,
  type: z.enum(["confidential", "public"], { error: "Choose what kind of app this is." }),
  match: z.enum(["exact", "origin_path"], { error: "Choose how redirects are matched." }),
  uris: z.string().max(25_000, "This is too long.").optional(),
  domain: z.string().max(2_000, "This is too long.").optional(),
  preset: z.enum(["standard", "perpetual"], { error: "Choose a policy." }),
  removeLogo: z.literal("on").optional(),
});

/**
 * Checks the app form.
 * @param form what the browser sent
 * @returns the app as it may be stored, or what is wrong per field, in words
 */
export async function parseAppForm(form: FormData): Promise<ParsedAppForm> {
  const parsed = fields.safeParse(textOf(form));
  const errors: AppFormErrors = parsed.success ? {} : errorsOf(parsed.error);
  const redirect = errors.match ? undefined : redirectOf(textOf(form));
  if (redirect && !redirect.ok) errors[redirect.field] = redirect.problem;
  const logo = await logoOf(form);
  if (!logo.ok) errors.logo = logo.problem;
  if (!parsed.success || !redirect?.ok || !logo.ok) return { ok: false, errors };
  const { name, type, preset, removeLogo } = parsed.data;
  const kept = removeLogo ? null : undefined;
  return { ok: true, input: { name, type, preset, redirect: redirect.redirect, logo: logo.image ?? kept } };
}

type CheckedRedirect =
  | { ok: true; redirect: AppInput["redirect"] }
  | { ok: false; field: "uris" | "domain"; problem: string };

/** The redirect rule that `match` chose; the other field is not looked at. */
function redirectOf({ match, uris, domain }: Record<string, unknown>): CheckedRedirect {
  return match === "exact" ? exactRedirect(String(uris ?? "")) : domainRedirect(String(domain ?? ""));
}

function exactRedirect(text: string): CheckedRedirect {
  const refuse = (problem: string) => ({ ok: false, field: "uris", problem }) as const;
  const uris = [...new Set(text.split("\n").map((line) => line.trim()))].filter((line) => line !== "");
  if (uris.length === 0) return refuse("Enter at least one redirect URI.");
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
  const known: readonly string[] = ["name", "type", "match", "uris", "domain", "preset"] satisfies AppField[];
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
