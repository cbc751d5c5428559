/** The nouns of the protocol as floor 0 sees them: rows without their database. */
import type { Policy } from "./policy";
import type { RedirectRule } from "./redirect";

/** A registered client (RFC 6749 §2). */
export interface Client {
  client_id: string;
  name: string;
  ownerId: string;
  ownerName: string;
  /** RFC 6749 §2.1. */
  type: "confidential" | "public";
  status: "active" | "pending" | "suspended";
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
  redirect_uri: string;
  state: string | null;
  scopes: readonly string[];
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
  client_id: string | null;
  userId: string | null;
  companyId: string | null;
  /** The app it was issued to, if one: null when that app is gone. */
  clientStatus: Client["status"] | null;
  /** Null when the user is gone. */
  userStatus: "active" | "suspended" | null;
  userEmail: string | null;
  /** False when the consent behind an app's token was taken back. */
  consentStands: boolean;
  /** False when the user has left the company the token is for. */
  membershipStands: boolean;
}
