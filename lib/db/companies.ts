/** Companies as a token reaches them. */
import type { Database } from "./database";

export interface Company {
  id: string;
  name: string;
  /** Does the plan include the API? */
  apiAccess: boolean;
}

const fields = { id: true, name: true, apiAccess: true } as const;

/** One company by id. */
export async function findCompany(db: Database, id: string): Promise<Company | null> {
  return db.prisma.company.findUnique({ where: { id }, select: fields });
}
