/**
 * Sign-in: an e-mail address and a password open a Session row, and next-auth's encrypted cookie carries its id.
 * The row is looked up with every request, so that ending it ends the sign-in everywhere (docs/decisions/0006).
 */
import { decode, encode } from "next-auth/jwt";
import { limits, scopes } from "../../latchkey.config";
import { createSession, endSession, findSession, type SignedInUser } from "../db/sessions";
import { findWaiting } from "../db/sign-ups";
import { findTotp } from "../db/totp";
import { findUserForSignIn, type UserCredentials } from "../db/users";
import type { Approver } from "../oauth/consent";
import type { EndpointRequest } from "../oauth/message";
import { heldScopes } from "../oauth/scope";
import { hostCookie, parseCookies } from "./cookies";
import { knownDevice, newDeviceCookie } from "./device-cookie";
import { pendingCookie } from "./pending-sign-in";
import type { Runtime } from "./runtime";
import type { Waiting } from "./waiting";

const sessionCookie = (rt: Runtime) => hostCookie(rt.env.issuer, "latchkey.session", "Lax");

export type SignIn =
  /** Set-Cookie values: the session, and the device that is known from now on. */
  | { outcome: "right"; cookies: string[] }
  /** The password is right, but nobody has proven yet that the address is theirs. */
  | { outcome: "unverified"; waiting: Waiting }
  /** The password was right and is not enough: Set-Cookie values that say so to the second step. */
  | { outcome: "second"; cookies: string[] }
  | { outcome: "wrong" }
  /** Too many wrong passwords: in so many seconds another is looked at. */
  | { outcome: "wait"; seconds: number };

/**
 * Checks an e-mail address and a password and opens a session, unless a second step comes first.
 * @returns the same after the same time for an unknown user and a wrong password
 */
export async function signIn(
  rt: Runtime,
  { email, password }: { email: string; password: string },
  device: Device,
): Promise<SignIn> {
  const attempt = { account: email, address: device.address, device: knownDevice(rt, device.cookie, email) };
  let found: string | undefined;
  const checked = await rt.lockout.attempt(attempt, async () => {
    const [user, signUp] = await Promise.all([findUserForSignIn(rt.db, email), findWaiting(rt.db, email)]);
    found = user?.id;
    const who = user ?? signUp;
    const matches = await rt.passwords.verify(password, who?.passwordHash ?? null);
    return who && matches ? who : null;
  });
  if (checked.outcome === "wrong" && checked.locks)
    rt.log.warn({ user: found, address: device.address }, "too many wrong passwords: sign-in has to wait");
  if (checked.outcome !== "right") return checked;
  const { who } = checked;
  if ("signUpId" in who)
    return { outcome: "unverified", waiting: { email: who.email, signUpId: who.signUpId } };
  if (who.emailVerifiedAt === null)
    return { outcome: "unverified", waiting: { email: who.email, userId: who.id } };
  return passFirstStep(rt, who, device);
}

/**
 * Opens a session for who has shown their password, or has come from the provider, or sends them on to the second step when
 * they have one.
 * @param provenAt when they did; just now unless said otherwise
 */
export async function passFirstStep(
  rt: Runtime,
  user: UserCredentials,
  device: Device,
  provenAt?: Date,
): Promise<Extract<SignIn, { cookies: string[] }>> {
  if (await findTotp(rt.db, user.id)) return { outcome: "second", cookies: [pendingCookie(rt, user)] };
  return { outcome: "right", cookies: await openSession(rt, user, device, provenAt) };
}

/**
 * Opens a session for somebody who has proved who they are, and tells them by letter when this browser is new to them.
 * @param provenAt when they did; just now unless said otherwise
 * @returns Set-Cookie values: the session, and the device that is known from now on
 */
export async function openSession(
  rt: Runtime,
  { id, email }: { id: string; email: string },
  device: Device,
  provenAt?: Date,
): Promise<string[]> {
  const isKnown = knownDevice(rt, device.cookie, email) !== null;
  const sid = await createSession(rt.db, id, limits.sessionSeconds, device, isKnown, provenAt);
  const token = await encode({ token: { sid }, secret: rt.keys.current, maxAge: limits.sessionSeconds });
  const { name, attributes } = sessionCookie(rt);
  const session = `${name}=${token}; Max-Age=${limits.sessionSeconds}; ${attributes}`;
  return [session, newDeviceCookie(rt, email)];
}

/** Ends the session on the server and takes the cookie away. @returns the Set-Cookie value */
export async function signOut(rt: Runtime, cookieHeader: string | undefined): Promise<string> {
  const sid = await sessionId(rt, cookieHeader);
  if (sid !== null) await endSession(rt.db, sid);
  const { name, attributes } = sessionCookie(rt);
  return `${name}=; Max-Age=0; ${attributes}`;
}

/** Who sends this request; null for nobody, or when the session was ended. */
export async function signedInUser(
  rt: Runtime,
  cookieHeader: string | undefined,
): Promise<SignedInUser | null> {
  const sid = await sessionId(rt, cookieHeader);
  const user = sid === null ? null : await findSession(rt.db, sid);
  if (user) rt.usage.session(user.sessionId);
  return user;
}

/** The session id in the cookie of ours; null for none, and for what is forged, damaged or past its time. */
async function sessionId(rt: Runtime, cookieHeader: string | undefined): Promise<string | null> {
  const cookie = parseCookies(cookieHeader)[sessionCookie(rt).name];
  if (!cookie) return null;
  for (const secret of rt.keys.readable) {
    const token = await decode({ token: cookie, secret }).catch(() => null);
    if (token) return typeof token.sid === "string" ? token.sid : null;
  }
  return null;
}

/** The signed-in person as the one who decides on a consent. */
export function approver(user: SignedInUser): Approver {
  return {
    userId: user.id,
    companyIds: user.companies.map(({ id }) => id),
    scopes: heldScopes(scopes, user),
  };
}

/** The device a sign-in comes from, as its owner will be shown it. */
export interface Device {
  userAgent: string;
  address: string;
  /** The Cookie header, in which a browser that signed in before says so. */
  cookie: string | undefined;
}

export function deviceOf(request: EndpointRequest): Device {
  const { "user-agent": userAgent = "", cookie } = request.headers;
  return { userAgent, address: request.address, cookie };
}
