/** Scopes as a request names them and as the catalogue knows them (RFC 6749 §3.3). */
import { OAuthError } from "./errors";
import type { Policy } from "./policy";
import type { Client } from "./types";

/** What a scope lets an app do, in words for a person, and where it holds. */
export interface ScopeEntry {
  title: string;
  description: string;
  /** The API it belongs to, by its name in the table of APIs. */
  api: string;
  /** Who can give it to an app. */
  holders: "everyone" | "admins";
  /** Part of what a request without a scope gets where the policy says "basic". */
  basic: boolean;
}

export type ScopeCatalogue = Readonly<Record<string, ScopeEntry>>;

/** Whose scopes they are: what decides which ones a person, a company or an app holds. */
export interface Holder {
  isAdmin: boolean;
}

/** The scopes of the catalogue's basic access. */
export function basicScopes(catalogue: ScopeCatalogue): string[] {
  return Object.keys(catalogue).filter((name) => catalogue[name]?.basic);
}

/** The scopes of the catalogue this holder has. A company and a service account hold what everyone holds. */
export function heldScopes(catalogue: ScopeCatalogue, { isAdmin }: Holder): string[] {
  return Object.keys(catalogue).filter((name) => isAdmin || catalogue[name]?.holders === "everyone");
}

/** Those of `scopes` that are in `held`, in their order. */
export function within(scopes: readonly string[], held: readonly string[]): string[] {
  return scopes.filter((name) => held.includes(name));
}

/**
 * The scopes a parameter names, in the catalogue's order and without repetition; null when it was left out.
 * @throws OAuthError invalid_scope when a name is malformed or not in the catalogue
 */
export function namedScopes(catalogue: ScopeCatalogue, scope: string | undefined): string[] | null {
  if (scope === undefined) return null;
  // RFC 6749 §3.3: scope-token *( SP scope-token ), order does not matter.
  const names = new Set(scope.split(" "));
  const unknown = [...names].some((name) => !Object.hasOwn(catalogue, name));
  if (unknown)
    throw new OAuthError(
      "invalid_scope",
      `scope must be one or more of: ${Object.keys(catalogue).join(" ")}`,
    );
  return Object.keys(catalogue).filter((name) => names.has(name));
}

/** What a request without `scope` gets (RFC 6749 §3.3: "process the request using a pre-defined default value or fail"). */
export function defaultScopes(
  catalogue: ScopeCatalogue,
  { policy, scopes }: { policy: Pick<Policy, "default_scope">; scopes: readonly string[] },
): string[] {
  if (policy.default_scope === "none") return [];
  const wanted = policy.default_scope === "registered" ? Object.keys(catalogue) : basicScopes(catalogue);
  return within(wanted, scopes);
}

/**
 * The scopes an authorize request of this client gets.
 * @throws OAuthError invalid_scope when a name is not in the catalogue, or not registered for the app
 */
export function requestedScopes(
  catalogue: ScopeCatalogue,
  client: Pick<Client, "policy" | "scopes">,
  scope: string | undefined,
): string[] {
  const named = namedScopes(catalogue, scope);
  const scopes = named ?? defaultScopes(catalogue, client);
  if (scopes.length === 0)
    throw new OAuthError("invalid_scope", "scope is missing; this app must name what it asks for");
  checkRegistered(client, scopes);
  return scopes;
}

/** @throws OAuthError invalid_scope when the app is not registered for all of them */
export function checkRegistered(
  { scopes: registered }: Pick<Client, "scopes">,
  scopes: readonly string[],
): void {
  if (covers(registered, scopes)) return;
  throw new OAuthError(
    "invalid_scope",
    `scope goes beyond what this app is registered for: ${registered.join(" ")}`,
  );
}

/** Does `held` contain every scope of `wanted`? */
export function covers(held: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((name) => held.includes(name));
}
