/** Credentials that stopped because somebody reported them: listed for those they belong to, who decide about them. */
import { auditRow } from "./audit";
import { toBytes, toHash } from "./bytes";
import { managing } from "./company-roles";
import type { Database } from "./database";
import { endTokens } from "./ended-tokens";
import { Prisma } from "./generated/client";

export interface QuarantinedRow {
  id: string;
  kind: string;
  last4: string;
  name: string | null;
  app: { id: string; name: string } | null;
  company: { id: string; name: string } | null;
  source: string | null;
  at: Date;
}

/**
 * Whose decision it is, as SQL over `q`: the person's it acted for or whose app it was of, or of those who manage the
 * company; a service account's is the administrators'.
 */
const decidedBy = (userId: string): Prisma.Sql => Prisma.sql`(
    (q.user_id = ${userId} AND EXISTS (
      SELECT 1 FROM users me WHERE me.id = ${userId} AND me.status = 'active'))
    OR (q.user_id IS NULL AND EXISTS (
      SELECT 1 FROM memberships m JOIN users me ON me.id = m.user_id AND me.status = 'active'
      WHERE m.user_id = ${userId} AND m.company_id = q.company_id AND m.role::text = ANY (${managing})))
    OR EXISTS (
      SELECT 1 FROM users s JOIN users me ON me.id = ${userId} AND me.is_admin AND me.status = 'active'
      WHERE s.id = q.user_id AND s.kind = 'service'))`;

/** What waits for this person's decision, newest first. */
export async function listQuarantined(db: Database, userId: string, limit = 100): Promise<QuarantinedRow[]> {
  const rows = await db.prisma.$queryRaw<
    (Omit<QuarantinedRow, "app" | "company"> & {
      app_id: string | null;
      app_name: string | null;
      company_id: string | null;
      company_name: string | null;
    })[]
  >`SELECT q.id, q.kind, q.last4, q.name, q.source, q.at, q.app_id, a.name AS app_name, q.company_id,
      c.name AS company_name
    FROM quarantined_credentials q
    LEFT JOIN apps a ON a.id = q.app_id LEFT JOIN companies c ON c.id = q.company_id
    WHERE ${decidedBy(userId)} ORDER BY q.at DESC, q.id DESC LIMIT ${limit}`;
  return rows.map(({ app_id, app_name, company_id, company_name, ...row }) => ({
    ...row,
    app: app_id && app_name ? { id: app_id, name: app_name } : null,
    company: company_id && company_name ? { id: company_id, name: company_name } : null,
  }));
}

/** Lets it work again as before, for whoever may decide. @returns false when it is not there, or not theirs */
export async function restoreQuarantined(db: Database, userId: string, id: string): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const taken = await take(tx, userId, id);
    if (!taken) return false;
    if (taken.row === null) {
      await tx.clientSecret.updateMany({
        where: { hash: taken.hash },
        data: { expiresAt: taken.wouldEndAt },
      });
    } else {
      await putBack(tx, taken.row);
    }
    const action = taken.row === null ? "secret.restored" : "token.restored";
    await tx.auditEvent.create({ data: auditRow(db, { action, actorId: userId, ...auditOf(taken) }) });
    return true;
  });
}

/** Raw because the row goes back as it came; a column that is new since has its default. */
async function putBack(tx: Prisma.TransactionClient, row: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO tokens SELECT * FROM jsonb_populate_record(NULL::tokens, ${row}::jsonb)
    ON CONFLICT (hash) DO NOTHING`;
}

/** Ends it for good; a token as every other one that a person ends. @returns false when it is not there, or not theirs */
export async function endQuarantined(db: Database, userId: string, id: string): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const taken = await take(tx, userId, id);
    if (!taken) return false;
    if (taken.row !== null) {
      await putBack(tx, taken.row);
      const ending = { at: db.now(), by: userId, reason: "revoked" } as const;
      await endTokens(db, tx, Prisma.sql`t.hash = ${taken.hash}`, ending);
    }
    const action = taken.row === null ? "secret.revoked" : "token.revoked";
    await tx.auditEvent.create({ data: auditRow(db, { action, actorId: userId, ...auditOf(taken) }) });
    return true;
  });
}

interface Taken {
  kind: string;
  hash: Uint8Array<ArrayBuffer>;
  last4: string;
  app_id: string | null;
  company_id: string | null;
  row: string | null;
  wouldEndAt: Date | null;
}

/** Of two decisions at once the second finds it gone. */
async function take(tx: Prisma.TransactionClient, userId: string, id: string): Promise<Taken | null> {
  const [taken] = await tx.$queryRaw<Taken[]>`
    DELETE FROM quarantined_credentials q WHERE q.id = ${id} AND ${decidedBy(userId)}
    RETURNING q.kind, q.hash, q.last4, q.app_id, q.company_id, q.row::text AS row, q.would_end_at AS "wouldEndAt"`;
  return taken ? { ...taken, hash: toBytes(toHash(taken.hash)) } : null;
}

function auditOf({ kind, last4, app_id, company_id }: Taken) {
  return { appId: app_id, companyId: company_id, details: { kind, last4, after: "quarantine" } };
}
