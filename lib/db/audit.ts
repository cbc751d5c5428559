/** Audit events: who did what, written in the transaction of what it records. */
import { randomId } from "../oauth/tokens";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";

export type AuditAction =
  | "app.created"
  | "app.updated"
  | "app.deleted"
  | "secret.rotated"
  | "secret.revoked"
  | "token.revoked"
  | "consent.given"
  | "consent.revoked";

export interface AuditEntry {
  action: AuditAction;
  /** The user who did it; null for an app. */
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
