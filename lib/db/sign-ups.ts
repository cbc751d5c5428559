/**
 * Signing up: what somebody typed waits in a link to their address, and becomes an account when the link is followed.
 * Until then there is nobody: an address that was made up, or belongs to somebody else, leaves nothing behind.
 */
import { z } from "zod";
import type { Instance } from "../oauth/instance";
import { auditRow } from "./audit";
import type { Database } from "./database";
import type { OneTimeLink, Prisma } from "./generated/client";
import { holdOwner, holdSignUps } from "./link-turns";
import { createLink, findLink, takeLink } from "./one-time-links";
import { createPerson } from "./people";
import { holdInstance } from "./settings";

const waitingSchema = z.object({
  /** Names this sign-up among others to the same address. */
  signUpId: z.string(),
  name: z.string(),
  passwordHash: z.string(),
  /** Where it is to lead. */
  request: z.string().optional(),
  next: z.string().optional(),
});

/** A sign-up that waits for its address to be proven. */
export interface SignUp extends z.infer<typeof waitingSchema> {
  email: string;
}

/** @returns what the link carries; null when the address has an account */
export async function startSignUp(
  db: Database,
  { email, ...details }: SignUp,
  seconds: number,
): Promise<string | null> {
  if (await db.prisma.user.findUnique({ where: { email } })) return null;
  return createLink(db, db.prisma, { purpose: "sign_up", email, details, seconds });
}

/** The sign-up a link belongs to; null for a link that has ended. */
export async function findSignUp(db: Database, link: string): Promise<SignUp | null> {
  const row = await findLink(db, "sign_up", link);
  return row && signUpOf(row);
}

/** The last sign-up that waits for this address; the one of that id where there are several. */
export async function findWaiting(db: Database, email: string, signUpId?: string): Promise<SignUp | null> {
  const row = await db.prisma.oneTimeLink.findFirst({
    where: {
      ...{ purpose: "sign_up", email: email.toLowerCase(), expiresAt: { gt: db.now() } },
      ...(signUpId !== undefined && { details: { path: ["signUpId"], equals: signUpId } }),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  return row && signUpOf(row);
}

function signUpOf({ email, details }: OneTimeLink): SignUp | null {
  const parsed = waitingSchema.safeParse(details);
  return parsed.success && email !== null ? { ...parsed.data, email } : null;
}

export type SignUpEnd =
  | { outcome: "done"; id: string; email: string }
  /** The link was used, or has ended. */
  | { outcome: "ended" }
  /** The address got an account another way. */
  | { outcome: "taken" }
  /** Nobody signs up here any more. */
  | { outcome: "closed" };

/** Makes the account, and ends every other sign-up to the same address. */
export async function finishSignUp(db: Database, link: string): Promise<SignUpEnd> {
  return db.prisma.$transaction(async (tx) => {
    await holdSignUps(tx, link);
    const taken = await takeLink(db, tx, "sign_up", link);
    const signUp = taken && signUpOf(taken);
    if (!signUp) return { outcome: "ended" };
    if ((await holdInstance(tx)).sign_up !== "open") return { outcome: "closed" };
    const { name, email, passwordHash } = signUp;
    await tx.oneTimeLink.deleteMany({ where: { purpose: "sign_up", email } });
    const id = await createPerson(db, tx, { name, email, passwordHash, verified: true });
    return id === null ? { outcome: "taken" } : { outcome: "done", id, email };
  });
}

/** A link with which a person whose address is not proven proves it; null when there is nothing to prove. */
export async function startVerification(
  db: Database,
  userId: string,
  { seconds, details }: { seconds: number; details: Prisma.InputJsonObject },
): Promise<{ link: string; name: string; email: string } | null> {
  const user = await db.prisma.user.findFirst({
    where: { id: userId, kind: "person", status: "active", emailVerifiedAt: null },
    select: { name: true, email: true },
  });
  if (!user) return null;
  const { email } = user;
  const link = await createLink(db, db.prisma, { purpose: "verify_email", userId, email, details, seconds });
  return { ...user, link };
}

/** Proves the address a link was sent to. @returns false when it was used, has ended or is no longer the person's */
export async function finishVerification(db: Database, link: string): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    await holdOwner(tx, link);
    const taken = await takeLink(db, tx, "verify_email", link);
    if (!taken?.userId || !taken.email) return false;
    const { userId, email } = taken;
    const { count } = await tx.user.updateMany({
      where: { id: userId, email, kind: "person", status: "active" },
      data: { emailVerifiedAt: db.now() },
    });
    if (count === 0) return false;
    await tx.oneTimeLink.deleteMany({ where: { userId, purpose: "verify_email" } });
    await tx.auditEvent.create({ data: auditRow(db, { action: "email.verified", actorId: userId }) });
    return true;
  });
}

/** How somebody new comes in. */
export type WayIn = "form" | "invitation" | "provider";

/**
 * Does the installation let somebody new in this way? Whoever connected a provider has chosen its people, as with an
 * invitation.
 */
export function letsIn({ sign_up }: Pick<Instance, "sign_up">, way: WayIn): boolean {
  if (sign_up === "off") return false;
  return sign_up === "open" || way !== "form";
}
