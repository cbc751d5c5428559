/** The authorization code grant at the token endpoint (RFC 6749 §4.1.3, RFC 7636 §4.5). */
import { type Evidence, OAuthError } from "../errors";
import { required } from "../form";
import type { Params } from "../params";
import { isCodeVerifier, s256 } from "../pkce";
import type { AuthorizationServer } from "../server";
import type { HashedClientAuthentication, Redemption } from "../store";
import { mintTokens, tokenResponse } from "../token_response";
import { hashCredential, isWellFormed } from "../tokens";
import { authTrait, clientWithGrant, type Grant, namedClient, refuse } from "./grant";

export const authorizationCode: Grant = {
  grant_type: "authorization_code",

  async issue(as, request) {
    const client = namedClient(request);
    const presented = readPresented(as, request.params);
    const minted = mintTokens(as);
    const redemption: Redemption = Object.assign(minted.stored, {
      client,
      codeHash: hashCredential(presented.code),
      redirect_uri: presented.redirect_uri,
      code_challenge: presented.code_challenge,
    });
    const now = as.now();
    // House rule 4: the happy path is one statement. Noise is not worth one.
    const issued = presented.plausible ? await as.store.redeemAuthorizationCode(redemption, now) : null;
    if (issued === null) throw await explain(as, client, redemption);
    // Where the policy insists on it, it was missing from the authorize request as well, and nothing was excused.
    const excused =
      presented.redirect_uri === null && issued.client.policy.token_redirect_uri === "ignore_if_omitted";
    as.observe(client.client_id, [
      "token_authorization_code",
      ...authTrait(client),
      ...(excused ? (["token_without_redirect_uri"] as const) : []),
    ]);
    as.succeeded(client.client_id, "/oauth/token", "authorization_code");
    return { client_id: client.client_id, response: tokenResponse(minted, issued, now) };
  },
};

function readPresented(as: AuthorizationServer, params: Params) {
  const code = required(params, "code");
  const redirect_uri = params.get("redirect_uri") ?? null;
  const code_verifier = params.get("code_verifier") ?? null;
  const code_challenge = code_verifier === null ? null : challengeOf(code_verifier);
  const plausible = isWellFormed(code, "ac", as.credentialPrefix) && code_challenge !== MALFORMED;
  return { code, redirect_uri, code_challenge, plausible };
}

/** Equals no challenge: a verifier too short to protect anything does not pass because its hash was sent as one. */
const MALFORMED = "";

function challengeOf(code_verifier: string): string {
  return isCodeVerifier(code_verifier) ? s256(code_verifier) : MALFORMED;
}

/**
 * Finds out why nothing was issued. Client authentication first: whoever cannot authenticate learns nothing of a code.
 * A failed check leaves the code as it is; only a code already used ends what it had issued.
 */
async function explain(
  as: AuthorizationServer,
  auth: HashedClientAuthentication,
  presented: Redemption,
): Promise<OAuthError> {
  const client = await clientWithGrant(as, auth, "authorization_code", ({ policy }) =>
    policy.grants.includes("authorization_code"),
  );
  const invalid = (
    message: string,
    reason: string,
    received: Record<string, string> = {},
    more: Pick<Evidence, "registered" | "summary"> = {},
  ) => refuse(client, "invalid_grant", message, reason, received, more);

  const code = await as.store.findAuthorizationCode(presented.codeHash);
  // RFC 6749 §5.2: a code "issued to another client" is invalid_grant too, and looks no different from an unknown one.
  if (!code || code.client_id !== client.client_id)
    return invalid(
      "the code is not valid",
      code
        ? "The authorization code was issued to another app."
        : "The authorization code is unknown: it was never issued, or ended long ago.",
    );
  if (code.consumedAt) {
    // RFC 6749 §4.1.2: "If an authorization code is used more than once, the authorization server MUST deny the
    // request and SHOULD revoke (when possible) all tokens previously issued based on that authorization code."
    const ended = await as.store.revokeTokensOfCode(code.hash, as.now());
    return invalid(
      "the code has already been used",
      `The authorization code was used a second time; ${ended} token${ended === 1 ? "" : "s"} issued from it ended.`,
      {},
      {
        summary: "The authorization code was used a second time.",
        registered: { code: `used at ${code.consumedAt.toISOString()}` },
      },
    );
  }
  if (code.expiresAt <= as.now())
    return invalid(
      "the code has expired",
      "The authorization code came too late.",
      {},
      { registered: { code: `ended at ${code.expiresAt.toISOString()}` } },
    );
  // Omitted, it is only missed where the authorize request had one and the policy insists.
  if (
    presented.redirect_uri === null &&
    code.redirectUriSent &&
    client.policy.token_redirect_uri === "required_if_sent"
  )
    return new OAuthError("invalid_request", "redirect_uri is missing; the authorization request had one", {
      evidence: {
        client_id: client.client_id,
        reason: "redirect_uri is missing, though the authorization request had one.",
        received: { redirect_uri: "" },
        registered: { redirect_uri: code.redirect_uri },
      },
    });
  if (presented.redirect_uri !== null && code.redirect_uri !== presented.redirect_uri)
    return invalid(
      "redirect_uri differs from the authorization request",
      "redirect_uri differs from the one of the authorization request.",
      { redirect_uri: presented.redirect_uri },
      { registered: { redirect_uri: code.redirect_uri } },
    );
  const verifier = verifierProblem(code.code_challenge, presented.code_challenge);
  if (verifier)
    return invalid(verifier, `PKCE: ${verifier}.`, pkceReceived(presented), {
      registered: { code_challenge: code.code_challenge === null ? "none" : "S256" },
    });
  return invalid("the code is not valid", "The user took the approval back before the code was exchanged.");
}

/** What may be said of a verifier: whether there was one. */
function pkceReceived({ code_challenge }: Redemption): Record<string, string> {
  return { code_challenge: code_challenge === null ? "no code_verifier" : "S256 of another code_verifier" };
}

/** RFC 7636 §4.6, and RFC 9700 §2.1.1 on downgrade: a verifier is accepted only where a challenge was sent. */
function verifierProblem(expected: string | null, presented: string | null): string | null {
  if (expected === presented) return null;
  if (presented === null) return "code_verifier is missing";
  if (presented === MALFORMED) return "code_verifier must be 43 to 128 characters of A-Z a-z 0-9 - . _ ~";
  if (expected === null) return "code_verifier was sent, but the authorization request had no code_challenge";
  return "code_verifier does not match the code_challenge";
}
