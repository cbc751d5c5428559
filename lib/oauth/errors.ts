/** Every error the protocol can answer with, in one table, and the one class that carries it. */

interface ErrorEntry {
  /** HTTP status when it is answered directly (RFC 6749 §5.2, RFC 6750 §3.1). */
  status: number;
  /** Where it is defined. */
  spec: string;
}

export const errors = {
  invalid_request: { status: 400, spec: "RFC 6749 §4.1.2.1, §5.2" },
  invalid_client: { status: 401, spec: "RFC 6749 §5.2" },
  invalid_grant: { status: 400, spec: "RFC 6749 §5.2" },
  unauthorized_client: { status: 400, spec: "RFC 6749 §4.1.2.1, §5.2" },
  unsupported_grant_type: { status: 400, spec: "RFC 6749 §5.2" },
  unsupported_response_type: { status: 400, spec: "RFC 6749 §4.1.2.1" },
  invalid_scope: { status: 400, spec: "RFC 6749 §4.1.2.1, §5.2" },
  access_denied: { status: 403, spec: "RFC 6749 §4.1.2.1" },
  server_error: { status: 500, spec: "RFC 6749 §4.1.2.1" },
  temporarily_unavailable: { status: 503, spec: "RFC 6749 §4.1.2.1" },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;

/** What only the app's owner may see of a refusal (house rule 9). Never a secret, a code or a token. */
export interface Evidence {
  client_id: string;
  /** One sentence: what was received against what is registered. */
  reason: string;
  /** What requests refused alike have in common, where the reason says more; it never repeats what was received. */
  summary?: string;
  received?: Record<string, string>;
  /** What is registered, under the names of what was received. */
  registered?: Record<string, string>;
  /** Hash of the secret that was presented, for the database to tell which one that was. Never kept. */
  secretHash?: string;
}

/** A refusal in the RFC's words. `message` is for the developer who reads the answer. */
export class OAuthError extends Error {
  readonly status: number;

  /**
   * @param code the RFC's error code
   * @param message `error_description`: printable ASCII without `"` and `\` (RFC 6749 §5.2); never echoes input
   * @param options.status another status than the table's (413 for an over-long body, 405 for a wrong method)
   * @param options.headers further response headers
   * @param options.evidence what the app's owner may see
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly options: { status?: number; headers?: Record<string, string>; evidence?: Evidence } = {},
  ) {
    super(message);
    this.status = options.status ?? errors[code].status;
  }
}
