/** Who maintains a company's app beside its owners and auth managers: said by those, about members of the company. */
import { ownedBy } from "./app-maintenance";
import { auditRow } from "./audit";
import { holdCompany } from "./company-members";
import { isManaging } from "./company-roles";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";

export interface MaintainerRow {
  id: string;
  name: string;
  email: string;
  addedAt: Date;
}

/** How many one app may have beside the managers. */
export const MAINTAINERS_LIMIT = 50;

/** The named maintainers of an app, for those who may change them; nothing for others. */
export async function listMaintainers(
  db: Database,
  actorId: string,
  appId: string,
): Promise<MaintainerRow[]> {
  const rows = await db.prisma.appMaintainer.findMany({
    where: { appId, app: ownedBy(actorId) },
    include: { user: { select: { name: true, email: true } } },
    orderBy: [{ createdAt: "asc" }, { userId: "asc" }],
  });
  return rows.map(({ userId, user, createdAt }) => ({ id: userId, ...user, addedAt: createdAt }));
}

/** Why nobody was added. */
export type NotAdded = "not_owner" | "not_member" | "manages" | "is_maintainer" | "too_many";

/** Lets a member of the company maintain its app. @param email in lower case */
export async function addMaintainer(
  db: Database,
  actorId: string,
  appId: string,
  email: string,
): Promise<"done" | NotAdded> {
  return db.prisma.$transaction(async (tx) => {
    const companyId = await companyOf(tx, actorId, appId);
    // Held, so that nobody is added who leaves at this moment.
    if (companyId === null || !(await holdCompany(tx, companyId))) return "not_owner";
    const member = await tx.membership.findFirst({
      where: { companyId, user: { email, kind: "person", status: "active" } },
      select: { userId: true, role: true, user: { select: { name: true } } },
    });
    if (!member) return "not_member";
    if (isManaging(member.role)) return "manages";
    if ((await tx.appMaintainer.count({ where: { appId } })) >= MAINTAINERS_LIMIT) return "too_many";
    const row = { appId, userId: member.userId, addedById: actorId, createdAt: db.now() };
    const { count } = await tx.appMaintainer.createMany({ data: [row], skipDuplicates: true });
    if (count === 0) return "is_maintainer";
    const details = { name: member.user.name, userId: member.userId };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "maintainer.added", actorId, appId, companyId, details }),
    });
    return "done";
  });
}

/** They no longer reach the app, unless they manage the company. @returns false when there is none, or not to be removed */
export async function removeMaintainer(
  db: Database,
  actorId: string,
  appId: string,
  userId: string,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const companyId = await companyOf(tx, actorId, appId);
    if (companyId === null) return false;
    const { count } = await tx.appMaintainer.deleteMany({ where: { appId, userId, app: ownedBy(actorId) } });
    if (count === 0) return false;
    const person = await tx.user.findUnique({ where: { id: userId }, select: { name: true } });
    const details = { name: person?.name ?? null, userId };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "maintainer.removed", actorId, appId, companyId, details }),
    });
    return true;
  });
}

/** The company of an app whose maintainers this person may change; null for everybody else, and for people's own apps. */
async function companyOf(
  tx: Prisma.TransactionClient,
  actorId: string,
  appId: string,
): Promise<string | null> {
  const app = await tx.app.findFirst({
    where: { ...ownedBy(actorId), id: appId, kind: "registered" },
    select: { companyId: true },
  });
  return app?.companyId ?? null;
}
