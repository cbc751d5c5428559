/** Credentials that somebody reports as leaked stop at once: for good, or until those they belong to decide. */
import type { FoundCredential } from "../oauth/leak";
import { randomId } from "../oauth/tokens";
import { auditRow } from "./audit";
import { toBytes } from "./bytes";
import { managing } from "./company-roles";
import type { Database } from "./database";
import { type Ending, endFamilies, endTokens } from "./ended-tokens";
import { Prisma } from "./generated/client";

export interface LeakReport {
  credentials: readonly FoundCredential[];
  /** Where they were found, in the reporter's words. */
  source: string | null;
  /** Do tokens and secrets wait for a decision, instead of ending for good? */
  quarantine: boolean;
}

export type LeakedKind = "access" | "personal" | "legacy" | "refresh" | "code" | "secret";

export interface Stopped {
  kind: LeakedKind;
  last4: string;
  /** Of a personal or legacy token. */
  name: string | null;
  app: string | null;
  outcome: "ended" | "quarantined";
  /** E-mail addresses of those it belongs to. */
  owners: string[];
}

/** Whoever reports one may be anybody. */
const leaked = (db: Database): Ending => ({ at: db.now(), by: null, reason: "leaked" });

/** What a credential is, before it is stopped. */
interface Known {
  kind: LeakedKind;
  hash: Uint8Array<ArrayBuffer>;
}

/**
 * Stops those that are alive. Whoever reports one holds it, so nothing is asked; what is not known, or has ended, is
 * passed over.
 */
export async function stopLeaked(db: Database, report: LeakReport): Promise<Stopped[]> {
  const stopped: Stopped[] = [];
  for (const known of await lookUp(db, report.credentials)) {
    const one = await db.prisma.$transaction((tx) => stopOne(db, tx, known, report));
    if (one) stopped.push(one);
  }
  return stopped;
}

/** Which of them there are: four reads, however many strangers sent. */
async function lookUp(db: Database, credentials: readonly FoundCredential[]): Promise<Known[]> {
  const hashes = (...kinds: FoundCredential["kind"][]) =>
    credentials.filter(({ kind }) => kinds.includes(kind)).map(({ hash }) => toBytes(hash));
  const { prisma } = db;
  const byHash = { hash: true } as const;
  const [tokens, refresh, secrets, codes] = await Promise.all([
    prisma.token.findMany({
      where: { hash: { in: hashes("at", "pat", "lt") } },
      select: { hash: true, kind: true },
    }),
    prisma.refreshToken.findMany({ where: { hash: { in: hashes("rt") } }, select: byHash }),
    prisma.clientSecret.findMany({ where: { hash: { in: hashes("cs") } }, select: byHash }),
    prisma.authorizationCode.findMany({ where: { hash: { in: hashes("ac") } }, select: byHash }),
  ]);
  return [
    ...tokens,
    ...refresh.map(({ hash }) => ({ kind: "refresh" as const, hash })),
    ...secrets.map(({ hash }) => ({ kind: "secret" as const, hash })),
    ...codes.map(({ hash }) => ({ kind: "code" as const, hash })),
  ];
}

/** @returns null when it has ended meanwhile */
async function stopOne(
  db: Database,
  tx: Prisma.TransactionClient,
  { kind, hash }: Known,
  report: LeakReport,
): Promise<Stopped | null> {
  switch (kind) {
    case "secret":
      return stopSecret(db, tx, hash, report);
    case "refresh":
      return endFamilyOf(db, tx, hash, report);
    case "code":
      return endCode(db, tx, hash, report);
    default:
      return stopToken(db, tx, hash, report);
  }
}

async function stopToken(
  db: Database,
  tx: Prisma.TransactionClient,
  hash: Uint8Array<ArrayBuffer>,
  report: LeakReport,
): Promise<Stopped | null> {
  const gone = report.quarantine ? await takeRow(db, tx, hash) : await endRow(db, tx, hash);
  if (!gone) return null;
  const token = tokenRow(gone);
  const belongs = {
    appId: token.appId,
    userId: token.userId,
    companyId: token.userId ? null : token.companyId,
  };
  const facts = { kind: token.kind, last4: token.last4, name: token.name };
  if (report.quarantine) await keep(db, tx, { ...facts, ...belongs, hash, row: gone }, report);
  return told(db, tx, "token.leaked", { ...facts, ...belongs }, report);
}

/** The row as it is, whatever columns it has by then: Prisma cannot hand it on whole. */
async function takeRow(
  db: Database,
  tx: Prisma.TransactionClient,
  hash: Uint8Array<ArrayBuffer>,
): Promise<Prisma.JsonObject | null> {
  const [gone] = await tx.$queryRaw<{ row: Prisma.JsonObject }[]>`
    DELETE FROM tokens WHERE hash = ${hash} AND (expires_at IS NULL OR expires_at > ${db.now()})
    RETURNING to_jsonb(tokens.*) AS row`;
  return gone?.row ?? null;
}

/** The same for one that ends for good, and is kept with those that ended. */
async function endRow(
  db: Database,
  tx: Prisma.TransactionClient,
  hash: Uint8Array<ArrayBuffer>,
): Promise<Prisma.JsonObject | null> {
  const [row] = await tx.$queryRaw<{ row: Prisma.JsonObject }[]>`
    SELECT to_jsonb(tokens.*) AS row FROM tokens
    WHERE hash = ${hash} AND (expires_at IS NULL OR expires_at > ${db.now()}) FOR UPDATE`;
  const [ended] = row ? await endTokens(db, tx, Prisma.sql`t.hash = ${hash}`, leaked(db)) : [];
  return row && ended ? row.row : null;
}

async function stopSecret(
  db: Database,
  tx: Prisma.TransactionClient,
  hash: Uint8Array<ArrayBuffer>,
  report: LeakReport,
): Promise<Stopped | null> {
  const now = db.now();
  const where = { hash, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
  const secret = await tx.clientSecret.findFirst({ where, include: { app: true } });
  if (!secret) return null;
  // The end as it was read: of two reports at once the second finds none that is alive.
  const { count } = await tx.clientSecret.updateMany({
    where: { hash, expiresAt: secret.expiresAt },
    data: { expiresAt: now },
  });
  if (count === 0) return null;
  // What was bound to it ends with it, as when it is revoked.
  await endFamilies(db, tx, { appId: secret.appId, secretHash: hash }, leaked(db));
  const { app, last4 } = secret;
  const belongs = { appId: app.id, userId: app.ownerId, companyId: app.companyId };
  const facts = { kind: "secret" as const, last4, name: null };
  if (report.quarantine)
    await keep(db, tx, { ...facts, ...belongs, hash, wouldEndAt: secret.expiresAt }, report);
  return told(db, tx, "secret.leaked", { ...facts, ...belongs }, report);
}

/** A refresh token brings new tokens, and is used up by its next use: it ends with its whole family. */
async function endFamilyOf(
  db: Database,
  tx: Prisma.TransactionClient,
  hash: Uint8Array<ArrayBuffer>,
  report: LeakReport,
): Promise<Stopped | null> {
  const token = await tx.refreshToken.findUnique({ where: { hash } });
  const family = token && (await tx.refreshFamily.findUnique({ where: { id: token.familyId } }));
  if (!token || !family) return null;
  await endFamilies(db, tx, { id: family.id }, leaked(db));
  const { appId, userId, companyId } = family;
  const belongs = { appId, userId, companyId: userId ? null : companyId };
  const facts = { kind: "refresh" as const, last4: token.last4, name: null };
  return told(db, tx, "token.leaked", { ...facts, ...belongs }, { ...report, quarantine: false });
}

/** A code that nobody has exchanged; one that was is worth nothing. */
async function endCode(
  db: Database,
  tx: Prisma.TransactionClient,
  hash: Uint8Array<ArrayBuffer>,
  report: LeakReport,
): Promise<Stopped | null> {
  const code = await tx.authorizationCode.findUnique({ where: { hash } });
  const { count } = await tx.authorizationCode.deleteMany({ where: { hash, consumedAt: null } });
  if (!code || count === 0) return null;
  const { appId, userId } = code;
  const facts = { kind: "code" as const, last4: "", name: null, appId, userId, companyId: null };
  return told(db, tx, "token.leaked", facts, { ...report, quarantine: false });
}

/** What a row of `tokens` says, as JSON. */
function tokenRow(row: Prisma.JsonObject) {
  const text = (value: Prisma.JsonValue | undefined) => (typeof value === "string" ? value : null);
  const kind = text(row.kind);
  const known: LeakedKind = kind === "personal" || kind === "legacy" ? kind : "access";
  return {
    kind: known,
    last4: text(row.last4) ?? "",
    name: text(row.name),
    appId: text(row.app_id),
    userId: text(row.user_id),
    companyId: text(row.company_id),
  };
}

interface Belongs {
  appId: string | null;
  userId: string | null;
  companyId: string | null;
}
interface LeakedFacts extends Belongs {
  kind: LeakedKind;
  last4: string;
  name: string | null;
}

async function keep(
  db: Database,
  tx: Prisma.TransactionClient,
  {
    row,
    ...facts
  }: LeakedFacts & { hash: Uint8Array<ArrayBuffer>; row?: Prisma.JsonObject; wouldEndAt?: Date | null },
  { source }: LeakReport,
): Promise<void> {
  const data = { id: randomId(20, db.random), ...facts, source, at: db.now() };
  // One that was restored and leaked again has a place of its own.
  await tx.quarantinedCredential.deleteMany({ where: { hash: facts.hash } });
  await tx.quarantinedCredential.create({ data: row ? { ...data, row } : data });
}

async function told(
  db: Database,
  tx: Prisma.TransactionClient,
  action: "token.leaked" | "secret.leaked",
  { kind, last4, name, ...belongs }: LeakedFacts,
  { source, quarantine }: LeakReport,
): Promise<Stopped> {
  const outcome = quarantine ? "quarantined" : "ended";
  const { appId, userId } = belongs;
  const app = appId === null ? null : await tx.app.findUnique({ where: { id: appId } });
  // Of whom it acted for, where that is a person; the audit event itself is nobody's doing.
  const details = {
    kind,
    last4,
    outcome,
    ...(name && { name }),
    ...(source && { source }),
    ...(userId && { userId }),
  };
  const companyId = belongs.companyId ?? app?.companyId ?? null;
  await tx.auditEvent.create({ data: auditRow(db, { action, actorId: null, appId, companyId, details }) });
  return { kind, last4, name, app: app?.name ?? null, outcome, owners: await ownersOf(tx, belongs) };
}

/** Whom to tell: the person, or who manages the company; administrators where it is a service account's. */
async function ownersOf(tx: Prisma.TransactionClient, { userId, companyId }: Belongs): Promise<string[]> {
  const user = userId === null ? null : await tx.user.findUnique({ where: { id: userId } });
  if (user?.kind === "person") return user.status === "active" ? [user.email] : [];
  const person = { kind: "person", status: "active" } as const;
  const people = await tx.user.findMany({
    where:
      user === null && companyId !== null
        ? { ...person, memberships: { some: { companyId, role: { in: managing } } } }
        : { ...person, isAdmin: true },
    select: { email: true },
    orderBy: { id: "asc" },
    take: 20,
  });
  return people.map(({ email }) => email);
}
