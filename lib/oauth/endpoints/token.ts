/** The token endpoint (RFC 6749 §3.2). */
import { presentedClient } from "../authenticate";
import { OAuthError } from "../errors";
import { readForm, required } from "../form";
import { grants } from "../grants/index";
import { type EndpointRequest, type EndpointResponse, json } from "../message";
import type { AuthorizationServer } from "../server";

const byType = new Map(grants.map((grant) => [grant.grant_type, grant]));

/** @throws OAuthError in the words of RFC 6749 §5.2 */
export async function token(as: AuthorizationServer, request: EndpointRequest): Promise<EndpointResponse> {
  const params = readForm(request);
  const grant = byType.get(required(params, "grant_type"));
  if (!grant)
    throw new OAuthError(
      "unsupported_grant_type",
      `grant_type must be one of: ${[...byType.keys()].join(" ")}`,
    );
  const client = presentedClient(request.headers.authorization, params);
  return json(200, await grant.issue(as, client, params));
}
