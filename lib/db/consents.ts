/** Consents: a user's standing approvals, listed by app and taken back. */
import { worksFor } from "../oauth/client_status";
import type { Consent } from "../oauth/types";
import { auditRow } from "./audit";
import type { Database } from "./database";
import type { AppStatus } from "./generated/enums";
import { deleteFamilies } from "./refresh-tokens";

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
  const rows = new Map<string, ConsentRow>();
  const none = { liveTokens: 0, firstUsedAt: null, lastUsedAt: null };
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
      ...(worksFor(app, userId) ? { renewals: renewals.get(app.id) ?? 0 } : { liveTokens: 0, renewals: 0 }),
    };
    row.approvals.push({ id, company: company?.name ?? null, redirectHost, scopes, createdAt, updatedAt });
    rows.set(app.id, row);
  }
  return [...rows.values()];
}

/** Of the user or the company an app belongs to. */
export function ownerName(app: { owner: { name: string } | null; company: { name: string } | null }): string {
  return app.owner?.name ?? app.company?.name ?? "";
}

async function tokenUse(db: Database, userId: string) {
  const live = { OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }] };
  const use = { _min: { createdAt: true }, _max: { lastUsedAt: true } } as const;
  const [all, alive] = await Promise.all([
    db.prisma.token.groupBy({ by: ["appId"], where: { userId, kind: "access" }, ...use }),
    db.prisma.token.groupBy({
      by: ["appId"],
      where: { userId, kind: "access", ...live },
      _count: { _all: true },
    }),
  ]);
  const counts = new Map(alive.map((row) => [row.appId, row._count._all]));
  return new Map(
    all.flatMap(({ appId, _min, _max }) =>
      appId === null
        ? []
        : [
            [
              appId,
              {
                liveTokens: counts.get(appId) ?? 0,
                firstUsedAt: _min.createdAt,
                lastUsedAt: _max.lastUsedAt,
              },
            ],
          ],
    ),
  );
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
    const { count } = await tx.consent.deleteMany({ where: { userId, appId } });
    if (count === 0) return false;
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
    return true;
  });
}
