/** Which credentials of the installation are meant, and what the parts of that are called. */
import type { Database } from "./database";

export const credentialKinds = ["access", "refresh", "personal", "legacy", "secret"] as const;
export type CredentialKind = (typeof credentialKinds)[number];

/** Which credentials; left out: all of them. */
export interface InventoryFilter {
  kind?: CredentialKind;
  userId?: string;
  appId?: string;
  companyId?: string;
  last4?: string;
  /** Made at this moment or before. */
  until?: Date;
}

/** What the parts of a filter are called; a part that names nothing is null. */
export async function nameFilter(
  db: Database,
  { userId, appId, companyId }: InventoryFilter,
): Promise<{ user: { name: string; email: string } | null; app: string | null; company: string | null }> {
  const name = { select: { name: true } } as const;
  const [user, app, company] = await Promise.all([
    userId ? db.prisma.user.findUnique({ where: { id: userId }, select: { name: true, email: true } }) : null,
    appId ? db.prisma.app.findUnique({ where: { id: appId }, ...name }) : null,
    companyId ? db.prisma.company.findUnique({ where: { id: companyId }, ...name }) : null,
  ]);
  return { user, app: app?.name ?? null, company: company?.name ?? null };
}

/** The user with this e-mail address or username. */
export async function userByEmail(db: Database, email: string): Promise<string | null> {
  const user = await db.prisma.user.findUnique({
    where: { email: email.toLowerCase() },
    select: { id: true },
  });
  return user?.id ?? null;
}
