/** Changing the address of an account: by a link to the new one, for the person who asked for it. */
import { auditRow } from "./audit";
import type { Database } from "./database";
import { isTaken } from "./errors";
import { holdOwner } from "./link-turns";
import { createLink, takeLink } from "./one-time-links";

/** @returns what the link carries; null when the address has an account already */
export async function startEmailChange(
  db: Database,
  userId: string,
  { to, seconds }: { to: string; seconds: number },
): Promise<string | null> {
  const email = to.toLowerCase();
  if (await db.prisma.user.findUnique({ where: { email } })) return null;
  return createLink(db, db.prisma, { purpose: "change_email", userId, email, seconds });
}

export type EmailChange =
  | { outcome: "done"; name: string; from: string; to: string }
  /** The link was used, has ended, or is not this person's. */
  | { outcome: "ended" }
  /** Somebody else has the address by now. */
  | { outcome: "taken" };

/** Changes the address, and ends the links that were sent to the old one. */
export async function finishEmailChange(db: Database, userId: string, link: string): Promise<EmailChange> {
  const change = db.prisma.$transaction(async (tx): Promise<EmailChange> => {
    await holdOwner(tx, link);
    const taken = await takeLink(db, tx, "change_email", link);
    const user =
      taken?.userId === userId
        ? await tx.user.findFirst({ where: { id: userId, kind: "person", status: "active" } })
        : null;
    if (!user || !taken?.email) return { outcome: "ended" };
    const { name, email: from } = user;
    const to = taken.email;
    await tx.user.update({ where: { id: userId }, data: { email: to, emailVerifiedAt: db.now() } });
    await tx.oneTimeLink.deleteMany({
      where: { userId, purpose: { in: ["reset_password", "change_email", "verify_email"] } },
    });
    await tx.auditEvent.create({
      data: auditRow(db, { action: "email.changed", actorId: userId, details: { from, to } }),
    });
    return { outcome: "done", name, from, to };
  });
  return change.catch((error: unknown) => {
    if (isTaken(error)) return { outcome: "taken" };
    throw error;
  });
}
