/** What leaves the database by itself, and when: the one table that the sweep and its backlog are derived from. */

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Leaving {
  table: string;
  /** The moment that counts; each has an index. */
  column: string;
  /** How many days after it a row leaves. */
  days: number;
  /** What is done to other rows for those that are `gone`, in the same statement. */
  released?: string;
}

/**
 * A used code stays a day longer, so that a late replay is still seen as one; an ended secret stays a month, so that its
 * owner can be told it was used. A refresh token family that has run its course leaves alone: access tokens it issued may
 * have longer to live, and only one that is ended takes them along.
 * @param auditDays how long audit events are kept
 */
export const leaving = (auditDays: number): readonly Leaving[] => [
  { table: "authorization_requests", column: "expires_at", days: 0 },
  { table: "authorization_codes", column: "expires_at", days: 1 },
  { table: "tokens", column: "expires_at", days: 1 },
  { table: "refresh_tokens", column: "expires_at", days: 1 },
  {
    ...{ table: "refresh_families", column: "expires_at", days: 1 },
    released: "UPDATE tokens SET family_id = NULL FROM gone WHERE tokens.family_id = gone.id",
  },
  { table: "request_traits", column: "day", days: 31 },
  { table: "consent_receipts", column: "at", days: 730 },
  { table: "sessions", column: "expires_at", days: 0 },
  { table: "client_secrets", column: "expires_at", days: 30 },
  { table: "request_log", column: "at", days: 30 },
  { table: "audit_events", column: "at", days: auditDays },
];

/** Rows whose moment is before this one are due. */
export function dueBefore({ days }: Leaving, now: Date): Date {
  return new Date(now.getTime() - days * DAY_MS);
}
