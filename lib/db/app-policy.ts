/** Changing an app's policy, and trying a change on the requests of the past. Who maintains it is in every where clause. */
import type { Policy } from "../oauth/policy";
import { dated, newlyRefused, switches, type Trait } from "../oauth/switches";
import { maintainedBy } from "./app-maintenance";
import { toSummary, withRedirects } from "./apps";
import { auditRow } from "./audit";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { policyColumns, policyOf } from "./policies";
import { holdApp, same, standingAfter } from "./review";

/** How far back a dry run looks; counts are kept a day longer. */
export const DRY_RUN_DAYS = 30;

/** Gives the app another policy. @returns false when the app is not there, or somebody else's */
export async function changePolicy(
  db: Database,
  actorId: string,
  appId: string,
  policy: Policy,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    await holdApp(tx, actorId, appId);
    const where = { ...maintainedBy(actorId), id: appId };
    const row = await tx.app.findFirst({ where, include: withRedirects });
    if (!row) return false;
    const before = toSummary(row, 0, db.now());
    const after = dated(policy, before.policy, db.now());
    const changes = policyChanges(before.policy, after);
    if (changes === null) return true;
    const standing = await standingAfter(tx, actorId, before, { ...before, policy: after });
    await tx.app.update({
      where,
      data: { ...policyColumns(after), ...standing, version: { increment: 1 } },
    });
    const details = { ...changes, ...(standing.status && { status: standing.status }) };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "policy.changed", actorId, appId, companyId: row.companyId, details }),
    });
    return true;
  });
}

/** What differs, switch by switch, for the audit log; `preset` only where it is another one. Null when nothing does. */
function policyChanges(before: Policy, after: Policy): Prisma.InputJsonObject | null {
  const changed = switches
    .map(({ key }) => key)
    .filter((key) => !same(before[key], after[key]) || before.until[key] !== after.until[key])
    .map((key) => [key, { before: before[key], after: after[key], until: after.until[key] ?? null }]);
  if (changed.length === 0 && before.preset === after.preset) return null;
  return {
    ...(before.preset !== after.preset && { preset: after.preset }),
    switches: Object.fromEntries(changed),
  };
}

/** Requests of one kind that a policy would have refused. */
export interface Refusals {
  trait: Trait;
  count: number;
  lastAt: Date;
}

/**
 * What another policy would have refused in the last thirty days that the app's own lets pass, most frequent first.
 * Requests are counted per kind: one that lacks two things is in two of the counts.
 * @returns null when the app is not there, or somebody else's
 */
export async function dryRun(
  db: Database,
  actorId: string,
  appId: string,
  policy: Policy,
): Promise<Refusals[] | null> {
  const where = { ...maintainedBy(actorId), id: appId };
  const app = await db.prisma.app.findFirst({ where, select: { policy: true } });
  if (!app) return null;
  const refused = newlyRefused(policyOf(app.policy, db.now()), policy);
  if (refused.length === 0) return [];
  const since = new Date(db.now().getTime() - DRY_RUN_DAYS * 24 * 60 * 60 * 1000);
  const counts = await db.prisma.requestTrait.groupBy({
    by: ["trait"],
    where: { appId, trait: { in: refused }, day: { gte: since } },
    _sum: { count: true },
    _max: { lastAt: true },
  });
  return refused
    .flatMap((trait) => {
      const found = counts.find((one) => one.trait === trait);
      const lastAt = found?._max.lastAt;
      return lastAt ? [{ trait, count: found._sum.count ?? 0, lastAt }] : [];
    })
    .sort((one, other) => other.count - one.count);
}
