/** POST /login/second/check: after the right password or the provider, a code or a recovery code opens the session. */
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import { deviceOf, openSession } from "./auth";
import { destinationOf, leadsTo, onTheWay } from "./destination";
import { knownDevice } from "./device-cookie";
import { problemOf } from "./lockout";
import { ownForm } from "./own-form";
import { noPendingCookie, pendingUser } from "./pending-sign-in";
import type { Runtime } from "./runtime";
import { checkSecondFactor, typedFactor } from "./second-factor";

export async function secondStepEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const destination = destinationOf(form);
  const { cookie } = request.headers;
  const user = await pendingUser(rt, cookie);
  if (!user) return seeOther(onTheWay("/login", destination, { error: "late" }));
  const typed = typedFactor(form);
  const from = { address: request.address, device: knownDevice(rt, cookie, user.email) };
  const checked = await checkSecondFactor(rt, user, typed, from);
  if (checked.outcome === "right") {
    const cookies = await openSession(rt, user, deviceOf(request));
    return seeOther(leadsTo(destination), { "set-cookie": [...cookies, noPendingCookie(rt)] });
  }
  const kept: Record<string, string> = typed.kind === "recovery" ? { with: "recovery" } : {};
  return seeOther(onTheWay("/login/second", destination, { ...problemOf(checked, "code"), ...kept }));
}
