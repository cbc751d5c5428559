/** Who may manage a company's credentials: its owners and auth managers, asked where something is about to be changed. */
import type { Database } from "./database";
import { Prisma } from "./generated/client";
import type { CompanyRole } from "./generated/enums";

/** The roles that manage a company's credentials. */
export const managing: CompanyRole[] = ["owner", "auth_manager"];

/** Does this role manage the company's credentials? */
export function isManaging(role: CompanyRole): boolean {
  return managing.includes(role);
}

/** The companies a person manages, for the where clause of a query. */
export function managedBy(userId: string): Prisma.CompanyWhereInput {
  return { memberships: { some: { userId, role: { in: managing }, user: { status: "active" } } } };
}

/** The same as SQL. @param company the expression that names the company */
export function manages(userId: string, company: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.user_id = ${userId} AND m.company_id = ${company} AND m.role::text = ANY (${managing})
      AND u.status = 'active')`;
}

/**
 * May this person make credentials for the company, whose plan must include the API? Holds on to the answer until the
 * transaction ends: a role that is being taken away at this moment is either gone already or goes afterwards.
 */
export async function mayCreate(
  tx: Prisma.TransactionClient,
  userId: string,
  companyId: string,
): Promise<boolean> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT 1 AS held FROM memberships m
    JOIN companies c ON c.id = m.company_id JOIN users u ON u.id = m.user_id
    WHERE m.user_id = ${userId} AND m.company_id = ${companyId} AND m.role::text = ANY (${managing})
      AND u.status = 'active' AND c.api_access
    FOR SHARE`;
  return held.length > 0;
}

/** The company, if this person manages it, whatever its plan; holds on to the answer as {@link mayCreate} does. */
export async function holdAsManager(
  tx: Prisma.TransactionClient,
  userId: string,
  companyId: string,
): Promise<{ name: string } | null> {
  const [held] = await tx.$queryRaw<{ name: string }[]>`
    SELECT c.name FROM memberships m
    JOIN companies c ON c.id = m.company_id JOIN users u ON u.id = m.user_id
    WHERE m.user_id = ${userId} AND m.company_id = ${companyId} AND m.role::text = ANY (${managing})
      AND u.status = 'active'
    FOR SHARE`;
  return held ?? null;
}

/** A company as one of its members sees it. */
export interface Standing {
  id: string;
  name: string;
  /** Does the plan include the API? */
  apiAccess: boolean;
  /** This member's role. */
  role: CompanyRole;
  /** Does this member manage its credentials? */
  manages: boolean;
  /** Whom to ask. */
  managers: { id: string; name: string; email: string; role: CompanyRole }[];
}

/** @returns null when there is no such company, or the person is not a member */
export async function findStanding(
  db: Database,
  userId: string,
  companyId: string,
): Promise<Standing | null> {
  const company = await db.prisma.company.findFirst({
    where: { id: companyId, memberships: { some: { userId } } },
    include: {
      memberships: {
        where: { OR: [{ userId }, { role: { in: managing }, user: { status: "active" } }] },
        include: { user: { select: { name: true, email: true, status: true } } },
        orderBy: [{ role: "asc" }, { createdAt: "asc" }, { userId: "asc" }],
      },
    },
  });
  const own = company?.memberships.find((membership) => membership.userId === userId);
  if (!company || !own) return null;
  const { id, name, apiAccess, memberships } = company;
  const managers = memberships.flatMap(({ role, user: { status, ...user }, userId }) =>
    isManaging(role) && status === "active" ? [{ id: userId, ...user, role }] : [],
  );
  const manages = managers.some((manager) => manager.id === userId);
  return { id, name, apiAccess, role: own.role, manages, managers };
}
