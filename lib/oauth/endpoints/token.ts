/** The token endpoint (RFC 6749 §3.2). */
import { presentedClientIfAny } from "../authenticate";
import { OAuthError } from "../errors";
import { readForm, required } from "../form";
import type { Grant } from "../grants/grant";
import { grants } from "../grants/index";
import { type EndpointRequest, type EndpointResponse, json } from "../message";
import type { Params } from "../params";
import type { AuthorizationServer } from "../server";
import { hashCredential } from "../tokens";

const byType = new Map(grants.map((grant) => [grant.grant_type, grant]));

/** @throws OAuthError in the words of RFC 6749 §5.2 */
export async function token(as: AuthorizationServer, request: EndpointRequest): Promise<EndpointResponse> {
  const params = readForm(request);
  const grant = await grantOf(as, required(params, "grant_type"));
  try {
    const client = presentedClientIfAny(request, params);
    const { client_id, response } = await grant.issue(as, { client, params, address: request.address });
    return Object.assign(json(200, response), { issuedTo: client_id });
  } catch (error) {
    if (error instanceof OAuthError && error.status === 401 && request.headers.authorization === undefined)
      throw await withStatusOfPolicy(as, params, error);
    throw error;
  }
}

async function grantOf(as: AuthorizationServer, grant_type: string): Promise<Grant> {
  const grant = byType.get(grant_type);
  const needed = grant?.instanceSwitch;
  if (grant && (needed === undefined || (await as.store.findInstance())[needed])) return grant;
  throw new OAuthError("unsupported_grant_type", await unsupported(as, grant_type));
}

async function unsupported(as: AuthorizationServer, grant_type: string): Promise<string> {
  const stray = /[^0-9A-Za-z_:.-]+$/.exec(grant_type)?.[0];
  if (stray !== undefined && byType.has(grant_type.slice(0, -stray.length)))
    return `grant_type ends with stray characters (${[...stray].map(named).join(", ")}); check how the request body is quoted`;
  return `grant_type must be one of: ${(await grantTypes(as)).join(" ")}`;
}

/** A character in words that an error_description may contain (RFC 6749 §5.2 allows neither quote nor backslash). */
function named(character: string): string {
  const names: Record<string, string> = { " ": "space", "\\": "backslash", '"': "quote", "\n": "line break" };
  return (
    names[character] ?? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`
  );
}

/** The grant types that can be used now. */
export async function grantTypes(as: AuthorizationServer): Promise<string[]> {
  const instance = await as.store.findInstance();
  return grants
    .filter(({ instanceSwitch }) => instanceSwitch === undefined || instance[instanceSwitch])
    .map(({ grant_type }) => grant_type);
}

/**
 * RFC 6749 §5.2: after an attempt in the body or none, invalid_client "MAY" be 401; some clients know 400 alone. The
 * policy is that of the client, or of the code where the client is not known.
 */
async function withStatusOfPolicy(
  as: AuthorizationServer,
  params: Params,
  error: OAuthError,
): Promise<OAuthError> {
  const client_id = params.get("client_id");
  const code = params.get("code");
  const client =
    (client_id === undefined ? null : await as.store.findClient(client_id)) ??
    (code === undefined ? null : await clientOfCode(as, code));
  if (client?.policy.error_status !== "always_400") return error;
  return new OAuthError(error.code, error.message, { ...error.options, status: 400 });
}

async function clientOfCode(as: AuthorizationServer, code: string) {
  const found = await as.store.findAuthorizationCode(hashCredential(code));
  return found && as.store.findClient(found.client_id);
}
