/** Whether a token stands for somebody right now, and what introspection says of it (RFC 6750, RFC 7662 §2.2). */
import type { AuthorizationServer } from "./server";
import { hashCredential, isWellFormed } from "./tokens";
import type { TokenFacts, TokenKind } from "./types";

/** RFC 7662 §2.2, and three members of ours: `kind`, `company_id` and `last4`. */
export interface ActiveToken {
  active: true;
  scope: string;
  client_id?: string;
  username?: string;
  token_type: "Bearer";
  /** Seconds since 1970-01-01 UTC. */
  exp?: number;
  iat: number;
  iss: string;
  /** The user, or the company for a credential of the company's own. */
  sub: string;
  kind: TokenKind;
  company_id?: string;
}

export type Introspection = ActiveToken | { active: false };

/** Is the token alive: not expired, and everybody behind it still there? */
export function isLive(token: TokenFacts, now: Date): boolean {
  if (token.expiresAt && token.expiresAt <= now) return false;
  if (token.client_id !== null && token.clientStatus !== "active") return false;
  if (token.userId !== null && token.userStatus !== "active") return false;
  return token.consentStands && token.membershipStands;
}

/** What introspection says of a token that is alive. */
export function describeToken(as: AuthorizationServer, token: TokenFacts): Introspection {
  const sub = token.userId ?? token.companyId;
  if (sub === null) return { active: false };
  return {
    active: true,
    scope: token.scopes.join(" "),
    ...(token.client_id !== null && { client_id: token.client_id }),
    ...(token.userEmail !== null && { username: token.userEmail }),
    token_type: "Bearer",
    ...(token.expiresAt && { exp: Math.floor(token.expiresAt.getTime() / 1000) }),
    iat: Math.floor(token.createdAt.getTime() / 1000),
    iss: as.issuer,
    sub,
    kind: token.kind,
    ...(token.companyId !== null && { company_id: token.companyId }),
  };
}

/** Looks a presented bearer token up. What has not our shape and checksum never reaches the store. */
export async function lookUp(as: AuthorizationServer, presented: string): Promise<TokenFacts | null> {
  if (!isWellFormed(presented, ["at", "pat", "lt"], as.credentialPrefix)) return null;
  const token = await as.store.findToken(hashCredential(presented));
  return token && isLive(token, as.now()) ? token : null;
}

/** The check a resource server of this same process makes: any token, no client in between. */
export async function introspectBearer(as: AuthorizationServer, presented: string): Promise<Introspection> {
  const token = await lookUp(as, presented);
  return token ? describeToken(as, token) : { active: false };
}
