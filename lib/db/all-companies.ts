/** The companies of the installation, as administrators see them. */
import { beginningWith } from "./beginning";
import type { Database } from "./database";
import { Prisma } from "./generated/client";
import type { AppKind, AppStatus, CompanyRole, UserStatus } from "./generated/enums";
import { afterCursor, type Page, toCursor } from "./keyset";
import { isActiveAdmin } from "./users";

export interface CompanyRow {
  id: string;
  name: string;
  apiAccess: boolean;
  createdAt: Date;
  members: number;
}

export interface CompaniesQuery {
  /** How the name begins. */
  search?: string;
  after?: string;
  limit?: number;
}

/** The statement of {@link listCompanies}, for the test that asks how it is planned. */
export function companiesStatement({ search, after, limit = 50 }: CompaniesQuery): Prisma.Sql {
  const cursor = afterCursor(after);
  const older = cursor
    ? Prisma.sql`AND (c.created_at, c.id) < (${cursor.at}::timestamptz, ${cursor.id})`
    : Prisma.empty;
  const named = search ? Prisma.sql`AND lower(c.name) LIKE ${beginningWith(search)}` : Prisma.empty;
  return Prisma.sql`
    SELECT c.id, c.name, c.api_access AS "apiAccess", c.created_at AS "createdAt",
      (SELECT count(*)::int FROM memberships m WHERE m.company_id = c.id) AS members
    FROM companies c WHERE true ${named} ${older}
    ORDER BY c.created_at DESC, c.id DESC LIMIT ${limit + 1}`;
}

/** Companies, newest first; none for who is not an administrator. */
export async function listCompanies(
  db: Database,
  adminId: string,
  query: CompaniesQuery = {},
): Promise<Page<"companies", CompanyRow>> {
  if (!(await isActiveAdmin(db.prisma, adminId))) return { companies: [], next: null };
  const { limit = 50 } = query;
  // Raw because Prisma's builder neither compares rows nor reads an index over an expression.
  const rows = await db.prisma.$queryRaw<CompanyRow[]>(companiesStatement(query));
  const companies = rows.slice(0, limit);
  const last = companies.at(-1);
  return { companies, next: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null };
}

export interface CompanyDetail extends CompanyRow {
  /** In the order of their roles, the first ones where there are very many. */
  people: {
    id: string;
    name: string;
    email: string;
    role: CompanyRole;
    kind: "person" | "service";
    status: UserStatus;
  }[];
  /** Newest first; the newest only, where there are very many. */
  apps: { id: string; name: string; kind: AppKind; status: AppStatus }[];
  projects: number;
}

const MANY = 50;

/** One company; null for who is not an administrator. */
export async function findCompany(db: Database, adminId: string, id: string): Promise<CompanyDetail | null> {
  if (!(await isActiveAdmin(db.prisma, adminId))) return null;
  const row = await db.prisma.company.findUnique({
    where: { id },
    include: {
      memberships: {
        include: { user: { select: { name: true, email: true, kind: true, status: true } } },
        orderBy: [{ role: "asc" }, { createdAt: "asc" }, { userId: "asc" }],
        take: MANY,
      },
      apps: {
        select: { id: true, name: true, kind: true, status: true },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: MANY,
      },
      _count: { select: { memberships: true, projects: true } },
    },
  });
  if (!row) return null;
  const { name, apiAccess, createdAt, apps, _count } = row;
  return {
    ...{ id, name, apiAccess, createdAt, apps, members: _count.memberships, projects: _count.projects },
    people: row.memberships.map(({ userId, role, user }) => ({ id: userId, role, ...user })),
  };
}
