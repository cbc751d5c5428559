/**
 * Sign-in: an e-mail address and a password open a Session row, and next-auth's encrypted cookie carries its id.
 * The row is looked up with every request, so that ending it ends the sign-in everywhere (docs/decisions/0006).
 */
import { decode, encode } from "next-auth/jwt";
import { limits, scopes } from "../../latchkey.config";
import { createSession, endSession, findSession, type SignedInUser } from "../db/sessions";
import { findUserForSignIn } from "../db/users";
import type { Approver } from "../oauth/consent";
import type { EndpointRequest } from "../oauth/message";
import { heldScopes } from "../oauth/scope";
import { hostCookie, parseCookies } from "./cookies";
import { knownDevice, newDeviceCookie } from "./device-cookie";
import type { Runtime } from "./runtime";

const sessionCookie = (rt: Runtime) => hostCookie(rt.env.issuer, "latchkey.session", "Lax");

export type SignIn =
  /** Set-Cookie values: the session, and the device that is known from now on. */
  | { outcome: "right"; cookies: string[] }
  | { outcome: "wrong" }
  /** Too many wrong passwords: in so many seconds another is looked at. */
  | { outcome: "wait"; seconds: number };

/**
 * Checks an e-mail address and a password and opens a session.
 * @returns the same after the same time for an unknown user and a wrong password
 */
export async function signIn(
  rt: Runtime,
  { email, password }: { email: string; password: string },
  device: { userAgent: string; address: string },
  cookieHeader: string | undefined,
): Promise<SignIn> {
  const attempt = { account: email, address: device.address, device: knownDevice(rt, cookieHeader, email) };
  let found: string | undefined;
  const checked = await rt.lockout.attempt(attempt, async () => {
    const user = await findUserForSignIn(rt.db, email);
    found = user?.id;
    const matches = await rt.passwords.verify(password, user?.passwordHash ?? null);
    return user && matches ? user : null;
  });
  if (checked.outcome === "wrong" && checked.locks)
    rt.log.warn({ user: found, address: device.address }, "too many wrong passwords: sign-in has to wait");
  if (checked.outcome !== "right") return checked;
  const sid = await createSession(rt.db, checked.who.id, limits.sessionSeconds, device);
  const token = await encode({ token: { sid }, secret: rt.keys.current, maxAge: limits.sessionSeconds });
  const { name, attributes } = sessionCookie(rt);
  const session = `${name}=${token}; Max-Age=${limits.sessionSeconds}; ${attributes}`;
  return { outcome: "right", cookies: [session, newDeviceCookie(rt, email)] };
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
  return sid === null ? null : findSession(rt.db, sid);
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
export function deviceOf(request: EndpointRequest): { userAgent: string; address: string } {
  return { userAgent: request.headers["user-agent"] ?? "", address: request.address };
}
