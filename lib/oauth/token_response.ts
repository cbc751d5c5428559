/** Tokens as they are minted, and the answer that carries them (RFC 6749 §5.1). */
import type { Policy } from "./policy";
import type { AuthorizationServer } from "./server";
import type { IssuedToken, MintedTokens } from "./store";
import { mint, orderedId } from "./tokens";

/** RFC 6749 §5.1. */
export interface TokenResponse {
  access_token: string;
  token_type: Policy["token_type"];
  expires_in?: number;
  refresh_token?: string;
  scope?: string;
}

/**
 * The values that leave, and what is stored of them, to which each grant adds what it stores beside. (Spread into another
 * object it would have V8 describe that one's shape anew for each request.)
 */
export interface Minted {
  access_token: string;
  refresh_token: string;
  stored: MintedTokens;
}

/** Mints both tokens before anything is known; the policy decides in the store whether the second one is kept. */
export function mintTokens(as: AuthorizationServer): Minted {
  const access = mint("at", as.random, as.credentialPrefix);
  const refresh = mint("rt", as.random, as.credentialPrefix);
  return {
    access_token: access.value,
    refresh_token: refresh.value,
    stored: {
      tokenHash: access.hash,
      tokenLast4: access.last4,
      familyId: orderedId(as.now(), as.random),
      refreshHash: refresh.hash,
      refreshLast4: refresh.last4,
    },
  };
}

/** What is said beyond the token is the app's policy. */
export function tokenResponse(
  minted: Pick<Minted, "access_token" | "refresh_token">,
  { client, scopes, expiresAt, refreshes }: Omit<IssuedToken, "grant_type">,
  now: Date,
): TokenResponse {
  const { response_include, token_type } = client.policy;
  const response: TokenResponse = { access_token: minted.access_token, token_type };
  if (response_include.includes("expires_in") && expiresAt)
    response.expires_in = Math.round((expiresAt.getTime() - now.getTime()) / 1000);
  if (refreshes) response.refresh_token = minted.refresh_token;
  if (response_include.includes("scope")) response.scope = scopes.join(" ");
  return response;
}
