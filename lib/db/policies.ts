/** Policies at rest: read as they stand now, settled when a switch has come to its end. */
import { type Policy, policyEnd, policySchema, settled } from "../oauth/policy";
import { auditRow } from "./audit";
import type { Database } from "./database";

/** Policies kept as they were read; there are as many as different policies, not as apps. */
const KEPT = 1000;
const kept = new Map<string, Policy>();

/** A policy from its JSON text: token requests read the same few again and again, so each is checked once. */
function readPolicy(text: string): Policy {
  const known = kept.get(text);
  if (known) return known;
  const policy = Object.freeze(policySchema.parse(JSON.parse(text)));
  if (kept.size >= KEPT) kept.clear();
  kept.set(text, policy);
  return policy;
}

/** A stored policy as it stands at this moment. */
export function policyOf(stored: unknown, now: Date): Policy {
  return settled(typeof stored === "string" ? readPolicy(stored) : policySchema.parse(stored), now);
}

/** The columns of a policy. */
export function policyColumns(policy: Policy): { policy: Policy; policyEndsAt: Date | null } {
  return { policy, policyEndsAt: policyEnd(policy) };
}

/** Writes down that switches have come to their end: once, however many find out at the same time. */
export async function settlePolicy(db: Database, appId: string, now: Date): Promise<void> {
  const where = { id: appId, policyEndsAt: { lte: now } };
  // Every refused token request asks, and hardly ever is anything due: no transaction for those.
  if ((await db.prisma.app.count({ where })) === 0) return;
  await db.prisma.$transaction(async (tx) => {
    const app = await tx.app.findFirst({ where, select: { policy: true, companyId: true } });
    if (!app) return;
    const before = policySchema.parse(app.policy);
    const after = settled(before, now);
    const { count } = await tx.app.updateMany({
      where,
      data: { ...policyColumns(after), version: { increment: 1 } },
    });
    if (count === 0) return;
    const lapsed = Object.keys(before.until).filter((key) => !(key in after.until));
    await tx.auditEvent.create({
      data: auditRow(db, {
        ...{ action: "policy.lapsed", actorId: null, appId, companyId: app.companyId },
        details: { switches: lapsed },
      }),
    });
  });
}

/** Settles what is due everywhere, for those who look at policies without asking for a token. */
export async function settlePolicies(db: Database): Promise<void> {
  const now = db.now();
  const due = await db.prisma.app.findMany({
    where: { policyEndsAt: { lte: now } },
    select: { id: true },
    orderBy: { policyEndsAt: "asc" },
    take: 100,
  });
  for (const { id } of due) await settlePolicy(db, id, now);
}
