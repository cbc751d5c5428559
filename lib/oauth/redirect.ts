/** Redirect rules: which `redirect_uri` of a request matches what an app registered, and why another does not. */
import { isLoopback, isWeb, type Pieces, pieces, redirectUriProblem } from "./redirect_uri";

/**
 * How an app's redirect URIs are compared.
 * `exact`: character by character (RFC 9700 §2.1), save the port of a loopback address (RFC 8252 §7.3).
 * `origin_path`: same origin, and a path that is the domain's or lies below it. A policy's choice, not the default.
 */
export type RedirectRule =
  | { match: "exact"; uris: readonly string[] }
  | { match: "origin_path"; domain: string };

// A dot, slash or backslash encoded once or more: a server that decodes once more than we do would see `/../`.
const HIDDEN_PATH = /%(?:25)*(?:2e|2f|5c)/i;

/**
 * Why a base address cannot be an app's redirect domain, or null when it can: `https://yourapp.com`,
 * `https://yourapp.com/oauth`, with or without a slash at the end, or http with a loopback host and its port.
 */
export function redirectDomainProblem(domain: string): string | null {
  const problem = redirectUriProblem(domain);
  if (problem !== null) return problem;
  if (!isWeb(domain))
    return "A private-use scheme cannot be a redirect domain; register its exact redirect URI.";
  if (domain.includes("?")) return "A redirect domain has no query.";
  return ambiguousPathProblem(domain);
}

/**
 * Whether a `redirect_uri` from a request matches what the app registered.
 *
 * Exact: byte equality (RFC 9700 §2.1, RFC 3986 §6.2.1), so `https://a.example` does not match `https://a.example/`.
 * The one exception is http on a loopback address, where any port matches: RFC 8252 §7.3 says MUST for `127.0.0.1`
 * and `[::1]`. We extend it to `localhost`, as RFC 9700 §2.1 words it though RFC 8252 §8.3 advises against the name,
 * because command-line clients in the wild register `http://localhost/…` and listen on whatever port is free; the code
 * stays on the same device either way.
 *
 * Redirect domain: equal parsed origin, and the path equals or extends the domain's by whole segments, with any
 * query. Never a string prefix, never a subdomain. The port is part of the domain, also on loopback: a developer who
 * writes `http://localhost:4000` names one server. `:443` on https is the same origin as none.
 */
export function matchRedirectUri(rule: RedirectRule, uri: string): boolean {
  if (redirectUriProblem(uri) !== null) return false;
  if (rule.match === "origin_path") return liesWithin(rule.domain, uri);
  return rule.uris.some((registered) => registered === uri || differsInLoopbackPortOnly(registered, uri));
}

/**
 * Which component of a refused `redirect_uri` differs from the registration (the nearest, where there are several).
 * Repeats both values: it is for the app's owner only, never for a page the requester sees.
 */
export function explainRedirectMismatch(rule: RedirectRule, uri: string): string {
  const found = redirectMismatch(rule, uri);
  return typeof found === "string" ? found : sentence(found);
}

/** The same as components; a sentence where the URI could not match whatever is registered. */
export function redirectMismatch(rule: RedirectRule, uri: string): string | Difference[] {
  const problem = redirectUriProblem(uri);
  if (problem !== null) return problem;
  if (matchRedirectUri(rule, uri)) return "The redirect URI matches.";
  if (rule.match === "origin_path") return outside(rule.domain, uri);
  const explanations = rule.uris.map((registered) => differences(registered, uri));
  const [nearest] = explanations.toSorted((one, other) => one.length - other.length);
  return nearest ?? "No redirect URI is registered.";
}

/** What only matters where the path is compared by segments: an attacker chooses the rest of it. */
function ambiguousPathProblem(uri: string): string | null {
  const path = pieces(uri)?.path ?? "";
  if (HIDDEN_PATH.test(path)) return "The path must not contain encoded dots, slashes or backslashes.";
  if (path.includes("//")) return "The path must not contain empty segments (//).";
  return null;
}

function liesWithin(domain: string, uri: string): boolean {
  if (redirectDomainProblem(domain) !== null || !isWeb(uri) || ambiguousPathProblem(uri) !== null)
    return false;
  return new URL(domain).origin === new URL(uri).origin && extendsPath(domain, uri);
}

/** Compares the paths as written: dot segments are refused before, so the parser has nothing left to change. */
function extendsPath(domain: string, uri: string): boolean {
  const base = (pieces(domain)?.path ?? "").replace(/\/$/, "");
  const path = pieces(uri)?.path ?? "";
  return path === base || path.startsWith(`${base}/`);
}

function differsInLoopbackPortOnly(registered: string, uri: string): boolean {
  if (!registered.startsWith("http://") || !isLoopback(registered) || !isLoopback(uri)) return false;
  return differences(registered, uri).every(({ component }) => component === "port");
}

export interface Difference {
  component: keyof Pieces;
  received: string;
  registered: string;
}

const NO_PIECES: Pieces = { scheme: "", host: "", port: "", path: "", query: "" };
const COMPONENTS: readonly (keyof Pieces)[] = ["scheme", "host", "port", "path", "query"];

function differences(registered: string, uri: string): Difference[] {
  const ours = pieces(registered) ?? NO_PIECES;
  const theirs = pieces(uri) ?? NO_PIECES;
  return COMPONENTS.filter((component) => ours[component] !== theirs[component]).map((component) => ({
    component,
    received: theirs[component],
    registered: ours[component],
  }));
}

function outside(domain: string, uri: string): string | Difference[] {
  const problem = redirectDomainProblem(domain) ?? ambiguousPathProblem(uri);
  if (problem !== null) return problem;
  const irrelevant = new Set<keyof Pieces>(["query"]);
  if (extendsPath(domain, uri)) irrelevant.add("path");
  if (new URL(domain).port === new URL(uri).port) irrelevant.add("port");
  return differences(domain, uri).filter(({ component }) => !irrelevant.has(component));
}

function sentence(found: readonly Difference[]): string {
  const parts = found.map(
    ({ component, received, registered }) =>
      `${component}: received ${received || "(none)"}, registered ${registered || "(none)"}`,
  );
  return `${parts.join("; ")}.`;
}
