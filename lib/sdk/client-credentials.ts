/** Tokens for a program of one's own: fetched by client credentials and renewed before they end (RFC 6749 §4.4). */
import { basicAuthorization } from "./basic";

export interface ClientCredentialsOptions {
  /** The authorization server's `token_endpoint`. */
  endpoint: string;
  client_id: string;
  client_secret: string;
  /** Space-separated; left out: what the server gives who names none. */
  scope?: string;
  /** How long an answer may take, in milliseconds. */
  timeoutMs?: number;
  /** How long before its end a token is renewed, in seconds; never before half of its life is over. */
  renewBeforeSeconds?: number;
  /** Milliseconds since 1970-01-01 UTC. */
  now?: () => number;
}

/** A token that is good right now. */
export type TokenSource = () => Promise<string>;

/** The authorization server refused; `error` is its code (RFC 6749 §5.2). */
export class TokenRefused extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    description: string,
  ) {
    super(`the token endpoint answered ${status} ${error}: ${description}`);
  }
}

interface Held {
  token: string;
  renewAt: number;
}

/**
 * A source that asks the token endpoint only when it must: once for callers at the same time, and again shortly before
 * the token ends. A request that failed is not remembered: the next caller asks again.
 */
export function clientCredentials(options: ClientCredentialsOptions): TokenSource {
  const { now = Date.now } = options;
  let held: Held | undefined;
  let asking: Promise<Held> | undefined;

  const renew = async () => {
    try {
      held = await request(options, now());
      return held;
    } finally {
      asking = undefined;
    }
  };
  return async () => {
    if (held && now() < held.renewAt) return held.token;
    asking ??= renew();
    return (await asking).token;
  };
}

/** @param sentAt when the token's life is counted from: before the answer, so that it never ends earlier than thought */
async function request(options: ClientCredentialsOptions, sentAt: number): Promise<Held> {
  const { endpoint, client_id, client_secret, scope, timeoutMs = 5000, renewBeforeSeconds = 60 } = options;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { authorization: basicAuthorization(client_id, client_secret), accept: "application/json" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      ...(scope !== undefined && { scope }),
    }),
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = membersOf(await response.json().catch(() => null));
  const { access_token, expires_in, error, error_description } = answer;
  if (!response.ok)
    throw new TokenRefused(response.status, text(error) ?? "unknown_error", text(error_description) ?? "");
  if (typeof access_token !== "string")
    throw new Error("the token endpoint answered without an access_token");
  // RFC 6749 §5.1: a server may leave expires_in out; then nothing but a refusal tells that the token has ended.
  const seconds = typeof expires_in === "number" ? expires_in : Number.POSITIVE_INFINITY;
  return {
    token: access_token,
    renewAt: sentAt + Math.max(seconds - renewBeforeSeconds, seconds / 2) * 1000,
  };
}

function membersOf(answer: unknown): Record<string, unknown> {
  return typeof answer === "object" && answer !== null ? { ...answer } : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
