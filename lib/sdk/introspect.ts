/** Asks an authorization server about a token (RFC 7662). */
import { basicAuthorization, formEncode } from "./basic";

/** RFC 7662 §2.2, with `kind`, `company_id` and `company_ids` as Latchkey adds them. */
export interface ActiveToken {
  active: true;
  scope: string;
  client_id?: string;
  username?: string;
  exp?: number;
  iat: number;
  iss: string;
  sub: string;
  /** The APIs it is for. */
  aud?: string | readonly string[];
  kind: string;
  /** The one company it is for. */
  company_id?: string;
  /** Every company it reaches. */
  company_ids?: readonly string[];
}

/** A token that does not stand for anybody, or not for a call from there. */
export interface InactiveToken {
  active: false;
  /** Said by a server that can tell: the token is alive, and may not be used from the caller's address. */
  refused?: "address";
}

/**
 * Answers for one token. Throwing means that nobody could be asked.
 * @typeParam Call what else its guard was told of the call
 * @param address the caller's; a token that is for some addresses alone is not active without it
 */
export type Introspect<Token extends ActiveToken = ActiveToken, Call extends unknown[] = []> = (
  token: string,
  address?: string,
  ...call: Call
) => Promise<Token | InactiveToken>;

export interface IntrospectionOptions {
  /** The authorization server's `introspection_endpoint`. */
  endpoint: string;
  client_id: string;
  client_secret: string;
  /** How long an answer may take, in milliseconds. */
  timeoutMs?: number;
}

/** Introspection over HTTP with client_secret_basic. Nothing is cached: a revoked token ends with the next request. */
export function introspectionClient(options: IntrospectionOptions): Introspect {
  const { endpoint, client_id, client_secret, timeoutMs = 5000 } = options;
  const authorization = basicAuthorization(client_id, client_secret);
  return async (token, address) => {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        authorization,
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
      },
      body: `token=${formEncode(token)}${address === undefined ? "" : `&client_ip=${formEncode(address)}`}`,
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`introspection answered ${response.status}`);
    const answer: unknown = await response.json();
    return isActive(answer) ? answer : { active: false };
  };
}

function isActive(answer: unknown): answer is ActiveToken {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "active" in answer &&
    answer.active === true &&
    "sub" in answer &&
    typeof answer.sub === "string" &&
    "scope" in answer &&
    typeof answer.scope === "string"
  );
}
