/** Deleting an account: what goes with it, what stands in the way, and that nothing is left that acts as its person. */
import { deleteIn } from "./app-registration";
import { auditRow } from "./audit";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { endAccessOf } from "./passwords";

/** Somebody's apps may have been given a great many tokens. */
const LONG = { timeout: 30_000 };

/** Beyond this it makes no difference to who reads it. */
export const COUNTED = 1000;

/** What stands in the way. */
export interface Obstacles {
  /** The companies nobody else owns: they would be left without anybody who can manage them. */
  companies: string[];
  /** Nobody else administers the installation. */
  isOnlyAdmin: boolean;
}

export interface Departure extends Obstacles {
  /** Their own apps, which go with them. */
  apps: number;
  /** How many other people have allowed one of these; counted no further than `COUNTED`. */
  people: number;
  /** Personal tokens and those of apps that act as them; counted no further than `COUNTED`. */
  tokens: number;
  /** Apps they allowed. */
  consents: number;
}

/** What deleting the account would take away, and what stands in the way of it. */
export async function findDeparture(db: Database, userId: string): Promise<Departure> {
  const take = COUNTED + 1;
  const live = { OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }] };
  const [obstacles, apps, people, tokens, consents] = await Promise.all([
    findObstacles(db.prisma, userId),
    db.prisma.app.count({ where: { ownerId: userId } }),
    db.prisma.consent.findMany({
      where: { app: { ownerId: userId }, userId: { not: userId } },
      select: { userId: true },
      take,
    }),
    db.prisma.token.count({ where: { userId, ...live }, take }),
    db.prisma.consent.groupBy({ by: ["appId"], where: { userId } }),
  ]);
  return {
    ...obstacles,
    apps,
    people: new Set(people.map(({ userId }) => userId)).size,
    tokens,
    consents: consents.length,
  };
}

async function findObstacles(tx: Prisma.TransactionClient, userId: string): Promise<Obstacles> {
  const another = { userId: { not: userId }, user: { status: "active" } } as const;
  const owned = await tx.company.findMany({
    where: {
      AND: [
        { memberships: { some: { userId, role: "owner" } } },
        { memberships: { none: { role: "owner", ...another } } },
      ],
    },
    select: { name: true },
    orderBy: { name: "asc" },
  });
  const user = await tx.user.findUnique({ where: { id: userId }, select: { isAdmin: true } });
  const others =
    user?.isAdmin &&
    (await tx.user.count({
      where: { id: { not: userId }, isAdmin: true, status: "active", kind: "person" },
    }));
  return { companies: owned.map(({ name }) => name), isOnlyAdmin: others === 0 };
}

export type Deletion =
  | { outcome: "done" }
  /** Something stands in the way. */
  | { outcome: "refused" }
  /** There is no such person (any more). */
  | { outcome: "gone" };

/**
 * Deletes the account with everything that acts as its person or belongs to them alone: sessions, tokens, consents, apps
 * and what those were given, links, identities. What they made for a company stays the company's; the audit log keeps
 * what they did.
 */
export async function deleteAccount(db: Database, userId: string): Promise<Deletion> {
  return db.prisma.$transaction(async (tx) => {
    await holdPeers(tx, userId);
    const user = await tx.user.findFirst({
      where: { id: userId, kind: "person" },
      include: { memberships: true, apps: { select: { id: true, name: true } } },
    });
    if (!user) return { outcome: "gone" };
    const { companies, isOnlyAdmin } = await findObstacles(tx, userId);
    if (companies.length > 0 || isOnlyAdmin) return { outcome: "refused" };
    const { name, email, memberships, apps } = user;
    const sessions = await tx.session.count({ where: { userId } });
    const consents = await tx.consent.count({ where: { userId } });
    const tokens = await endAccessOf(db, tx, userId);
    await tx.endedToken.deleteMany({ where: { userId } });
    await tx.quarantinedCredential.deleteMany({ where: { userId } });
    const rows = [];
    for (const { id: appId, name } of apps) {
      const gone = await deleteIn(tx, appId, { ownerId: userId });
      const details = { name, tokens: gone?.tokens ?? 0 };
      rows.push(auditRow(db, { action: "app.deleted", actorId: userId, appId, details }));
    }
    for (const { companyId } of memberships)
      rows.push(
        auditRow(db, { action: "member.removed", actorId: userId, companyId, details: { name, email } }),
      );
    await tx.consentReceipt.deleteMany({ where: { userId } });
    await tx.oneTimeLink.deleteMany({ where: { userId } });
    const { count } = await tx.user.deleteMany({ where: { id: userId } });
    if (count === 0) return { outcome: "gone" };
    const details = { name, email, sessions, consents, tokens, apps: apps.length };
    rows.push(auditRow(db, { action: "user.deleted", actorId: userId, details }));
    await tx.auditEvent.createMany({ data: rows.map((row) => ({ ...row, details: row.details })) });
    return { outcome: "done" };
  }, LONG);
}

/**
 * Holds on to whoever could stay in their place until the end: of two last owners, or two last administrators, who go
 * at the same moment, the second finds that the first is gone. Raw because Prisma's builder has no row locks.
 */
async function holdPeers(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 AS held FROM users WHERE id = ${userId} OR (is_admin AND kind = 'person'
      AND EXISTS (SELECT 1 FROM users me WHERE me.id = ${userId} AND me.is_admin))
    ORDER BY id FOR UPDATE`;
  await tx.$queryRaw`
    SELECT 1 AS held FROM memberships m WHERE m.role = 'owner' AND m.company_id IN (
      SELECT own.company_id FROM memberships own WHERE own.user_id = ${userId} AND own.role = 'owner')
    ORDER BY m.company_id, m.user_id FOR UPDATE`;
}
