/** A token of any kind, looked up by the hash of what was presented, with everything that decides whether it is alive. */
import type { TokenFacts } from "../oauth/types";
import { MANAGING, maintains } from "./app-maintenance";
import { toBuffer } from "./bytes";
import type { Database } from "./database";
import { type Numbered, SharedStatement, type Statement } from "./shared-statement";

/** A company as a token reaches it. */
export interface Company {
  id: string;
  name: string;
  /** Does the plan include the API? */
  apiAccess: boolean;
}

interface TokenRecord
  extends Omit<TokenFacts, "hash" | "scopes" | "companyIds" | "createdAt" | "expiresAt" | "lastUsedAt">,
    Numbered {
  scopes: string;
  /** All companies of its user's, where it is for all of them. */
  reached: Company[] | null;
  created: number;
  expires: number | null;
  used: number | null;
}

/**
 * A moment in milliseconds since 1970: a third of what reading a timestamp's text takes. By date_part, which has no
 * decimal arithmetic in it as extract has; what is lost to the binary fraction is less than a millisecond.
 */
const millis = (column: string) => `round(date_part('epoch', ${column}) * 1000)`;

/** What a token's row says, and everything that decides whether it is alive (docs/decisions/0005). */
const FACTS = `i.n, t.kind, array_to_string(t.scopes, ' ') AS scopes, ${millis("t.created_at")} AS created,
      ${millis("t.expires_at")} AS expires, ${millis("t.last_used_at")} AS used,
      t.app_id AS client_id, t.user_id AS "userId", t.company_id AS "companyId",
      CASE WHEN t.all_companies THEN (
        SELECT jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name, 'apiAccess', o.api_access) ORDER BY r.created_at, o.id)
        FROM memberships r JOIN companies o ON o.id = r.company_id WHERE r.user_id = t.user_id) END AS reached,
      a.status AS "clientStatus", a.owner_id AS "clientOwnerId",
      coalesce(a.status = 'pending' AND t.user_id IS NOT NULL AND ${maintains("a", "t.user_id", MANAGING)}, false)
        AS "userMaintains",
      (a.policy->>'access_idle_days')::int AS "idleDays", u.status AS "userStatus", u.email AS "userEmail",
      coalesce(u.is_admin, false) AS "userIsAdmin", (t.consent_id IS NULL OR k.id IS NOT NULL) AS "consentStands",
      (t.family_id IS NULL OR f.id IS NOT NULL) AS "familyStands",
      (t.user_id IS NULL OR t.company_id IS NULL OR m.user_id IS NOT NULL) AS "membershipStands",
      t.allowed_addresses AS "allowedAddresses"`;

const BEHIND = `input i JOIN tokens t ON t.hash = i.hash
    LEFT JOIN apps a ON a.id = t.app_id
    LEFT JOIN users u ON u.id = t.user_id
    LEFT JOIN consents k ON k.id = t.consent_id
    LEFT JOIN refresh_families f ON f.id = t.family_id
    LEFT JOIN memberships m ON m.user_id = t.user_id AND m.company_id = t.company_id`;

const byHash = {
  columns: [{ name: "hash", type: "bytea", of: toBuffer }],
  shares: (hash) => hash,
} satisfies Partial<Statement<string>>;

const FIND = new SharedStatement<string, TokenRecord>({
  ...byHash,
  name: "find_token",
  text: `    SELECT ${FACTS} FROM ${BEHIND}`,
});

/** The same with the one company it is for: what an API call needs, in one round trip. */
const FIND_BEARER = new SharedStatement<string, TokenRecord & CompanyColumns>({
  ...byHash,
  name: "find_bearer",
  text: `    SELECT ${FACTS}, c.name AS "companyName", c.api_access AS "companyApiAccess"
    FROM ${BEHIND} LEFT JOIN companies c ON c.id = t.company_id`,
});

/** Null where there is no such company. */
interface CompanyColumns {
  companyName: string | null;
  companyApiAccess: boolean | null;
}

/** A token, and the companies it reaches. */
export interface Bearer extends TokenFacts {
  companies: Company[];
}

/** A token with everything that decides whether it is alive, by one lookup. */
export async function findToken(db: Database, hash: string): Promise<TokenFacts | null> {
  const found = await FIND.run(db, hash);
  return found && toFacts(hash, found);
}

/** The same with the companies it reaches. */
export async function findBearer(db: Database, hash: string): Promise<Bearer | null> {
  const found = await FIND_BEARER.run(db, hash);
  return found && Object.assign(toFacts(hash, found), { companies: companiesOf(found) });
}

/**
 * Column by column: this stands on the path of every request. Taking a row apart by name costs a microsecond more, and
 * spreading an object of so many properties makes V8 describe its shape anew each time, among what lives long.
 */
function toFacts(hash: string, row: TokenRecord): TokenFacts {
  return {
    hash,
    kind: row.kind,
    scopes: row.scopes === "" ? [] : row.scopes.split(" "),
    createdAt: new Date(row.created),
    expiresAt: row.expires === null ? null : new Date(row.expires),
    lastUsedAt: row.used === null ? null : new Date(row.used),
    client_id: row.client_id,
    userId: row.userId,
    companyId: row.companyId,
    companyIds: row.reached?.map(({ id }) => id) ?? (row.companyId === null ? [] : [row.companyId]),
    clientStatus: row.clientStatus,
    clientOwnerId: row.clientOwnerId,
    userMaintains: row.userMaintains,
    idleDays: row.idleDays,
    userStatus: row.userStatus,
    userEmail: row.userEmail,
    userIsAdmin: row.userIsAdmin,
    consentStands: row.consentStands,
    familyStands: row.familyStands,
    membershipStands: row.membershipStands,
    allowedAddresses: row.allowedAddresses,
  };
}

function companiesOf({
  reached,
  companyId,
  companyName,
  companyApiAccess,
}: TokenRecord & CompanyColumns): Company[] {
  if (reached) return reached;
  if (companyId === null || companyName === null) return [];
  return [{ id: companyId, name: companyName, apiAccess: companyApiAccess === true }];
}
