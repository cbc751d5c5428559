/** Client authentication at the machine endpoints (RFC 6749 §2.3, §3.2.1). */
import { readClientAuthentication } from "./client_auth";
import { OAuthError } from "./errors";
import type { Caller } from "./message";
import type { Params } from "./params";
import type { AuthorizationServer } from "./server";
import { type ClientRefusal, type HashedClientAuthentication, hashClientAuthentication } from "./store";
import { hashCredential } from "./tokens";
import type { Client } from "./types";

/** Said to the app's owner; the caller hears one sentence for all of them, so that clients cannot be enumerated. */
const reasons: Record<ClientRefusal, string> = {
  unknown_client: "The client ID is not registered.",
  inactive_client: "The app is not active.",
  method_not_allowed: "The client authenticated by a method this app does not allow, or not at all.",
  wrong_secret: "The client secret is not one of this app's secrets.",
  ended_secret: "The client secret has ended; it was rotated or revoked.",
};

/**
 * Reads who is speaking, without asking the store yet.
 * @throws OAuthError invalid_client or invalid_request
 */
export function presentedClient(request: Caller, params: Params): HashedClientAuthentication {
  const read = readClientAuthentication(request.headers.authorization, params);
  if (!("problem" in read)) return hashClientAuthentication(read, hashCredential, request);
  throw new OAuthError(read.error, read.problem);
}

/** The same, and null for a request that names no client at all. @throws OAuthError */
export function presentedClientIfAny(request: Caller, params: Params): HashedClientAuthentication | null {
  const anonymous =
    request.headers.authorization === undefined && !params.has("client_id") && !params.has("client_secret");
  return anonymous ? null : presentedClient(request, params);
}

/**
 * Authenticates the client.
 * @throws OAuthError invalid_client, the same for an unknown client and a wrong secret
 */
export async function authenticateClient(
  as: AuthorizationServer,
  auth: HashedClientAuthentication,
): Promise<Client> {
  const client = await as.store.authenticateClient(auth, as.now());
  if (typeof client !== "string") return client;
  const isSecret = client === "wrong_secret" || client === "ended_secret";
  throw new OAuthError("invalid_client", "client authentication failed", {
    evidence: {
      client_id: auth.client_id,
      reason: reasons[client],
      received: { method: auth.method },
      ...(isSecret && auth.method !== "none" && { secretHash: auth.secretHash }),
    },
  });
}
