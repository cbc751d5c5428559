/** What we say when we cannot serve now and shall again soon: a 503 that names when to come back (RFC 9110 §15.6.4). */
import { OAuthError } from "../oauth/errors";
import type { EndpointResponse } from "../oauth/message";
import { errorPage } from "./error-page";

/** In seconds. A database that is back serves again within this time. */
const RETRY_AFTER = "2";

/** @param message for the developer who reads the answer */
export function backSoon(message: string): OAuthError {
  return new OAuthError("temporarily_unavailable", message, { headers: { "retry-after": RETRY_AFTER } });
}

/** The same for a person. */
export function backSoonPage(requestId?: string): EndpointResponse {
  const page = errorPage({
    status: 503,
    title: "Back in a moment",
    message:
      "We cannot answer right now. Nothing you had saved is lost. Please try again in a moment: reloading this page is enough.",
    requestId,
  });
  return { ...page, headers: { ...page.headers, "retry-after": RETRY_AFTER } };
}
