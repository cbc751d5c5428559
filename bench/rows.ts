/** Rows in bulk, for our database and the peers'. */
import type pg from "pg";

/** Rows of one INSERT. */
const SLICE = 5000;

/**
 * Inserts a row for each element of the columns, which are of one length.
 * @param into table and columns, as INSERT INTO takes them
 * @param select what becomes of the columns' names
 * @param columns by name: their type and their values
 */
export async function insertRows(
  pool: pg.Pool,
  into: string,
  select: string,
  columns: Record<string, [type: string, values: unknown[]]>,
): Promise<void> {
  const names = Object.keys(columns).join(", ");
  const types = Object.values(columns).map(([type], i) => `$${i + 1}::${type}[]`);
  const length = Object.values(columns)[0]?.[1].length ?? 0;
  for (let at = 0; at < length; at += SLICE) {
    await pool.query(
      `INSERT INTO ${into} SELECT ${select} FROM unnest(${types.join(", ")}) AS given(${names})`,
      Object.values(columns).map(([, values]) => values.slice(at, at + SLICE)),
    );
  }
}

export function many<Row>(count: number, row: (index: number) => Row): Row[] {
  return Array.from({ length: count }, (_, i) => row(i));
}

/** The list over and over. */
export function pick<T>(list: readonly T[], index: number): T {
  const picked = list[index % list.length];
  if (picked === undefined) throw new Error("nothing to pick from");
  return picked;
}
