/** The body of a request to a machine endpoint (RFC 6749 §3.2): form-encoded, every parameter once. */
import { OAuthError } from "./errors";
import { type Params, parseParams } from "./params";

const FORM = "application/x-www-form-urlencoded";

/**
 * Reads a form body.
 * @throws OAuthError invalid_request for another content type, a malformed body or a repeated parameter
 */
export function readForm(contentType: string | undefined, body: Uint8Array): Params {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== FORM) throw new OAuthError("invalid_request", `the request body must be ${FORM}`);
  const parsed = parseParams(body);
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
