/** People: found to sign in, shown with their companies, changed by themselves. */
import type { Database } from "./database";
import type { CompanyRole } from "./generated/enums";

export interface UserCredentials {
  id: string;
  name: string;
  email: string;
  passwordHash: string;
}

/** A user who may sign in. E-mail addresses are kept in lower case. */
export async function findUserForSignIn(db: Database, email: string): Promise<UserCredentials | null> {
  return db.prisma.user.findFirst({
    where: { email: email.toLowerCase(), status: "active" },
    select: { id: true, name: true, email: true, passwordHash: true },
  });
}

/** Changes what a person may change of their own profile. */
export async function updateProfile(
  db: Database,
  userId: string,
  { name }: { name: string },
): Promise<boolean> {
  const { count } = await db.prisma.user.updateMany({ where: { id: userId }, data: { name } });
  return count === 1;
}

export type { CompanyRole };
