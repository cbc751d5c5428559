/** What the protocol needs kept. One contract suite holds every implementation to it. */
import type { ClientAuthentication } from "./client_auth";
import type { AuthorizationCode, AuthorizationRequest, Client, Consent, TokenFacts } from "./types";

/** Client authentication with the secret already hashed. */
export type HashedClientAuthentication =
  | { method: "client_secret_basic" | "client_secret_post"; client_id: string; secretHash: string }
  | { method: "none"; client_id: string };

/** Why a client did not authenticate, for its owner; callers get one sentence for all of them. */
export type ClientRefusal =
  | "unknown_client"
  | "inactive_client"
  | "method_not_allowed"
  | "wrong_secret"
  | "ended_secret";

/** A decision for Allow, applied once. */
export interface Approval {
  requestId: string;
  userId: string;
  companyId: string | null;
  redirectHost: string;
  scopes: readonly string[];
  /** The id a new consent gets; an existing one for the same user, client, company and host is widened instead. */
  consentId: string;
  codeHash: string;
  codeExpiresAt: Date;
}

/** Everything a redemption must match, and the token it brings to life (RFC 6749 §4.1.3). */
export interface Redemption {
  client: HashedClientAuthentication;
  codeHash: string;
  redirect_uri: string;
  /** S256 of the presented verifier; null when none was presented. */
  code_challenge: string | null;
  tokenHash: string;
  tokenLast4: string;
}

export interface IssuedToken {
  client: Pick<Client, "client_id" | "policy">;
  scopes: readonly string[];
  expiresAt: Date | null;
}

export interface Store {
  /** The client, whatever its status. */
  findClient(client_id: string): Promise<Client | null>;

  /** Authenticates a client (RFC 6749 §2.3): registered, active, by an allowed method, with a secret that is alive. */
  authenticateClient(auth: HashedClientAuthentication, now: Date): Promise<Client | ClientRefusal>;

  saveAuthorizationRequest(request: AuthorizationRequest): Promise<void>;

  /** A request that is neither expired nor taken. */
  findAuthorizationRequest(id: string, now: Date): Promise<AuthorizationRequest | null>;

  /** Takes a request without granting anything. @returns false when it was gone */
  takeAuthorizationRequest(id: string, now: Date): Promise<boolean>;

  /** The user's consents for a client, of every company and host. */
  findConsents(userId: string, client_id: string): Promise<Consent[]>;

  /**
   * Takes the request, keeps the consent and writes the code, all or nothing.
   * @returns false when the request was already taken or has expired
   */
  approve(approval: Approval, now: Date): Promise<boolean>;

  /**
   * Consumes a code and issues its token in one atomic write.
   * @returns null when anything did not match; nothing was changed then
   */
  redeemAuthorizationCode(redemption: Redemption, now: Date): Promise<IssuedToken | null>;

  /** A code in whatever state, to explain a refusal. */
  findAuthorizationCode(hash: string): Promise<(AuthorizationCode & { consentStands: boolean }) | null>;

  /** Ends what a replayed code had issued (RFC 6749 §4.1.2). @returns how many tokens ended */
  revokeTokensOfCode(hash: string, now: Date): Promise<number>;

  /** A token in whatever state. */
  findToken(hash: string): Promise<TokenFacts | null>;

  /** Ends a token if it was issued to this client (RFC 7009 §2.1). */
  revokeTokenOfClient(hash: string, client_id: string, now: Date): Promise<void>;
}

/** The secret leaves memory as its hash. */
export function hashClientAuthentication(
  auth: ClientAuthentication,
  hash: (value: string) => string,
): HashedClientAuthentication {
  if (auth.method === "none") return auth;
  return { method: auth.method, client_id: auth.client_id, secretHash: hash(auth.client_secret) };
}
