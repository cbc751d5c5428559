/** An app's webhook endpoints: made, changed and ended by the app's owner, who is in every where clause. */
import { after } from "../oauth/server";
import { randomId } from "../oauth/tokens";
import { maintainedBy } from "./app-maintenance";
import { auditRow } from "./audit";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import type { WebhookEventType } from "./webhook-events";
import { dropPending, shownUrl } from "./webhook-queue";

/** How many endpoints an app may have. */
export const ENDPOINT_LIMIT = 5;
/** For how long a rotated secret is signed with as well, in seconds. */
export const OLD_SECRET_SECONDS = 24 * 60 * 60;

export interface EndpointInput {
  url: string;
  events: readonly WebhookEventType[];
}

export interface EndpointRow {
  id: string;
  url: string;
  events: readonly string[];
  status: "active" | "disabled";
  /** Null while it works. */
  failingSince: Date | null;
  createdAt: Date;
  oldSecretUntil: Date | null;
}

/** Who acts on which app's endpoints. */
export interface EndpointActor {
  actorId: string;
  appId: string;
  /** Whose app it must be; the actor's own, unless said otherwise. */
  whose?: Prisma.AppWhereInput;
}

const shown = {
  id: true,
  url: true,
  events: true,
  status: true,
  failingSince: true,
  createdAt: true,
  oldSecretUntil: true,
} as const;

/** The app as its owner may reach it. */
export function ownedApp({
  actorId,
  appId,
  whose = maintainedBy(actorId),
}: EndpointActor): Prisma.AppWhereInput {
  return { AND: [whose, { id: appId }] };
}

/** The endpoints of an app, the oldest first: there are few. */
export async function listEndpoints(db: Database, actor: EndpointActor): Promise<EndpointRow[]> {
  return db.prisma.webhookEndpoint.findMany({
    where: { app: ownedApp(actor) },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: shown,
    take: ENDPOINT_LIMIT,
  });
}

/** Null when it is not there, or somebody else's. */
export async function findEndpoint(
  db: Database,
  actor: EndpointActor,
  endpointId: string,
): Promise<EndpointRow | null> {
  return db.prisma.webhookEndpoint.findFirst({
    where: { id: endpointId, app: ownedApp(actor) },
    select: shown,
  });
}

/** @param secret sealed @returns its id, or why there is none */
export async function createEndpoint(
  db: Database,
  actor: EndpointActor,
  { url, events }: EndpointInput,
  secret: Uint8Array<ArrayBuffer>,
): Promise<{ id: string } | "no_app" | "too_many"> {
  return db.prisma.$transaction(async (tx) => {
    const app = await holdApp(tx, actor);
    if (!app) return "no_app";
    if ((await tx.webhookEndpoint.count({ where: { appId: actor.appId } })) >= ENDPOINT_LIMIT)
      return "too_many";
    const id = randomId(16, db.random);
    await tx.webhookEndpoint.create({
      data: { id, appId: actor.appId, url, events: [...events], secret, createdAt: db.now() },
    });
    await log(db, tx, "webhook.created", actor, app, { url: shownUrl(url), events: events.join(" ") });
    return { id };
  });
}

/** @returns false when it is not there, or somebody else's */
export async function updateEndpoint(
  db: Database,
  actor: EndpointActor,
  endpointId: string,
  { url, events }: EndpointInput,
): Promise<boolean> {
  const details = { url: shownUrl(url), events: events.join(" ") };
  return change(db, actor, endpointId, { url, events: [...events], failingSince: null }, details);
}

/** Nothing is sent to one that is off, and what happens meanwhile is not told later. */
export async function switchEndpoint(
  db: Database,
  actor: EndpointActor,
  endpointId: string,
  status: EndpointRow["status"],
): Promise<boolean> {
  return change(db, actor, endpointId, { status, failingSince: null }, { status });
}

/** From now on signs with another secret, and for a day with the old one as well. @param secret sealed */
export async function rotateEndpointSecret(
  db: Database,
  actor: EndpointActor,
  endpointId: string,
  secret: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const app = await holdApp(tx, actor);
    if (!app) return false;
    const where = { id: endpointId, appId: actor.appId };
    const before = await tx.webhookEndpoint.findFirst({ where, select: { secret: true, url: true } });
    if (!before) return false;
    const oldSecretUntil = after(db.now(), OLD_SECRET_SECONDS);
    await tx.webhookEndpoint.updateMany({
      where,
      data: { secret, oldSecret: before.secret, oldSecretUntil },
    });
    await log(db, tx, "webhook.changed", actor, app, { url: shownUrl(before.url), secret: true });
    return true;
  });
}

/** Deletes it with its deliveries. @returns false when it is not there, or somebody else's */
export async function deleteEndpoint(
  db: Database,
  actor: EndpointActor,
  endpointId: string,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const app = await holdApp(tx, actor);
    if (!app) return false;
    const where = { id: endpointId, appId: actor.appId };
    const before = await tx.webhookEndpoint.findFirst({ where, select: { url: true } });
    const { count } = await tx.webhookEndpoint.deleteMany({ where });
    if (!before || count === 0) return false;
    await log(db, tx, "webhook.deleted", actor, app, { url: shownUrl(before.url) });
    return true;
  });
}

async function change(
  db: Database,
  actor: EndpointActor,
  endpointId: string,
  data: Prisma.WebhookEndpointUpdateManyMutationInput,
  details: Prisma.InputJsonObject,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const app = await holdApp(tx, actor);
    if (!app) return false;
    const where = { id: endpointId, appId: actor.appId };
    const [changed] = await tx.webhookEndpoint.updateManyAndReturn({ where, data, select: { url: true } });
    if (!changed) return false;
    if (data.status === "disabled") await dropPending(tx, endpointId);
    await log(db, tx, "webhook.changed", actor, app, { url: shownUrl(changed.url), ...details });
    return true;
  });
}

interface HeldApp {
  companyId: string | null;
}

/** Locks the app, so that of two endpoints made at once the second counts the first. */
async function holdApp(tx: Prisma.TransactionClient, actor: EndpointActor): Promise<HeldApp | null> {
  const [app] = await tx.app.updateManyAndReturn({
    where: ownedApp(actor),
    data: { version: { increment: 0 } },
    select: { companyId: true },
  });
  return app ?? null;
}

async function log(
  db: Database,
  tx: Prisma.TransactionClient,
  action: "webhook.created" | "webhook.changed" | "webhook.deleted",
  { actorId, appId }: EndpointActor,
  { companyId }: HeldApp,
  details: Prisma.InputJsonObject,
): Promise<void> {
  await tx.auditEvent.create({ data: auditRow(db, { action, actorId, appId, companyId, details }) });
}

/** The sealed secrets of all endpoints, by id. @param after the last id seen */
export async function listSealedSecrets(
  db: Database,
  after: string,
): Promise<{ id: string; secret: Uint8Array<ArrayBuffer> }[]> {
  return db.prisma.webhookEndpoint.findMany({
    where: { id: { gt: after } },
    orderBy: { id: "asc" },
    select: { id: true, secret: true },
    take: 200,
  });
}

/** @returns false when it was rotated meanwhile */
export async function replaceSealedSecret(
  db: Database,
  id: string,
  before: Uint8Array<ArrayBuffer>,
  secret: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { count } = await db.prisma.webhookEndpoint.updateMany({
    where: { id, secret: before },
    data: { secret },
  });
  return count === 1;
}
