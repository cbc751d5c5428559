/**
 * oidc-provider's store on PostgreSQL, as cheap as it can be: a table for each kind, each call one prepared statement,
 * ids as they are (the library hands them over unhashed), no index for cleaning up.
 */
import type pg from "pg";
import { insertRows } from "../rows";

/** The kinds that are stored here, and those whose rows belong to a grant. */
const kinds = ["Client", "Grant", "AuthorizationCode", "AccessToken", "ClientCredentials", "RefreshToken"];
const ofGrants = new Set(["AuthorizationCode", "AccessToken", "RefreshToken"]);

type Payload = Record<string, unknown>;
interface Stored {
  payload: Payload;
  expires_at: Date | null;
  consumed_at: Date | null;
}

export async function createTables(pool: pg.Pool): Promise<void> {
  for (const kind of kinds) {
    await pool.query(
      `CREATE TABLE "${kind}" (id text PRIMARY KEY, payload json NOT NULL, grant_id text, expires_at timestamptz,
        consumed_at timestamptz)`,
    );
    // What revokeByGrantId is by.
    if (ofGrants.has(kind)) await pool.query(`CREATE INDEX ON "${kind}" (grant_id)`);
  }
}

/** The adapter class that the library makes one of for each kind. */
export function adapterFor(pool: pg.Pool) {
  return class PgAdapter {
    constructor(readonly kind: string) {}

    async upsert(id: string, payload: Payload, expiresIn?: number): Promise<void> {
      await this.run(
        "upsert",
        `INSERT INTO "${this.kind}" (id, payload, grant_id, expires_at) VALUES ($1, $2, $3, $4)
          ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
            expires_at = excluded.expires_at`,
        rowOf(id, payload, expiresIn),
      );
    }

    async find(id: string): Promise<Payload | undefined> {
      const found = await this.run(
        "find",
        `SELECT payload, expires_at, consumed_at FROM "${this.kind}" WHERE id = $1`,
        [id],
      );
      const row = found.rows[0];
      if (!row || (row.expires_at && row.expires_at.getTime() <= Date.now())) return undefined;
      return row.consumed_at ? { ...row.payload, consumed: true } : row.payload;
    }

    async consume(id: string): Promise<void> {
      await this.run("consume", `UPDATE "${this.kind}" SET consumed_at = now() WHERE id = $1`, [id]);
    }

    async destroy(id: string): Promise<void> {
      await this.run("destroy", `DELETE FROM "${this.kind}" WHERE id = $1`, [id]);
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      await this.run("revoke", `DELETE FROM "${this.kind}" WHERE grant_id = $1`, [grantId]);
    }

    private run(what: string, text: string, values: unknown[]) {
      return pool.query<Stored>({ name: `${what} ${this.kind}`, text, values });
    }
  };
}

/** An adapter class that keeps what is saved, and writes it all at once. */
export function collectingAdapter() {
  const rows = new Map<string, unknown[][]>();
  class CollectingAdapter {
    constructor(readonly kind: string) {}

    async upsert(id: string, payload: Payload, expiresIn?: number): Promise<void> {
      const same = rows.get(this.kind) ?? [];
      rows.set(this.kind, same);
      same.push(rowOf(id, payload, expiresIn));
    }

    async find(id: string): Promise<Payload | undefined> {
      const row = rows.get(this.kind)?.find(([there]) => there === id);
      return row && JSON.parse(String(row[1]));
    }
  }
  const write = async (pool: pg.Pool) => {
    for (const [kind, same] of rows) {
      const column = (at: number) => same.map((row) => row[at]);
      await insertRows(pool, `"${kind}" (id, payload, grant_id, expires_at)`, "i, p, g, e", {
        i: ["text", column(0)],
        p: ["json", column(1)],
        g: ["text", column(2)],
        e: ["timestamptz", column(3)],
      });
    }
  };
  return { CollectingAdapter, write };
}

function rowOf(id: string, payload: Payload, expiresIn: number | undefined): unknown[] {
  const expiresAt = expiresIn === undefined ? null : new Date(Date.now() + expiresIn * 1000);
  return [id, JSON.stringify(payload), payload.grantId ?? null, expiresAt];
}
