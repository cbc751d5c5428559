/**
 * Refreshing (RFC 6749 §6) with rotation (RFC 9700 §4.14.2). A refresh token works once; whoever presents it again
 * within a short while gets the same answer again, so that a lost answer or two tabs log nobody out. Later, it is taken
 * for stolen, and its family ends.
 */
import { authenticateClient } from "../authenticate";
import { mayRequest } from "../client_status";
import { OAuthError } from "../errors";
import { required } from "../form";
import { namedScopes } from "../scope";
import { seal, unseal } from "../seal";
import { type AuthorizationServer, after } from "../server";
import type { Rotation } from "../store";
import { mintTokens, tokenResponse } from "../token_response";
import { hashCredential, isWellFormed } from "../tokens";
import type { Client, RefreshTokenFacts } from "../types";
import { type Grant, type Issued, missingGrant, namedClient, refuse, type TokenRequest } from "./grant";

export const refreshToken: Grant = {
  grant_type: "refresh_token",

  async issue(as, request) {
    const presented = required(request.params, "refresh_token");
    const minted = mintTokens(as);
    const { access_token, refresh_token } = minted;
    const rotation: Rotation = Object.assign(minted.stored, {
      client: request.client,
      presentedHash: hashCredential(presented),
      scopes: namedScopes(as.scopes, request.params.get("scope")),
      successor: seal(presented, JSON.stringify({ access_token, refresh_token }), as.random),
    });
    const now = as.now();
    const plausible = isWellFormed(presented, "rt", as.credentialPrefix);
    const issued = plausible ? await as.store.rotateRefreshToken(rotation, now) : null;
    if (issued === null) return replayOrRefuse(as, request, presented, rotation);
    const anonymous = request.client === null || request.client.method === "none";
    // Without the switch it was a public client, which has nothing to authenticate with.
    const excused = anonymous && issued.client.policy.refresh_without_client_auth;
    as.observe(issued.client.client_id, [
      "refresh",
      ...(issued.refreshes ? [] : (["refresh_reused"] as const)),
      ...(issued.grant_type === "client_credentials" ? (["refresh_of_client_credentials"] as const) : []),
      ...(excused ? (["refresh_without_client_auth"] as const) : []),
    ]);
    as.succeeded(issued.client.client_id, "/oauth/token", "refresh_token");
    return { client_id: issued.client.client_id, response: tokenResponse(minted, issued, now) };
  },
};

/** The answer once more, if this is the same request again; else why not. @throws OAuthError */
async function replayOrRefuse(
  as: AuthorizationServer,
  request: TokenRequest,
  presented: string,
  { presentedHash, scopes }: Rotation,
): Promise<Issued> {
  const now = as.now();
  const token = await as.store.findRefreshToken(presentedHash, now);
  const client = await refreshingClient(as, request, token);
  if (client.policy.refresh === "none") throw missingGrant(client, "refresh_token");
  // RFC 6749 §5.2: "was issued to another client" is invalid_grant, too, and looks no different from an unknown one.
  if (!token || token.client_id !== client.client_id)
    throw invalid(client, "The refresh token is unknown, was ended, or was issued to another app.");
  if (token.consumedAt) return replay(as, client, token, token.consumedAt, presented);
  if (token.expiresAt <= now) throw invalid(client, "The refresh token has expired.");
  if (!token.stands)
    throw invalid(
      client,
      "The user took the approval back, or the account or the secret behind it has ended.",
    );
  if (scopes && !scopes.every((name) => token.scopes.includes(name)))
    throw refuse(
      client,
      "invalid_scope",
      // RFC 6749 §6: "MUST NOT include any scope not originally granted".
      "scope goes beyond what was granted",
      "The refresh asked for more than was granted.",
      { scope: scopes.join(" ") },
      { registered: { scope: token.scopes.join(" ") } },
    );
  // Rotated by a parallel request between the write and this look: its answer is there now.
  const again = await as.store.findRefreshToken(presentedHash, now);
  if (again?.consumedAt) return replay(as, client, again, again.consumedAt, presented);
  throw invalid(client, "The app's policy no longer allows refreshing what this grant issued.");
}

/** Who refreshes; where the policy lets a request do without naming the client, the token names it. */
async function refreshingClient(
  as: AuthorizationServer,
  request: TokenRequest,
  token: RefreshTokenFacts | null,
): Promise<Client> {
  const auth = request.client;
  const anonymous = auth === null || auth.method === "none";
  if (anonymous && token && (auth === null || auth.client_id === token.client_id)) {
    const client = await as.store.findClient(token.client_id);
    if (client && mayRequest(client) && client.policy.refresh_without_client_auth) return client;
  }
  // Without a client and without a token that is known, there is nobody to authenticate as.
  if (auth === null && token === null)
    throw new OAuthError("invalid_grant", "the refresh token is not valid");
  return authenticateClient(as, namedClient(request));
}

async function replay(
  as: AuthorizationServer,
  client: Client,
  token: RefreshTokenFacts,
  consumedAt: Date,
  presented: string,
): Promise<Issued> {
  const now = as.now();
  if (after(consumedAt, as.refreshReplaySeconds) <= now) {
    const ended = await as.store.revokeFamily(token.familyId, now);
    throw invalid(
      client,
      `A refresh token was used again after its successor was issued; all of its family ended, ${ended} access tokens among them.`,
      "A refresh token was used again after its successor was issued.",
    );
  }
  const answer = token.stands && token.successor ? unseal(presented, token.successor) : null;
  const minted: { access_token: string; refresh_token: string } | null = answer && JSON.parse(answer);
  const issued = minted && (await as.store.findToken(hashCredential(minted.access_token)));
  if (!minted || !issued?.familyStands)
    throw invalid(client, "The refresh token was used already, and what it brought has ended.");
  const { scopes, expiresAt } = issued;
  as.succeeded(client.client_id, "/oauth/token", "refresh_token");
  const response = tokenResponse(minted, { client, scopes, expiresAt, refreshes: true }, now);
  return { client_id: client.client_id, response };
}

function invalid(client: Pick<Client, "client_id">, reason: string, summary?: string): OAuthError {
  return refuse(client, "invalid_grant", "the refresh token is not valid", reason, {}, { summary });
}
