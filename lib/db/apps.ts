/** Apps as those who maintain them see them in the portal: listed and found, who maintains them in every where clause. */
import type { Policy } from "../oauth/policy";
import type { RedirectRule } from "../oauth/redirect";
import type { Client } from "../oauth/types";
import { maintainedBy, ownedBy } from "./app-maintenance";
import { type SecretRow, toSecretRow } from "./client-secrets";
import { managing } from "./company-roles";
import { ownerName } from "./consents";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { afterCursor, type Page, toCursor } from "./keyset";
import { policyOf } from "./policies";

export interface AppSummary {
  /** The client ID. */
  id: string;
  name: string;
  type: Client["type"];
  status: Client["status"];
  redirect: RedirectRule;
  /** What it may ask for at most. */
  scopes: readonly string[];
  policy: Policy;
  /** Why an administrator refused it. */
  refusal: string | null;
  /** Why an administrator suspended it. */
  suspension: string | null;
  /** When an administrator vouched for it, as it is now. */
  verifiedAt: Date | null;
  purpose: string | null;
  logoId: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
  /** Users with a standing consent. */
  people: number;
}

/** An app in a list. */
export interface ListedApp extends AppSummary {
  /** The company it belongs to; null for the person's own. */
  company: { id: string; name: string } | null;
}

export interface AppDetail extends ListedApp {
  ownerName: string;
  /** May the person also delete it, transfer it and say who maintains it? */
  isOwner: boolean;
  secrets: SecretRow[];
  liveTokens: number;
}

/** What {@link toSummary} needs of an app. */
export const withRedirects = { redirectUris: { orderBy: { position: "asc" } } } satisfies Prisma.AppInclude;
type AppRecord = Prisma.AppGetPayload<{ include: typeof withRedirects }>;

export function toSummary(row: AppRecord, people: number, now: Date): AppSummary {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    status: row.status,
    redirect:
      row.redirectMatch === "exact"
        ? { match: "exact", uris: row.redirectUris.map(({ uri }) => uri) }
        : { match: "origin_path", domain: row.redirectDomain ?? "" },
    policy: policyOf(row.policy, now),
    scopes: row.scopes,
    refusal: row.refusal,
    suspension: row.suspension,
    verifiedAt: row.verifiedAt,
    purpose: row.purpose,
    logoId: row.logoId,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
    people,
  };
}

interface AppQuery {
  /** Part of the name or the whole client ID. */
  search?: string;
  /** Those of this company alone. */
  companyId?: string;
  after?: string;
  limit?: number;
}

/** The apps a person maintains, newest first: their own and those of their companies. */
export async function listApps(
  db: Database,
  userId: string,
  { search, companyId, after, limit = 50 }: AppQuery = {},
): Promise<Page<"apps", ListedApp>> {
  const cursor = afterCursor(after);
  // Prisma makes a LIKE pattern of `contains` and leaves its signs as they are.
  const part = search?.replace(/[\\%_]/g, "\\$&");
  const matches: Prisma.AppWhereInput[] = search
    ? [{ OR: [{ name: { contains: part, mode: "insensitive" } }, { id: search }] }]
    : [];
  const older: Prisma.AppWhereInput[] = cursor
    ? [{ OR: [{ createdAt: { lt: cursor.at } }, { createdAt: cursor.at, id: { lt: cursor.id } }] }]
    : [];
  const reach: Prisma.AppWhereInput = companyId === undefined ? await within(db, userId) : { companyId };
  const rows = await db.prisma.app.findMany({
    where: { AND: [reach, maintainedBy(userId), ...matches, ...older] },
    include: { ...withRedirects, company: { select: { id: true, name: true } } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const people = await peopleOf(
    db,
    page.map(({ id }) => id),
  );
  return {
    apps: page.map((row) => ({
      ...toSummary(row, people.get(row.id) ?? 0, db.now()),
      company: row.company,
    })),
    next: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null,
  };
}

/** Where the apps of a person can be at all, by columns with an index: what decides is {@link maintainedBy}. */
async function within(db: Database, userId: string): Promise<Prisma.AppWhereInput> {
  const [memberships, maintained] = await Promise.all([
    db.prisma.membership.findMany({
      where: { userId, role: { in: managing } },
      select: { companyId: true },
    }),
    db.prisma.appMaintainer.findMany({ where: { userId }, select: { appId: true } }),
  ]);
  return {
    OR: [
      { ownerId: userId },
      { companyId: { in: memberships.map(({ companyId }) => companyId) } },
      { id: { in: maintained.map(({ appId }) => appId) } },
    ],
  };
}

async function peopleOf(db: Database, appIds: string[]): Promise<Map<string, number>> {
  const pairs = await db.prisma.consent.groupBy({
    by: ["appId", "userId"],
    where: { appId: { in: appIds } },
  });
  const people = new Map<string, number>();
  for (const { appId } of pairs) people.set(appId, (people.get(appId) ?? 0) + 1);
  return people;
}

/** One app the person maintains, with its live secrets; null for somebody else's. */
export async function findApp(db: Database, userId: string, appId: string): Promise<AppDetail | null> {
  const alive = { OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }] };
  const row = await db.prisma.app.findFirst({
    where: { ...maintainedBy(userId), id: appId },
    include: {
      ...withRedirects,
      owner: { select: { name: true } },
      company: { select: { id: true, name: true } },
      secrets: { where: alive, orderBy: [{ createdAt: "desc" }, { id: "desc" }] },
    },
  });
  if (!row) return null;
  const [people, liveTokens, owned] = await Promise.all([
    peopleOf(db, [appId]),
    db.prisma.token.count({ where: { appId, ...alive } }),
    db.prisma.app.count({ where: { ...ownedBy(userId), id: appId } }),
  ]);
  return {
    ...toSummary(row, people.get(appId) ?? 0, db.now()),
    company: row.company,
    ownerName: ownerName(row),
    isOwner: owned === 1,
    secrets: row.secrets.map(toSecretRow),
    liveTokens,
  };
}
