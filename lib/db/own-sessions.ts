/** A person's sessions, as they see and end them. */
import { auditRow } from "./audit";
import type { Database } from "./database";
import { afterCursor, type Page, toCursor } from "./keyset";

export interface SessionRow {
  id: string;
  createdAt: Date;
  /** To the minute; null before the first write. */
  lastActiveAt: Date | null;
  /** As the browser said it, which may be anything. */
  userAgent: string;
  address: string;
}

/** The sign-ins of a person that still hold, newest first. */
export async function listSessions(
  db: Database,
  userId: string,
  { after, limit = 50 }: { after?: string; limit?: number } = {},
): Promise<Page<"sessions", SessionRow>> {
  const cursor = afterCursor(after);
  const rows = await db.prisma.session.findMany({
    where: {
      userId,
      expiresAt: { gt: db.now() },
      ...(cursor && {
        // The first half is what the index can begin at; the second decides among sessions of one moment.
        createdAt: { lte: cursor.at },
        OR: [{ createdAt: { lt: cursor.at } }, { id: { lt: cursor.id } }],
      }),
    },
    select: { id: true, createdAt: true, lastActiveAt: true, userAgent: true, address: true },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const sessions = rows.slice(0, limit);
  const last = sessions.at(-1);
  return { sessions, next: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null };
}

/** Ends one of a person's own sessions. @returns false when it is not there, or not theirs */
export async function endOwnSession(db: Database, userId: string, sessionId: string): Promise<boolean> {
  return (await end(db, userId, { id: sessionId })) === 1;
}

/** Ends every session of a person but the one they are in. @returns how many */
export async function endOtherSessions(db: Database, userId: string, current: string): Promise<number> {
  return end(db, userId, { id: { not: current } });
}

async function end(db: Database, userId: string, which: { id: string | { not: string } }): Promise<number> {
  return db.prisma.$transaction(async (tx) => {
    const { count: sessions } = await tx.session.deleteMany({ where: { ...which, userId } });
    if (sessions > 0)
      await tx.auditEvent.create({
        data: auditRow(db, { action: "sessions.ended", actorId: userId, details: { sessions } }),
      });
    return sessions;
  });
}
