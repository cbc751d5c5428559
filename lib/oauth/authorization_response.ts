/** The answer to an authorize request, as the location a browser is sent to (RFC 6749 §4.1.2, §4.2.2, RFC 9207). */
import type { ErrorCode } from "./errors";
import { encodeParams } from "./params";
import { withParams } from "./redirect_uri";
import type { AuthorizationServer } from "./server";
import type { AuthorizationRequest } from "./types";

type Asked = Pick<AuthorizationRequest, "redirect_uri" | "response_type" | "state">;

/** RFC 6749 §4.1.2.1 and §4.2.2.1, with `iss` (RFC 9207 §2). */
export function errorLocation(
  as: AuthorizationServer,
  asked: Asked,
  error: { code: ErrorCode; message: string },
): string {
  return location(as, asked, [
    ["error", error.code],
    ["error_description", error.message],
  ]);
}

/** RFC 6749 §4.1.2, with `iss` (RFC 9207 §2). */
export function codeLocation(as: AuthorizationServer, asked: Asked, code: string): string {
  return location(as, asked, [["code", code]]);
}

/** RFC 6749 §4.2.2: an access token in the fragment. "The authorization server MUST NOT issue a refresh token." */
export function tokenLocation(
  as: AuthorizationServer,
  asked: Asked,
  answer: { access_token: string; token_type: string; expires_in?: number; scope?: string },
): string {
  return location(
    as,
    asked,
    Object.entries(answer).map(([name, value]) => [name, String(value)]),
  );
}

/** RFC 6749 §4.2.2: the implicit grant answers in the fragment, which no server along the way sees. */
function location(as: AuthorizationServer, asked: Asked, answer: [string, string][]): string {
  const params = [...answer, ...stateAndIssuer(as, asked.state)];
  if (asked.response_type === "token") return `${asked.redirect_uri}#${encodeParams(params)}`;
  return withParams(asked.redirect_uri, params);
}

function stateAndIssuer(as: AuthorizationServer, state: string | null): [string, string][] {
  return state === null
    ? [["iss", as.issuer]]
    : [
        ["state", state],
        ["iss", as.issuer],
      ];
}
