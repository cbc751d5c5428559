/** A company's own credentials: made, listed and ended by those who manage it, whoever made them. */
import { presets } from "../oauth/presets";
import { dated } from "../oauth/switches";
import { mint, randomId } from "../oauth/tokens";
import { deleteIn } from "./app-registration";
import { auditRow } from "./audit";
import { newSecret, type SecretRow, toSecretRow } from "./client-secrets";
import { managedBy, manages, mayCreate } from "./company-roles";
import type { Database } from "./database";
import { Prisma } from "./generated/client";
import { afterCursor, type Page, toCursor } from "./keyset";
import { policyColumns } from "./policies";

export interface CredentialInput {
  name: string;
  scopes: readonly string[];
}

/** OAuth client credentials a person may end. */
export function managedCredential(userId: string): Prisma.AppWhereInput {
  return { kind: "credential", company: managedBy(userId) };
}

/** Those a person may give a new secret: a plan without the API gets no new ones. */
export function renewableCredential(userId: string): Prisma.AppWhereInput {
  return { kind: "credential", company: { ...managedBy(userId), apiAccess: true } };
}

/**
 * Makes OAuth client credentials that belong to the company.
 * @returns the client ID and, for this once, the secret; null when the person may not, or the plan has no API
 */
export async function createCredential(
  db: Database,
  actorId: string,
  companyId: string,
  { name, scopes }: CredentialInput,
  credentialPrefix = "",
): Promise<{ client_id: string; secret: string } | null> {
  const id = randomId(12, db.random);
  const secret = mint("cs", db.random, credentialPrefix);
  return db.prisma.$transaction(async (tx) => {
    if (!(await mayCreate(tx, actorId, companyId))) return null;
    await tx.app.create({
      data: {
        id,
        kind: "credential",
        companyId,
        createdById: actorId,
        name,
        type: "confidential",
        scopes: [...scopes],
        ...policyColumns(dated(presets.machine.policy, null, db.now())),
        redirectMatch: "exact",
        createdAt: db.now(),
        secrets: { create: newSecret(db, secret) },
      },
    });
    const details = { name, scopes: scopes.join(" ") };
    await tx.auditEvent.create({
      data: auditRow(db, { action: "credential.created", actorId, appId: id, companyId, details }),
    });
    return { client_id: id, secret: secret.value };
  });
}

/** Deletes OAuth client credentials with their secrets and tokens. @returns false when not there, or not to be managed */
export async function revokeCredential(db: Database, actorId: string, client_id: string): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    const gone = await deleteIn(tx, client_id, managedCredential(actorId));
    if (!gone) return false;
    const { companyId, ...details } = gone;
    await tx.auditEvent.create({
      data: auditRow(db, { action: "credential.deleted", actorId, appId: client_id, companyId, details }),
    });
    return true;
  });
}

export interface CredentialDetail extends CredentialInput {
  /** The client ID. */
  id: string;
  company: { id: string; name: string; apiAccess: boolean };
  secrets: SecretRow[];
  liveTokens: number;
  createdAt: Date;
  /** Null when they have left the company. */
  createdBy: string | null;
  lastUsedAt: Date | null;
}

/** OAuth client credentials with their live secrets; null when they are not there, or not to be managed. */
export async function findCredential(
  db: Database,
  actorId: string,
  client_id: string,
): Promise<CredentialDetail | null> {
  const alive = { OR: [{ expiresAt: null }, { expiresAt: { gt: db.now() } }] };
  const row = await db.prisma.app.findFirst({
    where: { ...managedCredential(actorId), id: client_id },
    include: {
      company: { select: { id: true, name: true, apiAccess: true } },
      secrets: { where: alive, orderBy: [{ createdAt: "desc" }, { id: "desc" }] },
    },
  });
  if (!row?.company) return null;
  const { id, name, scopes, company, createdAt, lastUsedAt } = row;
  const [creator, liveTokens] = await Promise.all([
    db.prisma.membership.findFirst({
      where: { companyId: company.id, userId: row.createdById ?? "" },
      select: { user: { select: { name: true } } },
    }),
    db.prisma.token.count({ where: { appId: id, ...alive } }),
  ]);
  const createdBy = creator?.user.name ?? null;
  const secrets = row.secrets.map(toSecretRow);
  return { id, name, scopes, company, secrets, liveTokens, createdAt, createdBy, lastUsedAt };
}

export interface CredentialRow extends CredentialInput {
  kind: "oauth" | "legacy";
  /** The client ID; for a legacy token the handle that names it in forms and says nothing about its value. */
  id: string;
  /** Of a legacy token. */
  last4: string | null;
  /** False when every secret has ended. */
  works: boolean;
  createdAt: Date;
  /** Null when they have left the company. */
  createdBy: string | null;
  lastUsedAt: Date | null;
  /** Where from and with which program, at that time; strangers wrote it. */
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
  expiresAt: Date | null;
}

/**
 * The use of a secret that was the credentials' own last one: each is written within a minute of it. A secret that somebody
 * presents after its end was used, and the credentials were not.
 */
const LAST_USE = Prisma.sql`SELECT s.last_used_address, s.last_used_agent FROM client_secrets s
  WHERE s.app_id = a.id AND s.last_used_at >= a.last_used_at - interval '1 minute'
    AND (s.expires_at IS NULL OR s.last_used_at < s.expires_at)
  ORDER BY s.last_used_at DESC LIMIT 1`;

/** A company's OAuth credentials and live legacy tokens, newest first; none for who does not manage it. */
export async function listCompanyCredentials(
  db: Database,
  actorId: string,
  companyId: string,
  { after, limit = 50 }: { after?: string; limit?: number } = {},
): Promise<Page<"credentials", CredentialRow>> {
  const now = db.now();
  const cursor = afterCursor(after);
  const older = cursor
    ? Prisma.sql`AND (c.created_at, c.key) < (${cursor.at}::timestamptz, ${cursor.id})`
    : Prisma.empty;
  // Raw because Prisma's builder has no UNION.
  const rows = await db.prisma.$queryRaw<(CredentialRow & { key: string })[]>`
    SELECT c.kind, c.id, c.key, c.name, c.scopes, c.last4, c.works, c.created_at AS "createdAt",
      creator.name AS "createdBy", c.last_used_at AS "lastUsedAt", c.last_used_address AS "lastUsedAddress",
      c.last_used_agent AS "lastUsedAgent", c.expires_at AS "expiresAt"
    FROM (
      SELECT 'oauth' AS kind, a.id, a.id AS key, a.name, a.scopes, NULL AS last4, EXISTS (
          SELECT 1 FROM client_secrets s WHERE s.app_id = a.id AND (s.expires_at IS NULL OR s.expires_at > ${now})
        ) AS works, a.created_at, a.created_by_id, a.last_used_at, used.last_used_address, used.last_used_agent,
        NULL::timestamptz AS expires_at
      FROM apps a LEFT JOIN LATERAL (${LAST_USE}) AS used ON true WHERE a.company_id = ${companyId} AND a.kind = 'credential'
      UNION ALL
      SELECT 'legacy', translate(encode(t.hash, 'base64'), '+/=', '-_'), encode(t.hash, 'hex'), coalesce(t.name, ''),
        t.scopes, t.last4, true, t.created_at, t.created_by_id, t.last_used_at, t.last_used_address,
        t.last_used_agent, t.expires_at
      FROM tokens t WHERE t.company_id = ${companyId} AND t.kind = 'legacy' AND t.expires_at > ${now}
    ) AS c
    LEFT JOIN memberships belongs ON belongs.user_id = c.created_by_id AND belongs.company_id = ${companyId}
    LEFT JOIN users creator ON creator.id = belongs.user_id
    WHERE ${manages(actorId, Prisma.sql`${companyId}`)} ${older}
    ORDER BY c.created_at DESC, c.key DESC LIMIT ${limit + 1}`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    credentials: page.map(({ key: _, ...row }) => row),
    next: rows.length > limit && last ? toCursor(last.createdAt, last.key) : null,
  };
}
