/** Apps as their owner sees them in the portal: listed and found, the owner in every where clause. */
import type { Policy } from "../oauth/policy";
import type { RedirectRule } from "../oauth/redirect";
import type { Client } from "../oauth/types";
import { type SecretRow, toSecretRow } from "./client-secrets";
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
  purpose: string | null;
  logoId: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
  /** Users with a standing consent. */
  people: number;
}

export interface AppDetail extends AppSummary {
  ownerName: string;
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
    purpose: row.purpose,
    logoId: row.logoId,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
    people,
  };
}

/** The owner's apps, newest first; `search` is part of the name or the whole client ID. */
export async function listApps(
  db: Database,
  ownerId: string,
  { search, after, limit = 50 }: { search?: string; after?: string; limit?: number } = {},
): Promise<Page<"apps", AppSummary>> {
  const cursor = afterCursor(after);
  // Prisma makes a LIKE pattern of `contains` and leaves its signs as they are.
  const part = search?.replace(/[\\%_]/g, "\\$&");
  const matches: Prisma.AppWhereInput[] = search
    ? [{ OR: [{ name: { contains: part, mode: "insensitive" } }, { id: search }] }]
    : [];
  const older: Prisma.AppWhereInput[] = cursor
    ? [{ OR: [{ createdAt: { lt: cursor.at } }, { createdAt: cursor.at, id: { lt: cursor.id } }] }]
    : [];
  const rows = await db.prisma.app.findMany({
    where: { ownerId, AND: [...matches, ...older] },
    include: withRedirects,
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
    apps: page.map((row) => toSummary(row, people.get(row.id) ?? 0, db.now())),
    next: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null,
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

/** One app of the owner's, with its live secrets; null for somebody else's. */
export async function findApp(db: Database, ownerId: string, appId: string): Promise<AppDetail | null> {
  const alive = { OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }] };
  const row = await db.prisma.app.findFirst({
    where: { id: appId, ownerId },
    include: {
      ...withRedirects,
      owner: { select: { name: true } },
      company: { select: { name: true } },
      secrets: { where: alive, orderBy: [{ createdAt: "desc" }, { id: "desc" }] },
    },
  });
  if (!row) return null;
  const people = await peopleOf(db, [appId]);
  const liveTokens = await db.prisma.token.count({ where: { appId, ...alive } });
  return {
    ...toSummary(row, people.get(appId) ?? 0, db.now()),
    ownerName: ownerName(row),
    secrets: row.secrets.map(toSecretRow),
    liveTokens,
  };
}
