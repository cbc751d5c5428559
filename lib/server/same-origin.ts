/** Cross-site request forgery: a form of ours is only accepted from a page of ours. */
import type { EndpointRequest } from "../oauth/message";

/**
 * Does this POST come from a page of our own? Every browser in use sends Sec-Fetch-Site or Origin with a form; a
 * request with neither comes from no browser, so no stranger's page can have caused it.
 */
export function isSameOrigin(request: Pick<EndpointRequest, "headers">, issuer: string): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  return origin === issuer || (URL.canParse(origin) && new URL(origin).host === request.headers.host);
}
