/** Sessions: a sign-in is a row, so that it can be ended from the server. */
import { after } from "../oauth/server";
import { randomId } from "../oauth/tokens";
import type { Database } from "./database";
import type { CompanyRole } from "./generated/enums";

export interface SignedInUser {
  id: string;
  name: string;
  email: string;
  isAdmin: boolean;
  sessionId: string;
  companies: { id: string; name: string; role: CompanyRole }[];
}

/** @param seconds how long the sign-in lasts */
export async function createSession(
  db: Database,
  userId: string,
  seconds: number,
  device: { userAgent: string; address: string },
): Promise<string> {
  const id = randomId(32, db.random);
  const createdAt = db.now();
  await db.prisma.session.create({
    data: {
      id,
      userId,
      createdAt,
      expiresAt: after(createdAt, seconds),
      userAgent: device.userAgent.slice(0, 300),
      address: device.address.slice(0, 64),
    },
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
  return { id, name, email, isAdmin, sessionId, companies };
}

export async function endSession(db: Database, sessionId: string): Promise<void> {
  await db.prisma.session.deleteMany({ where: { id: sessionId } });
}
