/** The form of a personal token as it arrives, checked against who sends it. */
import { z } from "zod";
import type { PersonalTokenInput, Replacement } from "../db/personal-tokens";
import type { SignedInUser } from "../db/sessions";
import { NETWORK_LIMIT, parseNetwork } from "../oauth/networks";
import { heldScopes } from "../oauth/scope";
import { runtime } from "./runtime";
import { visibleName } from "./visible-name";

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a token may live, by the value the form sends. */
const lifetimes = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "60", label: "60 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
] as const;

/** Who makes the token, and what this installation allows at this moment. */
export interface TokenMaker {
  /** The scopes the person holds. */
  scopes: readonly string[];
  companyIds: readonly string[];
  /** May a token never expire? */
  endless: boolean;
  now: Date;
}

/** What was typed, to be shown again where no script keeps it. */
export interface TypedToken {
  name: string;
  scopes: string[];
  company: string;
  expiration: string;
  expiresOn: string;
  addresses: string;
}

export type ParsedTokenForm = { typed: TypedToken } & (
  | { ok: true; input: PersonalTokenInput }
  | { ok: false; errors: Record<string, string> }
);

/** The signed-in person as the maker of a token. */
export async function tokenMaker(user: SignedInUser): Promise<TokenMaker> {
  const { as } = runtime();
  return {
    scopes: heldScopes(as.scopes, user),
    companyIds: user.companies.map(({ id }) => id),
    endless: (await as.store.findInstance()).endless_personal_tokens,
    now: as.now(),
  };
}

/** What the form offers for `Expiration`. */
export function lifetimeOptions(endless: boolean): { value: string; label: string }[] {
  const never = endless ? [{ value: "never", label: "No expiration" }] : [];
  return [...lifetimes, { value: "custom", label: "Custom date" }, ...never];
}

/** The first and the last day that `Expires on` may name, as a date field writes them. */
export function dayRange(now: Date): { min: string; max: string } {
  const last = new Date(now);
  last.setUTCFullYear(last.getUTCFullYear() + 1);
  return { min: toDay(now), max: toDay(last) };
}

/** @returns the token as it may be made, or what is wrong per field, in words */
export function parseTokenForm(form: FormData, maker: TokenMaker): ParsedTokenForm {
  const text = (field: string) => textOf(form, field);
  const ticked = form.getAll("scope").map(String);
  const name = visibleName("Give the token a name.").safeParse(text("name"));
  const scopes = maker.scopes.filter((scope) => ticked.includes(scope));
  const reach = reachOf(text("company"), maker);
  const expiry = expiryOf(text("expiration"), text("expiresOn"), maker);
  const networks = networksOf(text("addresses"));
  const typed = typedIn(form, scopes);
  const errors: Record<string, string> = {};
  if (!name.success) errors.name = name.error.issues[0]?.message ?? "Give the token a name.";
  if (ticked.some((scope) => !maker.scopes.includes(scope)))
    errors.scopes = "One of these is not yours to give.";
  else if (scopes.length === 0) errors.scopes = "Choose at least one of these.";
  if (reach === null) errors.company = "Choose one of your companies.";
  if ("problem" in expiry) errors[expiry.field] = expiry.problem;
  if ("problem" in networks) errors.addresses = networks.problem;
  if (!name.success || reach === null || "problem" in expiry || "problem" in networks || errors.scopes)
    return { ok: false, errors, typed };
  const { allowedAddresses } = networks;
  const input = { name: name.data, scopes, ...reach, expiresAt: expiry.expiresAt, allowedAddresses };
  return { ok: true, input, typed };
}

/** One network a line; nothing at all is from anywhere. @returns what is wrong names the line it is in */
function networksOf(text: string): { allowedAddresses: string[] } | { problem: string } {
  const lines = text.split(/\r\n|\r|\n/).flatMap((line) => (line.trim() ? [line.trim()] : []));
  if (lines.length > NETWORK_LIMIT) return { problem: `At most ${NETWORK_LIMIT} addresses and networks.` };
  const networks: string[] = [];
  for (const line of lines) {
    const parsed = parseNetwork(line);
    if ("problem" in parsed) return { problem: `“${line.slice(0, 60)}” ${parsed.problem}.` };
    networks.push(parsed.network);
  }
  return { allowedAddresses: [...new Set(networks)] };
}

/** How long the old token works beside the one that replaces it, by the value the form sends in seconds. */
export const overlaps = [
  { value: "0", label: "Revoke now" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "24 hours" },
  { value: "604800", label: "7 days" },
] as const;

/** What a replacement may choose for its own end: what a new token may, but for a day of one's own. */
export function replacementLifetimes(endless: boolean): { value: string; label: string }[] {
  return lifetimeOptions(endless).filter(({ value }) => value !== "custom");
}

/** The form of `Regenerate`. @returns what is wrong per field, in words */
export function parseReplacementForm(
  form: FormData,
  maker: TokenMaker,
): { ok: true; replacement: Replacement } | { ok: false; errors: Record<string, string> } {
  const overlap = overlaps.find(({ value }) => value === textOf(form, "overlap"));
  const expiry = expiryOf(textOf(form, "expiration"), "", maker);
  const errors = {
    ...(!overlap && { overlap: "Choose how long the old token stays valid." }),
    ...("problem" in expiry && { expiration: expiry.problem }),
  };
  if (!overlap || "problem" in expiry) return { ok: false, errors };
  return { ok: true, replacement: { overlapSeconds: Number(overlap.value), expiresAt: expiry.expiresAt } };
}

/** The words of a link that opens the form filled in; whatever cannot be chosen here is as if it was not there. */
export type TokenLink = Record<string, string | string[] | undefined>;

/** @returns what such a link asks for; null when it asks for nothing that can be had */
export function tokenFromLink(link: TokenLink, maker: TokenMaker): Partial<TypedToken> | null {
  const word = (name: string) => {
    const value = link[name];
    return typeof value === "string" ? value : "";
  };
  const name = visibleName("").safeParse(word("name"));
  const wanted = word("scopes").split(/[\s,]+/);
  const scopes = maker.scopes.filter((scope) => wanted.includes(scope));
  const expiration = lifetimeOptions(maker.endless).find(({ value }) => value === word("expiration"))?.value;
  const company = word("company");
  const asked = {
    ...(name.success && { name: name.data }),
    ...(scopes.length > 0 && { scopes }),
    ...(expiration && expiration !== "custom" && { expiration }),
    ...(company !== "" && reachOf(company, maker) && { company }),
  };
  return Object.keys(asked).length > 0 ? asked : null;
}

type Reach = Pick<PersonalTokenInput, "companyId" | "allCompanies">;

/** Somebody without a company has nothing to choose, and a token that stays without one. */
function reachOf(company: string, { companyIds }: TokenMaker): Reach | null {
  if (companyIds.length === 0) return company === "" ? { companyId: null, allCompanies: false } : null;
  if (company === "all") return { companyId: null, allCompanies: true };
  return companyIds.includes(company) ? { companyId: company, allCompanies: false } : null;
}

type Expiry = { expiresAt: Date | null } | { field: "expiration" | "expiresOn"; problem: string };

function expiryOf(expiration: string, expiresOn: string, { endless, now }: TokenMaker): Expiry {
  const lifetime = lifetimes.find(({ value }) => value === expiration);
  if (lifetime) return { expiresAt: new Date(now.getTime() + Number(lifetime.value) * DAY_MS) };
  if (expiration === "never" && endless) return { expiresAt: null };
  if (expiration === "custom") return endOfDay(expiresOn, now);
  const problem = expiration === "never" ? "Tokens must expire here." : "Choose when the token expires.";
  return { field: "expiration", problem };
}

/** The token works until the day it names is over, everywhere by UTC. */
function endOfDay(day: string, now: Date): Expiry {
  const refuse = (problem: string) => ({ field: "expiresOn", problem }) as const;
  if (!z.iso.date().safeParse(day).success) return refuse("Enter a date, as in 2026-03-31.");
  const { min, max } = dayRange(now);
  if (day < min) return refuse("This day is over. Choose today or a later one.");
  if (day > max) return refuse("Choose a day within one year from now.");
  return { expiresAt: new Date(`${day}T23:59:59.999Z`) };
}

function toDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** A field that is missing, came twice or as a file is empty: no rule accepts that where it matters. */
function textOf(form: FormData, field: string): string {
  const [value, second] = form.getAll(field);
  return typeof value === "string" && second === undefined ? value : "";
}

function typedIn(form: FormData, scopes: string[]): TypedToken {
  const text = (field: string) => textOf(form, field).slice(0, 200);
  return {
    name: text("name"),
    scopes,
    company: text("company"),
    expiration: text("expiration"),
    expiresOn: text("expiresOn"),
    // Twenty networks of the longest writing.
    addresses: textOf(form, "addresses").slice(0, 1000),
  };
}
