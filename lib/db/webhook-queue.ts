/**
 * What is due to be delivered, claimed by one sender at a time. A claim moves the delivery's next moment ahead and counts
 * an attempt: who dies in the middle leaves it due again, and who comes back too late finds another attempt's number.
 */
import { after } from "../oauth/server";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { addNotices } from "./notices";
import { keepersOf } from "./recipients";
import { ATTEMPTS } from "./webhook-events";

/** After so long an attempt counts as lost, in seconds; it is given up long before. */
export const LEASE_SECONDS = 60;
/** 15 s, 1 min, 4 min, 16 min, 64 min, 4¼ h, 17 h: eight attempts in about 23 hours. */
const FIRST_WAIT_SECONDS = 15;
const FACTOR = 4;
/** By so much a wait is longer or shorter, so that what failed together does not come back together. */
const JITTER = 0.2;
/** An endpoint that has not answered well for so long is turned off when a delivery is given up. */
export const GIVE_UP_DAYS = 3;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface ClaimedDelivery {
  id: string;
  endpointId: string;
  type: string;
  payload: string;
  /** The number of this attempt. */
  attempts: number;
  /** How many are left after it. */
  remaining: number;
  url: string;
  /** Sealed. */
  secret: Uint8Array;
  /** Sealed; null when there is none that still counts. */
  oldSecret: Uint8Array | null;
  /** The endpoint was turned off just when this was written. */
  isOff: boolean;
}

/**
 * Claims what is due, the longest due first.
 * @param busy endpoints that have enough on their way
 * @param only this one delivery
 */
export async function claimDeliveries(
  db: Database,
  limit: number,
  { busy = [], only }: { busy?: readonly string[]; only?: string } = {},
): Promise<ClaimedDelivery[]> {
  const now = db.now();
  // Raw because Prisma's builder cannot skip locked rows.
  const { rows } = await db.pool.query<ClaimedDelivery>(
    `WITH due AS (
       SELECT id FROM webhook_deliveries
       WHERE next_at <= $1 AND endpoint_id <> ALL ($3::text[]) AND ($5::text IS NULL OR id = $5)
       ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     UPDATE webhook_deliveries d
     SET next_at = $4, attempts = d.attempts + 1, remaining = greatest(d.remaining - 1, 0), tried_at = $1
     FROM due, webhook_endpoints e
     WHERE d.id = due.id AND e.id = d.endpoint_id
     RETURNING d.id, d.endpoint_id AS "endpointId", d.type, d.payload, d.attempts, d.remaining, e.url, e.secret,
       CASE WHEN e.old_secret_until > $1 THEN e.old_secret END AS "oldSecret",
       e.status = 'disabled' AS "isOff"`,
    [now, limit, busy, after(now, LEASE_SECONDS), only ?? null],
  );
  return rows;
}

export interface AttemptResult {
  /** Null when nothing was answered. */
  statusCode: number | null;
  latencyMs: number;
  answer: string | null;
  problem: string | null;
}

/** The moment of an attempt that was claimed: nobody else has settled it, or claimed it again. */
const claimOf = ({ id, attempts }: ClaimedDelivery) => ({ id, attempts, status: "pending" as const });

/** @returns false when it is no longer this attempt's to settle */
export async function settleDelivered(
  db: Database,
  delivery: ClaimedDelivery,
  result: AttemptResult,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const { count } = await tx.webhookDelivery.updateMany({
      where: claimOf(delivery),
      data: { ...result, status: "delivered", nextAt: null },
    });
    if (count === 0) return false;
    await tx.webhookEndpoint.updateMany({
      where: { id: delivery.endpointId, failingSince: { not: null } },
      data: { failingSince: null },
    });
    return true;
  });
}

/**
 * Plans the next attempt, or gives the delivery up; an endpoint that has failed for long is then turned off, and those
 * who keep its app get a letter.
 * @param isGone the endpoint said that it is no more (410): it is turned off at once
 */
export async function settleFailed(
  db: Database,
  delivery: ClaimedDelivery,
  result: AttemptResult,
  isGone = false,
): Promise<boolean> {
  const now = db.now();
  return db.prisma.$transaction(async (tx) => {
    const isLast = isGone || delivery.remaining === 0;
    const { count } = await tx.webhookDelivery.updateMany({
      where: claimOf(delivery),
      data: {
        ...result,
        ...(isLast
          ? { status: "failed", nextAt: null }
          : { nextAt: after(now, waitSeconds(db, ATTEMPTS - delivery.remaining)) }),
      },
    });
    if (count === 0) return false;
    await tx.webhookEndpoint.updateMany({
      where: { id: delivery.endpointId, failingSince: null },
      data: { failingSince: now },
    });
    const failingSince = { lte: new Date(now.getTime() - (isGone ? 0 : GIVE_UP_DAYS * DAY_MS)) };
    if (isLast) await turnOff(db, tx, { id: delivery.endpointId, failingSince }, result);
    return true;
  });
}

/** The write decides who turns it off, and so who writes the letter. */
async function turnOff(
  db: Database,
  tx: Prisma.TransactionClient,
  where: Prisma.WebhookEndpointWhereInput,
  { statusCode, problem }: AttemptResult,
): Promise<void> {
  const [off] = await tx.webhookEndpoint.updateManyAndReturn({
    where: { ...where, status: "active" },
    data: { status: "disabled" },
    select: { id: true, url: true, app: { select: { id: true, name: true } } },
  });
  if (!off) return;
  await dropPending(tx, off.id);
  const details = {
    app: off.app.name,
    appId: off.app.id,
    endpointId: off.id,
    url: shownUrl(off.url),
    reason: problem ?? `It answered ${statusCode}.`,
  };
  await addNotices(tx, db, await keepersOf(tx, off.app.id), { kind: "webhook_off", details });
}

/** What waits for an endpoint that is off will not be sent. */
export async function dropPending(tx: Prisma.TransactionClient, endpointId: string): Promise<void> {
  await tx.webhookDelivery.updateMany({
    where: { endpointId, status: "pending" },
    data: { status: "failed", nextAt: null, problem: "The endpoint was turned off." },
  });
}

/** Without its query, in which some keep a password. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/** @param attempt the number of the one that failed, counted from 1 */
export function waitSeconds(db: Pick<Database, "random">, attempt: number): number {
  const [byte = 0] = db.random(1);
  const jitter = 1 + JITTER * ((byte / 255) * 2 - 1);
  return FIRST_WAIT_SECONDS * FACTOR ** (attempt - 1) * jitter;
}
