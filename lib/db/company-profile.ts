/** A company as its members see it: its name, its plan, how much there is of it; its owners give it another name. */
import { auditRow } from "./audit";
import { holdAsOwner } from "./company-members";
import type { Database } from "./database";

export interface CompanyProfile {
  id: string;
  name: string;
  createdAt: Date;
  /** Does the plan include the API? Administrators decide. */
  apiAccess: boolean;
  members: number;
  apps: number;
  credentials: number;
  /** Live tokens that reach it: of people, of apps, and its own. */
  tokens: number;
}

/** @returns null when there is no such company, or the person is not a member */
export async function findCompanyProfile(
  db: Database,
  userId: string,
  companyId: string,
): Promise<CompanyProfile | null> {
  const company = await db.prisma.company.findFirst({
    where: { id: companyId, memberships: { some: { userId, user: { status: "active" } } } },
    select: { id: true, name: true, createdAt: true, apiAccess: true },
  });
  if (!company) return null;
  const live = { OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }] };
  const [members, apps, credentials, tokens] = await Promise.all([
    db.prisma.membership.count({ where: { companyId, user: { kind: "person" } } }),
    db.prisma.app.count({ where: { companyId, kind: "registered" } }),
    db.prisma.app.count({ where: { companyId, kind: "credential" } }),
    db.prisma.token.count({ where: { companyId, ...live } }),
  ]);
  return { ...company, members, apps, credentials, tokens };
}

/** Gives the company another name. @returns false for who is no owner */
export async function renameCompany(
  db: Database,
  actorId: string,
  companyId: string,
  name: string,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await holdAsOwner(tx, actorId, companyId))) return false;
    const before = await tx.company.findUniqueOrThrow({ where: { id: companyId }, select: { name: true } });
    if (before.name === name) return true;
    await tx.company.update({ where: { id: companyId }, data: { name } });
    const details = { name, before: before.name };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "company.changed", actorId, companyId, details }),
    });
    return true;
  });
}

/** Who decides about plans: the first administrators of the installation. */
export async function findAdministrators(db: Database): Promise<{ name: string; email: string }[]> {
  return db.prisma.user.findMany({
    where: { isAdmin: true, kind: "person", status: "active" },
    select: { name: true, email: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: 3,
  });
}
