/** Who may register an app, the queue of those that wait, and what an administrator decides (docs/decisions/0010). */
import type { Instance } from "../oauth/instance";
import { type AppInput, insertApp } from "./app-registration";
import { type AppSummary, toSummary, withRedirects } from "./apps";
import { type AuditEntry, auditRow } from "./audit";
import { isManaging, managing } from "./company-roles";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import type { CompanyRole } from "./generated/enums";
import { afterCursor, type Page, toCursor } from "./keyset";
import { holdInstance } from "./settings";

/** How a person's new app begins; `closed`: not at all. */
export type Admission = "open" | "by_approval" | "closed";

interface Registrant {
  isAdmin: boolean;
  roles: readonly CompanyRole[];
}

/** Administrators decide about apps, so theirs wait for nobody. */
export function admission(mode: Instance["registration"], { isAdmin, roles }: Registrant): Admission {
  if (mode === "open" || isAdmin) return "open";
  if (mode === "approval") return "by_approval";
  return roles.some(isManaging) ? "open" : "closed";
}

/**
 * Registers an app as the installation has it: active, or waiting for an administrator.
 * @param companyId the company it is to belong to; null for the person's own
 * @returns null for a person who may not register, or does not manage the company
 */
export async function registerApp(
  db: Database,
  userId: string,
  input: AppInput,
  credentialPrefix: string,
  companyId: string | null = null,
): Promise<{ id: string; secret: string | null; status: "active" | "pending" } | null> {
  return db.prisma.$transaction(async (tx) => {
    const { registration } = await holdInstance(tx);
    const registrant = await holdRegistrant(tx, userId);
    const admitted = admission(registration, registrant);
    if (admitted === "closed") return null;
    if (companyId !== null && !registrant.manages.includes(companyId)) return null;
    const status = admitted === "open" ? "active" : "pending";
    return { status, ...(await insertApp(db, tx, userId, input, credentialPrefix, status, companyId)) };
  });
}

/** Holds the roles a registration rests on: one that is taken away at this moment goes before it or after it. */
async function holdRegistrant(
  tx: Prisma.TransactionClient,
  userId: string,
): Promise<Registrant & { manages: string[] }> {
  // Raw because Prisma's builder has no row locks.
  const users = await tx.$queryRaw<{ is_admin: boolean }[]>`
    SELECT is_admin FROM users WHERE id = ${userId} AND status = 'active' FOR SHARE`;
  const memberships = await tx.$queryRaw<{ role: CompanyRole; company_id: string }[]>`
    SELECT role::text AS role, company_id FROM memberships WHERE user_id = ${userId} FOR SHARE`;
  const manages = memberships.filter(({ role }) => users.length > 0 && isManaging(role));
  return {
    isAdmin: users[0]?.is_admin ?? false,
    roles: memberships.map(({ role }) => role),
    manages: manages.map(({ company_id }) => company_id),
  };
}

/** Who manages a person's companies, for one who must ask them. */
export async function managersOf(
  db: Database,
  userId: string,
): Promise<{ company: string; people: { name: string; email: string }[] }[]> {
  const companies = await db.prisma.company.findMany({
    where: { memberships: { some: { userId } } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    select: {
      name: true,
      memberships: {
        where: { role: { in: managing }, user: { status: "active", kind: "person" } },
        orderBy: { createdAt: "asc" },
        take: 10,
        select: { user: { select: { name: true, email: true } } },
      },
    },
  });
  return companies.map(({ name, memberships }) => ({
    company: name,
    people: memberships.map(({ user }) => user),
  }));
}

/** An app that waits, with what an administrator judges it by. */
export interface WaitingApp extends Omit<AppSummary, "people"> {
  /** Comes back with the decision: it is about what was seen. */
  version: number;
  /** A company with the address of who registered the app. */
  owner: { name: string; email: string };
  /** Have other people allowed it, when it was approved before? */
  inUse: boolean;
}

/** Apps that wait, the oldest first. Who may see them is decided by the caller. */
export async function listWaiting(
  db: Database,
  { after, limit = 20 }: { after?: string; limit?: number } = {},
): Promise<Page<"apps", WaitingApp>> {
  const cursor = afterCursor(after);
  const rows = await db.prisma.app.findMany({
    where: {
      status: "pending",
      ...(cursor && {
        createdAt: { gte: cursor.at },
        OR: [{ createdAt: { gt: cursor.at } }, { id: { gt: cursor.id } }],
      }),
    },
    include: {
      ...withRedirects,
      owner: { select: { name: true, email: true } },
      company: { select: { name: true } },
      // Two, since one of them may be its owner.
      consents: { select: { userId: true }, distinct: ["userId"], take: 2 },
    },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const makers = await db.prisma.user.findMany({
    where: { id: { in: page.flatMap(({ companyId, createdById }) => (companyId && createdById) || []) } },
    select: { id: true, email: true },
  });
  return {
    apps: page.map((row) => {
      const { people: _, ...summary } = toSummary(row, 0, db.now());
      const inUse = row.consents.some(({ userId }) => userId !== (row.ownerId ?? row.createdById));
      const email = makers.find(({ id }) => id === row.createdById)?.email ?? "";
      const owner = row.owner ?? { name: row.company?.name ?? "", email };
      return { ...summary, version: row.version, owner, inUse };
    }),
    next: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null,
  };
}

/** How many apps wait. */
export async function countWaiting(db: Database): Promise<number> {
  return db.prisma.app.count({ where: { status: "pending" } });
}

/** The app as the administrator saw it. */
export interface Seen {
  appId: string;
  version: number;
}

/** Whether it was decided; else whether there was nothing to decide any more, or something else than was seen. */
export type Decided = "done" | "changed" | "not_waiting" | "not_admin";

/** People can allow the app from now on. */
export async function approveApp(db: Database, adminId: string, seen: Seen): Promise<Decided> {
  const data = { status: "active", refusal: null } as const;
  return decide(db, seen, data, { action: "app.approved", actorId: adminId });
}

/** The app works for nobody any more, until its owner changes it and asks again. */
export async function refuseApp(db: Database, adminId: string, seen: Seen, reason: string): Promise<Decided> {
  const data = { status: "refused", refusal: reason } as const;
  return decide(db, seen, data, { action: "app.refused", actorId: adminId, details: { reason } });
}

/** The UPDATE decides: of two decisions at once, one finds the app no longer waiting. */
async function decide(
  db: Database,
  { appId, version }: Seen,
  data: Prisma.AppUpdateManyMutationInput,
  entry: AuditEntry & { actorId: string | null },
): Promise<Decided> {
  return db.prisma.$transaction(async (tx) => {
    const admins = await tx.user.count({
      where: { id: entry.actorId ?? "", isAdmin: true, status: "active" },
    });
    if (admins === 0) return "not_admin";
    const waiting = { id: appId, status: "pending" } as const;
    const [app] = await tx.app.updateManyAndReturn({
      where: { ...waiting, version },
      data,
      select: { companyId: true },
    });
    if (!app) return (await tx.app.count({ where: waiting })) > 0 ? "changed" : "not_waiting";
    await tx.auditEvent.create({ data: auditRow(db, { ...entry, appId, companyId: app.companyId }) });
    return "done";
  });
}
