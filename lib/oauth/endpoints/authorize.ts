/** The authorization endpoint (RFC 6749 §3.1, §4.1.1): proves the redirect URI, checks the rest, stores the request. */
import { errorLocation } from "../authorization_response";
import { mayRequest } from "../client_status";
import { type Evidence, OAuthError } from "../errors";
import { type Params, parseParams } from "../params";
import { isCodeChallenge } from "../pkce";
import { explainRedirectMismatch, matchRedirectUri } from "../redirect";
import { nearestRedirect, summarizeRedirectMismatch } from "../redirect_diff";
import { requestedScopes } from "../scope";
import { type AuthorizationServer, after } from "../server";
import { randomId } from "../tokens";
import type { AuthorizationRequest, Client } from "../types";

/** What becomes of an authorize request. */
export type AuthorizeOutcome =
  /** Nothing was proven: a page of ours says so, and nobody is sent anywhere (RFC 6749 §4.1.2.1). */
  | { outcome: "page"; error: OAuthError }
  /** The redirect URI is proven: the error goes there. */
  | { outcome: "redirect"; location: string; error: OAuthError }
  /** Valid and stored; from here only its id travels. */
  | { outcome: "stored"; request: AuthorizationRequest };

type Parsed = Exclude<ReturnType<typeof parseParams>, { problem: string }>;

/** The longest `state` that is kept, in characters. */
const STATE_LIMIT = 4096;

/** @param encoded the query of a GET or the form of a POST, as sent */
export async function authorize(
  as: AuthorizationServer,
  encoded: string | Uint8Array,
): Promise<AuthorizeOutcome> {
  const parsed = parseParams(encoded);
  if ("problem" in parsed)
    return { outcome: "page", error: new OAuthError("invalid_request", parsed.problem) };
  let client: Client;
  let target: Target;
  try {
    client = await provenClient(as, parsed);
    target = provenRedirectUri(client, parsed);
  } catch (error) {
    if (error instanceof OAuthError) return { outcome: "page", error };
    throw error;
  }
  try {
    const request = await checkedRequest(as, client, target, parsed);
    await as.store.saveAuthorizationRequest(request);
    return { outcome: "stored", request };
  } catch (error) {
    const answer = toOAuthError(error, client, parsed);
    const { params, repeated } = parsed;
    const state = repeated.has("state") ? null : (params.get("state") ?? null);
    // RFC 6749 §4.2.2.1: whoever asked for a token reads the fragment. Where there is no implicit grant, `token` is one
    // unknown word among others, and is answered like them.
    const implicit =
      !repeated.has("response_type") &&
      params.get("response_type") === "token" &&
      answer.code !== "unsupported_response_type";
    const asked = { ...target, response_type: implicit ? "token" : "code", state } as const;
    return { outcome: "redirect", location: errorLocation(as, asked, answer), error: answer };
  }
}

/** Where the answer goes, and whether the request said so itself. */
type Target = Pick<AuthorizationRequest, "redirect_uri" | "redirectUriSent">;

async function provenClient(as: AuthorizationServer, { params, repeated }: Parsed): Promise<Client> {
  const client_id = once(params, repeated, "client_id");
  const client = await as.store.findClient(client_id);
  if (!client) throw new OAuthError("invalid_client", "client_id is not known here", { status: 400 });
  // A pending app works for its owner; who that is shows once somebody has signed in.
  if (!mayRequest(client))
    throw new OAuthError("unauthorized_client", "this app is not active", {
      evidence: { client_id, reason: "The app is not active." },
    });
  return client;
}

function provenRedirectUri(client: Client, { params, repeated }: Parsed): Target {
  const only = onlyRedirectUri(client);
  if (only !== null && !params.has("redirect_uri") && !repeated.has("redirect_uri"))
    return { redirect_uri: only, redirectUriSent: false };
  const redirect_uri = once(params, repeated, "redirect_uri");
  if (matchRedirectUri(client.redirect, redirect_uri)) return { redirect_uri, redirectUriSent: true };
  throw new OAuthError("invalid_request", "redirect_uri is not registered for this app", {
    evidence: {
      client_id: client.client_id,
      reason: explainRedirectMismatch(client.redirect, redirect_uri),
      summary: summarizeRedirectMismatch(client.redirect, redirect_uri),
      received: { redirect_uri },
      registered: { redirect_uri: nearestRedirect(client.redirect, redirect_uri) ?? "" },
    },
  });
}

/** RFC 6749 §3.1.2.3: with one registered URI the parameter may be left out, where the app's policy says so. */
function onlyRedirectUri({ redirect, policy }: Client): string | null {
  const [uri, ...others] = redirect.match === "exact" ? redirect.uris : [];
  return policy.omit_redirect_uri && uri !== undefined && others.length === 0 ? uri : null;
}

function once(params: Params, repeated: ReadonlySet<string>, name: string): string {
  if (repeated.has(name)) throw new OAuthError("invalid_request", `${name} is included more than once`);
  const value = params.get(name);
  if (value === undefined) throw new OAuthError("invalid_request", `${name} is missing`);
  return value;
}

/** Everything that is answered to the redirect URI once that is proven. */
async function checkedRequest(
  as: AuthorizationServer,
  client: Client,
  target: Target,
  { params, repeated }: Parsed,
): Promise<AuthorizationRequest> {
  if (repeated.size > 0) throw new OAuthError("invalid_request", "a parameter is included more than once");
  const response_type = await checkedResponseType(as, client, params);
  const code_challenge = response_type === "code" ? checkedChallenge(client, params) : null;
  const state = checkedState(client, params, code_challenge);
  const now = as.now();
  return {
    id: randomId(32, as.random),
    client_id: client.client_id,
    clientVersion: client.version,
    response_type,
    ...target,
    state,
    scopes: requestedScopes(as.scopes, client, params.get("scope")),
    scopeSent: params.has("scope"),
    code_challenge,
    createdAt: now,
    expiresAt: after(now, as.authorizationRequestSeconds),
  };
}

/** RFC 6749 §3.1.1. `token` needs the installation's switch and the app's, which has an end date. */
async function checkedResponseType(
  as: AuthorizationServer,
  client: Client,
  params: Params,
): Promise<AuthorizationRequest["response_type"]> {
  const response_type = params.get("response_type");
  if (response_type === undefined) throw new OAuthError("invalid_request", "response_type is missing");
  if (response_type === "code") {
    checkResponseMode(params, "query");
    if (client.policy.grants.includes("authorization_code")) return "code";
    throw new OAuthError("unauthorized_client", "this app is not allowed to use response_type code");
  }
  const { implicit } = await as.store.findInstance();
  if (response_type !== "token" || !implicit)
    throw new OAuthError(
      "unsupported_response_type",
      `response_type must be ${implicit ? "code or token" : "code"}`,
    );
  checkResponseMode(params, "fragment");
  if (client.policy.implicit) return "token";
  throw new OAuthError("unauthorized_client", "this app is not allowed to use response_type token");
}

function checkResponseMode(params: Params, expected: "query" | "fragment"): void {
  const response_mode = params.get("response_mode");
  if (response_mode !== undefined && response_mode !== expected)
    throw new OAuthError("invalid_request", `response_mode must be ${expected}`);
}

/** RFC 7636 §4.4.1; `plain` is refused, since it protects nothing on a channel that leaks (RFC 9700 §2.1.1). */
function checkedChallenge(client: Client, params: Params): string | null {
  const challenge = params.get("code_challenge");
  const method = params.get("code_challenge_method");
  if (challenge === undefined) {
    if (method !== undefined) throw new OAuthError("invalid_request", "code_challenge is missing");
    // RFC 9700 §2.1.1: "public clients MUST use PKCE", whatever an app's policy says.
    if (client.type === "public" || client.policy.pkce === "required")
      throw new OAuthError("invalid_request", "code_challenge is missing; this app requires PKCE with S256");
    return null;
  }
  if (method !== "S256") throw new OAuthError("invalid_request", "code_challenge_method must be S256");
  if (!isCodeChallenge(challenge))
    throw new OAuthError("invalid_request", "code_challenge must be 43 base64url characters");
  return challenge;
}

/** RFC 9700 §2.1: protection against CSRF by PKCE, or else by `state`. */
function checkedState(client: Client, params: Params, code_challenge: string | null): string | null {
  const state = params.get("state") ?? null;
  if (state === null && code_challenge === null && client.policy.state === "unless_pkce")
    throw new OAuthError("invalid_request", "state is missing; send it, or use PKCE");
  if (state !== null && state.length > STATE_LIMIT)
    throw new OAuthError("invalid_request", `state is longer than ${STATE_LIMIT} characters`);
  return state;
}

/**
 * RFC 6749 §4.1.2.1: server_error "is needed because a 500 Internal Server Error HTTP status code cannot be returned to
 * the client via an HTTP redirect". What really happened travels as the cause, to the log.
 */
function toOAuthError(error: unknown, client: Client, { params }: Parsed): OAuthError {
  if (!(error instanceof OAuthError)) {
    const failure = new OAuthError("server_error", "something went wrong here; please try again");
    failure.cause = error;
    return failure;
  }
  return new OAuthError(error.code, error.message, {
    ...error.options,
    evidence: {
      client_id: client.client_id,
      reason: `${error.message}.`,
      ...compared(error, client, params),
    },
  });
}

/** What was received against what the app has, where the error is about one of the two. */
function compared(
  { code }: OAuthError,
  { scopes, policy }: Client,
  params: Params,
): Pick<Evidence, "received" | "registered"> {
  if (code === "invalid_scope")
    return { received: { scope: params.get("scope") ?? "" }, registered: { scope: scopes.join(" ") } };
  if (code !== "unauthorized_client" && code !== "unsupported_response_type") return {};
  const allowed = [
    ...(policy.grants.includes("authorization_code") ? ["code"] : []),
    ...(policy.implicit ? ["token"] : []),
  ];
  return {
    received: { response_type: params.get("response_type") ?? "" },
    registered: { response_type: allowed.join(" ") },
  };
}
