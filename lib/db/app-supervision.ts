/**
 * What administrators do about the apps of others. Whether the actor is one is asked in the transaction that does it, and
 * the audit row is written there. Service accounts' keys have their own ways (service-account-changes.ts).
 */
import { deleteIn } from "./app-registration";
import { type AuditEntry, auditRow } from "./audit";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { deleteFamilies } from "./refresh-tokens";
import type { Seen } from "./registrations";
import { isActiveAdmin } from "./users";
import { appSuspended, enqueue } from "./webhook-events";

/** Whether it was done; else whether it was changed since it was seen, or is not in the state for it. */
export type Supervised = "done" | "not_admin" | "no_app" | "changed" | "not_now";

const supervised: Prisma.AppWhereInput = { kind: { not: "service_account" } };

/** The app as a change of it found it. */
interface Found {
  name: string;
  status: "active" | "pending" | "refused" | "suspended";
  version: number;
  ownerId: string | null;
  companyId: string | null;
  resumesAs: "active" | "pending" | "refused" | "suspended" | null;
  kind: "registered" | "credential" | "service_account";
}

/** One change of one app, which is held meanwhile, with its audit row. A refusal writes nothing. */
async function supervise(
  db: Database,
  adminId: string,
  appId: string,
  change: (
    tx: Prisma.TransactionClient,
    app: Found,
  ) => Promise<Exclude<Supervised, "done"> | Omit<AuditEntry, "actorId">>,
): Promise<Supervised> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, adminId))) return "not_admin";
    // Raw because Prisma's builder has no row locks.
    await tx.$queryRaw`SELECT 1 FROM apps WHERE id = ${appId} FOR UPDATE`;
    const app = await tx.app.findFirst({ where: { AND: [supervised, { id: appId }] } });
    if (!app) return "no_app";
    const entry = await change(tx, app);
    if (typeof entry === "string") return entry;
    const { companyId } = app;
    await tx.auditEvent.create({
      data: auditRow(db, { appId, companyId, ...entry, actorId: adminId }),
    });
    return "done";
  });
}

/** The app works for nobody from the next request on: no authorize request, no token, no call. @param reason for its owner */
export async function suspendApp(
  db: Database,
  adminId: string,
  appId: string,
  reason: string,
): Promise<Supervised> {
  return supervise(db, adminId, appId, async (tx, { status }) => {
    if (status !== "active" && status !== "pending") return "not_now";
    const data = { status: "suspended", suspension: reason, resumesAs: status } as const;
    await tx.app.update({ where: { id: appId }, data });
    await enqueue(tx, db, appSuspended(appId, reason));
    return { action: "app.suspended", details: { reason } };
  });
}

/**
 * The app works again, as it did: one that waited for approval waits again. It is about what the administrator saw:
 * its owner may have changed it while it was suspended.
 */
export async function resumeApp(
  db: Database,
  adminId: string,
  { appId, version }: Seen,
): Promise<Supervised> {
  return supervise(db, adminId, appId, async (tx, app) => {
    if (app.status !== "suspended") return "not_now";
    if (app.version !== version) return "changed";
    const data = { status: app.resumesAs ?? "active", suspension: null, resumesAs: null } as const;
    await tx.app.update({ where: { id: appId }, data });
    return { action: "app.resumed" };
  });
}

/** Vouches for the app as it was seen; a change of what people see of it ends that (docs/decisions/0020). */
export async function verifyApp(
  db: Database,
  adminId: string,
  { appId, version }: Seen,
): Promise<Supervised> {
  return supervise(db, adminId, appId, async (tx, app) => {
    if (app.kind !== "registered") return "not_now";
    if (app.version !== version) return "changed";
    const { count } = await tx.app.updateMany({
      where: { id: appId, verifiedAt: null },
      data: { verifiedAt: db.now() },
    });
    return count === 0 ? "not_now" : { action: "app.verified" };
  });
}

export async function unverifyApp(db: Database, adminId: string, appId: string): Promise<Supervised> {
  return supervise(db, adminId, appId, async (tx) => {
    const { count } = await tx.app.updateMany({
      where: { id: appId, verifiedAt: { not: null } },
      // Another version: a consent screen that still shows the badge is shown again.
      data: { verifiedAt: null, version: { increment: 1 } },
    });
    return count === 0 ? "not_now" : { action: "app.unverified" };
  });
}

/** Whose an app becomes: a person's, by their e-mail address, or a company's. */
export type NewOwner = { email: string } | { companyId: string };

/**
 * Gives an app to somebody else. What people allowed stands; tokens that act for the owner before end, and so do its
 * maintainers and the verification, which was about the app in the owner's hands.
 * @returns `no_owner` for somebody who is not here
 */
export async function transferApp(
  db: Database,
  adminId: string,
  appId: string,
  to: NewOwner,
): Promise<Supervised | "no_owner"> {
  let nobody = false;
  const done = await supervise(db, adminId, appId, async (tx, app) => {
    // One that waits for approval works for its owner alone, and is decided about first.
    const settled = app.status === "active" || (app.status === "suspended" && app.resumesAs !== "pending");
    if (app.kind !== "registered" || !settled) return "not_now";
    const owner = await findOwner(tx, to);
    nobody = owner === null;
    if (owner === null || (owner.ownerId === app.ownerId && owner.companyId === app.companyId))
      return "not_now";
    const its = { appId, consentId: null };
    const refreshed = await deleteFamilies(tx, its);
    const { count } = await tx.token.deleteMany({ where: its });
    // Whoever has it now names their own.
    await tx.appMaintainer.deleteMany({ where: { appId } });
    await tx.app.update({
      where: { id: appId },
      data: {
        ...{ ownerId: owner.ownerId, companyId: owner.companyId },
        ...{ verifiedAt: null, version: { increment: 1 } },
      },
    });
    return {
      action: "app.transferred",
      companyId: owner.companyId ?? app.companyId,
      subjectId: owner.ownerId ?? app.ownerId,
      details: { to: owner.name, tokens: refreshed + count },
    };
  });
  return nobody && done === "not_now" ? "no_owner" : done;
}

async function findOwner(tx: Prisma.TransactionClient, to: NewOwner) {
  if ("companyId" in to) {
    const company = await tx.company.findUnique({
      where: { id: to.companyId },
      select: { id: true, name: true },
    });
    return company && { ownerId: null, companyId: company.id, name: company.name };
  }
  const where = { email: to.email.toLowerCase(), kind: "person", status: "active" } as const;
  const person = await tx.user.findFirst({ where, select: { id: true, name: true } });
  return person && { ownerId: person.id, companyId: null, name: person.name };
}

/** Deletes an app with everything it was given. @param name as the administrator typed it */
export async function deleteAnyApp(
  db: Database,
  adminId: string,
  appId: string,
  name: string,
): Promise<Supervised> {
  return supervise(db, adminId, appId, async (tx, app) => {
    if (app.name.trim() !== name.trim()) return "changed";
    const gone = await deleteIn(tx, appId, supervised);
    if (!gone) return "no_app";
    return { action: "app.deleted", details: { name: gone.name, tokens: gone.tokens } };
  });
}

/** Has an administrator vouched for this app? For the consent screen. */
export async function isVerified(db: Database, appId: string): Promise<boolean> {
  const app = await db.prisma.app.findUnique({ where: { id: appId }, select: { verifiedAt: true } });
  return app?.verifiedAt != null;
}
