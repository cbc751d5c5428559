/** Consent (RFC 6749 §4.1 step B): when it must be asked, what was shown, and what Allow and Deny do. */
import { codeLocation, errorLocation, tokenLocation } from "./authorization_response";
import { mayRequest } from "./client_status";
import { matchRedirectUri } from "./redirect";
import { isLoopback, redirectHost } from "./redirect_uri";
import { covers, within } from "./scope";
import { type AuthorizationServer, after } from "./server";
import type { Approval, Receipt } from "./store";
import type { Trait } from "./switches";
import { tokenResponse } from "./token_response";
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
  /** The scopes the person holds, and so can give. */
  scopes: readonly string[];
}

/** The request and its client, if both still stand. */
export async function findPending(as: AuthorizationServer, id: string): Promise<PendingRequest | null> {
  if (!/^[0-9A-Za-z]{32}$/.test(id)) return null;
  const request = await as.store.findAuthorizationRequest(id, as.now());
  if (!request) return null;
  const client = await as.store.findClient(request.client_id);
  if (!client || !mayRequest(client)) return null;
  // The registration may have changed since the request was stored: a URI that fails now gets nothing.
  if (!matchRedirectUri(client.redirect, request.redirect_uri)) return null;
  return (await stillOffered(as, request, client)) ? { request, client } : null;
}

/** The implicit grant ends at its date, and when administrators switch it off, for requests under way as well. */
async function stillOffered(
  as: AuthorizationServer,
  { response_type }: AuthorizationRequest,
  { policy }: Client,
): Promise<boolean> {
  if (response_type === "code") return true;
  return policy.implicit && (await as.store.findInstance()).implicit;
}

/** Can this person decide about the request at all, and if not, why? */
export async function standing(
  { store }: Pick<AuthorizationServer, "store">,
  { request, client }: PendingRequest,
  approver: Approver,
): Promise<"may_decide" | "pending_app" | "lacks_scope"> {
  // Until it is approved, an app works for those who maintain it.
  const waits = client.status === "pending";
  if (waits && !(await store.isMaintainer(client.client_id, approver.userId))) return "pending_app";
  const given = givenScopes(request, approver);
  const short = given.length < request.scopes.length;
  return given.length === 0 || (short && client.policy.scope_mismatch === "deny")
    ? "lacks_scope"
    : "may_decide";
}

/** What the person can give of what is asked for. */
export function givenScopes(request: AuthorizationRequest, approver: Approver): string[] {
  return within(request.scopes, approver.scopes);
}

/** Names what a consent screen shows, so that a decision about something else is noticed (house rule 1). */
export function snapshot({ request, client }: PendingRequest, approver: Approver): string {
  const shown = [
    client.client_id,
    client.version,
    request.redirect_uri,
    givenScopes(request, approver),
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
  if (client.policy.consent === "always") return "ask";
  if (client.type === "public" && !request.redirect_uri.startsWith("https:")) return "ask";
  const given = givenScopes(request, approver);
  const covering = hostConsents(request, consents).filter(
    ({ companyId, scopes }) => covers(scopes, given) && mayUse(approver, companyId),
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
 * Allow: takes the request, keeps the consent, mints the code, or the token of the implicit grant.
 * @param shown what stood on the screen; null when a remembered consent answers
 * @returns where to send the browser, or null when the request was already taken
 */
export async function allow(
  as: AuthorizationServer,
  { request, client }: PendingRequest,
  approver: Approver,
  companyId: string | null,
  shown: Receipt | null,
): Promise<string | null> {
  const now = as.now();
  const scopes = givenScopes(request, approver);
  const answer = answerOf(as, request, client, scopes, now);
  const approval: Approval = {
    requestId: request.id,
    userId: approver.userId,
    companyId,
    redirectHost: consentHost(request.redirect_uri),
    scopes,
    consentId: randomId(20, as.random),
    shown,
    issue: answer.issue,
  };
  if (!(await as.store.approve(approval, now))) return null;
  observe(as, client, request);
  as.succeeded(client.client_id, "/oauth/authorize", "");
  return answer.location;
}

/**
 * Notes what the request needed of the app's policy, and the redirect URI of an app that registered a domain. Only now:
 * anybody can send an authorize request, and what strangers made up should not count.
 */
function observe(as: AuthorizationServer, client: Client, request: AuthorizationRequest): void {
  const { code_challenge, state, response_type, redirectUriSent, redirect_uri, scopeSent } = request;
  const implicit = response_type === "token";
  const byDomain = client.redirect.match === "origin_path";
  const traits: [Trait, boolean][] = [
    ["authorize_implicit", implicit],
    ["authorize_without_pkce", !implicit && code_challenge === null],
    ["authorize_without_state", state === null && code_challenge === null],
    ["authorize_without_redirect_uri", !redirectUriSent],
    ["authorize_without_scope", !scopeSent],
    ["redirect_by_domain", byDomain],
  ];
  as.observe(
    client.client_id,
    traits.flatMap(([trait, needed]) => (needed ? [trait] : [])),
  );
  if (byDomain) as.observeRedirect(client.client_id, redirect_uri);
}

/** What is minted for an approval, and where it goes. */
function answerOf(
  as: AuthorizationServer,
  request: AuthorizationRequest,
  client: Client,
  scopes: readonly string[],
  now: Date,
): { issue: Approval["issue"]; location: string } {
  if (request.response_type === "code") {
    const { value, hash } = mint("ac", as.random, as.credentialPrefix);
    const expiresAt = after(now, client.policy.code_seconds);
    return { issue: { response_type: "code", hash, expiresAt }, location: codeLocation(as, request, value) };
  }
  const { value, hash, last4 } = mint("at", as.random, as.credentialPrefix);
  const { access_seconds } = client.policy;
  const expiresAt = access_seconds === null ? null : after(now, access_seconds);
  const minted = { access_token: value, refresh_token: "" };
  const response = tokenResponse(minted, { client, scopes, expiresAt, refreshes: false }, now);
  return {
    issue: { response_type: "token", hash, last4, expiresAt },
    location: tokenLocation(as, request, response),
  };
}

/** Deny: takes the request and tells the client (RFC 6749 §4.1.2.1). */
export async function deny(
  as: AuthorizationServer,
  { request }: PendingRequest,
  message = "the user denied access",
): Promise<string | null> {
  const taken = await as.store.takeAuthorizationRequest(request.id, as.now());
  return taken ? errorLocation(as, request, { code: "access_denied", message }) : null;
}
