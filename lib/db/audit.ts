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
  | "app.suspended"
  | "app.resumed"
  | "app.verified"
  | "app.unverified"
  | "app.transferred"
  | "settings.changed"
  | "company.created"
  | "company.changed"
  | "company.plan_changed"
  | "member.invited"
  | "member.joined"
  | "member.role_changed"
  | "member.removed"
  | "invitation.withdrawn"
  | "maintainer.added"
  | "maintainer.removed"
  | "user.created"
  | "user.changed"
  | "user.suspended"
  | "user.resumed"
  | "user.deleted"
  | "user.admin_changed"
  | "user.invited"
  | "email.verified"
  | "email.changed"
  | "sessions.ended"
  | "identity.linked"
  | "identity.unlinked"
  | "second_factor.added"
  | "second_factor.removed"
  | "second_factor.reset"
  | "recovery_codes.made"
  | "recovery_code.used"
  | "webhook.created"
  | "webhook.changed"
  | "webhook.deleted"
  | "token.regenerated"
  | "token.leaked"
  | "token.restored"
  | "secret.leaked"
  | "secret.restored"
  | "secret.retired"
  | "secret.retirement_set"
  | "password.changed"
  | "password.reset"
  | "secret.rotated"
  | "secret.revoked"
  | "token.created"
  | "token.revoked"
  | "tokens.revoked"
  | "consent.given"
  | "consent.revoked";

export interface AuditEntry {
  action: AuditAction;
  /** The user who did it; null for an app, or for time. */
  actorId: string | null;
  appId?: string | null;
  companyId?: string | null;
  /** The person it was done to, where that is somebody else. */
  subjectId?: string | null;
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
    subjectId: entry.subjectId ?? null,
    details: entry.details ?? {},
  };
}
