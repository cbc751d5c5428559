/** The headers that keep browsers from doing more with an answer of ours than it is for. */

/** RFC 6797: for a year, browsers ask for this host over https only. */
const HSTS = { "strict-transport-security": "max-age=31536000" };

/**
 * What the fast lane says with every answer. Its pages have no forms and its redirects may carry a code, so nobody is
 * told where a browser comes from (RFC 9700 §4.2.4).
 */
const ANSWER: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};
const ANSWER_ON_HTTPS: Readonly<Record<string, string>> = { ...ANSWER, ...HSTS };

/** What pages say, besides their Content-Security-Policy and their opener policy. */
const PAGE: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // No other origin is told anything. Not no-referrer: a form would then be sent with `Origin: null`.
  "referrer-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
};
const PAGE_ON_HTTPS: Readonly<Record<string, string>> = { ...PAGE, ...HSTS };

export function answerHeaders(issuer: string): Readonly<Record<string, string>> {
  return issuer.startsWith("https:") ? ANSWER_ON_HTTPS : ANSWER;
}

export function pageHeaders(issuer: string): Readonly<Record<string, string>> {
  return issuer.startsWith("https:") ? PAGE_ON_HTTPS : PAGE;
}
