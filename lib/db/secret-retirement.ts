/** Old secrets that end before their date: once nobody has used them for as long as somebody chose. */
import { auditRow } from "./audit";
import type { Database } from "./database";
import { Prisma } from "./generated/client";
import { WRITE_EVERY_MS } from "./usage";

/** Uses are written down so much later at most: twice the time between two writes. */
const WRITTEN_WITHIN_SECONDS = (2 * WRITE_EVERY_MS) / 1000;
/** Secrets one round retires at most. */
const ROUND = 100;

/**
 * Chooses, or takes back, that an old secret ends once it is silent. Only a secret that has an end has that choice: the
 * one in use is never to end by itself.
 * @param whose whose app it must be
 * @param silentHours null: at its date
 * @returns false when it has no end, has ended, or is another's
 */
export async function setRetirement(
  db: Database,
  actorId: string,
  { appId, secretId, whose }: { appId: string; secretId: string; whose: Prisma.AppWhereInput },
  silentHours: number | null,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const where = { id: secretId, app: { AND: [whose, { id: appId }] }, expiresAt: { gt: db.now() } };
    const secret = await tx.clientSecret.findFirst({
      where,
      select: { last4: true, app: { select: { companyId: true } } },
    });
    const { count } = await tx.clientSecret.updateMany({
      where,
      data: { retireAfterSilentHours: silentHours },
    });
    if (!secret || count === 0) return false;
    const details = { last4: secret.last4, silentHours };
    const about = { actorId, appId, companyId: secret.app.companyId };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "secret.retirement_set", ...about, details }),
    });
    return true;
  });
}

/**
 * Silent for long enough, counting from its making where it was never used; the write decides, so that a use that was
 * written down meanwhile keeps it. Another secret must work, and no refresh token that still stands may be bound to it:
 * those are used without presenting it.
 */
const isSilent = (now: Date) => Prisma.sql`s.retire_after_silent_hours IS NOT NULL AND s.expires_at > ${now}
  AND greatest(s.last_used_at, s.created_at) + make_interval(hours => s.retire_after_silent_hours,
    secs => ${WRITTEN_WITHIN_SECONDS}) <= ${now}
  AND EXISTS (SELECT 1 FROM client_secrets o WHERE o.app_id = s.app_id AND o.id <> s.id
    AND (o.expires_at IS NULL OR o.expires_at > s.expires_at))
  AND NOT EXISTS (SELECT 1 FROM refresh_families f
    WHERE f.app_id = s.app_id AND f.secret_hash = s.hash AND f.expires_at > ${now})`;

/** Ends what has been silent for as long as was chosen, each with its audit row. @returns how many ended */
export async function retireSilentSecrets(db: Database): Promise<number> {
  const now = db.now();
  // Raw because Prisma cannot add an interval of a column to a moment.
  const due = await db.prisma.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM client_secrets s WHERE ${isSilent(now)} ORDER BY s.id LIMIT ${ROUND}`;
  let retired = 0;
  for (const { id } of due) if (await retire(db, id, now)) retired += 1;
  return retired;
}

async function retire(db: Database, id: string, now: Date): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const [gone] = await tx.$queryRaw<
      { appId: string; companyId: string | null; last4: string; silentHours: number }[]
    >`UPDATE client_secrets s SET expires_at = ${now} FROM apps a
      WHERE s.id = ${id} AND a.id = s.app_id AND ${isSilent(now)}
      RETURNING a.id AS "appId", a.company_id AS "companyId", s.last4,
        s.retire_after_silent_hours AS "silentHours"`;
    if (!gone) return false;
    const { appId, companyId, ...details } = gone;
    await tx.auditEvent.create({
      data: auditRow(db, { action: "secret.retired", actorId: null, appId, companyId, details }),
    });
    return true;
  });
}
