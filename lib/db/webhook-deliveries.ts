/** The log of an endpoint's deliveries, and what its app's owner sends by hand. */
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import type { DeliveryStatus } from "./generated/enums";
import { afterCursor, type Page, toCursor } from "./keyset";
import { type EndpointActor, ownedApp } from "./webhook-endpoints";
import { ATTEMPTS, addDeliveries, payloadOf } from "./webhook-events";

/** How many test events one endpoint may be sent in a minute: a form must not become a flood of somebody else's server. */
export const TESTS_A_MINUTE = 10;

export interface DeliveryRow {
  /** The `webhook-id` that was sent. */
  id: string;
  type: string;
  payload: string;
  status: DeliveryStatus;
  attempts: number;
  createdAt: Date;
  /** When it is tried next; null once it is settled. */
  nextAt: Date | null;
  triedAt: Date | null;
  statusCode: number | null;
  latencyMs: number | null;
  /** The first of what was answered, as text. */
  answer: string | null;
  /** Why nothing was answered, in words. */
  problem: string | null;
}

/** An endpoint's deliveries, newest first; none of somebody else's. */
export async function listDeliveries(
  db: Database,
  actor: EndpointActor,
  endpointId: string,
  { after, limit = 25 }: { after?: string; limit?: number } = {},
): Promise<Page<"deliveries", DeliveryRow>> {
  const cursor = afterCursor(after);
  const older: Prisma.WebhookDeliveryWhereInput[] = cursor
    ? [{ OR: [{ createdAt: { lt: cursor.at } }, { createdAt: cursor.at, id: { lt: cursor.id } }] }]
    : [];
  const rows = await db.prisma.webhookDelivery.findMany({
    where: { endpointId, endpoint: { app: ownedApp(actor) }, AND: older },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    omit: { endpointId: true, remaining: true },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    deliveries: page,
    next: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null,
  };
}

/** @returns the delivery's id; `wait` when there were many a moment ago, null when the endpoint is off or not theirs */
export async function sendTestEvent(
  db: Database,
  actor: EndpointActor,
  endpointId: string,
): Promise<string | "wait" | null> {
  return db.prisma.$transaction(async (tx) => {
    // The UPDATE locks the endpoint: of two tests at once the second counts the first.
    const { count } = await tx.webhookEndpoint.updateMany({
      where: { id: endpointId, status: "active", app: ownedApp(actor) },
      data: { status: "active" },
    });
    if (count === 0) return null;
    const createdAt = { gt: new Date(db.now().getTime() - 60_000) };
    const recent = await tx.webhookDelivery.count({ where: { endpointId, type: "webhook.test", createdAt } });
    if (recent >= TESTS_A_MINUTE) return "wait";
    const payload = payloadOf(db, "webhook.test", { client_id: actor.appId });
    const [id = null] = await addDeliveries(tx, db, [{ endpointId, type: "webhook.test", payload }]);
    return id;
  });
}

/** Sends the same message again, under the same id. @returns false when it is on its way already, or not theirs */
export async function resendDelivery(
  db: Database,
  actor: EndpointActor,
  deliveryId: string,
): Promise<boolean> {
  const { count } = await db.prisma.webhookDelivery.updateMany({
    where: {
      id: deliveryId,
      status: { not: "pending" },
      endpoint: { status: "active", app: ownedApp(actor) },
    },
    data: { status: "pending", remaining: ATTEMPTS, nextAt: db.now() },
  });
  return count === 1;
}
