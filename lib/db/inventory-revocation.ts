/** Ending any credential of the installation, one by one or all that a filter means. Administrators only. */
import { auditRow } from "./audit";
import { revokeIn } from "./client-secrets";
import type { Database } from "./database";
import { endFamilies, endTokens } from "./ended-tokens";
import { Prisma } from "./generated/client";
import type { CredentialKind, InventoryFilter } from "./inventory-filter";
import { isActiveAdmin } from "./users";

/** Ends one credential at once, with what it came with. @returns false for who may not, and when it has ended already */
export async function revokeCredentialAsAdmin(
  db: Database,
  actorId: string,
  kind: CredentialKind,
  key: string,
): Promise<boolean> {
  if (!/^[0-9A-Za-z_-]{1,64}$/.test(key)) return false;
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, actorId))) return false;
    if (kind === "secret") return revokeAnySecret(db, tx, actorId, key);
    if (kind === "refresh") return revokeAnyFamily(db, tx, actorId, key);
    return revokeAnyToken(db, tx, actorId, key);
  });
}

async function revokeAnySecret(db: Database, tx: Prisma.TransactionClient, actorId: string, id: string) {
  const secret = await tx.clientSecret.findUnique({ where: { id }, select: { appId: true } });
  return secret !== null && revokeIn(db, tx, { actorId, appId: secret.appId, whose: {} }, id);
}

async function revokeAnyFamily(db: Database, tx: Prisma.TransactionClient, actorId: string, id: string) {
  const family = await tx.refreshFamily.findUnique({ where: { id } });
  if (!family) return false;
  const tokens = await endFamilies(db, tx, { id }, { at: db.now(), by: actorId, reason: "revoked" });
  const { appId, companyId } = family;
  const details = { kind: "refresh", tokens };
  await tx.auditEvent.create({
    data: auditRow(db, { action: "token.revoked", actorId, appId, companyId, details }),
  });
  return true;
}

async function revokeAnyToken(db: Database, tx: Prisma.TransactionClient, actorId: string, key: string) {
  const hash = new Uint8Array(Buffer.from(key, "hex"));
  if (hash.length !== 32) return false;
  const found = await tx.token.findUnique({ where: { hash }, select: { familyId: true } });
  const ending = { at: db.now(), by: actorId, reason: "revoked" } as const;
  const [token] = await endTokens(db, tx, Prisma.sql`t.hash = ${hash}`, ending);
  if (!token) return false;
  if (found?.familyId) await endFamilies(db, tx, { id: found.familyId }, ending);
  const { kind, last4, name, appId, companyId } = token;
  const details = { kind, last4, ...(name !== null && { name }) };
  await tx.auditEvent.create({
    data: auditRow(db, { action: "token.revoked", actorId, appId, companyId, details }),
  });
  return true;
}

/** What all at once may mean: never everything there is. */
export type BulkFilter = Pick<InventoryFilter, "kind" | "userId" | "appId" | "companyId"> & { until: Date };

/** Does the filter say whose credentials it means? */
export function isNarrow({ userId, appId, companyId }: InventoryFilter): boolean {
  return Boolean(userId || appId || companyId);
}

/** Credentials of one transaction: short enough that nobody waits for it. */
const BATCH = 2_000;

/**
 * Ends every live credential that the filter means and that was there at its moment: what is issued meanwhile stays. In
 * batches, each with its audit row, so that whatever was done is written down even if the rest is not.
 * @param isOver when to stop although some are left
 * @returns how many ended; null for who may not, or when the filter does not say whose
 */
export async function revokeAll(
  db: Database,
  actorId: string,
  filter: BulkFilter,
  isOver: () => boolean = () => false,
): Promise<number | null> {
  if (!isNarrow(filter)) return null;
  let total = 0;
  for (const take of [takeFamilies, takeTokens, takeSecrets]) {
    while (!isOver()) {
      const taken = await db.prisma.$transaction(async (tx) => {
        if (!(await isActiveAdmin(tx, actorId))) return null;
        const count = await take(db, tx, actorId, filter);
        if (count > 0) await noteBatch(db, tx, actorId, filter, count);
        return count;
      });
      if (taken === null) return null;
      total += taken;
      if (taken === 0) break;
    }
  }
  return total;
}

type Take = (
  db: Database,
  tx: Prisma.TransactionClient,
  actorId: string,
  filter: BulkFilter,
) => Promise<number>;

const takeTokens: Take = async (db, tx, actorId, filter) => {
  const { kind, until } = filter;
  if (kind === "refresh" || kind === "secret") return 0;
  const now = db.now();
  const which = Prisma.sql`t.hash IN (
    SELECT x.hash FROM tokens x WHERE ${whose("x", filter)} AND x.created_at <= ${until}::timestamptz
      AND (x.expires_at IS NULL OR x.expires_at > ${now}::timestamptz)
      ${kind ? Prisma.sql`AND x.kind = ${kind}::token_kind` : Prisma.empty}
    LIMIT ${BATCH} FOR UPDATE)`;
  return (await endTokens(db, tx, which, { at: now, by: actorId, reason: "revoked" })).length;
};

const takeFamilies: Take = async (db, tx, actorId, filter) => {
  const { kind, until } = filter;
  if (kind !== undefined && kind !== "refresh") return 0;
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT f.id FROM refresh_families f WHERE ${whose("f", filter)} AND f.created_at <= ${until}::timestamptz
      AND f.expires_at > ${db.now()}::timestamptz LIMIT ${BATCH} FOR UPDATE`;
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await endFamilies(db, tx, { id: { in: ids } }, { at: db.now(), by: actorId, reason: "revoked" });
  return rows.length;
};

const takeSecrets: Take = async (db, tx, actorId, { kind, until, userId, appId, companyId }) => {
  if (kind !== undefined && kind !== "secret") return 0;
  const now = db.now();
  const alive = { OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
  const app = { ...(userId && { ownerId: userId }), ...(companyId && { companyId }) };
  const rows = await tx.clientSecret.findMany({
    where: { ...alive, createdAt: { lte: until }, ...(appId && { appId }), app },
    select: { id: true, appId: true },
    take: BATCH / 10, // each has its own audit row and ends what is bound to it
  });
  let ended = 0;
  for (const { id, appId } of rows) if (await revokeIn(db, tx, { actorId, appId, whose: {} }, id)) ended += 1;
  return ended;
};

/** @param row the alias of a table that has these columns */
function whose(row: "x" | "f", { userId, appId, companyId }: BulkFilter): Prisma.Sql {
  const column = (name: string) => Prisma.raw(`${row}.${name}`);
  const members = Prisma.sql`(f.user_id IN (SELECT user_id FROM memberships WHERE company_id = ${companyId})
    OR f.app_id IN (SELECT id FROM apps WHERE company_id = ${companyId})) AND`;
  const parts = [
    ...(userId ? [Prisma.sql`${column("user_id")} = ${userId}`] : []),
    ...(appId ? [Prisma.sql`${column("app_id")} = ${appId}`] : []),
    // As the list finds a company's families: there is no index for it.
    ...(companyId
      ? [Prisma.sql`${row === "f" ? members : Prisma.empty} ${column("company_id")} = ${companyId}`]
      : []),
  ];
  return Prisma.join(parts, " AND ");
}

async function noteBatch(
  db: Database,
  tx: Prisma.TransactionClient,
  actorId: string,
  { kind, userId, appId, companyId, until }: BulkFilter,
  count: number,
): Promise<void> {
  const details = { kind: kind ?? "any", count, until: until.toISOString(), ...(userId && { userId }) };
  await tx.auditEvent.create({
    data: auditRow(db, { action: "tokens.revoked", actorId, appId, companyId, details }),
  });
}
