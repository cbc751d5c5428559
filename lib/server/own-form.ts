/** The forms that pages of ours send to endpoints. */
import { OAuthError } from "../oauth/errors";
import { readForm } from "../oauth/form";
import type { EndpointRequest } from "../oauth/message";
import type { Params } from "../oauth/params";
import type { Runtime } from "./runtime";
import { isSameOrigin } from "./same-origin";

/** The form of a page of ours. @throws OAuthError for anybody else's, and for a malformed one */
export function ownForm(rt: Pick<Runtime, "env">, request: EndpointRequest): Params {
  if (!isSameOrigin(request, rt.env.issuer))
    throw new OAuthError("access_denied", "this form was not sent from a page of this site");
  return readForm(request);
}
