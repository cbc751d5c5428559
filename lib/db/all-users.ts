/** The people of the installation, as administrators see them. Never what they sign in with. */
import { beginningWith } from "./beginning";
import type { Database } from "./database";
import { Prisma } from "./generated/client";
import type { AppStatus, CompanyRole, UserStatus } from "./generated/enums";
import { afterCursor, type Page, toCursor } from "./keyset";
import { findSecondFactors } from "./second-factors";
import { isActiveAdmin } from "./users";

export interface UserRow {
  id: string;
  name: string;
  email: string;
  isAdmin: boolean;
  status: UserStatus;
  createdAt: Date;
  /** How many they belong to. */
  companies: number;
}

export type UserFilter = "all" | "active" | "suspended" | "admins";

export interface UsersQuery {
  show?: UserFilter;
  /** How the e-mail address or the name begins. */
  search?: string;
  after?: string;
  limit?: number;
}

const shown: Record<UserFilter, Prisma.Sql> = {
  all: Prisma.empty,
  active: Prisma.sql`AND u.status = 'active'`,
  suspended: Prisma.sql`AND u.status = 'suspended'`,
  admins: Prisma.sql`AND u.is_admin`,
};

/** The statement of {@link listUsers}, for the test that asks how it is planned. */
export function usersStatement({ show = "all", search, after, limit = 50 }: UsersQuery): Prisma.Sql {
  const cursor = afterCursor(after);
  const older = cursor
    ? Prisma.sql`AND (u.created_at, u.id) < (${cursor.at}::timestamptz, ${cursor.id})`
    : Prisma.empty;
  const pattern = search && beginningWith(search);
  const named = pattern
    ? Prisma.sql`AND (lower(u.email) LIKE ${pattern} OR lower(u.name) LIKE ${pattern})`
    : Prisma.empty;
  return Prisma.sql`
    SELECT u.id, u.name, u.email, u.is_admin AS "isAdmin", u.status::text AS status, u.created_at AS "createdAt",
      (SELECT count(*)::int FROM memberships m WHERE m.user_id = u.id) AS companies
    FROM users u WHERE u.kind = 'person' ${shown[show]} ${named} ${older}
    ORDER BY u.created_at DESC, u.id DESC LIMIT ${limit + 1}`;
}

/** People, newest first; none for who is not an administrator. */
export async function listUsers(
  db: Database,
  adminId: string,
  query: UsersQuery = {},
): Promise<Page<"users", UserRow>> {
  if (!(await isActiveAdmin(db.prisma, adminId))) return { users: [], next: null };
  const { limit = 50 } = query;
  // Raw because Prisma's builder neither compares rows nor reads an index over an expression.
  const rows = await db.prisma.$queryRaw<UserRow[]>(usersStatement(query));
  const users = rows.slice(0, limit);
  const last = users.at(-1);
  return { users, next: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null };
}

export interface UserDetail extends Omit<UserRow, "companies"> {
  emailVerifiedAt: Date | null;
  /** Have they chosen a password yet? */
  hasPassword: boolean;
  /** An authenticator app, or a passkey. */
  hasSecondFactor: boolean;
  companies: { id: string; name: string; role: CompanyRole }[];
  /** Where they are signed in, newest first; the newest only, where there are very many. */
  sessions: { id: string; createdAt: Date; userAgent: string; address: string }[];
  /** Apps they own, newest first; the newest only, where there are very many. */
  apps: { id: string; name: string; status: AppStatus; logoId: string | null }[];
  /** Tokens that stand for them and have not ended. */
  liveTokens: number;
}

/** Rows of each list on a person's page. */
const MANY = 50;

/** One person; null for who is not an administrator, and for a service account. */
export async function findUser(db: Database, adminId: string, id: string): Promise<UserDetail | null> {
  if (!(await isActiveAdmin(db.prisma, adminId))) return null;
  const now = db.now();
  const newest = { orderBy: [{ createdAt: "desc" as const }, { id: "desc" as const }], take: MANY };
  const row = await db.prisma.user.findFirst({
    where: { id, kind: "person" },
    include: {
      memberships: {
        include: { company: { select: { name: true } } },
        orderBy: [{ createdAt: "asc" }, { companyId: "asc" }],
        take: MANY,
      },
      sessions: {
        where: { expiresAt: { gt: now } },
        select: { id: true, createdAt: true, userAgent: true, address: true },
        ...newest,
      },
      apps: { select: { id: true, name: true, status: true, logoId: true }, ...newest },
    },
  });
  if (!row) return null;
  const liveTokens = await db.prisma.token.count({
    where: { userId: id, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
  });
  const { totp, passkeys } = await findSecondFactors(db, id);
  const { name, email, isAdmin, status, createdAt, emailVerifiedAt, sessions, apps } = row;
  const companies = row.memberships.map(({ companyId, company, role }) => ({
    ...{ id: companyId, name: company.name, role },
  }));
  return {
    ...{
      id,
      name,
      email,
      isAdmin,
      status,
      createdAt,
      emailVerifiedAt,
      sessions,
      apps,
      companies,
      liveTokens,
    },
    hasPassword: row.passwordHash !== "",
    hasSecondFactor: Boolean(totp) || passkeys > 0,
  };
}
