/** Guards a resource server: who may pass, and the RFC's answer to who may not (RFC 6750 §3). */
import { bearerToken } from "./bearer";
import type { ActiveToken, Introspect } from "./introspect";

/** An answer to send as it is. */
export interface Refusal {
  status: number;
  headers: Record<string, string>;
  body: { error: string; error_description: string };
}

export type Verdict = { allowed: true; token: ActiveToken } | { allowed: false; refusal: Refusal };

/**
 * Judges one request.
 * @param authorization the request's Authorization header
 * @param scope the scope the request needs; undefined: any live token will do
 */
export type Guard = (authorization: string | undefined, scope?: string) => Promise<Verdict>;

/** @param options.realm names the API in challenges */
export function createGuard({ introspect, realm }: { introspect: Introspect; realm: string }): Guard {
  const challenge = (parameters: Record<string, string>) =>
    `Bearer ${Object.entries({ realm, ...parameters })
      .map(([name, value]) => `${name}="${value}"`)
      .join(", ")}`;
  const refuse = (
    status: number,
    error: string,
    error_description: string,
    challenged: Record<string, string>,
  ) => ({
    allowed: false as const,
    refusal: {
      status,
      headers: { "www-authenticate": challenge(challenged) },
      body: { error, error_description },
    },
  });

  return async (authorization, scope) => {
    const presented = bearerToken(authorization);
    if (presented === null) {
      // RFC 6750 §3.1: a request without authentication information gets a challenge without an error code.
      return refuse(401, "invalid_token", "send a token as Authorization: Bearer", {});
    }
    const token = await introspect(presented);
    if (!token.active) {
      const description = "the token is expired, revoked or not known";
      return refuse(401, "invalid_token", description, {
        error: "invalid_token",
        error_description: description,
      });
    }
    if (scope !== undefined && !token.scope.split(" ").includes(scope)) {
      const description = `this needs the scope ${scope}`;
      return refuse(403, "insufficient_scope", description, {
        error: "insufficient_scope",
        error_description: description,
        scope,
      });
    }
    return { allowed: true, token };
  };
}
