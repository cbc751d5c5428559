/** Consent (RFC 6749 §4.1 step B): when it must be asked, what was shown, and what Allow and Deny do. */
import { codeLocation, errorLocation } from "./authorization_response";
import { matchRedirectUri } from "./redirect";
import { isLoopback, redirectHost } from "./redirect_uri";
import { covers } from "./scope";
import { type AuthorizationServer, after } from "./server";
import { hashCredential, mint, randomId } from "./tokens";
import type { AuthorizationRequest, Client, Consent } from "./types";

/** A stored request together with the client as it is now. */
export interface PendingRequest {
  request: AuthorizationRequest;
  client: Client;
}

/** The person who decides. */
export interface Approver {
  userId: string;
  /** The companies the person is a member of now. */
  companyIds: readonly string[];
}

/** The request and its client, if both still stand. */
export async function findPending(as: AuthorizationServer, id: string): Promise<PendingRequest | null> {
  if (!/^[0-9A-Za-z]{32}$/.test(id)) return null;
  const request = await as.store.findAuthorizationRequest(id, as.now());
  if (!request) return null;
  const client = await as.store.findClient(request.client_id);
  if (client?.status !== "active") return null;
  // The registration may have changed since the request was stored: a URI that fails now gets nothing.
  return matchRedirectUri(client.redirect, request.redirect_uri) ? { request, client } : null;
}

/** Names what a consent screen shows, so that a decision about something else is noticed (house rule 1). */
export function snapshot({ request, client }: PendingRequest, approver: Approver): string {
  const shown = [
    client.client_id,
    client.version,
    request.redirect_uri,
    request.scopes,
    approver.userId,
    approver.companyIds,
  ];
  return hashCredential(JSON.stringify(shown));
}

/**
 * The company of the one consent that already covers this request, or "ask".
 *
 * Asked again when the scopes are wider, the redirect host is another one, the company is gone, or consents for several
 * companies would do: nobody but the person can choose between those. A public client on a loopback or private-use
 * redirect cannot prove who it is, and RFC 8252 §8.6 wants the person asked each time.
 */
export function rememberedCompany(
  { request, client }: PendingRequest,
  consents: readonly Consent[],
  approver: Approver,
): { companyId: string | null } | "ask" {
  if (client.type === "public" && !request.redirect_uri.startsWith("https:")) return "ask";
  const covering = hostConsents(request, consents).filter(
    ({ companyId, scopes }) => covers(scopes, request.scopes) && mayUse(approver, companyId),
  );
  const companies = new Set(covering.map(({ companyId }) => companyId));
  const [companyId] = companies;
  return companies.size === 1 && companyId !== undefined ? { companyId } : "ask";
}

/** The scopes that no consent for this client and host has covered yet. */
export function newScopes(request: AuthorizationRequest, consents: readonly Consent[]): string[] {
  const known = hostConsents(request, consents).flatMap(({ scopes }) => scopes);
  return request.scopes.filter((scope) => !known.includes(scope));
}

/** What a consent is bound to. A loopback port is another one each time (RFC 8252 §7.3), so it is left out. */
function consentHost(redirect_uri: string): string {
  const host = redirectHost(redirect_uri);
  return isLoopback(redirect_uri) ? host.replace(/:\d+$/, "") : host;
}

function hostConsents(request: AuthorizationRequest, consents: readonly Consent[]): Consent[] {
  const host = consentHost(request.redirect_uri);
  return consents.filter(({ redirectHost }) => redirectHost === host);
}

/** May the person let an app use this company? Null is for a person who has none. */
export function mayUse(approver: Approver, companyId: string | null): boolean {
  return companyId === null ? approver.companyIds.length === 0 : approver.companyIds.includes(companyId);
}

/**
 * Allow: takes the request, keeps the consent, mints the code.
 * @returns where to send the browser, or null when the request was already taken
 */
export async function allow(
  as: AuthorizationServer,
  { request, client }: PendingRequest,
  userId: string,
  companyId: string | null,
): Promise<string | null> {
  const code = mint("ac", as.random, as.credentialPrefix);
  const now = as.now();
  const taken = await as.store.approve(
    {
      requestId: request.id,
      userId,
      companyId,
      redirectHost: consentHost(request.redirect_uri),
      scopes: request.scopes,
      consentId: randomId(20, as.random),
      codeHash: code.hash,
      codeExpiresAt: after(now, client.policy.code_seconds),
    },
    now,
  );
  return taken ? codeLocation(as, request, code.value) : null;
}

/** Deny: takes the request and tells the client (RFC 6749 §4.1.2.1). */
export async function deny(as: AuthorizationServer, { request }: PendingRequest): Promise<string | null> {
  const taken = await as.store.takeAuthorizationRequest(request.id, as.now());
  return taken
    ? errorLocation(as, request, { code: "access_denied", message: "the user denied access" })
    : null;
}
