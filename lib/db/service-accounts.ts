/** Service accounts as administrators see them: users who are nobody, each with one API Key. */
import { type SecretRow, toSecretRow } from "./client-secrets";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { afterCursor, type Page, toCursor } from "./keyset";
import { isActiveAdmin } from "./users";

export interface ServiceAccountSummary {
  id: string;
  name: string;
  username: string;
  company: { id: string; name: string } | null;
  /** The client_id of its key. */
  apiKey: string;
  scopes: readonly string[];
  status: "active" | "suspended";
  createdAt: Date;
  lastUsedAt: Date | null;
}

export interface ServiceAccountDetail extends ServiceAccountSummary {
  secrets: SecretRow[];
  createdBy: string | null;
  liveTokens: number;
}

/** What {@link toSummary} needs of a user. */
export const withKey = {
  memberships: { include: { company: { select: { id: true, name: true } } } },
  apps: { where: { kind: "service_account" }, include: { secrets: true } },
} satisfies Prisma.UserInclude;
type AccountRecord = Prisma.UserGetPayload<{ include: typeof withKey }>;

export function toSummary(row: AccountRecord): ServiceAccountSummary {
  const [key] = row.apps;
  const active = row.status === "active" && key?.status === "active";
  return {
    id: row.id,
    name: row.name,
    username: row.email,
    company: row.memberships[0]?.company ?? null,
    apiKey: key?.id ?? "",
    scopes: key?.scopes ?? [],
    status: active ? "active" : "suspended",
    createdAt: row.createdAt,
    lastUsedAt: key?.lastUsedAt ?? null,
  };
}

/** The installation's service accounts, newest first; none for who is not an administrator. */
export async function listServiceAccounts(
  db: Database,
  actorId: string,
  { search, after, limit = 50 }: { search?: string; after?: string; limit?: number } = {},
): Promise<Page<"accounts", ServiceAccountSummary>> {
  if (!(await isActiveAdmin(db.prisma, actorId))) return { accounts: [], next: null };
  const cursor = afterCursor(after);
  // Prisma makes a LIKE pattern of `contains` and leaves its signs as they are.
  const contains = search?.replace(/[\\%_]/g, "\\$&");
  const part = { contains, mode: "insensitive" } as const;
  const matches: Prisma.UserWhereInput[] = search
    ? [{ OR: [{ name: part }, { email: part }, { apps: { some: { id: search } } }] }]
    : [];
  const older: Prisma.UserWhereInput[] = cursor
    ? [{ OR: [{ createdAt: { lt: cursor.at } }, { createdAt: cursor.at, id: { lt: cursor.id } }] }]
    : [];
  const rows = await db.prisma.user.findMany({
    where: { kind: "service", AND: [...matches, ...older] },
    include: withKey,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    accounts: page.map(toSummary),
    next: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null,
  };
}

/** One service account with what still works of it; null for who is not an administrator. */
export async function findServiceAccount(
  db: Database,
  actorId: string,
  id: string,
): Promise<ServiceAccountDetail | null> {
  if (!(await isActiveAdmin(db.prisma, actorId))) return null;
  const row = await db.prisma.user.findFirst({ where: { id, kind: "service" }, include: withKey });
  if (!row) return null;
  const now = db.now();
  const [key] = row.apps;
  const secrets = (key?.secrets ?? []).filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  const newestFirst = secrets.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const maker = key?.createdById && (await db.prisma.user.findUnique({ where: { id: key.createdById } }));
  const liveTokens = await db.prisma.token.count({
    where: { userId: id, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
  });
  return {
    ...toSummary(row),
    secrets: newestFirst.map(toSecretRow),
    createdBy: maker ? maker.name : null,
    liveTokens,
  };
}

/** The companies a service account can be made for. */
export async function companiesForAdmin(
  db: Database,
  actorId: string,
): Promise<{ id: string; name: string }[]> {
  if (!(await isActiveAdmin(db.prisma, actorId))) return [];
  return db.prisma.company.findMany({
    select: { id: true, name: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
}

/** What it signs in with at the password grant: an active service account's id and hash, by its username. */
export async function findServiceCredentials(
  db: Database,
  username: string,
): Promise<{ id: string; passwordHash: string; apiKey: string | null } | null> {
  const row = await db.prisma.user.findFirst({
    where: { email: username, kind: "service", status: "active" },
    select: {
      id: true,
      passwordHash: true,
      apps: { where: { kind: "service_account" }, select: { id: true } },
    },
  });
  return row && { id: row.id, passwordHash: row.passwordHash, apiKey: row.apps[0]?.id ?? null };
}
