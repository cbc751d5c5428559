/** The answer to an authorize request, as the location a browser is sent to (RFC 6749 §4.1.2, RFC 9207). */
import type { ErrorCode } from "./errors";
import { withParams } from "./redirect_uri";
import type { AuthorizationServer } from "./server";
import type { AuthorizationRequest } from "./types";

/** RFC 6749 §4.1.2.1, with `iss` (RFC 9207 §2). */
export function errorLocation(
  as: AuthorizationServer,
  to: { redirect_uri: string; state: string | null },
  error: { code: ErrorCode; message: string },
): string {
  return withParams(to.redirect_uri, [
    ["error", error.code],
    ["error_description", error.message],
    ...stateAndIssuer(as, to.state),
  ]);
}

/** RFC 6749 §4.1.2, with `iss` (RFC 9207 §2). */
export function codeLocation(as: AuthorizationServer, request: AuthorizationRequest, code: string): string {
  return withParams(request.redirect_uri, [["code", code], ...stateAndIssuer(as, request.state)]);
}

function stateAndIssuer(as: AuthorizationServer, state: string | null): [string, string][] {
  return state === null
    ? [["iss", as.issuer]]
    : [
        ["state", state],
        ["iss", as.issuer],
      ];
}
