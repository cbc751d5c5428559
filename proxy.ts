/** Security headers of every page: a script nonce for each, no framing, and forms only to where they must go. */
import { type NextRequest, NextResponse } from "next/server";
import { findPending } from "./lib/oauth/consent";
import { isLoopback, redirectOrigin } from "./lib/oauth/redirect_uri";
import { isRunning, runtime } from "./lib/server/runtime";

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const policy = contentSecurityPolicy(nonce, await formTarget(request));
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  // A layout is not told its path; the portal's needs it to come back after a sign-in.
  headers.set("x-latchkey-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("x-frame-options", "DENY");
  response.headers.set("referrer-policy", "same-origin");
  response.headers.set("cross-origin-opener-policy", openerPolicy(request));
  response.headers.set("permissions-policy", "camera=(), geolocation=(), microphone=()");
  if (isRunning() && runtime().env.issuer.startsWith("https:"))
    response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

/**
 * An app inside somebody's iframe signs people in through a popup, and hears from it through `opener`; a policy on the
 * pages in between would cut that for good. Nothing of ours talks to an opener. The portal is kept apart.
 */
function openerPolicy({ nextUrl }: NextRequest): string {
  return isInteraction(nextUrl.pathname) ? "unsafe-none" : "same-origin";
}

function isInteraction(pathname: string): boolean {
  return pathname === "/login" || pathname === "/consent";
}

/**
 * Chromium holds the whole redirect chain of a form to `form-action`: a sign-in or a consent that ends at the client
 * needs the client's origin in it, and so does every origin the client's callback moves on to, which nobody can know.
 * So these two pages allow the scheme of the proven redirect URI (docs/decisions/0007).
 */
async function formTarget(request: NextRequest): Promise<string> {
  const { pathname, searchParams } = request.nextUrl;
  const id = isInteraction(pathname) ? searchParams.get("request") : null;
  if (id === null || !isRunning()) return "";
  const pending = await findPending(runtime().as, id);
  return pending ? ` ${schemes(pending.request.redirect_uri)}` : "";
}

function schemes(redirect_uri: string): string {
  if (isLoopback(redirect_uri)) return "http: https:";
  return redirect_uri.startsWith("https:") ? "https:" : redirectOrigin(redirect_uri);
}

function contentSecurityPolicy(nonce: string, formTarget: string): string {
  const development = process.env.NODE_ENV === "production" ? "" : " 'unsafe-eval'";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `form-action 'self'${formTarget}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join("; ");
}

export const config = {
  matcher: [{ source: "/((?!_next/static|_next/image|favicon.ico).*)" }],
};
