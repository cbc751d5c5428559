/** Between /oauth/authorize and the client: sign-in and consent, as plain forms answered 303 (house rules 1 and 2). */

import type { SignedInUser } from "../db/sessions";
import { isUnavailable } from "../db/unavailable";
import {
  type Approver,
  allow,
  deny,
  findPending,
  mayUse,
  type PendingRequest,
  rememberedCompany,
  snapshot,
  standing,
} from "../oauth/consent";
import { authorize } from "../oauth/endpoints/authorize";
import { OAuthError } from "../oauth/errors";
import { formBody } from "../oauth/form";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import { type Params, parseParams } from "../oauth/params";
import { approver, deviceOf, signedInUser, signIn, signOut } from "./auth";
import { receiptOf } from "./consent-view";
import { destinationOf, leadsTo, onTheWay } from "./destination";
import { errorPage } from "./error-page";
import { problemOf } from "./lockout";
import { ownForm } from "./own-form";
import { ownPath } from "./own-path";
import { keepEvidence, refusalAsPage } from "./refusal";
import type { Runtime } from "./runtime";
import { waitingCookie } from "./waiting";

/** GET and POST /oauth/authorize. */
export async function authorizeEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  // RFC 6749 §3.1: POST "MAY" be supported; its body is a form like the query.
  const encoded = request.method === "POST" ? formBody(request) : Buffer.from(request.query, "latin1");
  const result = await authorize(rt.as, encoded);
  if (result.outcome === "stored") return proceed(rt, request, result.request.id);
  // A person can try again here; the client could only start over (RFC 6749 §4.1.2.1 leaves the choice).
  if (isUnavailable(result.error.cause)) throw result.error.cause;
  await keepEvidence(rt, request, result.error);
  return result.outcome === "redirect" ? seeOther(result.location) : refusalAsPage(request, result.error);
}

/** GET /oauth/authorize/continue: where sign-in comes back to, with nothing but the id. */
export async function continueEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const parsed = parseParams(request.query);
  const id = "params" in parsed ? parsed.params.get("request") : undefined;
  return id === undefined ? gone(request) : proceed(rt, request, id);
}

/** Next step of a stored request: sign in, or the remembered consent, or the question. */
async function proceed(rt: Runtime, request: EndpointRequest, id: string): Promise<EndpointResponse> {
  const user = await signedInUser(rt, request.headers.cookie);
  if (!user) return seeOther(onTheWay("/login", { request: id }));
  const pending = await findPending(rt.as, id);
  if (!pending) return gone(request);
  const who = approver(user);
  const refusal = await refused(rt, request, pending, who);
  if (refusal) return refusal;
  const consents = await rt.as.store.findConsents(user.id, pending.client.client_id);
  const company = rememberedCompany(pending, consents, who);
  if (company === "ask") return seeOther(`/consent?request=${encodeURIComponent(id)}`);
  const location = await allow(rt.as, pending, who, company.companyId, null);
  return location === null ? gone(request) : seeOther(location);
}

/** POST /login/sign-in. */
export async function signInEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const credentials = { email: form.get("email") ?? "", password: form.get("password") ?? "" };
  const signedIn = await signIn(rt, credentials, deviceOf(request));
  const destination = destinationOf(form);
  switch (signedIn.outcome) {
    case "right":
      return seeOther(leadsTo(destination), { "set-cookie": signedIn.cookies });
    case "second":
      return seeOther(onTheWay("/login/second", destination), { "set-cookie": signedIn.cookies });
    case "unverified": {
      const waiting = { ...signedIn.waiting, ...destination };
      return seeOther("/sign-up/sent?from=sign-in", { "set-cookie": await waitingCookie.seal(rt, waiting) });
    }
    default:
      return seeOther(onTheWay("/login", destination, problemOf(signedIn, "credentials")));
  }
}

/** POST /logout. */
export async function signOutEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const cookie = await signOut(rt, request.headers.cookie);
  const next = form.get("next");
  return seeOther(next === undefined ? "/login" : ownPath(next), { "set-cookie": cookie });
}

/** POST /consent/decide. */
export async function decideEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const id = form.get("request") ?? "";
  const user = await signedInUser(rt, request.headers.cookie);
  if (!user) return seeOther(onTheWay("/login", { request: id }));
  const pending = await findPending(rt.as, id);
  if (!pending) return gone(request);
  const refusal = await refused(rt, request, pending, approver(user));
  if (refusal) return refusal;
  const location = await decided(rt, pending, user, form);
  if (location === "changed") return seeOther(`/consent?changed=1&request=${encodeURIComponent(id)}`);
  return location === null ? gone(request) : seeOther(location);
}

/** The answer to who cannot decide about this request; null for who can. */
async function refused(
  rt: Runtime,
  request: EndpointRequest,
  pending: PendingRequest,
  who: Approver,
): Promise<EndpointResponse | null> {
  switch (await standing(rt.as, pending, who)) {
    case "may_decide":
      return null;
    case "pending_app":
      return errorPage({
        status: 403,
        title: "This app is waiting for approval",
        message: "Until an administrator has approved it, only those who maintain it can use it.",
        requestId: request.requestId,
      });
    case "lacks_scope": {
      const { client, request: asked } = pending;
      const message = "the user does not have every scope this app asks for";
      const evidence = {
        client_id: client.client_id,
        reason:
          "The person does not have every scope that was asked for, and the policy gives all or nothing.",
        received: { scope: asked.scopes.join(" ") },
      };
      await keepEvidence(rt, request, new OAuthError("access_denied", message, { evidence }));
      const location = await deny(rt.as, pending, message);
      return location === null ? gone(request) : seeOther(location);
    }
  }
}

/** @returns where to go, null when the request was taken meanwhile, "changed" when something else was shown */
async function decided(rt: Runtime, pending: PendingRequest, user: SignedInUser, form: Params) {
  const decision = form.get("decision");
  if (decision === "deny") return deny(rt.as, pending);
  if (decision !== "allow") throw new OAuthError("invalid_request", "decision must be allow or deny");
  const companyId = form.get("company") ?? null;
  const who = approver(user);
  if (form.get("snapshot") !== snapshot(pending, who) || !mayUse(who, companyId)) return "changed";
  const company = user.companies.find(({ id }) => id === companyId)?.name ?? null;
  return allow(rt.as, pending, who, companyId, receiptOf(pending, who, company));
}

function gone(request: EndpointRequest): EndpointResponse {
  return errorPage({
    status: 400,
    title: "This request has ended",
    message: "It was answered already, or it waited too long. Please go back to the app and start again.",
    requestId: request.requestId,
  });
}
