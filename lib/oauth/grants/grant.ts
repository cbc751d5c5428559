/** What a grant type is to the token endpoint. */
import { authenticateClient } from "../authenticate";
import { type Evidence, OAuthError } from "../errors";
import type { Instance } from "../instance";
import type { Params } from "../params";
import type { AuthorizationServer } from "../server";
import type { HashedClientAuthentication } from "../store";
import type { Trait } from "../switches";
import type { TokenResponse } from "../token_response";
import type { Client } from "../types";

/** A token request that has been read, and nothing more. */
export interface TokenRequest {
  /** Null when the request names no client at all. */
  client: HashedClientAuthentication | null;
  params: Params;
  /** The caller's address. */
  address: string;
}

export interface Grant {
  grant_type: string;
  /** The installation's switch that it needs; without one it is always there. */
  instanceSwitch?: keyof Pick<Instance, "password">;
  /** @throws OAuthError */
  issue(as: AuthorizationServer, request: TokenRequest): Promise<Issued>;
}

/** The answer, and which client it is for. */
export interface Issued {
  client_id: string;
  response: TokenResponse;
}

/** The client of a grant that always needs one. @throws OAuthError invalid_client */
export function namedClient({ client }: TokenRequest): HashedClientAuthentication {
  if (client) return client;
  throw new OAuthError(
    "invalid_client",
    "client authentication is missing: send client_id and client_secret with HTTP Basic (client_secret_basic) or in " +
      "the form body (client_secret_post), or client_id alone for a public client",
  );
}

/** Refuses in words for the caller, and in more words for the app's owner. */
export function refuse(
  client: Pick<Client, "client_id">,
  code: "invalid_grant" | "invalid_scope" | "unauthorized_client" | "unsupported_grant_type",
  message: string,
  reason: string,
  received: Record<string, string> = {},
  more: Pick<Evidence, "registered" | "summary"> = {},
): OAuthError {
  return new OAuthError(code, message, {
    evidence: { client_id: client.client_id, reason, received, ...more },
  });
}

/** Authenticates the client and checks that its policy has the grant. @throws OAuthError */
export async function clientWithGrant(
  as: AuthorizationServer,
  auth: HashedClientAuthentication,
  grant_type: string,
  allowed: (client: Client) => boolean,
): Promise<Client> {
  const client = await authenticateClient(as, auth);
  if (allowed(client)) return client;
  throw missingGrant(client, grant_type);
}

/**
 * RFC 6749 §5.2: unauthorized_client for a grant the server has and the client may not use. Clients that know status 400
 * alone were told that a grant which is not theirs is not supported.
 */
export function missingGrant(client: Client, grant_type: string): OAuthError {
  const code = client.policy.error_status === "rfc" ? "unauthorized_client" : "unsupported_grant_type";
  const reason = `The app's policy does not have the grant ${grant_type}.`;
  const allowed = [...client.policy.grants, ...(client.policy.password ? ["password"] : [])];
  return refuse(
    client,
    code,
    `this app is not allowed to use ${grant_type}`,
    reason,
    { grant_type },
    { registered: { grant_type: allowed.join(" ") } },
  );
}

/** How the client authenticated, as a trait of the request. */
export function authTrait({ method }: HashedClientAuthentication): Trait[] {
  return method === "none" ? [] : [`token_${method}`];
}
