/** How much there is of everything: counted where that is quick, and from a sample of the pages where it is not. */
import type { Database } from "./database";
import type { TokenKind } from "./generated/enums";

/** Pages of a table that are read at most: some ten thousand rows, whatever its size. */
const PAGES = 400;

export interface About {
  count: number;
  /** False where it was counted in a sample. */
  exact: boolean;
}

export interface Overview {
  users: About;
  companies: About;
  apps: About;
  /** Tokens that have not ended. */
  tokens: Record<TokenKind, About>;
}

/** Who may see it is decided by the caller. */
export async function findOverview(db: Database, pages = PAGES): Promise<Overview> {
  const [users, companies, apps, tokens] = await Promise.all([
    about(db, "users", "'all'", "kind = 'person'", pages),
    about(db, "companies", "'all'", "true", pages),
    about(db, "apps", "'all'", "kind <> 'service_account'", pages),
    about(db, "tokens", "kind::text", "(expires_at IS NULL OR expires_at > $1)", pages),
  ]);
  return {
    ...{ users: users("all"), companies: companies("all"), apps: apps("all") },
    tokens: { access: tokens("access"), personal: tokens("personal"), legacy: tokens("legacy") },
  };
}

/**
 * @param group SQL of what is counted apart
 * @param where SQL of what counts; `$1` is now
 */
async function about(db: Database, table: string, group: string, where: string, pages: number) {
  // Raw because Prisma's builder has no samples. The names are ours.
  const size = await db.pool.query<{ pages: number }>(
    `SELECT (pg_relation_size('${table}') / current_setting('block_size')::int)::int AS pages`,
  );
  const share = Math.min(pages / Math.max(size.rows[0]?.pages ?? 0, 1), 1);
  const sample = share < 1 ? `TABLESAMPLE SYSTEM (${(share * 100).toFixed(6)})` : "";
  const { rows } = await db.pool.query<{ name: string; count: number }>(
    `SELECT ${group} AS name, count(*)::int AS count FROM ${table} ${sample}
     WHERE ${where} AND $1::timestamptz IS NOT NULL GROUP BY 1`,
    [db.now()],
  );
  return (name: string): About => {
    const counted = rows.find((row) => row.name === name)?.count ?? 0;
    return share < 1 ? { count: rounded(counted / share), exact: false } : { count: counted, exact: true };
  };
}

/** Two digits: a sample says no more. */
function rounded(count: number): number {
  const unit = 10 ** Math.max(Math.floor(Math.log10(Math.max(count, 1))) - 1, 0);
  return Math.round(count / unit) * unit;
}
