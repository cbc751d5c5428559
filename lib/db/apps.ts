/** Apps as their owner manages them in the portal. The owner is in every where clause. */
import { type Policy, type PresetName, policySchema, presets } from "../oauth/policy";
import type { RedirectRule } from "../oauth/redirect";
import { mint, randomId } from "../oauth/tokens";
import type { Client } from "../oauth/types";
import { auditRow } from "./audit";
import { newSecret, type SecretRow, toSecretRow } from "./client-secrets";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { afterCursor, type Page, toCursor } from "./keyset";
import { saveLogo } from "./logos";

export interface AppInput {
  name: string;
  type: Client["type"];
  redirect: RedirectRule;
  preset: PresetName;
  /** A re-encoded picture; undefined leaves it as it is, null removes it. */
  logo: Uint8Array | null | undefined;
}

export interface AppSummary {
  /** The client ID. */
  id: string;
  name: string;
  type: Client["type"];
  status: Client["status"];
  redirect: RedirectRule;
  policy: Policy;
  logoId: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
  /** Users with a standing consent. */
  people: number;
}

export interface AppDetail extends AppSummary {
  ownerName: string;
  secrets: SecretRow[];
  liveTokens: number;
}

const withRedirects = { redirectUris: { orderBy: { position: "asc" } } } satisfies Prisma.AppInclude;
type AppRecord = Prisma.AppGetPayload<{ include: typeof withRedirects }>;

function toSummary(row: AppRecord, people: number): AppSummary {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    status: row.status,
    redirect:
      row.redirectMatch === "exact"
        ? { match: "exact", uris: row.redirectUris.map(({ uri }) => uri) }
        : { match: "origin_path", domain: row.redirectDomain ?? "" },
    policy: policySchema.parse(row.policy),
    logoId: row.logoId,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
    people,
  };
}

/** The owner's apps, newest first; `search` is part of the name or the whole client ID. */
export async function listApps(
  db: Database,
  ownerId: string,
  { search, after, limit = 50 }: { search?: string; after?: string; limit?: number } = {},
): Promise<Page<"apps", AppSummary>> {
  const cursor = afterCursor(after);
  // Prisma makes a LIKE pattern of `contains` and leaves its signs as they are.
  const part = search?.replace(/[\\%_]/g, "\\$&");
  const matches: Prisma.AppWhereInput[] = search
    ? [{ OR: [{ name: { contains: part, mode: "insensitive" } }, { id: search }] }]
    : [];
  const older: Prisma.AppWhereInput[] = cursor
    ? [{ OR: [{ createdAt: { lt: cursor.at } }, { createdAt: cursor.at, id: { lt: cursor.id } }] }]
    : [];
  const rows = await db.prisma.app.findMany({
    where: { ownerId, AND: [...matches, ...older] },
    include: withRedirects,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const people = await peopleOf(
    db,
    page.map(({ id }) => id),
  );
  return {
    apps: page.map((row) => toSummary(row, people.get(row.id) ?? 0)),
    next: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null,
  };
}

async function peopleOf(db: Database, appIds: string[]): Promise<Map<string, number>> {
  const pairs = await db.prisma.consent.groupBy({
    by: ["appId", "userId"],
    where: { appId: { in: appIds } },
  });
  const people = new Map<string, number>();
  for (const { appId } of pairs) people.set(appId, (people.get(appId) ?? 0) + 1);
  return people;
}

/** One app of the owner's, with its live secrets; null for somebody else's. */
export async function findApp(db: Database, ownerId: string, appId: string): Promise<AppDetail | null> {
  const alive = { OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }] };
  const row = await db.prisma.app.findFirst({
    where: { id: appId, ownerId },
    include: {
      ...withRedirects,
      owner: { select: { name: true } },
      secrets: { where: alive, orderBy: [{ createdAt: "desc" }, { id: "desc" }] },
    },
  });
  if (!row) return null;
  const people = await peopleOf(db, [appId]);
  const liveTokens = await db.prisma.token.count({ where: { appId, ...alive } });
  return {
    ...toSummary(row, people.get(appId) ?? 0),
    ownerName: row.owner.name,
    secrets: row.secrets.map(toSecretRow),
    liveTokens,
  };
}

/** @returns the client ID, and the secret's value for this once; null for a public client */
export async function createApp(
  db: Database,
  ownerId: string,
  input: AppInput,
  credentialPrefix = "",
): Promise<{ id: string; secret: string | null }> {
  const id = randomId(12, db.random);
  const secret = input.type === "confidential" ? mint("cs", db.random, credentialPrefix) : null;
  await db.prisma.$transaction(async (tx) => {
    const logoId = await saveLogo(db, tx, id, input.logo, async (logoId) => {
      await tx.app.create({
        data: {
          id,
          ownerId,
          name: input.name,
          type: input.type,
          policy: presets[input.preset].policy,
          ...redirectColumns(input.redirect),
          logoId,
          createdAt: db.now(),
          redirectUris: { create: redirectRows(input.redirect) },
          ...(secret && { secrets: { create: newSecret(db, secret) } }),
        },
      });
    });
    await tx.auditEvent.create({
      data: auditRow(db, {
        action: "app.created",
        actorId: ownerId,
        appId: id,
        details: { name: input.name, preset: input.preset, logo: logoId !== null },
      }),
    });
  });
  return { id, secret: secret?.value ?? null };
}

/** @returns false when the app is not there, or somebody else's */
export async function updateApp(
  db: Database,
  ownerId: string,
  appId: string,
  input: AppInput,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const before = await tx.app.findFirst({ where: { id: appId, ownerId }, include: withRedirects });
    if (!before) return false;
    const policy = policySchema.parse(before.policy);
    await saveLogo(db, tx, appId, input.logo, async (logoId) => {
      await tx.app.update({
        where: { id: appId, ownerId },
        data: {
          name: input.name,
          policy: policy.preset === input.preset ? policy : presets[input.preset].policy,
          ...redirectColumns(input.redirect),
          ...(input.logo !== undefined && { logoId }),
          version: { increment: 1 },
        },
      });
    });
    await tx.redirectUri.deleteMany({ where: { appId } });
    await tx.redirectUri.createMany({ data: redirectRows(input.redirect).map((row) => ({ appId, ...row })) });
    await tx.auditEvent.create({
      data: auditRow(db, {
        action: "app.updated",
        actorId: ownerId,
        appId,
        details: changes(toSummary(before, 0), input),
      }),
    });
    return true;
  });
}

/** Gives the app a copy of a preset. @returns false when the app is not there, or somebody else's */
export async function changePreset(
  db: Database,
  ownerId: string,
  appId: string,
  preset: PresetName,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const { count } = await tx.app.updateMany({
      where: { id: appId, ownerId },
      data: { policy: presets[preset].policy, version: { increment: 1 } },
    });
    if (count === 0) return false;
    await tx.auditEvent.create({
      data: auditRow(db, { action: "app.updated", actorId: ownerId, appId, details: { preset } }),
    });
    return true;
  });
}

/** Deletes an app with everything it was given: secrets, consents, codes and tokens. */
export async function deleteApp(db: Database, ownerId: string, appId: string): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const app = await tx.app.findFirst({ where: { id: appId, ownerId }, select: { name: true } });
    const { count } = await tx.app.deleteMany({ where: { id: appId, ownerId } });
    if (!app || count === 0) return false;
    const tokens = await tx.token.deleteMany({ where: { appId } });
    await tx.authorizationCode.deleteMany({ where: { appId } });
    await tx.authorizationRequest.deleteMany({ where: { appId } });
    await tx.requestLog.deleteMany({ where: { appId } });
    const details = { name: app.name, tokens: tokens.count };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "app.deleted", actorId: ownerId, appId, details }),
    });
    return true;
  });
}

function redirectColumns(rule: RedirectRule) {
  return { redirectMatch: rule.match, redirectDomain: rule.match === "origin_path" ? rule.domain : null };
}

function redirectRows(rule: RedirectRule): { uri: string; position: number }[] {
  return rule.match === "exact" ? [...new Set(rule.uris)].map((uri, position) => ({ uri, position })) : [];
}

/** What an edit changed, for the audit log. */
function changes(before: AppSummary, input: AppInput): Prisma.InputJsonObject {
  const redirect = (rule: RedirectRule) => (rule.match === "exact" ? rule.uris.join(" ") : rule.domain);
  const changed: Record<string, string | boolean> = {};
  if (before.name !== input.name) changed.name = input.name;
  if (before.policy.preset !== input.preset) changed.preset = input.preset;
  if (redirect(before.redirect) !== redirect(input.redirect)) changed.redirect = redirect(input.redirect);
  if (input.logo !== undefined) changed.logo = input.logo !== null;
  return changed;
}
