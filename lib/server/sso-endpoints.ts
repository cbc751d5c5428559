/** GET /login/sso and /login/sso/callback: to the OpenID provider and back; to sign in, to link, or to confirm who one is. */
import { z } from "zod";
import { createFromProvider, findLinked, linkIdentity } from "../db/identities";
import { confirmSession } from "../db/sessions";
import { findTotp } from "../db/totp";
import { findUserForSignIn } from "../db/users";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import { parseParams } from "../oauth/params";
import { deviceOf, openSession, passFirstStep, signedInUser } from "./auth";
import { type Destination, destinationOf, destinationSchema, leadsTo, onTheWay } from "./destination";
import { errorPage } from "./error-page";
import { isFresh } from "./fresh";
import { ownPath } from "./own-path";
import type { Runtime } from "./runtime";
import { isSameOrigin } from "./same-origin";
import { sealedCookie } from "./sealed-cookie";
import { type Sso, type SsoAnswer, SsoError } from "./sso";

/** How long somebody may take at the provider. */
const TEN_MINUTES = 10 * 60;

const flowSchema = destinationSchema.extend({
  purpose: z.enum(["sign_in", "link", "confirm"]),
  /** Who was signed in when it began, where that matters. */
  userId: z.string().optional(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  fresh: z.boolean(),
});

type Flow = z.infer<typeof flowSchema>;

/** Lax, since the provider's answer comes from another site. */
const flowCookie = sealedCookie("latchkey.sso", flowSchema, TEN_MINUTES);

/** GET /login/sso; `for=link` and `for=confirm` are for who is signed in. */
export async function ssoEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  if (!rt.sso) return nothingHere(request);
  const parsed = parseParams(request.query);
  const query = "params" in parsed ? parsed.params : new Map<string, string>();
  const destination = destinationOf(query);
  const purpose = flowSchema.shape.purpose.catch("sign_in").parse(query.get("for"));
  if (purpose === "sign_in") return leave(rt, rt.sso, { purpose, ...destination }, false);
  const user = await signedInUser(rt, request.headers.cookie);
  if (!user) return seeOther(onTheWay("/login", { next: "/settings/profile" }));
  // Another site's link could have somebody sign in at the provider as whom that site likes.
  if (!isSameOrigin(request, rt.env.issuer)) return seeOther("/settings/profile");
  if (purpose === "link" && !isFresh(rt, user))
    return seeOther(onTheWay("/login/confirm", { next: "/settings/profile" }));
  return leave(rt, rt.sso, { purpose, userId: user.id, ...destination }, purpose === "confirm");
}

type Begun = Pick<Flow, "purpose" | "userId" | "request" | "next">;

async function leave(rt: Runtime, sso: Sso, begun: Begun, fresh: boolean): Promise<EndpointResponse> {
  try {
    const { url, checks } = await sso.begin(fresh);
    return seeOther(url, { "set-cookie": await flowCookie.seal(rt, { ...begun, ...checks }) });
  } catch (error) {
    return failed(rt, begun, error);
  }
}

/** GET /login/sso/callback. */
export async function ssoCallbackEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  if (!rt.sso) return nothingHere(request);
  const flow = await flowCookie.open(rt, request.headers.cookie);
  const answer = flow ? await comeBack(rt, rt.sso, request, flow) : back({ purpose: "sign_in" }, "sso_ended");
  const own = answer.headers["set-cookie"] ?? [];
  // An answer counts once.
  answer.headers["set-cookie"] = [flowCookie.clear(rt), ...(Array.isArray(own) ? own : [own])];
  return answer;
}

async function comeBack(
  rt: Runtime,
  sso: Sso,
  request: EndpointRequest,
  flow: Flow,
): Promise<EndpointResponse> {
  let claims: SsoAnswer;
  try {
    claims = await sso.finish(request.query, flow);
  } catch (error) {
    return failed(rt, flow, error);
  }
  if (flow.purpose === "sign_in") return signInAs(rt, request, flow, claims);
  const user = await signedInUser(rt, request.headers.cookie);
  if (user?.id !== flow.userId || !user) return back(flow, "sso_ended");
  const linked = await findLinked(rt.db, claims);
  if (flow.purpose === "confirm") {
    if (linked?.id !== user.id) return back(flow, "sso_other");
    // Who has a second factor here cannot do with less than with a password.
    if (!claims.multiFactor && (await findTotp(rt.db, user.id))) return back(flow, "sso_factor");
    await confirmSession(rt.db, user.sessionId);
    return seeOther(ownPath(flow.next));
  }
  if (linked && linked.id !== user.id) return seeOther("/settings/profile?notice=sso-taken");
  if (!linked && !(await linkIdentity(rt.db, user.id, claims)))
    return seeOther("/settings/profile?notice=sso-taken");
  return seeOther("/settings/profile?notice=sso-linked");
}

/** Signs in whoever is linked; who is not, and comes for the first time, may get an account. */
async function signInAs(
  rt: Runtime,
  request: EndpointRequest,
  flow: Flow,
  claims: SsoAnswer,
): Promise<EndpointResponse> {
  const linked = await findLinked(rt.db, claims);
  if (linked) return enter(rt, request, flow, linked.email, claims);
  const first = await createFromProvider(rt.db, claims);
  if (first.outcome === "done") return enter(rt, request, flow, first.email, claims);
  // The same person may have come through two windows at once.
  const meanwhile = first.outcome === "taken" ? await findLinked(rt.db, claims) : null;
  if (meanwhile) return enter(rt, request, flow, meanwhile.email, claims);
  return back(flow, `sso_${first.outcome}`);
}

/** The provider stands for the password; for the second factor somebody has here only where it says that it asked for one. */
async function enter(
  rt: Runtime,
  request: EndpointRequest,
  flow: Flow,
  email: string,
  { multiFactor, signedInAt }: SsoAnswer,
): Promise<EndpointResponse> {
  const user = await findUserForSignIn(rt.db, email);
  if (!user) return back(flow, "sso_suspended");
  const device = deviceOf(request);
  // Somebody may have been signed in there for long: what is important asks them anew.
  const provenAt = signedInAt ?? undefined;
  const passed = multiFactor
    ? { outcome: "right", cookies: await openSession(rt, user, device, provenAt) }
    : await passFirstStep(rt, user, device, provenAt);
  const to = passed.outcome === "second" ? onTheWay("/login/second", flow) : leadsTo(flow);
  return seeOther(to, { "set-cookie": passed.cookies });
}

function failed(rt: Runtime, flow: Begun, error: unknown): EndpointResponse {
  if (!(error instanceof SsoError)) throw error;
  const { problem, code } = error;
  rt.log.warn({ code }, `single sign-on: ${problem}`);
  return back(flow, `sso_${problem}`);
}

/** The page somebody came from, which says what went wrong. */
function back({ purpose, ...destination }: Pick<Begun, "purpose"> & Destination, problem: string) {
  if (purpose === "link") return seeOther(`/settings/profile?error=${problem}`);
  return seeOther(
    onTheWay(purpose === "confirm" ? "/login/confirm" : "/login", destination, { error: problem }),
  );
}

function nothingHere({ requestId }: EndpointRequest): EndpointResponse {
  return errorPage({
    status: 404,
    title: "Nothing here",
    message: "Nobody signs in through a provider here. Sign in with your password.",
    requestId,
  });
}
