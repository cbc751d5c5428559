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

/** Answers for one token. Throwing means that nobody could be asked. */
export type Introspect = (token: string) => Promise<ActiveToken | { active: false }>;

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
  return async (token) => {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        authorization,
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
      },
      body: `token=${formEncode(token)}`,
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
