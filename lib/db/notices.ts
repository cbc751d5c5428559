/** Letters that tell people what happened: written in the transaction of what they tell, sent once by whoever takes them. */
import { randomId } from "../oauth/tokens";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";

/** What people are told of, in the order in which it is shown to them. */
export const noticeKinds = ["sign_in", "token_created", "secret_rotated", "expiry", "webhook_off"] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Sent whatever somebody has switched off: the one that says that they were. */
export const ALWAYS = "preference_off";

export interface NewNotice {
  kind: NoticeKind | typeof ALWAYS;
  /** What the letter says; never a secret. */
  details: Prisma.InputJsonObject;
}

/** Writes a letter to each of these people, in the transaction of what it tells. */
export async function addNotices(
  tx: Prisma.TransactionClient,
  db: Database,
  userIds: readonly string[],
  notice: NewNotice,
): Promise<void> {
  const each = userIds.map((userId) => ({ userId, ...notice }));
  await addEachNotice(tx, db, each);
}

/** The same with a letter of their own for each, in one write. */
export async function addEachNotice(
  tx: Prisma.TransactionClient,
  db: Database,
  notices: readonly (NewNotice & { userId: string })[],
): Promise<void> {
  const at = db.now();
  await tx.notice.createMany({
    data: notices.map((notice) => ({ ...notice, id: randomId(20, db.random), at })),
  });
}

export interface TakenNotice {
  kind: string;
  details: unknown;
  at: Date;
  /** The person's. */
  name: string;
  email: string;
}

/**
 * Takes letters away to send them, the oldest first. What was taken is not taken again: a process that dies just then
 * loses letters rather than sending them twice. Those that somebody does not want are taken and not returned;
 * administrators hear of new sign-ins whatever they chose (docs/decisions/0023).
 * @returns those to send, and whether there may be more
 */
export async function takeNotices(
  db: Database,
  limit = 50,
): Promise<{ notices: TakenNotice[]; more: boolean }> {
  // Raw because Prisma's builder cannot skip locked rows.
  const { rows } = await db.pool.query<TakenNotice & { id: string; wanted: boolean }>(
    `WITH taken AS (
       DELETE FROM notices WHERE id = ANY (ARRAY(
         SELECT id FROM notices ORDER BY at, id LIMIT $1 FOR UPDATE SKIP LOCKED)) RETURNING *)
     SELECT t.id, t.kind, t.details, t.at, u.name, u.email, u.status = 'active' AND u.kind = 'person' AND (
       t.kind = '${ALWAYS}' OR (t.kind = 'sign_in' AND u.is_admin) OR coalesce(p.wanted, true)) AS wanted
     FROM taken t JOIN users u ON u.id = t.user_id
     LEFT JOIN notice_preferences p ON p.user_id = t.user_id AND p.kind = t.kind
     ORDER BY t.at, t.id`,
    [limit],
  );
  const wanted = rows.filter((row) => row.wanted);
  return {
    notices: wanted.map(({ id: _, wanted: __, ...notice }) => notice),
    more: rows.length === limit,
  };
}
