/** What the protocol needs kept. One contract suite holds every implementation to it. */
import type { ClientAuthentication } from "./client_auth";
import type { Instance } from "./instance";
import type { Caller } from "./message";
import type { Policy } from "./policy";
import type {
  AuthorizationCode,
  AuthorizationRequest,
  Client,
  Consent,
  RefreshTokenFacts,
  TokenFacts,
} from "./types";

/** Client authentication with the secret already hashed, and who sent it, where that is worth noting. */
export type HashedClientAuthentication = (
  | { method: "client_secret_basic" | "client_secret_post"; client_id: string; secretHash: string }
  | { method: "none"; client_id: string }
) & { caller?: Caller };

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
  /** What is granted: as requested, or less where the user could not give all of it. */
  scopes: readonly string[];
  /** The id a new consent gets; an existing one for the same user, client, company and host is widened instead. */
  consentId: string;
  /** What the person was shown, kept as a receipt; null when a remembered consent answered. */
  shown: Receipt | null;
  issue:
    | { response_type: "code"; hash: string; expiresAt: Date }
    | { response_type: "token"; hash: string; last4: string; expiresAt: Date | null };
}

/** What stood on a consent screen. */
export interface Receipt {
  app: string;
  owner: string;
  redirectHost: string;
  company: string | null;
  scopes: readonly { name: string; title: string; description: string }[];
}

/** An access token and a refresh token as minted; the policy decides whether the second one is kept. */
export interface MintedTokens {
  tokenHash: string;
  tokenLast4: string;
  /** The id of a new family; of no use where a family is there already. */
  familyId: string;
  refreshHash: string;
  refreshLast4: string;
}

/** Everything a redemption must match, and the tokens it brings to life (RFC 6749 §4.1.3). */
export interface Redemption extends MintedTokens {
  client: HashedClientAuthentication;
  codeHash: string;
  /** Null when it was left out. */
  redirect_uri: string | null;
  /** S256 of the presented verifier; null when none was presented. */
  code_challenge: string | null;
}

/** A request of a client for itself (RFC 6749 §4.4.2), or for a service account (§4.3.2). */
export interface DirectIssue extends MintedTokens {
  client: HashedClientAuthentication;
  /** Null when the request named none: the policy decides, with `basicScopes`. */
  scopes: readonly string[] | null;
  basicScopes: readonly string[];
}

/** A refresh (RFC 6749 §6). */
export interface Rotation extends MintedTokens {
  /** Null when no client was named at all. */
  client: HashedClientAuthentication | null;
  presentedHash: string;
  /** Null when the request named none: all of them. */
  scopes: readonly string[] | null;
  /** The answer, sealed for whoever presents the same refresh token again soon. */
  successor: Uint8Array;
}

/** What the answer to a token request depends on. */
export type AnswerPolicy = Pick<
  Policy,
  "response_include" | "token_type" | "token_redirect_uri" | "refresh_without_client_auth"
>;

export interface IssuedToken {
  client: Pick<Client, "client_id"> & { policy: AnswerPolicy };
  /** The grant behind it; of a refresh, the one its family came from. */
  grant_type: string;
  scopes: readonly string[];
  expiresAt: Date | null;
  /** Was the minted refresh token kept? */
  refreshes: boolean;
}

export interface Store {
  /** What administrators decided. */
  findInstance(): Promise<Instance>;

  /** The client, whatever its status. */
  findClient(client_id: string): Promise<Client | null>;
  /** Is it the user's own client, or one they maintain for the company that owns it? */
  isMaintainer(client_id: string, userId: string): Promise<boolean>;

  /**
   * Authenticates a client (RFC 6749 §2.3): registered, active or pending, by an allowed method, with a secret that is
   * alive.
   */
  authenticateClient(auth: HashedClientAuthentication, now: Date): Promise<Client | ClientRefusal>;

  saveAuthorizationRequest(request: AuthorizationRequest): Promise<void>;

  /** A request that is neither expired nor taken. */
  findAuthorizationRequest(id: string, now: Date): Promise<AuthorizationRequest | null>;

  /** Takes a request without granting anything. @returns false when it was gone */
  takeAuthorizationRequest(id: string, now: Date): Promise<boolean>;

  /** The user's consents for a client, of every company and host. */
  findConsents(userId: string, client_id: string): Promise<Consent[]>;

  /**
   * Takes the request, keeps the consent and its receipt, and writes the code or the token, all or nothing.
   * @returns false when the request was already taken or has expired
   */
  approve(approval: Approval, now: Date): Promise<boolean>;

  /**
   * Consumes a code and issues its tokens in one atomic write.
   * @returns null when anything did not match; nothing was changed then
   */
  redeemAuthorizationCode(redemption: Redemption, now: Date): Promise<IssuedToken | null>;

  /** A code in whatever state, to explain a refusal. */
  findAuthorizationCode(hash: string): Promise<(AuthorizationCode & { consentStands: boolean }) | null>;

  /** Ends what a replayed code had issued, refresh tokens included (RFC 6749 §4.1.2). @returns how many tokens ended */
  revokeTokensOfCode(hash: string, now: Date): Promise<number>;

  /**
   * Authenticates the client, checks grant and scopes, and issues to its owner: a user, or a company.
   * @returns null when anything did not match
   */
  issueToClient(issue: DirectIssue, now: Date): Promise<IssuedToken | null>;

  /**
   * The same for a service account whose password was checked.
   * @returns null when anything did not match
   */
  issueToServiceAccount(issue: DirectIssue & { userId: string }, now: Date): Promise<IssuedToken | null>;

  /**
   * Consumes a refresh token and issues its successors in one atomic write; where the policy is `static`, only issues.
   * @returns null when anything did not match; nothing was changed then
   */
  rotateRefreshToken(rotation: Rotation, now: Date): Promise<IssuedToken | null>;

  /** A generation of a refresh token in whatever state, of a family that was not ended. */
  findRefreshToken(hash: string, now: Date): Promise<RefreshTokenFacts | null>;

  /** Ends every generation of a family and its access tokens. @returns how many access tokens ended */
  revokeFamily(familyId: string, now: Date): Promise<number>;

  /** A token in whatever state. */
  findToken(hash: string): Promise<TokenFacts | null>;

  /** Ends an access token, or a refresh token with its family, if it was issued to this client (RFC 7009 §2.1). */
  revokeTokenOfClient(hash: string, client_id: string, now: Date): Promise<void>;
}

/** The secret leaves memory as its hash. */
export function hashClientAuthentication(
  auth: ClientAuthentication,
  hash: (value: string) => string,
  caller?: Caller,
): HashedClientAuthentication {
  if (auth.method === "none") return auth;
  const { method, client_id } = auth;
  return { method, client_id, secretHash: hash(auth.client_secret), caller };
}
