/** How a client authenticates by HTTP Basic (RFC 6749 §2.3.1). */

/** The Authorization header: both halves are form-encoded before they are joined. */
export function basicAuthorization(client_id: string, client_secret: string): string {
  const credentials = [client_id, client_secret].map(formEncode).join(":");
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}

export function formEncode(value: string): string {
  return new URLSearchParams([["", value]]).toString().slice(1);
}
