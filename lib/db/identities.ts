/** Who people are at an OpenID provider: named by issuer and subject, never by an e-mail address. */
import type { Instance } from "../oauth/instance";
import { auditRow } from "./audit";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { createPerson } from "./people";
import { holdInstance } from "./settings";
import { letsIn } from "./sign-ups";

/** What a provider says about somebody, after it was verified. */
export interface Claims {
  issuer: string;
  subject: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
}

export interface IdentityRow {
  issuer: string;
  subject: string;
  email: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** What a person is linked to. */
export async function listIdentities(db: Database, userId: string): Promise<IdentityRow[]> {
  return db.prisma.identity.findMany({
    where: { userId },
    select: { issuer: true, subject: true, email: true, createdAt: true, lastUsedAt: true },
    orderBy: { createdAt: "asc" },
    take: 20,
  });
}

/** The person who is linked, suspended or not; noted as used now. */
export async function findLinked(
  db: Database,
  { issuer, subject }: Pick<Claims, "issuer" | "subject">,
): Promise<{ id: string; email: string } | null> {
  const where = { issuer_subject: { issuer, subject } };
  const found = await db.prisma.identity.findUnique({
    where,
    select: { user: { select: { id: true, email: true } } },
  });
  if (!found) return null;
  await db.prisma.identity.updateMany({ where: { issuer, subject }, data: { lastUsedAt: db.now() } });
  return found.user;
}

export type FirstSignIn =
  | { outcome: "done"; id: string; email: string }
  /** The provider does not vouch for the address. */
  | { outcome: "unverified" }
  /** Nobody new comes in here. */
  | { outcome: "closed" }
  /** The address has an account: whoever owns that links it after signing in to it. */
  | { outcome: "taken" };

/** Makes an account for somebody who comes from the provider for the first time. */
export async function createFromProvider(db: Database, claims: Claims): Promise<FirstSignIn> {
  const { issuer, subject, email, emailVerified, name } = claims;
  if (email === null || !emailVerified) return { outcome: "unverified" };
  return db.prisma.$transaction(async (tx): Promise<FirstSignIn> => {
    const instance: Instance = await holdInstance(tx);
    if (await tx.user.findUnique({ where: { email: email.toLowerCase() } })) return { outcome: "taken" };
    if (!letsIn(instance, "provider")) return { outcome: "closed" };
    const person = { name: name ?? email, email, passwordHash: null, verified: true };
    const id = await createPerson(db, tx, person);
    if (id === null) return { outcome: "taken" };
    if (!(await link(db, tx, id, { issuer, subject, email }))) throw new Error("linked at the same moment");
    return { outcome: "done", id, email: email.toLowerCase() };
  });
}

/** @returns false when the identity is linked already, to them or to somebody else; decided by the write */
export async function linkIdentity(db: Database, userId: string, claims: Claims): Promise<boolean> {
  const { issuer, subject, email } = claims;
  return db.prisma.$transaction((tx) => link(db, tx, userId, { issuer, subject, email: email ?? "" }));
}

async function link(
  db: Database,
  tx: Prisma.TransactionClient,
  userId: string,
  identity: { issuer: string; subject: string; email: string },
): Promise<boolean> {
  const data = { ...identity, userId, createdAt: db.now() };
  const { count } = await tx.identity.createMany({ data: [data], skipDuplicates: true });
  if (count === 0) return false;
  const details = { issuer: identity.issuer, email: identity.email };
  await tx.auditEvent.create({ data: auditRow(db, { action: "identity.linked", actorId: userId, details }) });
  return true;
}

/** @returns "only" when it is the one way in: without a password there would be none */
export async function unlinkIdentity(
  db: Database,
  userId: string,
  { issuer, subject }: Pick<Claims, "issuer" | "subject">,
): Promise<"done" | "gone" | "only"> {
  return db.prisma.$transaction(async (tx) => {
    // Raw because Prisma's builder has no row locks: two that are unlinked at once are unlinked one after the other.
    await tx.$queryRaw`SELECT 1 AS held FROM users WHERE id = ${userId} FOR UPDATE`;
    const user = await tx.user.findUnique({
      where: { id: userId },
      select: { passwordHash: true, identities: { select: { issuer: true, subject: true } } },
    });
    if (user?.passwordHash === "" && user.identities.length === 1) return "only";
    const { count } = await tx.identity.deleteMany({ where: { userId, issuer, subject } });
    if (count === 0) return "gone";
    const row = auditRow(db, { action: "identity.unlinked", actorId: userId, details: { issuer } });
    await tx.auditEvent.create({ data: row });
    return "done";
  });
}
