/** Which letters a person wants. */
import type { Database } from "./database";
import { ALWAYS, addNotices, type NoticeKind, noticeKinds } from "./notices";

export type NoticePreferences = Record<NoticeKind, boolean>;

/** What nobody has said anything about is wanted. */
export async function findNoticePreferences(db: Database, userId: string): Promise<NoticePreferences> {
  const rows = await db.prisma.noticePreference.findMany({ where: { userId } });
  const off = new Set(rows.filter(({ wanted }) => !wanted).map(({ kind }) => kind));
  return {
    sign_in: !off.has("sign_in"),
    token_created: !off.has("token_created"),
    secret_rotated: !off.has("secret_rotated"),
    expiry: !off.has("expiry"),
    webhook_off: !off.has("webhook_off"),
  };
}

/**
 * Keeps what the person chose. Whoever switches letters about their security off gets a last one that says so: an
 * intruder cannot silence them unseen.
 * @param sessionId in which they choose: the letter says where it was opened
 */
export async function saveNoticePreferences(
  db: Database,
  userId: string,
  wanted: NoticePreferences,
  sessionId: string,
): Promise<void> {
  const changedAt = db.now();
  await db.prisma.$transaction(async (tx) => {
    // Raw because Prisma's builder has no row locks: of two changes at once the second sees the first.
    await tx.$queryRaw`SELECT 1 AS held FROM users WHERE id = ${userId} FOR NO KEY UPDATE`;
    const before = await tx.noticePreference.findMany({ where: { userId, wanted: false } });
    const offBefore = new Set(before.map(({ kind }) => kind));
    for (const kind of noticeKinds) {
      const row = { wanted: wanted[kind], changedAt };
      const key = { userId, kind };
      if (wanted[kind] === !offBefore.has(kind)) continue;
      await tx.noticePreference.upsert({
        where: { userId_kind: key },
        create: { ...key, ...row },
        update: row,
      });
    }
    const silenced = security.filter((kind) => !wanted[kind] && !offBefore.has(kind));
    if (silenced.length === 0) return;
    const session = await tx.session.findFirst({ where: { id: sessionId, userId } });
    const from = { address: session?.address ?? "", userAgent: session?.userAgent ?? "" };
    await addNotices(tx, db, [userId], { kind: ALWAYS, details: { kinds: [...silenced], ...from } });
  });
}

/** What tells somebody that another is at their account. */
const security: readonly NoticeKind[] = ["sign_in", "token_created", "secret_rotated"];
