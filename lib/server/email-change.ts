/** POST /login/email/change: the link in the letter to a new address, followed by who asked for it. */

import { finishEmailChange } from "../db/email-changes";
import { findLink } from "../db/one-time-links";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import { signedInUser } from "./auth";
import { newDeviceCookie } from "./device-cookie";
import { emailChangedLetter } from "./letters";
import { ownForm } from "./own-form";
import type { Runtime } from "./runtime";

/**
 * Nobody but the person who asked: an address that was mistyped is a stranger's, who could otherwise take the account
 * over with the letter.
 */
export async function changeEmailEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const link = form.get("link") ?? "";
  const page = `/login/email?${new URLSearchParams({ link })}`;
  const user = await signedInUser(rt, request.headers.cookie);
  if (!user) return seeOther(`/login?${new URLSearchParams({ next: page })}`);
  const found = await findLink(rt.db, "change_email", link);
  if (found?.userId !== user.id) return seeOther(page);
  const change = await finishEmailChange(rt.db, user.id, link);
  if (change.outcome !== "done")
    return seeOther(change.outcome === "taken" ? "/settings/profile?notice=email-taken" : page);
  rt.mail.post(emailChangedLetter({ name: change.name, email: change.from }, change.to));
  // This browser is known under the new name, too.
  return seeOther("/settings/profile?notice=email", { "set-cookie": newDeviceCookie(rt, change.to) });
}
