/** Why the scopes of a token request were refused (RFC 6749 §5.2 invalid_scope). */
import type { OAuthError } from "../errors";
import { covers, defaultScopes } from "../scope";
import type { AuthorizationServer } from "../server";
import type { Client } from "../types";
import { refuse } from "./grant";

/** @returns null when scopes are not what was wrong. @param named null when the request named none */
export function scopeRefusal(
  as: AuthorizationServer,
  client: Client,
  named: readonly string[] | null,
): OAuthError | null {
  if (named === null)
    return defaultScopes(as.scopes, client).length > 0
      ? null
      : refuse(
          client,
          "invalid_scope",
          "scope is missing; this app must name what it asks for",
          "The request named no scope, and the policy has no default.",
        );
  if (covers(client.scopes, named)) return null;
  return refuse(
    client,
    "invalid_scope",
    `scope goes beyond what this app is registered for: ${client.scopes.join(" ")}`,
    "The request asked for more than the app is registered for.",
    { scope: named.join(" ") },
    { registered: { scope: client.scopes.join(" ") } },
  );
}
