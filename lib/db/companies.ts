/** Companies as a token reaches them. */
import type { Database } from "./database";
import { type Numbered, SharedStatement } from "./shared-statement";

export interface Company {
  id: string;
  name: string;
  /** Does the plan include the API? */
  apiAccess: boolean;
}

const FIND = new SharedStatement<string, Company & Numbered>({
  name: "find_company",
  columns: [{ name: "id", type: "text", of: (id) => id }],
  shares: (id) => id,
  text: `    SELECT i.n, c.id, c.name, c.api_access AS "apiAccess" FROM input i JOIN companies c ON c.id = i.id`,
});

/** The companies with these ids, in their order; ids that are nobody's are left out. */
export async function findCompanies(db: Database, ids: readonly string[]): Promise<Company[]> {
  const found = await Promise.all(ids.map((id) => FIND.run(db, id)));
  return found.flatMap((company) =>
    company ? [{ id: company.id, name: company.name, apiAccess: company.apiAccess }] : [],
  );
}
