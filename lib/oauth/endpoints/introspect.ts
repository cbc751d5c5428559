/** Token introspection (RFC 7662): a client may ask about its own tokens. */
import { authenticateClient, presentedClient } from "../authenticate";
import { describeToken, lookUp, mayComeFrom } from "../bearer";
import { OAuthError } from "../errors";
import { readForm, required } from "../form";
import { type EndpointRequest, type EndpointResponse, json } from "../message";
import { isAddress } from "../networks";
import type { AuthorizationServer } from "../server";

/** @throws OAuthError in the words of RFC 6749 §5.2, as RFC 7662 §2.3 asks */
export async function introspect(
  as: AuthorizationServer,
  request: EndpointRequest,
): Promise<EndpointResponse> {
  const params = readForm(request);
  const presented = presentedClient(request, params);
  // RFC 7662 §2.1: "To prevent token scanning attacks, the endpoint MUST also require some form of authorization".
  if (presented.method === "none")
    throw new OAuthError("invalid_client", "introspection needs client authentication");
  const token = required(params, "token");
  // RFC 7662 §2.1 lets a resource server tell "the IP address of the client accessing the protected resource".
  const client_ip = params.get("client_ip");
  if (client_ip !== undefined && !isAddress(client_ip))
    throw new OAuthError("invalid_request", "client_ip must be an IPv4 or IPv6 address");
  const client = await authenticateClient(as, presented);
  const facts = await lookUp(as, token);
  // RFC 7662 §2.2: a token the protected resource may not know about is answered like one that does not exist.
  as.succeeded(client.client_id, "/oauth/introspect", "");
  const own = facts !== null && facts.client_id === client.client_id;
  // §2.2: "the authorization server SHOULD NOT include any additional information about an inactive token".
  return json(200, own && mayComeFrom(facts, client_ip) ? describeToken(as, facts) : { active: false });
}
