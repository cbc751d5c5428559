/** Every app of the installation, whoever owns it, as an administrator sees it. Never a secret. */
import { type AppSummary, toSummary, withRedirects } from "./apps";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import type { AppKind } from "./generated/enums";
import { afterCursor, type Page, toCursor } from "./keyset";

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
  /** Part of the name, or the whole client ID. */
  search?: string;
  after?: string;
  limit?: number;
}

/** All apps, newest first; with `status`, those of that status. Who may see them is decided by the caller. */
export async function listAllApps(
  db: Database,
  { status, search, after, limit = 50 }: AllAppsQuery = {},
): Promise<Page<"apps", AnyApp>> {
  const cursor = afterCursor(after);
  const rows = await db.prisma.app.findMany({
    where: {
      ...(status && { status }),
      ...(search && { AND: named(search) }),
      ...(cursor && {
        // The first half is what an index can begin at; the second decides among apps of one moment.
        createdAt: { lte: cursor.at },
        OR: [{ createdAt: { lt: cursor.at } }, { id: { lt: cursor.id } }],
      }),
    },
    include: withOwner,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const now = db.now();
  return {
    apps: page.map((row) => toAnyApp(row, now)),
    next: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null,
  };
}

function named(search: string): Prisma.AppWhereInput {
  // Prisma makes a LIKE pattern of `contains` and leaves its signs as they are.
  const part = search.replace(/[\\%_]/g, "\\$&");
  return { OR: [{ name: { contains: part, mode: "insensitive" } }, { id: search }] };
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
