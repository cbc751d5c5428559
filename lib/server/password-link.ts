/** POST /login/reset/set and /setup/password/save: a password that is chosen by the link of a letter. */
import { findLink, type LinkPurpose } from "../db/one-time-links";
import { resetPassword } from "../db/password-resets";
import { setFirstPassword } from "../db/passwords";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import type { Params } from "../oauth/params";
import { deviceOf, openSession } from "./auth";
import { destinationSchema, onTheWay } from "./destination";
import { passwordChangedLetter } from "./letters";
import { passwordProblem } from "./new-password";
import { ownForm } from "./own-form";
import type { Runtime } from "./runtime";

/** For who has forgotten theirs: then they sign in with it. */
export async function resetEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  return choose(rt, form, "reset_password", "/login/reset", async (link, passwordHash) => {
    const endAccess = form.get("endAccess") === "on";
    const reset = await resetPassword(rt.db, link, { passwordHash, endAccess });
    if (!reset) return null;
    rt.mail.post(passwordChangedLetter(reset));
    const destination = destinationSchema.parse(reset.details);
    return seeOther(onTheWay("/login", destination, { notice: "password" }));
  });
}

/** For whose account was made for them: the first one, which signs them in. */
export async function setPasswordEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  return choose(rt, ownForm(rt, request), "set_password", "/setup/password", async (link, passwordHash) => {
    const person = await setFirstPassword(rt.db, link, passwordHash);
    return person && seeOther("/", { "set-cookie": await openSession(rt, person, deviceOf(request)) });
  });
}

/** @param page has the form, and says what is wrong @param set null when the link was used meanwhile */
async function choose(
  rt: Runtime,
  form: Params,
  purpose: LinkPurpose,
  page: string,
  set: (link: string, passwordHash: string) => Promise<EndpointResponse | null>,
): Promise<EndpointResponse> {
  const link = form.get("link") ?? "";
  const password = form.get("password") ?? "";
  const back = (said: Record<string, string> = {}) =>
    seeOther(`${page}?${new URLSearchParams({ link, ...said })}`);
  // Before the password is hashed: that takes a while, and strangers are not to have it for nothing.
  if ((await findLink(rt.db, purpose, link)) === null) return back();
  const error = passwordProblem(password);
  if (error !== null) return back({ error });
  return (await set(link, await rt.passwords.hash(password))) ?? back();
}
