/** Security headers of every page: a script nonce for each, no framing, and forms only to where they must go. */
import { type NextRequest, NextResponse } from "next/server";
import { findPending } from "./lib/oauth/consent";
import { isLoopback, redirectOrigin } from "./lib/oauth/redirect_uri";
import { errorPage } from "./lib/server/error-page";
import { isRunning, runtime } from "./lib/server/runtime";
import { isSameOrigin } from "./lib/server/same-origin";
import { pageHeaders } from "./lib/server/security-headers";

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const issuer = isRunning() ? runtime().env.issuer : request.nextUrl.origin;
  const response = isForeignForm(request, issuer) ? refused() : await admitted(request);
  for (const [name, value] of Object.entries(pageHeaders(issuer))) response.headers.set(name, value);
  // An address with a one-time link in it is told to nobody, ourselves included.
  if (request.nextUrl.searchParams.has("link")) response.headers.set("referrer-policy", "no-referrer");
  response.headers.set("cross-origin-opener-policy", openerPolicy(request));
  return response;
}

/** Server actions are forms, too: Next compares Origin with Host, and this also hears what the browser says itself. */
function isForeignForm(request: NextRequest, issuer: string): boolean {
  const headers = Object.fromEntries(request.headers);
  return !["GET", "HEAD"].includes(request.method) && !isSameOrigin({ headers }, issuer);
}

function refused(): NextResponse {
  const { status, headers, body } = errorPage({
    status: 403,
    title: "This form is not ours",
    message:
      "It was sent from a page of another site, so nothing was done. Please go back to where you were.",
    requestId: crypto.randomUUID(),
  });
  const response = new NextResponse(String(body), { status });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, String(value));
  return response;
}

async function admitted(request: NextRequest): Promise<NextResponse> {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const policy = contentSecurityPolicy(nonce, await formTarget(request));
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  // A layout is not told its path; the portal's needs it to come back after a sign-in.
  headers.set("x-latchkey-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

/**
 * An app inside somebody's iframe signs people in through a popup, and hears from it through `opener`; a policy on the
 * pages in between would cut that for good. Nothing of ours talks to an opener. The portal is kept apart.
 */
function openerPolicy({ nextUrl }: NextRequest): string {
  return isInteraction(nextUrl.pathname) ? "unsafe-none" : "same-origin";
}

/** The pages between an app and its answer: sign-in, sign-up and what belongs to them, and the consent. */
function isInteraction(pathname: string): boolean {
  return /^\/(login|sign-up|consent)(\/|$)/.test(pathname);
}

/**
 * Chromium holds the whole redirect chain of a form to `form-action`: a sign-in or a consent that ends at the client
 * needs the client's origin in it, and so does every origin the client's callback moves on to, which nobody can know.
 * So these pages allow the scheme of the proven redirect URI (docs/decisions/0007).
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
