/**
 * Registering, changing and deleting apps. Who owns or maintains them is in every where clause, the audit row in the same
 * transaction.
 */
import type { PresetName } from "../oauth/policy";
import { presets } from "../oauth/presets";
import type { RedirectRule } from "../oauth/redirect";
import { dated } from "../oauth/switches";
import { mint, randomId } from "../oauth/tokens";
import type { Client } from "../oauth/types";
import { maintainedBy, ownedBy } from "./app-maintenance";
import { type AppSummary, toSummary, withRedirects } from "./apps";
import { auditRow } from "./audit";
import { newSecret } from "./client-secrets";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { saveLogo } from "./logos";
import { policyColumns } from "./policies";
import { deleteFamilies } from "./refresh-tokens";
import { holdApp, standingAfter, staysItself } from "./review";

export interface AppInput {
  name: string;
  type: Client["type"];
  redirect: RedirectRule;
  preset: PresetName;
  /** What it may ask for at most. */
  scopes: readonly string[];
  /** What it is for, where an administrator is to approve it. */
  purpose: string | null;
  /** A re-encoded picture; undefined leaves it as it is, null removes it. */
  logo: Uint8Array | null | undefined;
}

/**
 * Creates an app, within the transaction that decided about its status and its owner.
 * @param companyId the company it belongs to; null for who makes it
 * @returns the client ID, and the secret's value for this once; null for a public client
 */
export async function insertApp(
  db: Database,
  tx: Prisma.TransactionClient,
  actorId: string,
  input: AppInput,
  credentialPrefix: string,
  status: "active" | "pending",
  companyId: string | null = null,
): Promise<{ id: string; secret: string | null }> {
  const id = randomId(12, db.random);
  const secret = input.type === "confidential" ? mint("cs", db.random, credentialPrefix) : null;
  const logoId = await saveLogo(db, tx, id, input.logo, async (logoId) => {
    await tx.app.create({
      data: {
        id,
        ownerId: companyId === null ? actorId : null,
        companyId,
        name: input.name,
        type: input.type,
        status,
        createdById: actorId,
        scopes: [...input.scopes],
        purpose: input.purpose,
        ...policyColumns(dated(presets[input.preset].policy, null, db.now())),
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
      ...{ action: "app.created", actorId, appId: id, companyId },
      details: { name: input.name, preset: input.preset, logo: logoId !== null },
    }),
  });
  return { id, secret: secret?.value ?? null };
}

/** @returns false when the app is not there, or somebody else's */
export async function updateApp(
  db: Database,
  actorId: string,
  appId: string,
  input: AppInput,
): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    await holdApp(tx, actorId, appId);
    const where = { ...maintainedBy(actorId), id: appId };
    const row = await tx.app.findFirst({ where, include: withRedirects });
    if (!row) return false;
    const before = toSummary(row, 0, db.now());
    const policy =
      before.policy.preset === input.preset
        ? before.policy
        : dated(presets[input.preset].policy, before.policy, db.now());
    // What was vouched for is what people see: its name, its picture, and where it sends them.
    const unverified = before.verifiedAt !== null && (!staysItself(before, input) || Boolean(input.logo));
    const standing = await standingAfter(tx, actorId, before, { ...input, policy }, Boolean(input.logo));
    await saveLogo(db, tx, appId, input.logo, async (logoId) => {
      await tx.app.update({
        where,
        data: {
          name: input.name,
          scopes: [...input.scopes],
          ...(before.policy.preset !== input.preset && policyColumns(policy)),
          ...redirectColumns(input.redirect),
          ...(input.logo !== undefined && { logoId }),
          ...(input.purpose !== null && { purpose: input.purpose }),
          ...standing,
          ...(unverified && { verifiedAt: null }),
          version: { increment: 1 },
        },
      });
    });
    await tx.redirectUri.deleteMany({ where: { appId } });
    await tx.redirectUri.createMany({ data: redirectRows(input.redirect).map((row) => ({ appId, ...row })) });
    await tx.auditEvent.create({
      data: auditRow(db, {
        ...{ action: "app.updated", actorId, appId, companyId: row.companyId },
        details: {
          ...changes(before, input),
          ...(standing.status && { status: standing.status }),
          ...(unverified && { verified: false }),
        },
      }),
    });
    return true;
  });
}

/** Deletes an app of one's own or of a company one manages, with everything it was given: secrets, consents, codes, tokens. */
export async function deleteApp(db: Database, actorId: string, appId: string): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const gone = await deleteIn(tx, appId, ownedBy(actorId));
    if (!gone) return false;
    const { companyId, ...details } = gone;
    await tx.auditEvent.create({
      data: auditRow(db, { action: "app.deleted", actorId, appId, companyId, details }),
    });
    return true;
  });
}

/**
 * Deletes an app in the transaction of whoever logs it.
 * @param whose whose app it must be
 * @returns whose and what it was, and how many tokens it held; null when it is not there, or not theirs
 */
export async function deleteIn(
  tx: Prisma.TransactionClient,
  appId: string,
  whose: Prisma.AppWhereInput,
): Promise<{ name: string; companyId: string | null; tokens: number } | null> {
  const where: Prisma.AppWhereInput = { AND: [whose, { id: appId }] };
  const app = await tx.app.findFirst({ where, select: { name: true, companyId: true } });
  const { count } = await tx.app.deleteMany({ where });
  if (!app || count === 0) return null;
  const refreshed = await deleteFamilies(tx, { appId });
  const tokens = await tx.token.deleteMany({ where: { appId } });
  await tx.authorizationCode.deleteMany({ where: { appId } });
  await tx.authorizationRequest.deleteMany({ where: { appId } });
  await tx.requestLog.deleteMany({ where: { appId } });
  await tx.requestTrait.deleteMany({ where: { appId } });
  await tx.requestCount.deleteMany({ where: { appId } });
  return { ...app, tokens: refreshed + tokens.count };
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
  if (before.scopes.join(" ") !== input.scopes.join(" ")) changed.scopes = input.scopes.join(" ");
  if (redirect(before.redirect) !== redirect(input.redirect)) changed.redirect = redirect(input.redirect);
  if (input.logo !== undefined) changed.logo = input.logo !== null;
  return changed;
}
