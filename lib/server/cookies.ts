/** Cookies as a request carries them (RFC 6265 §5.4). */

/** The cookies of a Cookie header; the first of a name counts, and a malformed pair is passed over. */
export function parseCookies(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null);
  for (const pair of header?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (at < 1) continue;
    const name = pair.slice(0, at).trim();
    cookies[name] ??= pair.slice(at + 1).trim();
  }
  return cookies;
}

/**
 * The name and the attributes of a cookie of ours. On https, `__Host-` binds it to this host and to https, so that no
 * neighbouring subdomain can set it (RFC 6265bis §4.1.3.2).
 */
export function hostCookie(
  issuer: string,
  name: string,
  sameSite: "Lax" | "Strict",
): { name: string; attributes: string } {
  const secure = issuer.startsWith("https:");
  return {
    name: secure ? `__Host-${name}` : name,
    attributes: `Path=/; HttpOnly; SameSite=${sameSite}${secure ? "; Secure" : ""}`,
  };
}
