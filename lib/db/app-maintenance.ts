/**
 * Whose an app is (docs/decisions/0019). A person's own app is that person's. A company's app is maintained by its owners
 * and auth managers, who also say which other members maintain it beside them. Every query about an app has one of these
 * conditions in its where clause.
 */
import { managedBy, managing } from "./company-roles";
import type { Database } from "./database";
import { Prisma } from "./generated/client";

/** Apps a person owns, alone or as one who manages the company: these they may also delete, transfer and share. */
export function ownedBy(userId: string): Prisma.AppWhereInput {
  return { OR: [{ ownerId: userId }, { kind: "registered", company: managedBy(userId) }] };
}

/** Apps a person maintains: those they own, and those of a company of theirs whose maintainer they are. */
export function maintainedBy(userId: string): Prisma.AppWhereInput {
  return {
    OR: [
      { ownerId: userId },
      { kind: "registered", company: managedBy(userId) },
      {
        kind: "registered",
        maintainers: { some: { userId } },
        company: { memberships: { some: { userId, user: { status: "active" } } } },
      },
    ],
  };
}

/**
 * {@link maintainedBy} as SQL.
 * @param app what the row of `apps` is called there
 * @param user the expression that names the person
 * @param roles the expression that lists the managing roles
 */
export function maintains(app: string, user: string, roles: string): string {
  return `(${app}.owner_id = ${user} OR (${app}.kind = 'registered' AND EXISTS (
      SELECT 1 FROM memberships mm JOIN users mu ON mu.id = mm.user_id
      WHERE mm.company_id = ${app}.company_id AND mm.user_id = ${user} AND mu.status = 'active'
        AND (mm.role::text = ANY (${roles}) OR EXISTS (
          SELECT 1 FROM app_maintainers x WHERE x.app_id = ${app}.id AND x.user_id = mm.user_id)))))`;
}

/** The managing roles as SQL, for statements without a parameter for them. */
export const MANAGING = `ARRAY[${managing.map((role) => `'${role}'`).join(", ")}]`;

/** {@link maintains} for Prisma's raw queries, where the row is called `a`. */
export function isMaintainedBy(userId: string): Prisma.Sql {
  const [first = "", ...rest] = maintains("a", "$user", MANAGING).split("$user");
  return rest.reduce((sql, part) => Prisma.sql`${sql}${userId}${Prisma.raw(part)}`, Prisma.raw(first));
}

/** Does this person maintain the app? */
export async function maintainsApp(db: Database, appId: string, userId: string): Promise<boolean> {
  return (await db.prisma.app.count({ where: { ...maintainedBy(userId), id: appId } })) === 1;
}
