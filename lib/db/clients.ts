/** Clients as the protocol reads them: an app, its owner's name, its redirect rule and its policy. */
import { mayRequest } from "../oauth/client_status";
import type { ClientRefusal, HashedClientAuthentication } from "../oauth/store";
import type { Client } from "../oauth/types";
import { toBuffer } from "./bytes";
import type { Database } from "./database";
import { policyOf } from "./policies";
import { type Numbered, SharedStatement } from "./shared-statement";

interface ClientRecord {
  id: string;
  name: string;
  owner_id: string | null;
  company_id: string | null;
  owner_name: string;
  type: Client["type"];
  status: Client["status"];
  scopes: string[];
  policy: string;
  redirect_match: "exact" | "origin_path";
  redirect_domain: string | null;
  uris: string[];
  logo_id: string | null;
  version: number;
}

const CLIENT = `a.id, a.name, a.owner_id, a.company_id, coalesce(u.name, c.name) AS owner_name, a.type, a.status,
  a.scopes, a.policy::text AS policy, a.redirect_match,
  a.redirect_domain, a.logo_id, a.version,
  ARRAY(SELECT r.uri FROM redirect_uris r WHERE r.app_id = a.id ORDER BY r.position) AS uris`;

const FROM = "apps a LEFT JOIN users u ON u.id = a.owner_id LEFT JOIN companies c ON c.id = a.company_id";

function toClient(row: ClientRecord, now: Date): Client {
  return {
    client_id: row.id,
    name: row.name,
    ownerId: row.owner_id,
    companyId: row.company_id,
    ownerName: row.owner_name,
    type: row.type,
    status: row.status,
    scopes: row.scopes,
    redirect:
      row.redirect_match === "exact"
        ? { match: "exact", uris: row.uris }
        : { match: "origin_path", domain: row.redirect_domain ?? "" },
    policy: policyOf(row.policy, now),
    logoId: row.logo_id,
    version: row.version,
  };
}

export async function findClient(db: Database, client_id: string): Promise<Client | null> {
  const { rows } = await db.pool.query<ClientRecord>({
    name: "find_client",
    text: `SELECT ${CLIENT} FROM ${FROM} WHERE a.id = $1`,
    values: [client_id],
  });
  return rows[0] ? toClient(rows[0], db.now()) : null;
}

const AUTHENTICATE = new SharedStatement<
  HashedClientAuthentication,
  ClientRecord & Numbered & { known: boolean; ends_at: Date | null }
>({
  name: "authenticate_client",
  columns: [
    { name: "client_id", type: "text", of: ({ client_id }) => client_id },
    {
      name: "secret_hash",
      type: "bytea",
      of: (auth) => (auth.method === "none" ? null : toBuffer(auth.secretHash)),
    },
  ],
  shares: (auth) => `${auth.method === "none" ? "" : auth.secretHash} ${auth.client_id}`,
  text: `    SELECT i.n, ${CLIENT}, s.id IS NOT NULL AS known, s.expires_at AS ends_at
    FROM input i JOIN apps a ON a.id = i.client_id
    LEFT JOIN users u ON u.id = a.owner_id LEFT JOIN companies c ON c.id = a.company_id
    LEFT JOIN client_secrets s ON s.app_id = a.id AND s.hash = i.secret_hash`,
});

/** The client if it authenticated, else why not. One statement, whether the client is known or not. */
export async function authenticateClient(
  db: Database,
  auth: HashedClientAuthentication,
  now: Date,
): Promise<Client | ClientRefusal> {
  const row = await AUTHENTICATE.run(db, auth);
  if (!row) return "unknown_client";
  const client = toClient(row, now);
  if (!mayRequest(client)) return "inactive_client";
  if (client.type === "public") return auth.method === "none" ? client : "method_not_allowed";
  if (auth.method === "none" || !client.policy.client_auth.includes(auth.method)) return "method_not_allowed";
  if (!row.known) return "wrong_secret";
  return row.ends_at === null || row.ends_at > now ? client : "ended_secret";
}
