/** Every app of the installation, whoever owns it, as an administrator sees it. Never a secret. */
import { type AppDetail, type AppSummary, toSummary, withRedirects } from "./apps";
import { beginningWith } from "./beginning";
import { toSecretRow } from "./client-secrets";
import type { Database } from "./database";
import { Prisma } from "./generated/client";
import type { AppKind } from "./generated/enums";
import { afterCursor, type Page, toCursor } from "./keyset";
import { isActiveAdmin } from "./users";

export interface AnyApp extends Omit<AppSummary, "people"> {
  kind: AppKind;
  owner: { type: "user" | "company"; id: string; name: string };
}

const withOwner = {
  ...withRedirects,
  owner: { select: { name: true } },
  company: { select: { name: true } },
} satisfies Prisma.AppInclude;

export interface AllAppsQuery {
  status?: AppSummary["status"];
  /** How the name begins, or the whole client ID. */
  search?: string;
  after?: string;
  limit?: number;
}

/** Which apps are on a page, for the test that asks how it is planned. */
export function appsStatement({ status, search, after, limit = 50 }: AllAppsQuery): Prisma.Sql {
  const cursor = afterCursor(after);
  const older = cursor
    ? Prisma.sql`AND (a.created_at, a.id) < (${cursor.at}::timestamptz, ${cursor.id})`
    : Prisma.empty;
  const ofStatus = status ? Prisma.sql`AND a.status = ${status}::app_status` : Prisma.empty;
  const named = search
    ? Prisma.sql`AND (lower(a.name) LIKE ${beginningWith(search)} OR a.id = ${search})`
    : Prisma.empty;
  return Prisma.sql`SELECT a.id FROM apps a WHERE true ${ofStatus} ${named} ${older}
    ORDER BY a.created_at DESC, a.id DESC LIMIT ${limit + 1}`;
}

/** All apps, newest first; with `status`, those of that status. Who may see them is decided by the caller. */
export async function listAllApps(db: Database, query: AllAppsQuery = {}): Promise<Page<"apps", AnyApp>> {
  const { limit = 50 } = query;
  // Raw because Prisma's builder neither compares rows nor reads an index over an expression.
  const ids = await db.prisma.$queryRaw<{ id: string }[]>(appsStatement(query));
  const rows = await db.prisma.app.findMany({
    where: { id: { in: ids.slice(0, limit).map(({ id }) => id) } },
    include: withOwner,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  const last = rows.at(-1);
  const now = db.now();
  return {
    apps: rows.map((row) => toAnyApp(row, now)),
    next: ids.length > limit && last ? toCursor(last.createdAt, last.id) : null,
  };
}

export interface AnyAppDetail extends Omit<AppDetail, "company" | "isOwner">, Pick<AnyApp, "kind" | "owner"> {
  /** Comes back with a decision: it is about what was seen. */
  version: number;
}

/** One app of whomever, with its live secrets; null for who is not an administrator. */
export async function findAnyApp(db: Database, adminId: string, appId: string): Promise<AnyAppDetail | null> {
  if (!(await isActiveAdmin(db.prisma, adminId))) return null;
  const alive = { OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }] };
  const row = await db.prisma.app.findUnique({
    where: { id: appId },
    include: {
      ...withOwner,
      secrets: { where: alive, orderBy: [{ createdAt: "desc" }, { id: "desc" }] },
    },
  });
  if (!row) return null;
  // Raw because Prisma's builder counts people by fetching them.
  const [counted] = await db.prisma.$queryRaw<{ people: number }[]>`
    SELECT count(DISTINCT user_id)::int AS people FROM consents WHERE app_id = ${appId}`;
  const liveTokens = await db.prisma.token.count({ where: { appId, ...alive } });
  const { owner, kind } = toAnyApp(row, db.now());
  return {
    ...toSummary(row, counted?.people ?? 0, db.now()),
    ...{ ownerName: owner.name, owner, kind, version: row.version, liveTokens },
    secrets: row.secrets.map(toSecretRow),
  };
}

function toAnyApp(row: Prisma.AppGetPayload<{ include: typeof withOwner }>, now: Date): AnyApp {
  const { people: _, ...summary } = toSummary(row, 0, now);
  // The table's check says that an app has one owner, a user or a company.
  const owner =
    row.companyId === null
      ? { type: "user" as const, id: row.ownerId ?? "", name: row.owner?.name ?? "" }
      : { type: "company" as const, id: row.companyId, name: row.company?.name ?? "" };
  return { ...summary, kind: row.kind, owner };
}
