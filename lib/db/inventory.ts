/**
 * Every credential of the installation in one list: tokens of each kind, refresh token families, client secrets; those
 * that live, and those that have ended. Who may see it is decided by the caller.
 */
import type { Database } from "./database";
import type { CredentialKind, InventoryFilter } from "./inventory-filter";
import { described, type InventoryRecord, type InventoryRow, toInventoryRow } from "./inventory-row";
import { active, conditions, ended, Values } from "./inventory-sources";
import { afterCursor, type Page, toCursor } from "./keyset";

export interface InventoryQuery extends InventoryFilter {
  state?: "active" | "ended";
  after?: string;
  limit?: number;
}

/**
 * The newest credentials, or those that ended last. Each table gives no more rows than a page has, in the order of an
 * index; only those are then joined with what stands behind them.
 */
export async function listInventory(
  db: Database,
  query: InventoryQuery = {},
): Promise<Page<"credentials", InventoryRow>> {
  const { limit = 50 } = query;
  const { text, values } = inventoryStatement(query, db.now());
  const { rows } = await db.pool.query<InventoryRecord>(text, values);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    credentials: page.map(toInventoryRow),
    next: rows.length > limit && last ? toCursor(last.moment, last.key) : null,
  };
}

/** The statement of {@link listInventory}, for whoever wants to see its plan. */
export function inventoryStatement(
  { state = "active", after, limit = 50, ...filter }: InventoryQuery,
  now: Date,
): { text: string; values: unknown[] } {
  const cursor = afterCursor(after);
  const values = new Values();
  values.add(now);
  const parts = (state === "active" ? active : ended).flatMap((source) => {
    const where = conditions(source, filter, values);
    if (!where) return [];
    if (cursor) {
      const at = values.add(cursor.at);
      // The first half is what an index can begin at; the second decides among rows of one moment.
      where.push(`${source.moment} <= ${at}::timestamptz`);
      where.push(`(${source.moment}, ${source.key}) < (${at}::timestamptz, ${values.add(cursor.id)})`);
    }
    return [
      `(${source.select} WHERE ${where.join(" AND ")}
        ORDER BY ${source.moment} DESC, ${source.key} DESC LIMIT ${limit + 1})`,
    ];
  });
  const union = parts.join(" UNION ALL ");
  const picked = `SELECT * FROM (${union}) AS any_of ORDER BY moment DESC, key COLLATE "C" DESC LIMIT ${limit + 1}`;
  return { text: described(picked), values: values.all };
}

/** How many live credentials of each kind a filter means. */
export async function countInventory(
  db: Database,
  filter: InventoryFilter,
): Promise<Partial<Record<CredentialKind, number>>> {
  const values = new Values();
  values.add(db.now());
  const parts = active.flatMap((source) => {
    const where = conditions(source, filter, values);
    return where ? [`SELECT kind FROM (${source.select} WHERE ${where.join(" AND ")}) AS one`] : [];
  });
  const { rows } = await db.pool.query<{ kind: CredentialKind; count: number }>(
    `SELECT kind, count(*)::int AS count FROM (${parts.join(" UNION ALL ")}) AS every GROUP BY kind`,
    values.all,
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}
