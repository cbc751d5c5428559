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
import { parseCookies } from "./cookies";
import type { Runtime } from "./runtime";

/** Attributes of the session cookie. `__Host-` binds it to this host and to https (RFC 6265bis §4.1.3.2). */
function sessionCookie(rt: Runtime): { name: string; attributes: string } {
  const secure = rt.env.issuer.startsWith("https:");
  return {
    name: secure ? "__Host-latchkey.session" : "latchkey.session",
    attributes: `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`,
  };
}

/**
 * Checks an e-mail address and a password and opens a session.
 * @returns the Set-Cookie value, or null: the same after the same time for an unknown user and a wrong password
 */
export async function signIn(
  rt: Runtime,
  { email, password }: { email: string; password: string },
  device: { userAgent: string; address: string },
): Promise<string | null> {
  const user = await findUserForSignIn(rt.db, email);
  const matches = await rt.passwords.verify(password, user?.passwordHash ?? null);
  if (!user || !matches) return null;
  const sid = await createSession(rt.db, user.id, limits.sessionSeconds, device);
  const token = await encode({ token: { sid }, secret: rt.env.authSecret, maxAge: limits.sessionSeconds });
  const { name, attributes } = sessionCookie(rt);
  return `${name}=${token}; Max-Age=${limits.sessionSeconds}; ${attributes}`;
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
  try {
    const token = await decode({ token: cookie, secret: rt.env.authSecret });
    return typeof token?.sid === "string" ? token.sid : null;
  } catch {
    return null;
  }
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
