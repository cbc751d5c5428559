/** What the Store in memory issues: by a code, to a client for itself, to a service account, and by a refresh token. */
import type { Policy } from "../../../lib/oauth/policy";
import { covers, within } from "../../../lib/oauth/scope";
import { after } from "../../../lib/oauth/server";
import type {
  DirectIssue,
  HashedClientAuthentication,
  IssuedToken,
  MintedTokens,
  Redemption,
  Rotation,
} from "../../../lib/oauth/store";
import type { Client } from "../../../lib/oauth/types";
import type { MemoryTables, StoredFamily } from "./tables";

/** What a grant gives, before anything is written. */
interface Granted extends Omit<StoredFamily, "id" | "expiresAt"> {
  policy: Policy;
  /** Does a refresh token come with it? */
  refreshes: boolean;
}

export function redeem(tables: MemoryTables, redemption: Redemption, now: Date): IssuedToken | null {
  tables.settle(redemption.client.client_id, now);
  const client = tables.authenticated(redemption.client, now);
  const code = tables.codes.get(redemption.codeHash);
  if (typeof client === "string" || !code || code.client_id !== client.client_id) return null;
  const { policy } = client;
  const { redirect_uri } = redemption;
  const mayOmit = !code.redirectUriSent || policy.token_redirect_uri === "ignore_if_omitted";
  if (code.consumedAt !== null || code.expiresAt <= now) return null;
  if (!policy.grants.includes("authorization_code")) return null;
  if (redirect_uri === null ? !mayOmit : redirect_uri !== code.redirect_uri) return null;
  if (code.code_challenge !== redemption.code_challenge || !tables.consentStands(code.consentId)) return null;
  tables.codes.set(code.hash, { ...code, consumedAt: now });
  const { client_id, userId, companyId, consentId, hash: codeHash, scopes } = code;
  const granted = { client_id, userId, companyId, allCompanies: false, consentId, codeHash, scopes, policy };
  const secretHash = policy.refresh_without_client_auth ? secretOf(redemption.client) : null;
  const refreshes = policy.refresh !== "none";
  return write(
    tables,
    { grant_type: "authorization_code", ...granted, secretHash, refreshes },
    redemption,
    now,
  );
}

export function issueToClient(tables: MemoryTables, request: DirectIssue, now: Date): IssuedToken | null {
  tables.settle(request.client.client_id, now);
  const client = tables.authenticated(request.client, now);
  if (typeof client === "string" || request.client.method === "none") return null;
  const { client_id, ownerId, companyId, policy } = client;
  const scopes = wanted(client, request);
  if (!policy.grants.includes("client_credentials") || scopes === null) return null;
  if (ownerId !== null && !tables.isActiveUser(ownerId)) return null;
  const granted = { client_id, userId: ownerId, companyId, allCompanies: ownerId !== null, scopes, policy };
  const behind = { consentId: null, codeHash: null, secretHash: secretOf(request.client) };
  const refreshes = policy.refresh !== "none" && policy.refresh_for_client_credentials;
  return write(tables, { grant_type: "client_credentials", ...granted, ...behind, refreshes }, request, now);
}

export function issueToServiceAccount(
  tables: MemoryTables,
  request: DirectIssue & { userId: string },
  now: Date,
): IssuedToken | null {
  tables.settle(request.client.client_id, now);
  const client = tables.authenticated(request.client, now);
  if (typeof client === "string") return null;
  const { client_id, policy } = client;
  const { userId } = request;
  const scopes = wanted(client, request);
  const isService = tables.users.get(userId)?.kind === "service" && tables.isActiveUser(userId);
  if (!policy.password || !isService || scopes === null) return null;
  const granted = { client_id, userId, companyId: null, allCompanies: true, scopes, policy };
  const secretHash = policy.refresh_without_client_auth ? secretOf(request.client) : null;
  const behind = { consentId: null, codeHash: null, secretHash };
  const refreshes = policy.refresh !== "none";
  return write(tables, { grant_type: "password", ...granted, ...behind, refreshes }, request, now);
}

export function rotate(tables: MemoryTables, rotation: Rotation, now: Date): IssuedToken | null {
  const presented = tables.refreshTokens.get(rotation.presentedHash);
  const family = tables.families.get(presented?.familyId ?? "");
  if (!presented || !family) return null;
  tables.settle(family.client_id, now);
  const client = tables.client(family.client_id, now);
  if (!client || !mayRefresh(tables, client, family, rotation.client, now)) return null;
  if (presented.consumedAt !== null || presented.expiresAt <= now || family.expiresAt <= now) return null;
  const asked = rotation.scopes ?? family.scopes;
  if (!covers(family.scopes, asked) || !tables.familyStands(family, now)) return null;
  const scopes = within(asked, client.scopes);
  if (scopes.length === 0) return null;
  const { policy } = client;
  const rotates = client.type === "public" || policy.refresh === "rotating";
  const expiresAt = earlier(family.expiresAt, after(now, policy.refresh_idle_seconds));
  const successor = rotates
    ? { ...presented, consumedAt: now, successor: rotation.successor }
    : { ...presented, expiresAt };
  tables.refreshTokens.set(presented.hash, successor);
  if (rotates) addRefreshToken(tables, family.id, rotation, expiresAt);
  return writeToken(tables, { ...family, scopes, policy, refreshes: rotates }, family.id, rotation, now);
}

/** Who may refresh: RFC 6749 §6, or without authentication what the policy binds to the client secret. */
function mayRefresh(
  tables: MemoryTables,
  { client_id, type, policy }: Client,
  { grant_type, secretHash }: StoredFamily,
  auth: HashedClientAuthentication | null,
  now: Date,
): boolean {
  if (auth && auth.client_id !== client_id) return false;
  if (policy.refresh === "none") return false;
  if (grant_type === "client_credentials" && !policy.refresh_for_client_credentials) return false;
  if (grant_type === "password" && !(policy.password && tables.instance.password)) return false;
  if (auth && auth.method !== "none") return typeof tables.authenticated(auth, now) !== "string";
  if (type === "public" && auth !== null) return true;
  return policy.refresh_without_client_auth && (type === "public" || secretHash !== null);
}

/** The scopes named, or what the policy gives who names none; null when that is nothing, or beyond the app's. */
function wanted(client: Client, { scopes, basicScopes }: DirectIssue): readonly string[] | null {
  const defaults = { none: [], basic: within(basicScopes, client.scopes), registered: client.scopes };
  const asked = scopes ?? defaults[client.policy.default_scope];
  return asked.length > 0 && covers(client.scopes, asked) ? asked : null;
}

function write(tables: MemoryTables, granted: Granted, minted: MintedTokens, now: Date): IssuedToken {
  const { policy, refreshes, ...family } = granted;
  if (!refreshes) return writeToken(tables, granted, null, minted, now);
  const expiresAt = after(now, policy.refresh_seconds);
  tables.families.set(minted.familyId, { ...family, id: minted.familyId, expiresAt });
  const idleEnd = earlier(expiresAt, after(now, policy.refresh_idle_seconds));
  addRefreshToken(tables, minted.familyId, minted, idleEnd);
  return writeToken(tables, granted, minted.familyId, minted, now);
}

function addRefreshToken(
  tables: MemoryTables,
  familyId: string,
  minted: MintedTokens,
  expiresAt: Date,
): void {
  const hash = minted.refreshHash;
  tables.refreshTokens.set(hash, { hash, familyId, expiresAt, consumedAt: null, successor: null });
}

function writeToken(
  tables: MemoryTables,
  granted: Granted,
  familyId: string | null,
  { tokenHash: hash }: MintedTokens,
  now: Date,
): IssuedToken {
  const { client_id, userId, companyId, allCompanies, consentId, codeHash, scopes, policy, refreshes } =
    granted;
  const expiresAt = policy.access_seconds === null ? null : after(now, policy.access_seconds);
  const whose = { client_id, userId, companyId, allCompanies, consentId, codeHash, familyId };
  tables.tokens.set(hash, {
    hash,
    kind: "access",
    ...whose,
    scopes,
    createdAt: now,
    expiresAt,
    lastUsedAt: null,
  });
  return { client: { client_id, policy }, grant_type: granted.grant_type, scopes, expiresAt, refreshes };
}

function secretOf(auth: HashedClientAuthentication): string | null {
  return auth.method === "none" ? null : auth.secretHash;
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
