/** Which credential of the installation a value is, by its hash. Who may know is decided by the caller. */
import { toBytes } from "./bytes";
import type { Database } from "./database";
import { described, type InventoryRecord, type InventoryRow, toInventoryRow } from "./inventory-row";
import { active, ended } from "./inventory-sources";

/** Whatever has this hash: a token, a generation of a refresh token, a client secret, or what has ended. Null: nothing known. */
export async function identifyCredential(db: Database, hash: string): Promise<InventoryRow | null> {
  const bytes = toBytes(hash);
  const [tokens, families, secrets] = active;
  const [endedTokens] = ended;
  if (!tokens || !families || !secrets || !endedTokens) return null;
  const looks = [
    `(${tokens.select} WHERE t.hash = $1)`,
    `(${endedTokens.select} WHERE t.hash = $1)`,
    `(${secrets.select} WHERE s.hash = $1)`,
    `(${families.select} WHERE f.id = (SELECT family_id FROM refresh_tokens WHERE hash = $1))`,
  ];
  const { rows } = await db.pool.query<InventoryRecord>(`${described(looks.join(" UNION ALL "))} LIMIT 1`, [
    bytes,
  ]);
  const [row] = rows;
  if (!row) return null;
  const found = toInventoryRow(row);
  if (found.kind === "refresh") return ofGeneration(db, bytes, found);
  const isOver = found.ended === null && found.expiresAt !== null && found.expiresAt <= db.now();
  return isOver && found.expiresAt
    ? { ...found, ended: { at: found.expiresAt, reason: "expired", by: null } }
    : found;
}

/** A family as one generation of it stands: one that was used is replaced, whatever becomes of its successor. */
async function ofGeneration(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
  family: InventoryRow,
): Promise<InventoryRow | null> {
  const generation = await db.prisma.refreshToken.findUnique({ where: { hash } });
  if (!generation) return null;
  const { last4, consumedAt, expiresAt } = generation;
  const row = { ...family, last4, expiresAt };
  if (consumedAt) return { ...row, ended: { at: consumedAt, reason: "replaced", by: null } };
  return expiresAt <= db.now() ? { ...row, ended: { at: expiresAt, reason: "expired", by: null } } : row;
}
