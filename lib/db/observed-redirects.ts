/** The redirect URIs an app really uses under its domain, and turning the domain into those: theirs to do who maintain it. */
import { maintainedBy } from "./app-maintenance";
import { toSummary, withRedirects } from "./apps";
import { auditRow } from "./audit";
import type { Database } from "./database";
import { KEPT_URIS } from "./observations";
import { holdApp, standingAfter } from "./review";

export interface ObservedUri {
  uri: string;
  count: number;
  lastAt: Date;
}

/** Used last, first; nothing for somebody else's app. */
export async function listObservedUris(db: Database, actorId: string, appId: string): Promise<ObservedUri[]> {
  return db.prisma.observedRedirectUri.findMany({
    where: { appId, app: maintainedBy(actorId) },
    select: { uri: true, count: true, lastAt: true },
    orderBy: [{ lastAt: "desc" }, { uri: "asc" }],
    take: KEPT_URIS,
  });
}

/**
 * Exact matching with these URIs instead of a domain.
 * @param uris some of those that were observed
 * @returns false when the app is not there, is somebody else's or has no domain, or a URI was not observed
 */
export async function pinRedirects(
  db: Database,
  actorId: string,
  appId: string,
  uris: readonly string[],
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    await holdApp(tx, actorId, appId);
    const where = { ...maintainedBy(actorId), id: appId, redirectMatch: "origin_path" } as const;
    const row = await tx.app.findFirst({ where, include: withRedirects });
    if (!row || uris.length === 0) return false;
    const seen = await tx.observedRedirectUri.count({ where: { appId, uri: { in: [...uris] } } });
    if (seen !== uris.length) return false;
    const before = toSummary(row, 0, db.now());
    const standing = await standingAfter(tx, actorId, before, {
      ...before,
      redirect: { match: "exact", uris },
    });
    await tx.app.update({
      where,
      data: { redirectMatch: "exact", redirectDomain: null, ...standing, version: { increment: 1 } },
    });
    await tx.redirectUri.createMany({ data: uris.map((uri, position) => ({ appId, uri, position })) });
    await tx.observedRedirectUri.deleteMany({ where: { appId } });
    const details = { domain: row.redirectDomain ?? "", redirect: uris.join(" ") };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "redirects.pinned", actorId, appId, companyId: row.companyId, details }),
    });
    return true;
  });
}
