/** The nouns of the protocol as floor 0 sees them: rows without their database. */
import type { Policy } from "./policy";
import type { RedirectRule } from "./redirect";

/** A registered client (RFC 6749 §2). */
export interface Client {
  client_id: string;
  name: string;
  /** Its owner is a user or a company, never both. */
  ownerId: string | null;
  companyId: string | null;
  /** Of the user or the company. */
  ownerName: string;
  /** RFC 6749 §2.1. */
  type: "confidential" | "public";
  /** A pending client works for who maintains it alone. */
  status: "active" | "pending" | "refused" | "suspended";
  /** What it may ask for at most. */
  scopes: readonly string[];
  redirect: RedirectRule;
  policy: Policy;
  logoId: string | null;
  /** Grows with every change of what a consent screen shows. */
  version: number;
}

/** An authorize request as validated; sign-in and consent carry only its id. */
export interface AuthorizationRequest {
  id: string;
  client_id: string;
  clientVersion: number;
  /** `token` is the implicit grant (RFC 6749 §4.2.1). */
  response_type: "code" | "token";
  redirect_uri: string;
  /** False where the one registered URI stands in for a parameter that was left out. */
  redirectUriSent: boolean;
  state: string | null;
  scopes: readonly string[];
  /** False where the policy's default stands in for a parameter that was left out. */
  scopeSent: boolean;
  code_challenge: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** A user's standing approval of a client, for one company and one redirect host. */
export interface Consent {
  id: string;
  userId: string;
  client_id: string;
  companyId: string | null;
  redirectHost: string;
  scopes: readonly string[];
}

/** An authorization code at rest (RFC 6749 §4.1.2). */
export interface AuthorizationCode {
  hash: string;
  client_id: string;
  userId: string;
  companyId: string | null;
  consentId: string;
  redirect_uri: string;
  redirectUriSent: boolean;
  scopes: readonly string[];
  code_challenge: string | null;
  createdAt: Date;
  expiresAt: Date;
  consumedAt: Date | null;
}

export type TokenKind = "access" | "personal" | "legacy";

/** A token with everything that decides whether it still stands for somebody. */
export interface TokenFacts {
  hash: string;
  kind: TokenKind;
  scopes: readonly string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  client_id: string | null;
  userId: string | null;
  companyId: string | null;
  /** The companies it reaches now; more than one for a token of a user's own for all their companies. */
  companyIds: readonly string[];
  /** The app it was issued to, if one: null when that app is gone. */
  clientStatus: Client["status"] | null;
  clientOwnerId: string | null;
  /** Does its user maintain the app for the company that owns it? Asked of pending apps alone. */
  userMaintains: boolean;
  /** Days without use after which it ends, by its app's policy. */
  idleDays: number | null;
  /** Null when the user is gone. */
  userStatus: "active" | "suspended" | null;
  userEmail: string | null;
  userIsAdmin: boolean;
  /** False when the consent behind an app's token was taken back. */
  consentStands: boolean;
  /** False when the refresh token family it came with was ended. */
  familyStands: boolean;
  /** False when the user has left the company the token is for. */
  membershipStands: boolean;
  /** The networks it may be used from; null: from anywhere. */
  allowedAddresses: readonly string[] | null;
}

/** One generation of a refresh token, with what decides whether it may still be used (RFC 6749 §6). */
export interface RefreshTokenFacts {
  familyId: string;
  client_id: string;
  /** The grant its family came from. */
  grant_type: string;
  /** What the family may have at most. */
  scopes: readonly string[];
  /** Whichever comes first: its own end, or its family's. */
  expiresAt: Date;
  consumedAt: Date | null;
  /** The answer that consumed it, sealed. */
  successor: Uint8Array | null;
  /** False when the consent, the user, the membership or the client secret behind it is gone. */
  stands: boolean;
}
