/** Scopes as a request names them and as the catalogue knows them (RFC 6749 §3.3). */
import { OAuthError } from "./errors";
import type { Policy } from "./policy";

/** What a scope lets an app do, in words for a person. */
export interface ScopeEntry {
  title: string;
  description: string;
}

export type ScopeCatalogue = Readonly<Record<string, ScopeEntry>>;

/**
 * The scopes a request gets, in the catalogue's order and without repetition.
 * @throws OAuthError invalid_scope when a name is malformed or not in the catalogue
 */
export function requestedScopes(
  catalogue: ScopeCatalogue,
  policy: Policy,
  scope: string | undefined,
): string[] {
  if (scope === undefined) return policy.default_scope === "full" ? Object.keys(catalogue) : ["read"];
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

/** Does `held` contain every scope of `wanted`? */
export function covers(held: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((name) => held.includes(name));
}
