/**
 * A cookie that proves that somebody signed in to an account with this browser before: it keeps strangers' guesses from
 * locking the owner out (OWASP, "device cookies"). It opens nothing.
 */
import { randomId } from "../oauth/tokens";
import { hostCookie, parseCookies } from "./cookies";
import type { Runtime } from "./runtime";

/** A year: who comes back later than that counts as a stranger until the next sign-in. */
const SECONDS = 365 * 24 * 60 * 60;

const cookie = (rt: Runtime) => hostCookie(rt.env.issuer, "latchkey.device", "Strict");
const signed = (account: string, id: string) => `${id} ${account.toLowerCase()}`;

/** The Set-Cookie value for a browser that has just signed in, with a name nothing else has. */
export function newDeviceCookie(rt: Runtime, account: string): string {
  const id = randomId(16, rt.as.random);
  const { name, attributes } = cookie(rt);
  return `${name}=${id}.${rt.keys.sign("device cookie", signed(account, id))}; Max-Age=${SECONDS}; ${attributes}`;
}

/** The name of the browser that signed in to this account before; null for any other, and for a forged one. */
export function knownDevice(rt: Runtime, cookieHeader: string | undefined, account: string): string | null {
  const [id = "", tag = ""] = parseCookies(cookieHeader)[cookie(rt).name]?.split(".") ?? [];
  return id !== "" && rt.keys.verify("device cookie", signed(account, id), tag) ? id : null;
}
