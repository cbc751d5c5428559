/** Who is told about an app or a company: the people who can do something about it. */
import { managing } from "./company-roles";
import type { Prisma } from "./generated/client";

/** The app's owner, or those who manage the company it belongs to and its maintainers. @returns ids of people */
export async function keepersOf(tx: Prisma.TransactionClient, appId: string): Promise<string[]> {
  const app = await tx.app.findUnique({ where: { id: appId }, select: { ownerId: true, companyId: true } });
  if (!app?.companyId) return app?.ownerId ? [app.ownerId] : [];
  const managers = await managersOf(tx, app.companyId);
  const maintainers = await tx.appMaintainer.findMany({
    where: {
      appId,
      user: { status: "active", kind: "person", memberships: { some: { companyId: app.companyId } } },
    },
    select: { userId: true },
    orderBy: [{ createdAt: "asc" }, { userId: "asc" }],
  });
  // Somebody named as a maintainer may manage the company by now.
  return [...new Set([...managers, ...maintainers.map(({ userId }) => userId)])];
}

/** Those who manage a company's credentials. */
export async function managersOf(tx: Prisma.TransactionClient, companyId: string): Promise<string[]> {
  const managers = await tx.membership.findMany({
    where: { companyId, role: { in: managing }, user: { status: "active", kind: "person" } },
    select: { userId: true },
    orderBy: { createdAt: "asc" },
    take: 50,
  });
  return managers.map(({ userId }) => userId);
}
