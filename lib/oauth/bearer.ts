/** Whether a token stands for somebody right now, and what introspection says of it (RFC 6750, RFC 7662 §2.2). */
import { worksFor } from "./client_status";
import { isWithin } from "./networks";
import { heldScopes, within } from "./scope";
import type { AuthorizationServer } from "./server";
import { hashCredential, isWellFormed } from "./tokens";
import type { TokenFacts, TokenKind } from "./types";

/** RFC 7662 §2.2, and members of ours: `kind`, `company_id` and `company_ids`. */
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
  /** The APIs it is for (RFC 9700 §2.3). */
  aud: string[];
  kind: TokenKind;
  /** The one company it is for; absent when there is none, or when it is for all of its user's. */
  company_id?: string;
  /** Every company it reaches at this moment. */
  company_ids: readonly string[];
}

export type Introspection = ActiveToken | { active: false };

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Is the token alive: not expired, and everybody behind it still there? */
export function isLive(token: TokenFacts, now: Date): boolean {
  if (token.expiresAt && token.expiresAt <= now) return false;
  if (isIdle(token, now)) return false;
  const { clientStatus: status, clientOwnerId: ownerId, userMaintains: isMaintained } = token;
  if (token.client_id !== null && !worksFor({ status, ownerId, isMaintained }, token.userId)) return false;
  if (token.userId !== null && token.userStatus !== "active") return false;
  return token.consentStands && token.familyStands && token.membershipStands;
}

/**
 * May the token be used from there? One that names its networks is refused where nobody says where the call came from.
 * @param address the caller's; undefined when it is not known
 */
export function mayComeFrom({ allowedAddresses }: TokenFacts, address: string | undefined): boolean {
  if (allowedAddresses === null || allowedAddresses.length === 0) return true;
  return address !== undefined && isWithin(address, allowedAddresses);
}

function isIdle({ idleDays, lastUsedAt, createdAt }: TokenFacts, now: Date): boolean {
  return idleDays !== null && now.getTime() - (lastUsedAt ?? createdAt).getTime() > idleDays * DAY_MS;
}

/** What a token may do now: never more than its user holds at this moment. */
function effectiveScopes(as: AuthorizationServer, token: TokenFacts): string[] {
  return within(token.scopes, heldScopes(as.scopes, { isAdmin: token.userIsAdmin }));
}

/** The APIs these scopes belong to, as audiences. */
function audiences(as: AuthorizationServer, scopes: readonly string[]): string[] {
  const named: string[] = [];
  for (const api in as.apis)
    if (scopes.some((name) => as.scopes[name]?.api === api)) named.push(as.issuer + as.apis[api]?.path);
  return named;
}

/** What introspection says of a token that is alive. */
export function describeToken(as: AuthorizationServer, token: TokenFacts): Introspection {
  const sub = token.userId ?? token.companyId;
  if (sub === null) return { active: false };
  const scopes = effectiveScopes(as, token);
  return {
    active: true,
    scope: scopes.join(" "),
    ...(token.client_id !== null && { client_id: token.client_id }),
    ...(token.userEmail !== null && { username: token.userEmail }),
    token_type: "Bearer",
    ...(token.expiresAt && { exp: Math.floor(token.expiresAt.getTime() / 1000) }),
    iat: Math.floor(token.createdAt.getTime() / 1000),
    iss: as.issuer,
    sub,
    aud: audiences(as, scopes),
    kind: token.kind,
    ...(token.companyId !== null && { company_id: token.companyId }),
    company_ids: token.companyIds,
  };
}

/** Why a token that is there stands for nobody, for those who maintain its app. */
export function deathOf(token: TokenFacts, now: Date): string {
  if (token.expiresAt && token.expiresAt <= now) return "The token has expired.";
  if (isIdle(token, now)) return "The token was not used for longer than the app's policy allows.";
  if (token.userId !== null && token.userStatus !== "active") return "The user of the token is not active.";
  if (!token.consentStands) return "The user took the approval back.";
  if (!token.familyStands) return "The refresh token it came with has ended.";
  if (!token.membershipStands) return "The user has left the company the token is for.";
  return "The app does not work for this user now.";
}

/** What a presented bearer token is found by; null for what has not our shape and checksum: it never reaches the store. */
export function bearerHash(as: AuthorizationServer, presented: string): string | null {
  if (!isWellFormed(presented, ["at", "pat", "lt"], as.credentialPrefix)) return null;
  return hashCredential(presented);
}

/** Does a token that was presented stand for somebody now? */
export function stands(as: AuthorizationServer, token: TokenFacts): boolean {
  const now = as.now();
  if (!isLive(token, now)) return false;
  // What a policy of today would have ended already, for the dry run.
  const isOld = now.getTime() - token.createdAt.getTime() > HOUR_MS;
  if (isOld && token.kind === "access" && token.client_id !== null)
    as.observe(token.client_id, ["old_access_token"]);
  return true;
}

/** Looks a presented bearer token up, for whoever needs to know no more of it than the rules do. */
export async function lookUp(as: AuthorizationServer, presented: string): Promise<TokenFacts | null> {
  const hash = bearerHash(as, presented);
  const token = hash === null ? null : await as.store.findToken(hash);
  return token && stands(as, token) ? token : null;
}
