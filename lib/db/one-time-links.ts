/** Links that do one thing once: each is a row that its use takes away, found by the hash of what the link carries. */
import { after } from "../oauth/server";
import { hashCredential, randomId } from "../oauth/tokens";
import { toBytes } from "./bytes";
import type { Database } from "./database";
import type { OneTimeLink, Prisma } from "./generated/client";

/** What a link is for; one of another purpose opens nothing. */
export type LinkPurpose =
  | "sign_up"
  | "verify_email"
  | "change_email"
  | "reset_password"
  | "invitation"
  | "first_admin"
  | "set_password";

export interface NewLink {
  purpose: LinkPurpose;
  userId?: string | null;
  companyId?: string | null;
  /** Who made it, where a person did. */
  createdById?: string | null;
  /** Whom it was sent to, in lower case. */
  email?: string | null;
  details?: Prisma.InputJsonObject;
  /** How long it works. */
  seconds: number;
}

/** What a link carries is as hard to guess as a token: 238 random bits. */
const LENGTH = 40;

/** @returns what the link carries, this once; only its hash is stored */
export async function createLink(
  db: Database,
  tx: Prisma.TransactionClient,
  { purpose, userId, companyId, createdById, email, details, seconds }: NewLink,
): Promise<string> {
  const value = randomId(LENGTH, db.random);
  const createdAt = db.now();
  await tx.oneTimeLink.create({
    data: {
      id: randomId(20, db.random),
      hash: toBytes(hashCredential(value)),
      purpose,
      userId: userId ?? null,
      companyId: companyId ?? null,
      createdById: createdById ?? null,
      email: email ?? null,
      details: details ?? {},
      createdAt,
      expiresAt: after(createdAt, seconds),
    },
  });
  return value;
}

/** Looks without using it, for the page that asks what it is for; null for one that was used or has ended. */
export async function findLink(
  db: Database,
  purpose: LinkPurpose,
  value: string,
): Promise<OneTimeLink | null> {
  return db.prisma.oneTimeLink.findFirst({ where: alive(db, purpose, value) });
}

/**
 * Uses it up in the transaction of what it does: of two who come at once, the one whose row is gone gets null, and when
 * the transaction fails the link is as good as before.
 */
export async function takeLink(
  db: Database,
  tx: Prisma.TransactionClient,
  purpose: LinkPurpose,
  value: string,
): Promise<OneTimeLink | null> {
  const where = alive(db, purpose, value);
  const link = await tx.oneTimeLink.findFirst({ where });
  if (!link) return null;
  const { count } = await tx.oneTimeLink.deleteMany({ where });
  return count === 1 ? link : null;
}

function alive(db: Database, purpose: LinkPurpose, value: string) {
  return { purpose, hash: toBytes(hashCredential(value)), expiresAt: { gt: db.now() } };
}
