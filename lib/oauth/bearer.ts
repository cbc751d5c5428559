/** Whether a token stands for somebody right now, and what introspection says of it (RFC 6750, RFC 7662 §2.2). */
import { worksFor } from "./client_status";
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
  const app = { status: token.clientStatus, ownerId: token.clientOwnerId };
  if (token.client_id !== null && !worksFor(app, token.userId)) return false;
  if (token.userId !== null && token.userStatus !== "active") return false;
  return token.consentStands && token.familyStands && token.membershipStands;
}

function isIdle({ idleDays, lastUsedAt, createdAt }: TokenFacts, now: Date): boolean {
  return idleDays !== null && now.getTime() - (lastUsedAt ?? createdAt).getTime() > idleDays * DAY_MS;
}

/** What a token may do now: never more than its user holds at this moment. */
export function effectiveScopes(as: AuthorizationServer, token: TokenFacts): string[] {
  return within(token.scopes, heldScopes(as.scopes, { isAdmin: token.userIsAdmin }));
}

/** The APIs these scopes belong to, as audiences. */
export function audiences(as: AuthorizationServer, scopes: readonly string[]): string[] {
  const names = new Set(scopes.map((name) => as.scopes[name]?.api ?? ""));
  return Object.entries(as.apis).flatMap(([name, { path }]) => (names.has(name) ? [as.issuer + path] : []));
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

/** Looks a presented bearer token up. What has not our shape and checksum never reaches the store. */
export async function lookUp(as: AuthorizationServer, presented: string): Promise<TokenFacts | null> {
  if (!isWellFormed(presented, ["at", "pat", "lt"], as.credentialPrefix)) return null;
  const token = await as.store.findToken(hashCredential(presented));
  const now = as.now();
  if (!token || !isLive(token, now)) return null;
  // What a policy of today would have ended already, for the dry run.
  const isOld = now.getTime() - token.createdAt.getTime() > HOUR_MS;
  if (isOld && token.kind === "access" && token.client_id !== null)
    as.observe(token.client_id, ["old_access_token"]);
  return token;
}

/** The check a resource server of this same process makes: any token, no client in between. */
export async function introspectBearer(as: AuthorizationServer, presented: string): Promise<Introspection> {
  const token = await lookUp(as, presented);
  return token ? describeToken(as, token) : { active: false };
}
