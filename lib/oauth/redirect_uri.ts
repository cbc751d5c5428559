/** Redirect URIs as such: which can be registered at all, what they are made of, and how an answer is added to one. */
import { decodeFormComponent, encodeParams } from "./params";

/** The pieces of a URI as they were written. `query` keeps its `?`, `port` has no colon. */
export interface Pieces {
  scheme: string;
  host: string;
  port: string;
  path: string;
  query: string;
}

const MAX_LENGTH = 2000;
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: "80", https: "443" };

// Only web schemes have an authority here; of a private-use scheme all up to the query is path. No two neighbouring
// parts share a character, so matching is linear.
const SHAPE = /^(?:(https?):\/\/([^/?]*)|([^:/?]+):)([^?]*)(\?.*)?$/;
const AUTHORITY = /^(\[[^\]]*\]|[^:[\]]*)(?::([0-9]*))?$/;
// Lower case, no empty label (so no trailing dot), no underscore: it is no part of a host name (RFC 1123 §2.1), and
// Chromium ignores a CSP source that has one. WHATWG's view of the host is asked separately.
const HOST = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])$/;
const PORT = /^[1-9][0-9]{0,4}$/;
const PRIVATE_USE_SCHEME = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+$/;
// A segment that is `.` or `..`, encoded or not; `..;` is the spelling Java servers take for `..`.
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:;[^/]*)?(?=\/|$)/i;
const BAD_PERCENT = /%(?![0-9a-f]{2})/i;
const ENCODED_CONTROL = /%(?:[01][0-9a-f]|7f)/i;

/**
 * What an authorization response puts into the query. Were one of these in the redirect URI already, the client would
 * see it twice and might believe the wrong one: under `origin_path` that is a way to inject a code.
 */
const RESPONSE_PARAMS: ReadonlySet<string> = new Set([
  "code",
  "state",
  "iss",
  "error",
  "error_description",
  "error_uri",
  "access_token",
  "id_token",
  "token_type",
  "expires_in",
  "scope",
]);

/** Rules that need no parsing, the cheapest and most general first: after them the URI is short and plain. */
const CHARACTER_RULES: readonly (readonly [broken: (uri: string) => boolean, problem: string])[] = [
  [(uri) => uri === "", "The redirect URI is empty."],
  [(uri) => uri.length > MAX_LENGTH, `The redirect URI is longer than ${MAX_LENGTH} characters.`],
  [
    (uri) => /[^\x20-\x7e]/.test(uri),
    "Only printable ASCII characters are allowed; write an international host in its xn-- form, other characters percent-encoded.",
  ],
  [(uri) => uri.includes("\\"), "A backslash is not allowed: browsers read it as a slash."],
  [
    (uri) => /[ "<>^`{|}]/.test(uri),
    "Spaces, quotation marks and the characters < > ^ ` { | } must be percent-encoded.",
  ],
  [(uri) => uri.includes("#"), "A fragment (#) is not allowed (RFC 6749 section 3.1.2)."],
  [
    (uri) => uri.includes("@"),
    "An @ is not allowed: no user name or password before the host; elsewhere write %40.",
  ],
  [
    (uri) => BAD_PERCENT.test(uri),
    "Percent-encoding is invalid: % must be followed by two hexadecimal digits.",
  ],
  [(uri) => ENCODED_CONTROL.test(uri), "Encoded control characters (%00 to %1F, %7F) are not allowed."],
];

/**
 * Why a URI can be neither registered nor used as a redirect URI: a sentence for its developer, or null when it can.
 *
 * Accepted are absolute URIs without fragment (RFC 6749 §3.1.2) with the scheme https; http for `localhost`,
 * `127.0.0.1` and `[::1]` (RFC 8252 §7.3, §8.3); or a private-use scheme with a dot (RFC 8252 §7.1). A URI must be
 * written the way the WHATWG parser (a browser) reads it: scheme and host in lower case, no numeric disguise of an
 * address. `https://a.example` and `https://a.example/` are both fine, and are different URIs in exact matching.
 */
export function redirectUriProblem(uri: string): string | null {
  for (const [broken, problem] of CHARACTER_RULES) {
    if (broken(uri)) return problem;
  }
  const scheme = uri.slice(0, uri.search(/[:/?]|$/));
  if (scheme === "https" || scheme === "http") return webProblem(uri) ?? restProblem(uri);
  return schemeProblem(uri, scheme) ?? restProblem(uri);
}

/**
 * The CSP source that lets a form end at this redirect URI: `https://host:port` without a default port, or
 * `com.example.app:` for a private-use scheme. Empty, which allows nothing, for what {@link redirectUriProblem} refuses.
 *
 * CSP has no syntax for IPv6 addresses (CSP3 §2.3.1, host-source; Chromium ignores `http://[::1]:3000` and blocks the
 * form), so the narrowest source that includes one is any host on that port: `http://*:3000`.
 */
export function redirectOrigin(uri: string): string {
  if (redirectUriProblem(uri) !== null) return "";
  if (!isWeb(uri)) return uri.slice(0, uri.indexOf(":") + 1);
  return new URL(uri).origin.replace(/\[.*\]/, "*");
}

/**
 * What the consent screen shows: the host, with its port unless that is the scheme's default, or a private-use scheme
 * without its colon. International hosts stay in their `xn--` spelling, so that look-alikes look different. Empty for
 * what {@link redirectUriProblem} refuses.
 */
export function redirectHost(uri: string): string {
  if (redirectUriProblem(uri) !== null) return "";
  return isWeb(uri) ? new URL(uri).host : uri.slice(0, uri.indexOf(":"));
}

/** Whether the URI stays on the user's own device: its host is literally `localhost`, `127.0.0.1` or `[::1]`. */
export function isLoopback(uri: string): boolean {
  return redirectUriProblem(uri) === null && LOOPBACK_HOSTS.has(pieces(uri)?.host ?? "");
}

/**
 * Adds response parameters to a redirect URI whose existing query is kept byte for byte (RFC 6749 §3.1.2).
 * A space is written `%20` and not `+`: form decoders read both, but many app-side URI parsers read only the former,
 * and `state` has to come back as it was sent.
 *
 * @param uri one without fragment, as {@link redirectUriProblem} accepts
 */
export function withParams(uri: string, params: Iterable<readonly [string, string]>): string {
  const added = encodeParams(params).replaceAll("+", "%20");
  if (added === "") return uri;
  const query = uri.indexOf("?");
  if (query < 0) return `${uri}?${added}`;
  // A later `?` is part of a value: only the first one separates.
  return query === uri.length - 1 || uri.endsWith("&") ? uri + added : `${uri}&${added}`;
}

/** Splits a URI as it is written; null when it has no scheme or its authority is malformed. */
export function pieces(uri: string): Pieces | null {
  const [whole, web, authority = "", scheme = web ?? "", path = "", query = ""] = SHAPE.exec(uri) ?? [];
  const [hostAndPort, host = "", port = ""] = AUTHORITY.exec(authority) ?? [];
  return whole === undefined || hostAndPort === undefined ? null : { scheme, host, port, path, query };
}

/** Whether the scheme is http or https. */
export function isWeb(uri: string): boolean {
  return uri.startsWith("https://") || uri.startsWith("http://");
}

function webProblem(uri: string): string | null {
  const parts = isWeb(uri) ? pieces(uri) : null;
  if (parts === null || parts.host === "")
    return "The redirect URI is not a complete web address: write https://host/path.";
  const { scheme, host, port } = parts;
  if (/[A-Z]/.test(host)) return "Write the host in lower case.";
  const colon = uri.startsWith(`${scheme}://${host}:`);
  if (colon && (!PORT.test(port) || Number(port) > 65535)) return "The port is not a number from 1 to 65535.";
  if (!HOST.test(host) || !isReadAsWritten(uri, parts)) {
    return "The host is not valid, or a browser would read it as another one.";
  }
  if (scheme === "http" && !LOOPBACK_HOSTS.has(host)) {
    return "Use https: http is allowed only for localhost, 127.0.0.1 and [::1].";
  }
  return null;
}

/** Whether the WHATWG parser sees the same scheme, host and port: it turns `2130706433` and `127.1` into 127.0.0.1. */
function isReadAsWritten(uri: string, { scheme, host, port }: Pieces): boolean {
  if (!URL.canParse(uri)) return false;
  const url = new URL(uri);
  const effectivePort = port === DEFAULT_PORTS[scheme] ? "" : port;
  return url.protocol === `${scheme}:` && url.hostname === host && url.port === effectivePort;
}

function schemeProblem(uri: string, scheme: string): string | null {
  if (!uri.startsWith(`${scheme}:`)) return "The redirect URI is not absolute: start it with https://.";
  if (/[A-Z]/.test(scheme)) return "Write the scheme in lower case.";
  // The dot keeps out javascript:, data:, file:, blob:, about:, vbscript:, ws: and whatever browsers think of next.
  if (!PRIVATE_USE_SCHEME.test(scheme)) {
    return "The scheme must be https, http on a loopback address, or a private-use scheme with a dot such as com.example.app (RFC 8252 section 7.1).";
  }
  // Without this `yourapp.com:8443/cb`, an https address without its scheme, would be an app's scheme.
  if (uri.charAt(scheme.length + 1) !== "/") {
    return "After a private-use scheme write a slash and a path, as in com.example.app:/callback (RFC 8252 section 7.1).";
  }
  return URL.canParse(uri) ? null : "What follows the scheme is not valid.";
}

/** What holds for the path and the query of any scheme. */
function restProblem(uri: string): string | null {
  const [beforeQuery = "", ...queries] = uri.split("?");
  if (DOT_SEGMENT.test(beforeQuery.slice(beforeQuery.indexOf(":") + 1))) {
    return "The path must not contain the segments . or .., encoded or not.";
  }
  for (const pair of queries.join("?").split("&")) {
    const name = decodeFormComponent(pair.split("=", 1)[0] ?? "");
    if (name !== null && RESPONSE_PARAMS.has(name)) {
      return `The query must not contain ${name}: the authorization response adds it.`;
    }
  }
  return null;
}
