/** Signing in with a passkey: it stands for the password and the second step at once. */
import { z } from "zod";
import { OAuthError } from "../oauth/errors";
import { type EndpointRequest, type EndpointResponse, json, mediaType, seeOther } from "../oauth/message";
import { deviceOf, openSession, signedInUser } from "./auth";
import { destinationOf, leadsTo, onTheWay } from "./destination";
import { ownForm } from "./own-form";
import { askForPasskey, whoseAnswer } from "./passkeys";
import { noPendingCookie, pendingUser } from "./pending-sign-in";
import type { Runtime } from "./runtime";
import { isSameOrigin } from "./same-origin";

/** POST /login/passkey: the browser's answer, in a form of ours. */
export async function passkeySignInEndpoint(
  rt: Runtime,
  request: EndpointRequest,
): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const destination = destinationOf(form);
  const user = await whoseAnswer(rt, { does: "sign in" }, form.get("answer") ?? "");
  if (user) {
    const cookies = await openSession(rt, user, deviceOf(request));
    return seeOther(leadsTo(destination), { "set-cookie": [...cookies, noPendingCookie(rt)] });
  }
  const step = (await pendingUser(rt, request.headers.cookie)) ? "/login/second" : "/login";
  return seeOther(onTheWay(step, destination, { error: "passkey" }));
}

const asked = z.object({ for: z.enum(["sign in", "confirm"]) });

/** POST /login/passkey/options: what a script of our pages asks the browser for. */
export async function passkeyOptionsEndpoint(
  rt: Runtime,
  request: EndpointRequest,
): Promise<EndpointResponse> {
  if (!isSameOrigin(request, rt.env.issuer))
    throw new OAuthError("access_denied", "this was not sent from a page of this site");
  const parsed = asked.safeParse(bodyOf(request));
  if (!parsed.success) return json(400, { error: "the body must be JSON that says what the passkey is for" });
  const { cookie } = request.headers;
  if (parsed.data.for === "sign in") {
    const user = await pendingUser(rt, cookie);
    return json(200, await askForPasskey(rt, { does: "sign in" }, user?.id ?? null));
  }
  const user = await signedInUser(rt, cookie);
  if (!user) return json(401, { error: "nobody is signed in" });
  return json(200, await askForPasskey(rt, { does: "confirm", userId: user.id }, user.id));
}

function bodyOf(request: EndpointRequest): unknown {
  if (mediaType(request) !== "application/json") return null;
  try {
    return JSON.parse(Buffer.from(request.body).toString());
  } catch {
    return null;
  }
}
