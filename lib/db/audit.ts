/** Audit events: who did what, written in the transaction of what it records. */
import { randomId } from "../oauth/tokens";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";

export type AuditAction =
  | "app.created"
  | "app.updated"
  | "app.deleted"
  | "app.approved"
  | "app.refused"
  | "policy.changed"
  | "policy.lapsed"
  | "redirects.pinned"
  | "credential.created"
  | "credential.deleted"
  | "service_account.created"
  | "service_account.changed"
  | "service_account.deleted"
  | "settings.changed"
  | "password.changed"
  | "secret.rotated"
  | "secret.revoked"
  | "token.created"
  | "token.revoked"
  | "consent.given"
  | "consent.revoked";

export interface AuditEntry {
  action: AuditAction;
  /** The user who did it; null for an app, or for time. */
  actorId: string | null;
  appId?: string | null;
  companyId?: string | null;
  /** Names and values for people; never a secret. */
  details?: Prisma.InputJsonObject;
}

/** The row of an audit event, for the transaction that does what it says. */
export function auditRow(db: Database, entry: AuditEntry): Prisma.AuditEventCreateInput {
  return {
    id: randomId(20, db.random),
    at: db.now(),
    actorId: entry.actorId,
    action: entry.action,
    appId: entry.appId ?? null,
    companyId: entry.companyId ?? null,
    details: entry.details ?? {},
  };
}
