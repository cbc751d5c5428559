/** An app's changes, for those who maintain it. */
import { maintains } from "./app-maintenance";
import { managing } from "./company-roles";
import type { Database } from "./database";
import { afterCursor, type Page, toCursor } from "./keyset";

export interface ChangeRow {
  id: string;
  at: Date;
  action: string;
  actorName: string | null;
  details: Record<string, unknown>;
}

/**
 * May the person read of the app: do they maintain it, or manage the company whose credential it is? As SQL, with the
 * app's id, the person's and {@link managing} as parameters.
 */
export const maySee = (app: string, user: string, roles: string) => `EXISTS (
  SELECT 1 FROM apps a WHERE a.id = ${app} AND (${maintains("a", user, roles)} OR EXISTS (
    SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.company_id = a.company_id AND m.user_id = ${user} AND u.status = 'active' AND m.role::text = ANY (${roles}))))`;

/** What was changed of one app of the user's, or of a company they manage, newest first; nothing for somebody else's. */
export async function listActivity(
  db: Database,
  userId: string,
  appId: string,
  { after, limit = 50 }: { after?: string; limit?: number } = {},
): Promise<Page<"rows", ChangeRow>> {
  const cursor = afterCursor(after);
  // Raw because events have no foreign keys for Prisma to follow.
  const { rows } = await db.pool.query<ChangeRow>(
    `SELECT e.id, e.at, e.action, u.name AS "actorName", e.details
     FROM audit_events e LEFT JOIN users u ON u.id = e.actor_id
     WHERE e.app_id = $1 AND e.action LIKE ANY (ARRAY['app.%', 'credential.%', 'policy.%', 'redirects.%', 'secret.%', 'maintainer.%'])
       AND ${maySee("$1", "$2", "$6")} AND ($3::timestamptz IS NULL OR (e.at, e.id) < ($3, $4))
     ORDER BY e.at DESC, e.id DESC LIMIT $5`,
    [appId, userId, cursor?.at ?? null, cursor?.id ?? null, limit + 1, managing],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last ? toCursor(last.at, last.id) : null };
}
