/**
 * Signing up and proving an address (docs/decisions/0021). Nobody learns from it who has an account: the answers are the
 * same, and what differs is in the letter.
 */
import { z } from "zod";
import { limits } from "../../latchkey.config";
import { findLink } from "../db/one-time-links";
import { findPasswordHash } from "../db/passwords";
import { findInstance } from "../db/settings";
import {
  findSignUp,
  findWaiting,
  finishSignUp,
  finishVerification,
  letsIn,
  type SignUp,
  startSignUp,
  startVerification,
} from "../db/sign-ups";
import { findUserForSignIn } from "../db/users";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import { parseParams } from "../oauth/params";
import { randomId } from "../oauth/tokens";
import { deviceOf, openSession } from "./auth";
import { destinationOf, destinationSchema, leadsTo, onTheWay } from "./destination";
import { accountExistsLetter, signUpLetter, verifyLetter } from "./letters";
import type { Letter } from "./mail";
import { newPassword } from "./new-password";
import { ownForm } from "./own-form";
import type { Runtime } from "./runtime";
import { visibleName } from "./visible-name";
import { typedCookie, type Waiting, waitingCookie } from "./waiting";

const { emailLinkSeconds } = limits.letters;
const fields = z.object({
  name: visibleName("Enter your name.", 80),
  email: z.email().max(254),
  password: newPassword(),
});

/** POST /sign-up/create. */
export async function signUpEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const destination = destinationOf(form);
  if (!letsIn(await findInstance(rt.db), "form")) return seeOther(onTheWay("/sign-up", destination));
  const typed = { name: form.get("name") ?? "", email: form.get("email")?.trim() ?? "" };
  const again = async (problem: Record<string, string>) =>
    seeOther(onTheWay("/sign-up", destination, problem), {
      "set-cookie": await typedCookie.seal(rt, {
        name: typed.name.slice(0, 80),
        email: typed.email.slice(0, 254),
      }),
    });
  const parsed = fields.safeParse({ ...typed, password: form.get("password") ?? "" });
  if (!parsed.success) return again({ error: String(parsed.error.issues[0]?.path[0]) });
  const wait = await rt.letterLimits.ask(request.address);
  if (wait > 0) return again({ wait: String(wait) });
  const { name, password } = parsed.data;
  const email = parsed.data.email.toLowerCase();
  const passwordHash = await rt.passwords.hash(password);
  const signUpId = randomId(20, rt.as.random);
  rt.mail.compose(() => letterFor(rt, { signUpId, name, email, passwordHash, ...destination }));
  const waiting = await waitingCookie.seal(rt, { email, signUpId, ...destination });
  return seeOther("/sign-up/sent", { "set-cookie": [waiting, typedCookie.clear(rt)] });
}

/** The link, or word of the account that is there. */
async function letterFor(rt: Runtime, signUp: SignUp): Promise<Letter | null> {
  const { email } = signUp;
  if (!(await rt.letterLimits.send(email))) return null;
  const link = await startSignUp(rt.db, signUp, emailLinkSeconds);
  return link === null ? accountExists(rt, email) : signUpLetter(email, verifyUrl(rt, link));
}

async function accountExists(rt: Runtime, email: string): Promise<Letter | null> {
  const user = await findUserForSignIn(rt.db, email);
  const { issuer } = rt.env;
  return user && accountExistsLetter(user, `${issuer}/login`, `${issuer}/login/forgot`);
}

function verifyUrl({ env }: Runtime, link: string): string {
  return `${env.issuer}/sign-up/verify?link=${link}`;
}

/** POST /sign-up/resend: the same letter again, for whoever typed the right password in this browser. */
export async function resendEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  ownForm(rt, request);
  const waiting = await waitingCookie.open(rt, request.headers.cookie);
  if (!waiting) return seeOther("/login");
  const wait = await rt.letterLimits.ask(request.address);
  if (wait > 0) return seeOther(`/sign-up/sent?wait=${wait}`);
  rt.mail.compose(() => letterAgain(rt, waiting));
  return seeOther("/sign-up/sent?again=1");
}

async function letterAgain(
  rt: Runtime,
  { email, userId, signUpId, ...rest }: Waiting,
): Promise<Letter | null> {
  if (userId === undefined) {
    const signUp = await findWaiting(rt.db, email, signUpId);
    if (signUp) return letterFor(rt, signUp);
    return (await rt.letterLimits.send(email)) ? accountExists(rt, email) : null;
  }
  if (!(await rt.letterLimits.send(email))) return null;
  const asked = { seconds: emailLinkSeconds, details: destinationSchema.parse(rest) };
  const found = await startVerification(rt.db, userId, asked);
  return found && verifyLetter(found, verifyUrl(rt, found.link));
}

/**
 * GET /sign-up/verify: the letter's link. It does its work at once in the browser whose owner typed the password, and
 * asks for the password in any other: who signed up with somebody else's address would otherwise have them make an
 * account to which a stranger knows the password. So does a mail program that tries links out find nothing to do.
 */
export async function verifyEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const parsed = parseParams(request.query);
  const link = ("params" in parsed ? parsed.params.get("link") : undefined) ?? "";
  const waiting = await waitingCookie.open(rt, request.headers.cookie);
  const signUp = await findSignUp(rt.db, link);
  if (signUp && signUp.signUpId === waiting?.signUpId) return signedUp(rt, request, link, signUp);
  const verification = signUp ? null : await findLink(rt.db, "verify_email", link);
  if (verification && verification.userId === waiting?.userId)
    return verified(rt, link, verification.details);
  return seeOther(confirmPage(link, signUp ?? {}));
}

/** POST /sign-up/confirm/check: the password, in a browser that does not know it. */
export async function confirmAddressEndpoint(
  rt: Runtime,
  request: EndpointRequest,
): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const link = form.get("link") ?? "";
  const signUp = await findSignUp(rt.db, link);
  const verification = signUp ? null : await findLink(rt.db, "verify_email", link);
  const email = signUp?.email ?? verification?.email;
  if (!email) return seeOther(confirmPage(link, {}));
  const attempt = { account: email, address: "", device: `link ${signUp?.signUpId ?? verification?.id}` };
  const checked = await rt.lockout.attempt(attempt, async () => {
    const hash = signUp?.passwordHash ?? (await findPasswordHash(rt.db, verification?.userId ?? ""));
    return (await rt.passwords.verify(form.get("password") ?? "", hash)) ? true : null;
  });
  if (checked.outcome === "wait")
    return seeOther(confirmPage(link, signUp ?? {}, { wait: String(checked.seconds) }));
  if (checked.outcome === "wrong") return seeOther(confirmPage(link, signUp ?? {}, { error: "credentials" }));
  return signUp ? signedUp(rt, request, link, signUp) : verified(rt, link, verification?.details);
}

/** @param more what went wrong */
function confirmPage(
  link: string,
  { request }: { request?: string },
  more: Record<string, string> = {},
): string {
  return `/sign-up/confirm?${new URLSearchParams({ ...more, link, ...(request && { request }) })}`;
}

/** Makes the account and signs its owner in. */
async function signedUp(
  rt: Runtime,
  request: EndpointRequest,
  link: string,
  destination: Pick<SignUp, "request" | "next">,
): Promise<EndpointResponse> {
  const end = await finishSignUp(rt.db, link);
  switch (end.outcome) {
    case "done": {
      const cookies = await openSession(rt, end, deviceOf(request));
      return seeOther(leadsTo(destination), { "set-cookie": [...cookies, waitingCookie.clear(rt)] });
    }
    case "taken":
      return seeOther(onTheWay("/login", destination, { notice: "taken" }));
    case "closed":
      return seeOther(onTheWay("/sign-up", destination));
    case "ended":
      return seeOther(confirmPage(link, {}));
  }
}

/** Proves the address of an account; its owner signs in as ever. */
async function verified(rt: Runtime, link: string, details: unknown): Promise<EndpointResponse> {
  if (!(await finishVerification(rt.db, link))) return seeOther(confirmPage(link, {}));
  const destination = destinationSchema.parse(Object(details));
  return seeOther(onTheWay("/login", destination, { notice: "verified" }), {
    "set-cookie": waitingCookie.clear(rt),
  });
}
