/** Authorization server metadata (RFC 8414): exactly what works. */
import type { EndpointResponse } from "../message";
import type { AuthorizationServer } from "../server";
import { grantTypes } from "./token";

/** The document; every list is derived from what the endpoints read. */
export async function metadata(as: AuthorizationServer): Promise<EndpointResponse> {
  const { implicit } = await as.store.findInstance();
  const confidential = ["client_secret_basic", "client_secret_post"];
  const document = {
    issuer: as.issuer,
    authorization_endpoint: `${as.issuer}/oauth/authorize`,
    token_endpoint: `${as.issuer}/oauth/token`,
    introspection_endpoint: `${as.issuer}/oauth/introspect`,
    revocation_endpoint: `${as.issuer}/oauth/revoke`,
    scopes_supported: Object.keys(as.scopes),
    response_types_supported: implicit ? ["code", "token"] : ["code"],
    response_modes_supported: implicit ? ["query", "fragment"] : ["query"],
    grant_types_supported: [...(await grantTypes(as)), ...(implicit ? ["implicit"] : [])],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: [...confidential, "none"],
    introspection_endpoint_auth_methods_supported: confidential,
    revocation_endpoint_auth_methods_supported: [...confidential, "none"],
    // RFC 9207 §3.
    authorization_response_iss_parameter_supported: true,
  };
  // Public by nature: a client in a browser may read it from any origin.
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "cache-control": "public, max-age=300",
      "access-control-allow-origin": "*",
    },
    body: JSON.stringify(document),
  };
}
