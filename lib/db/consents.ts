/** Consents: a user's standing approvals, listed by app and taken back. */
import { worksFor } from "../oauth/client_status";
import type { Consent } from "../oauth/types";
import { maintainedBy } from "./app-maintenance";
import { auditRow } from "./audit";
import type { Database } from "./database";
import type { Consent as ConsentRecord, Prisma } from "./generated/client";
import type { AppStatus } from "./generated/enums";
import { deleteFamilies } from "./refresh-tokens";
import { consentRevoked, enqueueAll } from "./webhook-events";

export async function findConsents(db: Database, userId: string, client_id: string): Promise<Consent[]> {
  const rows = await db.prisma.consent.findMany({ where: { userId, appId: client_id } });
  return rows.map((row) => ({
    id: row.id,
    userId: row.userId,
    client_id: row.appId,
    companyId: row.companyId,
    redirectHost: row.redirectHost,
    scopes: row.scopes,
  }));
}

export interface ConsentRow {
  app: { id: string; name: string; logoId: string | null; ownerName: string; status: AppStatus };
  /** One for each company and redirect host. */
  approvals: {
    id: string;
    company: string | null;
    redirectHost: string;
    scopes: string[];
    createdAt: Date;
    updatedAt: Date;
  }[];
  liveTokens: number;
  /** How many refresh tokens it holds with which it can get new ones. */
  renewals: number;
  firstUsedAt: Date | null;
  lastUsedAt: Date | null;
  /** Where from and with which program; strangers wrote it. */
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
}

/** The apps a user has allowed, last allowed first. */
export async function listConsents(db: Database, userId: string): Promise<ConsentRow[]> {
  const consents = await db.prisma.consent.findMany({
    where: { userId },
    orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
    include: {
      app: { include: { owner: { select: { name: true } }, company: { select: { name: true } } } },
      company: { select: { name: true } },
    },
  });
  const use = await tokenUse(db, userId);
  const renewals = await renewalsOf(db, userId);
  const maintained = await maintainedOf(db, userId, consents);
  const rows = new Map<string, ConsentRow>();
  const none = {
    ...{ liveTokens: 0, firstUsedAt: null, lastUsedAt: null },
    ...{ lastUsedAddress: null, lastUsedAgent: null },
  };
  for (const { id, app, company, redirectHost, scopes, createdAt, updatedAt } of consents) {
    const row = rows.get(app.id) ?? {
      app: {
        id: app.id,
        name: app.name,
        logoId: app.logoId,
        ownerName: ownerName(app),
        status: app.status,
      },
      approvals: [],
      ...(use.get(app.id) ?? none),
      ...(worksFor({ ...app, isMaintained: maintained.has(app.id) }, userId)
        ? { renewals: renewals.get(app.id) ?? 0 }
        : { liveTokens: 0, renewals: 0 }),
    };
    row.approvals.push({ id, company: company?.name ?? null, redirectHost, scopes, createdAt, updatedAt });
    rows.set(app.id, row);
  }
  return [...rows.values()];
}

/** Those of the apps that wait for approval which the user maintains. */
async function maintainedOf(
  db: Database,
  userId: string,
  consents: readonly { app: { id: string; status: AppStatus } }[],
): Promise<Set<string>> {
  const waiting = consents.filter(({ app }) => app.status === "pending").map(({ app }) => app.id);
  if (waiting.length === 0) return new Set();
  const where = { ...maintainedBy(userId), id: { in: waiting } };
  const apps = await db.prisma.app.findMany({ where, select: { id: true } });
  return new Set(apps.map(({ id }) => id));
}

/** Of the user or the company an app belongs to. */
export function ownerName(app: { owner: { name: string } | null; company: { name: string } | null }): string {
  return app.owner?.name ?? app.company?.name ?? "";
}

async function tokenUse(db: Database, userId: string) {
  const live = { OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }] };
  const [all, latest, alive] = await Promise.all([
    db.prisma.token.groupBy({
      by: ["appId"],
      where: { userId, kind: "access" },
      _min: { createdAt: true },
    }),
    latestUse(db, userId),
    db.prisma.token.groupBy({
      by: ["appId"],
      where: { userId, kind: "access", ...live },
      _count: { _all: true },
    }),
  ]);
  const counts = new Map(alive.map((row) => [row.appId, row._count._all]));
  return new Map(
    all.flatMap(({ appId, _min }) =>
      appId === null
        ? []
        : [
            [
              appId,
              {
                liveTokens: counts.get(appId) ?? 0,
                firstUsedAt: _min.createdAt,
                ...(latest.get(appId) ?? { lastUsedAt: null, lastUsedAddress: null, lastUsedAgent: null }),
              },
            ],
          ],
    ),
  );
}

interface LatestUse {
  lastUsedAt: Date;
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
}

/** By app: the last use of all its tokens for this user. */
async function latestUse(db: Database, userId: string): Promise<Map<string, LatestUse>> {
  // Raw because Prisma reads every row where it is to find the last of each app.
  const { rows } = await db.pool.query<LatestUse & { app_id: string }>(
    `SELECT DISTINCT ON (app_id) app_id, last_used_at AS "lastUsedAt", last_used_address AS "lastUsedAddress",
       last_used_agent AS "lastUsedAgent"
     FROM tokens WHERE user_id = $1 AND kind = 'access' AND app_id IS NOT NULL AND last_used_at IS NOT NULL
     ORDER BY app_id, last_used_at DESC`,
    [userId],
  );
  return new Map(rows.map(({ app_id, ...use }) => [app_id, use]));
}

/** By app: the families of refresh tokens that still have a generation to use. */
async function renewalsOf(db: Database, userId: string): Promise<Map<string, number>> {
  // Raw because families and tokens have no foreign keys for Prisma to follow (docs/decisions/0005).
  const { rows } = await db.pool.query<{ app_id: string; count: number }>(
    `SELECT f.app_id, count(*)::int AS count FROM refresh_families f JOIN consents k ON k.id = f.consent_id
     WHERE f.user_id = $1 AND f.expires_at > $2 AND EXISTS (
       SELECT 1 FROM refresh_tokens r WHERE r.family_id = f.id AND r.consumed_at IS NULL AND r.expires_at > $2)
     GROUP BY f.app_id`,
    [userId, db.now()],
  );
  return new Map(rows.map(({ app_id, count }) => [app_id, count]));
}

/**
 * Takes every consent of a user for an app back and ends all its tokens and codes for that user. A code being redeemed
 * at this moment issues a token without consent, which stands for nobody.
 * @returns false when there was none
 */
export async function revokeConsent(db: Database, userId: string, appId: string): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const gone = await deleteConsents(tx, { userId, appId });
    if (gone.length === 0) return false;
    const refreshed = await deleteFamilies(tx, { userId, appId });
    const tokens = await tx.token.deleteMany({ where: { userId, appId } });
    await tx.authorizationCode.deleteMany({ where: { userId, appId } });
    await tx.auditEvent.create({
      data: auditRow(db, {
        action: "consent.revoked",
        actorId: userId,
        appId,
        details: { tokens: refreshed + tokens.count },
      }),
    });
    await enqueueAll(tx, db, gone.map(consentRevoked));
    return true;
  });
}

/** Deletes consents and returns those this write took: of two at once, each is returned to one. */
export async function deleteConsents(
  tx: Prisma.TransactionClient,
  { userId, appId, companyId }: { userId: string; appId?: string; companyId?: string },
): Promise<Pick<ConsentRecord, "id" | "userId" | "appId" | "companyId" | "scopes">[]> {
  // Raw because Prisma's deleteMany returns no rows.
  return tx.$queryRaw`
    DELETE FROM consents WHERE user_id = ${userId} AND (${appId ?? null}::text IS NULL OR app_id = ${appId ?? null})
      AND (${companyId ?? null}::text IS NULL OR company_id = ${companyId ?? null})
    RETURNING id, user_id AS "userId", app_id AS "appId", company_id AS "companyId", scopes`;
}
