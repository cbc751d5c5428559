/** People who are new here: the one way in which somebody's account comes into being. */
import { randomId } from "../oauth/tokens";
import { auditRow } from "./audit";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";

export interface NewPerson {
  name: string;
  /** Kept in lower case. */
  email: string;
  /** Null for somebody who signs in through a provider alone: then no password fits. */
  passwordHash: string | null;
  /** Has it been proven that the address is theirs? Nobody signs in before it is. */
  verified: boolean;
  /** Set where it makes an administrator: the first one. */
  isAdmin?: boolean;
  /** Who let them in; themselves unless somebody is named. */
  createdById?: string;
}

/**
 * Makes an account in the transaction of whatever lets the person in.
 * @returns their id; null when the address has an account already, which is decided by the write
 */
export async function createPerson(
  db: Database,
  tx: Prisma.TransactionClient,
  { name, email, passwordHash, verified, isAdmin = false, createdById }: NewPerson,
): Promise<string | null> {
  const id = randomId(16, db.random);
  const createdAt = db.now();
  const { count } = await tx.user.createMany({
    data: [
      {
        ...{ id, name, email: email.toLowerCase(), passwordHash: passwordHash ?? "", createdAt },
        emailVerifiedAt: verified ? createdAt : null,
        isAdmin,
      },
    ],
    skipDuplicates: true,
  });
  if (count === 0) return null;
  const details = { name, verified, ...(isAdmin && { admin: true }) };
  const subjectId = createdById === undefined ? null : id;
  await tx.auditEvent.create({
    data: auditRow(db, { action: "user.created", actorId: createdById ?? id, subjectId, details }),
  });
  return id;
}
