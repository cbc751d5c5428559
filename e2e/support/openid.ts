// A client written with openid-client, which nobody here wrote: the authorization code flow with PKCE, and refreshing.

import * as openid from "openid-client";
import type { App } from "./portal.ts";
import { type Decision, decide, type Visitor } from "./visitor.ts";

/** Reads the metadata and gets ready to speak as this app. */
export async function openidClient(
  issuer: string,
  { client_id, client_secret }: App,
): Promise<openid.Configuration> {
  const auth = client_secret ? openid.ClientSecretPost(client_secret) : openid.None();
  return openid.discovery(new URL(issuer), client_id, undefined, auth, {
    algorithm: "oauth2",
    // Plain http is for tests on this machine only.
    execute: [openid.allowInsecureRequests],
  });
}

/** Sends a person away, gets them back and exchanges the code. */
export async function connect(
  config: openid.Configuration,
  redirect_uri: string,
  person: Visitor,
  { scope, ...decision }: Decision & { scope?: string } = {},
): Promise<openid.TokenEndpointResponse> {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expectedState = openid.randomState();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri,
    ...(scope !== undefined && { scope }),
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
  });
  const answer = await decide(person, url, decision);
  return openid.authorizationCodeGrant(config, answer, { pkceCodeVerifier, expectedState });
}
