/** What becomes of an error: the RFC's answer to the caller, the evidence to the app's owner, the cause to the log. */
import { isUnavailable } from "../db/unavailable";
import { OAuthError } from "../oauth/errors";
import { type EndpointRequest, type EndpointResponse, json } from "../oauth/message";
import { backSoon, backSoonPage } from "./back-soon";
import { errorPage } from "./error-page";
import { noteFailure, noteRefused } from "./outage";
import { evidenceOf } from "./request-trail";
import type { Runtime } from "./runtime";

/**
 * Turns whatever was thrown into an OAuthError: for want of the database temporarily_unavailable, and what is unexpected
 * a server_error, which goes to the log.
 */
export function toOAuthError(rt: Runtime, request: EndpointRequest, thrown: unknown): OAuthError {
  if (thrown instanceof OAuthError) return thrown;
  if (isUnavailable(thrown)) {
    noteRefused(rt, thrown);
    return backSoon("the database cannot answer right now; try again in a moment");
  }
  rt.log.error({ err: thrown, request: request.requestId, path: request.path }, "request failed");
  return new OAuthError("server_error", `something went wrong here; request ${request.requestId}`);
}

/** Keeps what the app's owner may see of a refusal. Failing to keep it never changes the answer. */
export async function keepEvidence(rt: Runtime, request: EndpointRequest, error: OAuthError): Promise<void> {
  const evidence = evidenceOf(request, error);
  if (error.cause) rt.log.error({ err: error.cause, request: request.requestId }, "request failed");
  rt.log.debug({ request: request.requestId, path: request.path, error: error.code }, error.message);
  if (!evidence) return;
  try {
    await rt.trail.refused(request, error.code, evidence);
  } catch (failure) {
    noteFailure(rt, failure, "a refusal could not be kept");
  }
}

/**
 * The answer of a machine endpoint (RFC 6749 §5.2). A 401 names a scheme: RFC 6749 asks for it when the client used the
 * Authorization header, RFC 9110 §15.5.2 always.
 */
export function refusalAsJson(error: OAuthError): EndpointResponse {
  const challenge: Record<string, string> =
    error.status === 401 ? { "www-authenticate": 'Basic realm="OAuth", charset="UTF-8"' } : {};
  const headers = { ...challenge, ...error.options.headers };
  return json(error.status, { error: error.code, error_description: error.message }, headers);
}

/** The answer to a person whose request proves no place to send them to (RFC 6749 §4.1.2.1). */
export function refusalAsPage(request: EndpointRequest, error: OAuthError): EndpointResponse {
  if (error.code === "temporarily_unavailable") return backSoonPage(request.requestId);
  const page = errorPage({
    status: error.status,
    title: error.status >= 500 ? "Something went wrong" : "This request cannot go on",
    message:
      error.status >= 500
        ? "It is our fault, not yours. Please go back to the app and try again."
        : "The app that sent you here asked in a way we cannot answer, so nothing was shared with it.",
    detail: `${error.code}: ${error.message}`,
    requestId: request.requestId,
  });
  return { ...page, headers: { ...page.headers, ...error.options.headers } };
}
