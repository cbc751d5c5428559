/** An app's activity, for its owner: changes made to it, and requests that were refused with the reason. */
import type { Evidence } from "../oauth/errors";
import { managing } from "./company-roles";
import type { Database } from "./database";
import { afterCursor, type Page, toCursor } from "./keyset";

export type ActivityRow = { id: string; at: Date } & (
  | { kind: "change"; action: string; actorName: string | null; details: Record<string, unknown> }
  | { kind: "refused"; endpoint: string; error: string; reason: string; received: Record<string, string> }
);

/** Longest value kept of what was received, in characters. */
const KEPT = 500;

/** Notes a refusal under the request id its caller got. Unknown apps have nobody to read it. */
export async function logRefusal(
  db: Database,
  requestId: string,
  endpoint: string,
  error: string,
  { client_id, reason, received = {} }: Evidence,
): Promise<void> {
  const kept = Object.fromEntries(
    Object.entries(received).map(([name, value]) => [name, value.slice(0, KEPT)]),
  );
  // One statement, so that a stranger's made-up client_id leaves nothing behind.
  await db.pool.query({
    name: "log_refusal",
    text: `INSERT INTO request_log (id, at, app_id, endpoint, error, reason, received)
      SELECT $1, $2, a.id, $4, $5, $6, $7 FROM apps a WHERE a.id = $3 ON CONFLICT DO NOTHING`,
    values: [requestId, db.now(), client_id, endpoint, error, reason.slice(0, 2000), JSON.stringify(kept)],
  });
}

/** What happened to one app of the user's, or of a company they manage, newest first; nothing for somebody else's. */
export async function listActivity(
  db: Database,
  userId: string,
  appId: string,
  { after, limit = 50 }: { after?: string; limit?: number } = {},
): Promise<Page<"rows", ActivityRow>> {
  const cursor = afterCursor(after);
  // Raw because Prisma's builder has no UNION.
  const { rows } = await db.pool.query<{
    id: string;
    at: Date;
    action: string | null;
    actor: string | null;
    endpoint: string | null;
    error: string | null;
    reason: string | null;
    details: Record<string, unknown>;
  }>(
    `SELECT * FROM (
       SELECT e.id, e.at, e.action, u.name AS actor, NULL AS endpoint, NULL AS error, NULL AS reason, e.details
       FROM audit_events e LEFT JOIN users u ON u.id = e.actor_id
       WHERE e.app_id = $1 AND e.action LIKE ANY (ARRAY['app.%', 'credential.%', 'policy.%', 'redirects.%', 'secret.%'])
       UNION ALL
       SELECT r.id, r.at, NULL, NULL, r.endpoint, r.error, r.reason, r.received FROM request_log r WHERE r.app_id = $1
     ) AS activity
     WHERE EXISTS (SELECT 1 FROM apps a WHERE a.id = $1 AND (a.owner_id = $2 OR EXISTS (
         SELECT 1 FROM memberships m
         WHERE m.company_id = a.company_id AND m.user_id = $2 AND m.role::text = ANY ($6))))
       AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4))
     ORDER BY at DESC, id DESC LIMIT $5`,
    [appId, userId, cursor?.at ?? null, cursor?.id ?? null, limit + 1, managing],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map(({ id, at, action, actor, endpoint, error, reason, details }) =>
      action !== null
        ? { id, at, kind: "change", action, actorName: actor, details }
        : {
            id,
            at,
            kind: "refused",
            endpoint: endpoint ?? "",
            error: error ?? "",
            reason: reason ?? "",
            received: Object.fromEntries(
              Object.entries(details).map(([name, value]) => [name, String(value)]),
            ),
          },
    ),
    next: rows.length > limit && last ? toCursor(last.at, last.id) : null,
  };
}
