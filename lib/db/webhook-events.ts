/** What an app's webhooks tell: each event becomes rows to deliver, in the transaction of what it tells (docs/decisions/0023). */
import { randomId } from "../oauth/tokens";
import { toHash } from "./bytes";
import type { Database } from "./database";
import type { Prisma, Token } from "./generated/client";

/** What an endpoint can be told; `webhook.test` besides, which is sent by hand. */
export const webhookEvents = [
  "consent.revoked",
  "token.revoked",
  "secret.expiring",
  "app.suspended",
] as const;
export type WebhookEventType = (typeof webhookEvents)[number];

/** How often a delivery is tried before it is given up. */
export const ATTEMPTS = 8;

export interface WebhookEvent {
  type: WebhookEventType;
  /** Whose endpoints are told. */
  client_id: string;
  /** Ids and facts; never a token or a secret. */
  data: Prisma.InputJsonObject;
}

/**
 * Writes a delivery for each of the app's endpoints that asked for such events. Call it in the transaction that does
 * what the event tells: either both happen, or neither.
 * @returns how many endpoints will be told
 */
export async function enqueue(
  tx: Prisma.TransactionClient,
  db: Database,
  event: WebhookEvent,
): Promise<number> {
  return enqueueAll(tx, db, [event]);
}

/**
 * {@link enqueue} for many events, of one app or of several: one read and one write, however many there are.
 * @returns how many deliveries were written
 */
export async function enqueueAll(
  tx: Prisma.TransactionClient,
  db: Database,
  events: readonly WebhookEvent[],
): Promise<number> {
  if (events.length === 0) return 0;
  const endpoints = await tx.webhookEndpoint.findMany({
    where: { appId: { in: [...new Set(events.map(({ client_id }) => client_id))] }, status: "active" },
    select: { id: true, appId: true, events: true },
  });
  const deliveries = events.flatMap(({ type, client_id, data }) => {
    const told = endpoints.filter(({ appId, events }) => appId === client_id && events.includes(type));
    const payload = told.length === 0 ? "" : payloadOf(db, type, { client_id, ...data });
    return told.map(({ id }) => ({ endpointId: id, type, payload }));
  });
  if (deliveries.length === 0) return 0;
  return (await addDeliveries(tx, db, deliveries)).length;
}

/** The body that is sent. */
export function payloadOf(db: Database, type: string, data: Prisma.InputJsonObject): string {
  return JSON.stringify({ type, timestamp: db.now().toISOString(), data });
}

export interface NewDelivery {
  endpointId: string;
  type: string;
  /** The body, as {@link payloadOf} makes it. */
  payload: string;
}

/** Deliveries that are due at once. @returns their ids */
export async function addDeliveries(
  tx: Prisma.TransactionClient,
  db: Database,
  deliveries: readonly NewDelivery[],
): Promise<string[]> {
  const ids = deliveries.map(() => `msg_${randomId(24, db.random)}`);
  const of = (key: keyof NewDelivery) => deliveries.map((delivery) => delivery[key]);
  const at = db.now();
  // Raw because Prisma sends every value by itself, and an administrator may end thousands of tokens at once.
  await tx.$executeRaw`
    INSERT INTO webhook_deliveries (id, endpoint_id, type, payload, remaining, created_at, next_at)
    SELECT n.id, n.endpoint_id, n.type, n.payload, ${ATTEMPTS}, ${at}::timestamptz, ${at}::timestamptz
    FROM unnest(${ids}::text[], ${of("endpointId")}::text[], ${of("type")}::text[], ${of("payload")}::text[])
      AS n(id, endpoint_id, type, payload)`;
  return ids;
}

interface ConsentFacts {
  id: string;
  userId: string;
  appId: string;
  companyId: string | null;
  scopes: string[];
}

/** A person took their approval back. `sub` is what introspection called them. */
export function consentRevoked({ id, userId, appId, companyId, scopes }: ConsentFacts): WebhookEvent {
  return {
    type: "consent.revoked",
    client_id: appId,
    data: { consent_id: id, sub: userId, company_id: companyId, scopes },
  };
}

/**
 * A token was ended by somebody else than its app. The app finds the one it holds by its SHA-256, as it cannot be told
 * the token itself.
 * @returns none for a token that belongs to no app
 */
export function tokenRevoked(
  token: Pick<Token, "hash" | "last4" | "appId" | "userId" | "companyId" | "scopes">,
): WebhookEvent[] {
  if (token.appId === null) return [];
  const event: WebhookEvent = {
    type: "token.revoked",
    client_id: token.appId,
    data: {
      token_sha256: toHash(token.hash),
      last4: token.last4,
      sub: token.userId ?? token.companyId,
      company_id: token.companyId,
      scopes: token.scopes,
    },
  };
  return [event];
}

/** A client secret ends soon. */
export function secretExpiring(
  client_id: string,
  { id, last4, expiresAt }: { id: string; last4: string; expiresAt: Date },
  days: number,
): WebhookEvent {
  return {
    type: "secret.expiring",
    client_id,
    data: { secret_id: id, last4, expires_at: expiresAt.toISOString(), days },
  };
}

/** An administrator suspended the app. @param reason what its owner is told */
export function appSuspended(client_id: string, reason: string | null): WebhookEvent {
  return { type: "app.suspended", client_id, data: { reason } };
}
