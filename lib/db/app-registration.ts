/** Registering, changing and deleting apps. The owner is in every where clause, the audit row in the same transaction. */
import { type PresetName, presets } from "../oauth/policy";
import type { RedirectRule } from "../oauth/redirect";
import { mint, randomId } from "../oauth/tokens";
import type { Client } from "../oauth/types";
import { type AppSummary, toSummary, withRedirects } from "./apps";
import { auditRow } from "./audit";
import { newSecret } from "./client-secrets";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { saveLogo } from "./logos";

export interface AppInput {
  name: string;
  type: Client["type"];
  redirect: RedirectRule;
  preset: PresetName;
  /** A re-encoded picture; undefined leaves it as it is, null removes it. */
  logo: Uint8Array | null | undefined;
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
    const row = await tx.app.findFirst({ where: { id: appId, ownerId }, include: withRedirects });
    if (!row) return false;
    const before = toSummary(row, 0);
    await saveLogo(db, tx, appId, input.logo, async (logoId) => {
      await tx.app.update({
        where: { id: appId, ownerId },
        data: {
          name: input.name,
          policy: before.policy.preset === input.preset ? before.policy : presets[input.preset].policy,
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
        details: changes(before, input),
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
