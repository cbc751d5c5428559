/** The Bearer header of a request to a resource server (RFC 6750 §2.1). */

/** The token of an Authorization header; null when there is none, or it is not a single Bearer token. */
export function bearerToken(authorization: string | undefined): string | null {
  const match = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization ?? "");
  return match?.[1] ?? null;
}
