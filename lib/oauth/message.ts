/** A request and its answer as plain values, so that no web server's objects are needed to serve or to test one. */

export interface EndpointRequest {
  method: string;
  /** Path without query. */
  path: string;
  /** The query as sent, without `?`, a character for each byte. */
  query: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
  /** The caller's address. */
  address: string;
  /** Names this request in the log and in the answer. */
  requestId: string;
}

/** Who sent a request, for those who note a use: where from, and with which program. */
export type Caller = Pick<EndpointRequest, "address" | "headers">;

export interface EndpointResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Uint8Array;
  /** The client that is given tokens by this answer: not sent, but counted. */
  issuedTo?: string;
}

/** JSON that no cache keeps (RFC 6749 §5.1). */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): EndpointResponse {
  return {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      pragma: "no-cache",
      ...headers,
    },
    body: JSON.stringify(value),
  };
}

/**
 * A redirect that always becomes a GET: RFC 9700 §4.12 names 303, since a 307 would hand the posted credentials on.
 */
export function seeOther(
  location: string,
  headers: Record<string, string | string[]> = {},
): EndpointResponse {
  return { status: 303, headers: { location, "cache-control": "no-store", ...headers }, body: "" };
}

/** The media type of a request without its parameters, in lower case (RFC 9110 §8.3.1); undefined when none was sent. */
export function mediaType(request: Pick<EndpointRequest, "headers">): string | undefined {
  return request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
}
