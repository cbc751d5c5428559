/** Sessions: a sign-in is a row, so that it can be ended from the server. */
import { after } from "../oauth/server";
import { randomId } from "../oauth/tokens";
import { isManaging } from "./company-roles";
import type { Database } from "./database";
import type { CompanyRole } from "./generated/enums";
import { addNotices } from "./notices";

export interface SignedInUser {
  id: string;
  name: string;
  email: string;
  isAdmin: boolean;
  sessionId: string;
  /** When they last proved who they are. */
  confirmedAt: Date;
  companies: CompanyOfUser[];
  /** The one they work for now: the one they chose, else the first they manage, else the first; null for who has none. */
  company: CompanyOfUser | null;
}

export interface CompanyOfUser {
  id: string;
  name: string;
  role: CompanyRole;
}

/**
 * @param seconds how long the sign-in lasts
 * @param isKnown has somebody signed in to this account with this browser before? From an unknown one the person gets a
 *   letter, but for their very first sign-in
 * @param provenAt when they proved who they are, where that was not just now
 */
export async function createSession(
  db: Database,
  userId: string,
  seconds: number,
  device: { userAgent: string; address: string },
  isKnown = true,
  provenAt = db.now(),
): Promise<string> {
  const id = randomId(32, db.random);
  const createdAt = db.now();
  const confirmedAt = provenAt < createdAt ? provenAt : createdAt;
  const userAgent = device.userAgent.slice(0, 300);
  const address = device.address.slice(0, 64);
  await db.prisma.$transaction(async (tx) => {
    const expiresAt = after(createdAt, seconds);
    await tx.session.create({
      data: { id, userId, createdAt, confirmedAt, expiresAt, userAgent, address },
    });
    const first = await tx.user.updateMany({
      where: { id: userId, firstSignInAt: null },
      data: { firstSignInAt: createdAt },
    });
    if (!isKnown && first.count === 0)
      await addNotices(tx, db, [userId], { kind: "sign_in", details: { userAgent, address } });
  });
  return id;
}

/** Who is signed in, if the session is alive and its user active. */
export async function findSession(db: Database, sessionId: string): Promise<SignedInUser | null> {
  const session = await db.prisma.session.findFirst({
    where: { id: sessionId, expiresAt: { gt: db.now() }, user: { status: "active" } },
    include: {
      user: {
        include: {
          memberships: {
            include: { company: { select: { id: true, name: true } } },
            orderBy: [{ createdAt: "asc" }, { companyId: "asc" }],
          },
        },
      },
    },
  });
  if (!session) return null;
  const { id, name, email, isAdmin, memberships } = session.user;
  const companies = memberships.map(({ company, role }) => ({ ...company, role }));
  const chosen = companies.find((company) => company.id === session.companyId);
  const company = chosen ?? companies.find(({ role }) => isManaging(role)) ?? companies[0] ?? null;
  return { id, name, email, isAdmin, sessionId, confirmedAt: session.confirmedAt, companies, company };
}

/** Notes which company the person works for. @returns false for one they do not belong to */
export async function chooseCompany(db: Database, sessionId: string, companyId: string): Promise<boolean> {
  const { count } = await db.prisma.session.updateMany({
    where: { id: sessionId, user: { memberships: { some: { companyId } } } },
    data: { companyId },
  });
  return count === 1;
}

/** Notes that the person has just proved who they are again. */
export async function confirmSession(db: Database, sessionId: string): Promise<void> {
  await db.prisma.session.updateMany({ where: { id: sessionId }, data: { confirmedAt: db.now() } });
}

export async function endSession(db: Database, sessionId: string): Promise<void> {
  await db.prisma.session.deleteMany({ where: { id: sessionId } });
}
