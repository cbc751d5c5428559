/** The audit log, read: what was done, filtered and in pages, for administrators and for those who manage a company. */
import { manages } from "./company-roles";
import type { Database } from "./database";
import { Prisma } from "./generated/client";
import { afterCursor, type Page, toCursor } from "./keyset";

export interface AuditFilters {
  companyId?: string;
  appId?: string;
  /** Who did it. */
  actorId?: string;
  /** Who did it, or to whom it was done. */
  personId?: string;
  /** One action, or all of a kind: `secret.*`. */
  action?: string;
  /** From this moment on… */
  from?: Date;
  /** …and before this one. */
  to?: Date;
}

export interface AuditLogRow {
  id: string;
  at: Date;
  action: string;
  /** Null for an app, or for time. Without a name when the person is gone. */
  actor: { id: string; name: string | null; email: string | null } | null;
  /** Without a name when it is gone. */
  app: { id: string; name: string | null } | null;
  company: { id: string; name: string | null } | null;
  /** To whom it was done, where that is somebody else; without a name when they are gone. */
  subject: { id: string; name: string | null; email: string | null } | null;
  /** Names and values for people; see `components/audit-words.ts` for what they say. */
  details: Record<string, unknown>;
}

interface Paging {
  after?: string;
  limit?: number;
}

/** Everything that fits, newest first. Who may see it is decided by the caller. */
export async function listAuditLog(
  db: Database,
  filters: AuditFilters,
  paging: Paging = {},
): Promise<Page<"events", AuditLogRow>> {
  return list(db, Prisma.sql`true`, filters, paging);
}

/** The same of one company, for those who manage it; nothing for anybody else, and nothing of other companies. */
export async function listCompanyAuditLog(
  db: Database,
  actorId: string,
  companyId: string,
  filters: Omit<AuditFilters, "companyId">,
  paging: Paging = {},
): Promise<Page<"events", AuditLogRow>> {
  return list(db, manages(actorId, Prisma.sql`${companyId}`), { ...filters, companyId }, paging);
}

/** Whose address this is, in lower case; null for nobody's. Says nothing by itself about what they did where. */
export async function findActorId(db: Database, email: string): Promise<string | null> {
  const user = await db.prisma.user.findUnique({ where: { email }, select: { id: true } });
  return user?.id ?? null;
}

interface AuditRecord extends Pick<AuditLogRow, "id" | "at" | "action" | "details"> {
  actor_id: string | null;
  actor_name: string | null;
  actor_email: string | null;
  app_id: string | null;
  app_name: string | null;
  company_id: string | null;
  company_name: string | null;
  subject_id: string | null;
  subject_name: string | null;
  subject_email: string | null;
}

async function list(
  db: Database,
  allowed: Prisma.Sql,
  filters: AuditFilters,
  { after, limit = 50 }: Paging,
): Promise<Page<"events", AuditLogRow>> {
  // Raw because events have no foreign keys for Prisma to follow: they outlive what they are about.
  const rows = await db.prisma.$queryRaw<AuditRecord[]>(auditStatement(allowed, filters, { after, limit }));
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    events: page.map(toRow),
    next: rows.length > limit && last ? toCursor(last.at, last.id) : null,
  };
}

/** The statement of the lists, for the test that asks how it is planned. */
export function auditStatement(
  allowed: Prisma.Sql,
  filters: AuditFilters,
  { after, limit = 50 }: Paging,
): Prisma.Sql {
  const cursor = afterCursor(after);
  const conditions = [allowed, ...conditionsOf(filters)];
  if (cursor) conditions.push(Prisma.sql`(e.at, e.id) < (${cursor.at}::timestamptz, ${cursor.id})`);
  return Prisma.sql`
    SELECT e.id, e.at, e.action, e.details, e.actor_id, u.name AS actor_name, u.email AS actor_email,
      e.app_id, a.name AS app_name, e.company_id, c.name AS company_name,
      e.subject_id, s.name AS subject_name, s.email AS subject_email
    FROM audit_events e
    LEFT JOIN users u ON u.id = e.actor_id
    LEFT JOIN apps a ON a.id = e.app_id
    LEFT JOIN companies c ON c.id = e.company_id
    LEFT JOIN users s ON s.id = e.subject_id
    WHERE ${Prisma.join(conditions, " AND ")}
    ORDER BY e.at DESC, e.id DESC LIMIT ${limit + 1}`;
}

function conditionsOf({ companyId, appId, actorId, personId, action, from, to }: AuditFilters): Prisma.Sql[] {
  const kind = action?.endsWith(".*") ? `${action.slice(0, -1).replace(/[\\%_]/g, "\\$&")}%` : undefined;
  return [
    companyId !== undefined && Prisma.sql`e.company_id = ${companyId}`,
    appId !== undefined && Prisma.sql`e.app_id = ${appId}`,
    actorId !== undefined && Prisma.sql`e.actor_id = ${actorId}`,
    personId !== undefined && Prisma.sql`(e.actor_id = ${personId} OR e.subject_id = ${personId})`,
    action !== undefined && (kind ? Prisma.sql`e.action LIKE ${kind}` : Prisma.sql`e.action = ${action}`),
    from !== undefined && Prisma.sql`e.at >= ${from}::timestamptz`,
    to !== undefined && Prisma.sql`e.at < ${to}::timestamptz`,
  ].filter((condition) => condition !== false);
}

function toRow(row: AuditRecord): AuditLogRow {
  const { id, at, action, details, actor_id, app_id, company_id, subject_id } = row;
  return {
    ...{ id, at, action, details },
    actor: actor_id === null ? null : { id: actor_id, name: row.actor_name, email: row.actor_email },
    app: app_id === null ? null : { id: app_id, name: row.app_name },
    company: company_id === null ? null : { id: company_id, name: row.company_name },
    subject:
      subject_id === null ? null : { id: subject_id, name: row.subject_name, email: row.subject_email },
  };
}

/** What people write into a filter: an e-mail address, a client ID or a name. */
export interface AuditSearch extends Pick<AuditFilters, "action" | "from" | "to"> {
  person?: string;
  app?: string;
  company?: string;
}

/** Whom and what was meant. @returns null where one of them is nobody, or nothing: then nothing fits */
export async function resolveAudit(
  db: Database,
  { person, app, company, ...rest }: AuditSearch,
): Promise<AuditFilters | null> {
  const found = {
    personId:
      person &&
      (await idOf(db, Prisma.sql`users`, Prisma.sql`id = ${person} OR email = ${person.toLowerCase()}`)),
    appId: app && (await idOf(db, Prisma.sql`apps`, called(app))),
    companyId: company && (await idOf(db, Prisma.sql`companies`, called(company))),
  };
  // What is gone has no row, and its events can still be asked for by its id.
  const written = { personId: person, appId: app, companyId: company };
  for (const key of ["personId", "appId", "companyId"] as const)
    if (found[key] === null && /^[0-9A-Za-z]{12,20}$/.test(written[key] ?? "")) found[key] = written[key];
  if (Object.values(found).includes(null)) return null;
  const given = Object.entries(found).filter(([, id]) => id);
  return { ...rest, ...Object.fromEntries(given) };
}

/** By its id or its name; of several of one name, the oldest. */
function called(words: string): Prisma.Sql {
  return Prisma.sql`id = ${words} OR lower(name) = ${words.toLowerCase()}`;
}

async function idOf(db: Database, table: Prisma.Sql, condition: Prisma.Sql): Promise<string | null> {
  // Raw because Prisma's builder does not read an index over an expression.
  const [row] = await db.prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM ${table} WHERE ${condition} ORDER BY created_at LIMIT 1`;
  return row?.id ?? null;
}
