/** The first administrator: let in by a link that the start of an installation without one prints. */
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { createLink, takeLink } from "./one-time-links";
import { createPerson } from "./people";
import { holdAdmins } from "./users";

/** Long enough to be looked for in a log the next morning. */
const LINK_SECONDS = 24 * 60 * 60;

/** Whoever was suspended counts: an installation that has had an administrator is not open to the next one who comes. */
async function hasAnyAdmin(tx: Prisma.TransactionClient): Promise<boolean> {
  return (
    (await tx.user.findFirst({ where: { isAdmin: true, kind: "person" }, select: { id: true } })) !== null
  );
}

/**
 * Makes the link of this start, and ends those of the starts before.
 * @returns what it carries; null where there is an administrator
 */
export async function makeFirstAdminLink(db: Database): Promise<string | null> {
  return db.prisma.$transaction(async (tx) => {
    await holdAdmins(tx);
    await tx.oneTimeLink.deleteMany({ where: { purpose: "first_admin" } });
    if (await hasAnyAdmin(tx)) return null;
    return createLink(db, tx, { purpose: "first_admin", seconds: LINK_SECONDS });
  });
}

export interface FirstAdmin {
  name: string;
  email: string;
  passwordHash: string;
}

/** An address that somebody has: what was written before it is known is undone. */
class EmailTaken extends Error {}

/**
 * Makes the first administrator and uses the link up.
 * @returns their id; `no_link` for one that was used, has ended or comes too late, and `email_taken` leaves it as it was
 */
export async function createFirstAdmin(
  db: Database,
  link: string,
  person: FirstAdmin,
): Promise<{ id: string } | "no_link" | "email_taken"> {
  try {
    return await db.prisma.$transaction(async (tx) => {
      await holdAdmins(tx);
      if ((await takeLink(db, tx, "first_admin", link)) === null) return "no_link";
      if (await hasAnyAdmin(tx)) return "no_link";
      // Whoever reads the log of the start is trusted with everything: their address needs no letter.
      const id = await createPerson(db, tx, { ...person, verified: true, isAdmin: true });
      if (id === null) throw new EmailTaken();
      return { id };
    });
  } catch (error) {
    if (error instanceof EmailTaken) return "email_taken";
    throw error;
  }
}
