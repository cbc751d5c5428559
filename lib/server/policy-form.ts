/** The policy form as it arrives: another preset, or a choice and an end date per switch. */
import { z } from "zod";
import type { Instance } from "../oauth/instance";
import { type Policy, policySchema, type SwitchKey, settled } from "../oauth/policy";
import { presets } from "../oauth/presets";
import type { RedirectRule } from "../oauth/redirect";
import { misfitOf } from "../oauth/registration";
import { type Switch, switches } from "../oauth/switches";
import type { Client } from "../oauth/types";

/** Under `preset`, a switch's key, or `until.` and a switch's key. */
export type PolicyErrors = Record<string, string>;

export type ParsedPolicyForm = { ok: true; policy: Policy } | { ok: false; errors: PolicyErrors };

/** What a policy is checked against. */
export interface PolicySubject {
  policy: Policy;
  type: Client["type"];
  redirect: RedirectRule;
}

/** Furthest end of a switch, in days. */
const LATEST_END_DAYS = 2 * 366;
const DAY_MS = 24 * 60 * 60 * 1000;

const day = z.iso.date();
const preset = policySchema.shape.preset;

/**
 * Checks the policy form. Another preset replaces every switch; otherwise a switch that was not sent stays as it is.
 * @param app the app as it is
 * @param instance what the installation allows
 */
export function parsePolicyForm(
  form: FormData,
  app: PolicySubject,
  instance: Pick<Instance, "implicit" | "password">,
  now: Date,
): ParsedPolicyForm {
  const chosen = preset.safeParse(onlyText(form, "preset") ?? app.policy.preset);
  if (!chosen.success) return { ok: false, errors: { preset: "Choose one of these." } };
  if (chosen.data !== app.policy.preset) return fitting(presets[chosen.data].policy, app, "preset");
  const errors: PolicyErrors = {};
  const values: Partial<Record<SwitchKey, unknown>> = {};
  const until: Record<string, string> = {};
  for (const line of switches) {
    const value = choiceOf(form, line, app.policy);
    if (value.ok) values[line.key] = value.value;
    else errors[line.key] = value.problem;
    const end = endOf(form, line.key, app.policy, now);
    if (!end.ok) errors[untilField(line.key)] = end.problem;
    else if (end.value !== null) until[line.key] = end.value;
  }
  for (const key of ["implicit", "password"] as const)
    if (values[key] === true && !app.policy[key] && !instance[key])
      errors[key] = "This installation has it switched off; an administrator can allow it.";
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const parsed = policySchema.safeParse({ ...app.policy, ...values, until });
  if (!parsed.success) return { ok: false, errors: errorsOf(parsed.error) };
  return fitting(parsed.data, app);
}

/** The name of the field that says when a switch falls back. */
export function untilField(key: SwitchKey): `until.${SwitchKey}` {
  return `until.${key}`;
}

/** The first and the last day on which a switch may fall back, as a date field writes them. */
export function endDays(now: Date): { min: string; max: string } {
  const dayOf = (days: number) => new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);
  return { min: dayOf(1), max: dayOf(LATEST_END_DAYS) };
}

/** How a form writes the value of a switch. */
export function choiceValue(value: unknown): string {
  return JSON.stringify(value);
}

type Read<Value> = { ok: true; value: Value } | { ok: false; problem: string };

/** One of the table's choices, or what is stored. */
function choiceOf(form: FormData, { key, choices }: Switch, before: Policy): Read<unknown> {
  if (!form.has(key)) return { ok: true, value: before[key] };
  const sent = onlyText(form, key);
  const known = [before[key], ...choices.map(({ value }) => value)];
  const found = known.findIndex((value) => choiceValue(value) === sent);
  return found < 0 ? { ok: false, problem: "Choose one of these." } : { ok: true, value: known[found] };
}

/** The moment at which a switch falls back, ISO 8601; null for never. */
function endOf(form: FormData, key: SwitchKey, before: Policy, now: Date): Read<string | null> {
  const stored = before.until[key] ?? null;
  if (!form.has(untilField(key))) return { ok: true, value: stored };
  const sent = onlyText(form, untilField(key));
  if (sent === "") return { ok: true, value: null };
  // The same day is the same moment, whatever hour is stored.
  if (stored !== null && sent === stored.slice(0, 10)) return { ok: true, value: stored };
  const parsed = day.safeParse(sent);
  if (!parsed.success) return { ok: false, problem: "Enter a day, as in 2027-01-31." };
  const at = new Date(parsed.data);
  if (at <= now) return { ok: false, problem: "Choose a day in the future." };
  if (at.getTime() > now.getTime() + LATEST_END_DAYS * DAY_MS)
    return { ok: false, problem: "Choose a day within two years." };
  return { ok: true, value: at.toISOString() };
}

/** The value of a field that came once, as text; null for anything else. */
function onlyText(form: FormData, name: string): string | null {
  const [value, second] = form.getAll(name);
  return typeof value === "string" && second === undefined ? value : null;
}

/**
 * A policy that fits the app, now and after each of its switches has fallen back.
 * @param field where to say what does not fit; the switch itself unless given
 */
function fitting(policy: Policy, app: PolicySubject, field?: "preset"): ParsedPolicyForm {
  const misfit = misfitOf(policy, app);
  if (misfit) return { ok: false, errors: { [field ?? misfit.key]: problemOf(misfit) } };
  const errors: PolicyErrors = {};
  for (const [key, moment] of Object.entries(policy.until)) {
    const later = misfitOf(settled(policy, new Date(moment)), app);
    if (later) errors[`until.${key}`] = `What it falls back to does not fit: ${later.problem}`;
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, policy };
}

function problemOf({ part, problem }: NonNullable<ReturnType<typeof misfitOf>>): string {
  return part === "type" ? problem : `${problem} Edit the registration first.`;
}

function errorsOf(error: z.ZodError): PolicyErrors {
  const errors: PolicyErrors = {};
  for (const { path, message } of error.issues) errors[String(path[0])] ??= message;
  return errors;
}
