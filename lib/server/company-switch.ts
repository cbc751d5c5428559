/** POST /company/switch: the signed-in person works for another one of their companies from now on. */
import { chooseCompany } from "../db/sessions";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import { signedInUser } from "./auth";
import { errorPage } from "./error-page";
import { ownForm } from "./own-form";
import { ownPath } from "./own-path";
import type { Runtime } from "./runtime";

export async function companySwitchEndpoint(
  rt: Runtime,
  request: EndpointRequest,
): Promise<EndpointResponse> {
  const company = ownForm(rt, request).get("company") ?? "";
  const next = sectionOf(request.headers.referer);
  const user = await signedInUser(rt, request.headers.cookie);
  if (!user) return seeOther(`/login?${new URLSearchParams({ next })}`);
  if (/^[\w-]{1,64}$/.test(company) && (await chooseCompany(rt.db, user.sessionId, company)))
    return seeOther(next);
  return errorPage({
    status: 403,
    title: "This is not a company of yours",
    message: "You do not belong to it, or not any more. You still work for the company you did before.",
    requestId: request.requestId,
  });
}

/**
 * Where the form was sent from, which browsers tell pages of the same site. What is shown of one company is not there in
 * the next: from there it goes to the section's list.
 */
function sectionOf(referer: string | undefined): string {
  const path = referer && URL.canParse(referer) ? new URL(referer).pathname : "/company/profile";
  return ownPath(/^\/company\/[a-z-]+/.exec(path)?.[0] ?? path);
}
