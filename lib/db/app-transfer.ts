/** Giving one's own app to a company one manages; it does not come back. */
import { auditRow } from "./audit";
import { holdAsManager } from "./company-roles";
import type { Database } from "./database";
import { deleteFamilies } from "./refresh-tokens";

/** Whether it was done; else why not. */
export type Transfer = "done" | "not_yours" | "not_manager";

/**
 * The app, its credentials and what people allowed stay as they are. What it got for itself stood for its owner and ends:
 * from now on it stands for the company.
 */
export async function transferApp(
  db: Database,
  actorId: string,
  appId: string,
  companyId: string,
): Promise<Transfer> {
  return db.prisma.$transaction(async (tx) => {
    const company = await holdAsManager(tx, actorId, companyId);
    if (!company) return "not_manager";
    const [app] = await tx.app.updateManyAndReturn({
      where: { id: appId, ownerId: actorId, kind: "registered" },
      // The consent screen names another owner: who is looking at it looks again.
      data: { ownerId: null, companyId, version: { increment: 1 } },
      select: { name: true },
    });
    if (!app) return "not_yours";
    const forItself = { appId, consentId: null };
    const refreshed = await deleteFamilies(tx, forItself);
    const { count } = await tx.token.deleteMany({ where: forItself });
    const details = { name: app.name, to: company.name, tokens: refreshed + count };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "app.transferred", actorId, appId, companyId, details }),
    });
    return "done";
  });
}
