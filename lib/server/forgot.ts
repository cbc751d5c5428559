/**
 * POST /login/forgot/send: the letter to who has forgotten their password. It answers the same, as fast, whoever is asked
 * about: it looks nobody up before it has answered (RFC 6819 §4.4.3.6 for the same reason).
 */
import { limits } from "../../latchkey.config";
import { askForReset } from "../db/password-resets";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import { destinationOf, onTheWay } from "./destination";
import { resetLetter } from "./letters";
import { ownForm } from "./own-form";
import type { Runtime } from "./runtime";

export async function forgotEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const destination = destinationOf(form);
  const wait = await rt.letterLimits.ask(request.address);
  if (wait > 0) return seeOther(onTheWay("/login/forgot", destination, { wait: String(wait) }));
  const email = form.get("email")?.trim() ?? "";
  rt.mail.compose(async () => {
    if (!(await rt.letterLimits.send(email))) return null;
    const asked = { seconds: limits.letters.resetLinkSeconds, details: destination };
    const reset = await askForReset(rt.db, email, asked);
    return reset && resetLetter(reset, `${rt.env.issuer}/login/reset?link=${reset.link}`);
  });
  return seeOther(onTheWay("/login/forgot", destination, { sent: "1" }));
}
