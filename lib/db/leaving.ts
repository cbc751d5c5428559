/** What leaves the database by itself, and when: the one table that the sweep and its backlog are derived from. */

import { keepExpired } from "./ended-tokens";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Leaving {
  table: string;
  /** What these rows are called, where they are not all of the table's; and which they are. */
  some?: { name: string; where: string };
  /** The moment that counts; each has an index. */
  column: string;
  /** How many days after it a row leaves. */
  days: number;
  /** What is done for the rows that are `gone`, in the same statement, and the columns of theirs that it needs. */
  released?: { sql: string; needs: string };
}

/** What is named by a person is remembered as ended; what an app was issued is not. */
const named = { name: "named_tokens", where: "kind <> 'access'" };

/**
 * What is in quarantine for a month without a decision stays ended. A used code stays a day longer, so that a late replay is still seen as one; an ended secret stays a month, so that its
 * owner can be told it was used. A refresh token family that has run its course leaves alone: access tokens it issued may
 * have longer to live, and only one that is ended takes them along. Tokens with a name go where people see what ended.
 * @param auditDays how long audit events are kept
 */
export const leaving = (auditDays: number): readonly Leaving[] => [
  { table: "authorization_requests", column: "expires_at", days: 0 },
  { table: "authorization_codes", column: "expires_at", days: 1 },
  { table: "tokens", some: named, column: "expires_at", days: 0, released: keepExpired },
  { table: "tokens", some: { name: "tokens", where: "kind = 'access'" }, column: "expires_at", days: 1 },
  { table: "ended_tokens", column: "ended_at", days: 90 },
  { table: "refresh_tokens", column: "expires_at", days: 1 },
  {
    ...{ table: "refresh_families", column: "expires_at", days: 1 },
    released: {
      sql: "UPDATE tokens SET family_id = NULL FROM gone WHERE tokens.family_id = gone.id",
      needs: "id, expires_at",
    },
  },
  { table: "secret_uses", column: "hour", days: 2 },
  { table: "request_counts", column: "hour", days: 8 },
  { table: "request_traits", column: "day", days: 31 },
  { table: "consent_receipts", column: "at", days: 730 },
  { table: "sessions", column: "expires_at", days: 0 },
  { table: "one_time_links", column: "expires_at", days: 0 },
  { table: "totp_setups", column: "expires_at", days: 0 },
  { table: "used_challenges", column: "expires_at", days: 0 },
  { table: "client_secrets", column: "expires_at", days: 30 },
  { table: "request_log", column: "at", days: 30 },
  { table: "quarantined_credentials", column: "at", days: 30 },
  { table: "webhook_deliveries", column: "created_at", days: 30 },
  { table: "notices", column: "at", days: 7 },
  { table: "audit_events", column: "at", days: auditDays },
];

/** What its rows are called in figures. */
export function nameOf({ table, some }: Leaving): string {
  return some?.name ?? table;
}

/** Rows whose moment is before this one are due. */
export function dueBefore({ days }: Leaving, now: Date): Date {
  return new Date(now.getTime() - days * DAY_MS);
}
