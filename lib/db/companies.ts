/** Companies as a token reaches them. */
import type { Database } from "./database";

export interface Company {
  id: string;
  name: string;
  /** Does the plan include the API? */
  apiAccess: boolean;
}

/** One company by id. */
export async function findCompany(db: Database, id: string): Promise<Company | null> {
  // Raw because every call of the sample API asks it: Prisma's builder takes three times the processor time.
  const { rows } = await db.pool.query<Company>({
    name: "find_company",
    text: `SELECT id, name, api_access AS "apiAccess" FROM companies WHERE id = $1`,
    values: [id],
  });
  return rows[0] ?? null;
}
