/** Guards a resource server: who may pass, and the RFC's answer to who may not (RFC 6750 §3). */
import { bearerToken } from "./bearer";
import type { ActiveToken, Introspect } from "./introspect";

/** An answer to send as it is. */
export interface Refusal {
  status: number;
  headers: Record<string, string>;
  body: { error: string; error_description: string };
}

/** @typeParam Token what `introspect` answers, which may be more than RFC 7662 */
export type Verdict<Token extends ActiveToken = ActiveToken> =
  | { allowed: true; token: Token }
  /** A live token for this API that only lacks the scope. */
  | { allowed: false; refusal: Refusal; token: Token }
  | { allowed: false; refusal: Refusal; token?: undefined };

/**
 * Judges one request.
 * @param authorization the request's Authorization header
 * @param scope the scope the request needs; undefined: any live token for this API will do
 * @param address the caller's, of the connection or by a proxy of your own: tokens may be for some addresses alone
 * @param call whatever else your `introspect` wants to know of the call: it is passed on as it is
 */
export type Guard<Token extends ActiveToken = ActiveToken, Call extends unknown[] = []> = (
  authorization: string | undefined,
  scope?: string,
  address?: string,
  ...call: Call
) => Promise<Verdict<Token>>;

export interface GuardOptions<Token extends ActiveToken = ActiveToken, Call extends unknown[] = []> {
  introspect: Introspect<Token, Call>;
  /** Names the API in challenges. */
  realm: string;
  /** This API's identifier: tokens that are not for it are refused (RFC 9700 §2.3). Left out: tokens for any API pass. */
  audience?: string;
}

export function createGuard<Token extends ActiveToken = ActiveToken, Call extends unknown[] = []>({
  introspect,
  realm,
  audience,
}: GuardOptions<Token, Call>): Guard<Token, Call> {
  const challenge = (parameters: Record<string, string>) =>
    `Bearer ${Object.entries({ realm, ...parameters })
      .map(([name, value]) => `${name}="${value}"`)
      .join(", ")}`;
  const refusal = (
    status: number,
    error: string,
    error_description: string,
    challenged: Record<string, string>,
  ): Refusal => ({
    status,
    headers: { "www-authenticate": challenge(challenged) },
    body: { error, error_description },
  });
  const invalidToken = (error_description: string): Verdict<Token> => ({
    allowed: false,
    refusal: refusal(401, "invalid_token", error_description, { error: "invalid_token", error_description }),
  });

  return async (authorization, scope, address, ...call) => {
    const presented = bearerToken(authorization);
    if (presented === null) {
      // RFC 6750 §3.1: a request without authentication information gets a challenge without an error code.
      const missing = "send a token as Authorization: Bearer";
      return { allowed: false, refusal: refusal(401, "invalid_token", missing, {}) };
    }
    const token = await introspect(presented, address, ...call);
    if (!token.active)
      return invalidToken(
        token.refused === "address"
          ? "the token may not be used from this address"
          : "the token is expired, revoked or not known",
      );
    if (!isFor(token, audience)) return invalidToken("the token is for another API");
    if (scope !== undefined && !token.scope.split(" ").includes(scope)) {
      const error_description = `this needs the scope ${scope}`;
      const error = "insufficient_scope";
      const refused = refusal(403, error, error_description, { error, error_description, scope });
      return { allowed: false, refusal: refused, token };
    }
    return { allowed: true, token };
  };
}

/** RFC 7662 §2.2: `aud` is a string or a list of strings. A token that names no audience is for none in particular. */
function isFor({ aud }: ActiveToken, audience: string | undefined): boolean {
  if (audience === undefined) return true;
  return Array.isArray(aud) ? aud.includes(audience) : aud === audience;
}
