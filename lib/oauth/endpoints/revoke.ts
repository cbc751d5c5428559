/** Token revocation (RFC 7009): a client ends a token it holds. */
import { authenticateClient, presentedClient } from "../authenticate";
import { readForm, required } from "../form";
import { type EndpointRequest, type EndpointResponse, json } from "../message";
import type { AuthorizationServer } from "../server";
import { hashCredential, isWellFormed } from "../tokens";

/** @throws OAuthError in the words of RFC 6749 §5.2, as RFC 7009 §2.2.1 asks */
export async function revoke(as: AuthorizationServer, request: EndpointRequest): Promise<EndpointResponse> {
  const params = readForm(request);
  const presented = presentedClient(request, params);
  const token = required(params, "token");
  const client = await authenticateClient(as, presented);
  if (isWellFormed(token, ["at", "rt"], as.credentialPrefix))
    await as.store.revokeTokenOfClient(hashCredential(token), client.client_id, as.now());
  as.succeeded(client.client_id, "/oauth/revoke", "");
  // RFC 7009 §2.2: "invalid tokens do not cause an error response", so that nobody can tell tokens apart here.
  return json(200, {});
}
