/** The form body of a request (RFC 6749 §3.2): form-encoded, every parameter once. */
import { OAuthError } from "./errors";
import { type EndpointRequest, mediaType } from "./message";
import { type Params, parseParams } from "./params";

const FORM = "application/x-www-form-urlencoded";

/** The body of a form as sent. @throws OAuthError invalid_request for another content type */
export function formBody(request: EndpointRequest): Uint8Array {
  if (mediaType(request) === FORM) return request.body;
  throw new OAuthError("invalid_request", `the request body must be ${FORM}`);
}

/**
 * Reads a form body.
 * @throws OAuthError invalid_request for another content type, a malformed body or a repeated parameter
 */
export function readForm(request: EndpointRequest): Params {
  const parsed = parseParams(formBody(request));
  if ("problem" in parsed) throw new OAuthError("invalid_request", parsed.problem);
  // RFC 6749 §3.2: "Request and response parameters MUST NOT be included more than once."
  if (parsed.repeated.size > 0)
    throw new OAuthError("invalid_request", "a parameter is included more than once");
  return parsed.params;
}

/** @throws OAuthError invalid_request when the parameter is missing or empty */
export function required(params: Params, name: string): string {
  const value = params.get(name);
  if (value === undefined) throw new OAuthError("invalid_request", `${name} is missing`);
  return value;
}
