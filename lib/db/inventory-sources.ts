/** The tables that hold credentials, each as the inventory reads it and in the words of its filter. */
import type { CredentialKind, InventoryFilter } from "./inventory-filter";

export interface Source {
  /** The rows of one table as `CANDIDATE` names them. */
  select: string;
  /** Its alias for the moment it is ordered by, and the key that decides among rows of one moment. */
  moment: string;
  key: string;
  /** Conditions of the filter in this table's words; null where it has none of them. */
  user: string;
  app: string;
  company: string;
  last4: string;
  kinds: readonly CredentialKind[];
  /** What narrows it to one kind, where it holds several. */
  kind?: (kind: CredentialKind) => string;
  where: string;
  created: string;
}

const hex = (column: string) => `encode(${column}, 'hex') COLLATE "C"`;
const tokenKinds = ["access", "personal", "legacy"] as const;
const ofKind = (kind: CredentialKind) => `t.kind = '${kind}'`;

/** `$1` is the moment; the last columns say what must stand behind it, and how it ended. */
const tokenColumns = (
  moment: string,
  ending: string,
) => `t.kind::text AS kind, ${hex("t.hash")} AS key, t.last4, t.name,
  t.app_id, t.user_id, t.company_id, t.all_companies, t.scopes, t.created_at, t.last_used_at, t.expires_at,
  ${moment} AS moment, ${ending}`;
/** Where from and with which program it was last used, where that is kept. */
const usedFrom = (row: string) => `${row}.last_used_address, ${row}.last_used_agent`;
const NOT_KEPT = "NULL::text AS last_used_address, NULL::text AS last_used_agent";
const NOT_ENDED = "NULL::timestamptz AS ended_at, NULL::text AS ended_by_id, NULL::text AS reason";

/** Credentials that live. */
export const active: readonly Source[] = [
  {
    select: `SELECT ${tokenColumns("t.created_at", `t.consent_id, t.family_id, ${NOT_ENDED}, ${usedFrom("t")}`)} FROM tokens t`,
    where: "(t.expires_at IS NULL OR t.expires_at > $1)",
    ...{ moment: "t.created_at", created: "t.created_at", key: hex("t.hash") },
    ...{ user: "t.user_id =", app: "t.app_id =", company: "t.company_id =", last4: "t.last4 =" },
    ...{ kinds: tokenKinds, kind: ofKind },
  },
  {
    select: `SELECT 'refresh' AS kind, f.id COLLATE "C" AS key, coalesce(g.last4, '') AS last4, NULL AS name, f.app_id,
        f.user_id, f.company_id, f.all_companies, f.scopes, f.created_at, g.used AS last_used_at, f.expires_at,
        f.created_at AS moment, f.consent_id, NULL::text AS family_id, ${NOT_ENDED}, ${NOT_KEPT}
      FROM refresh_families f LEFT JOIN LATERAL (
        SELECT r.last4, CASE WHEN r.created_at > f.created_at THEN r.created_at END AS used FROM refresh_tokens r
        WHERE r.family_id = f.id AND r.consumed_at IS NULL ORDER BY r.created_at DESC LIMIT 1) AS g ON true`,
    where: "f.expires_at > $1",
    ...{ moment: "f.created_at", created: "f.created_at", key: 'f.id COLLATE "C"' },
    ...{ user: "f.user_id =", app: "f.app_id =", last4: "g.last4 =" },
    // No index of its own for what is asked so seldom: a company's families are its members' and its own apps'. As arrays,
    // since two subselects below an OR are hashed, and every family is then looked at.
    company: `(f.user_id = ANY (ARRAY(SELECT user_id FROM memberships WHERE company_id = $))
      OR f.app_id = ANY (ARRAY(SELECT id FROM apps WHERE company_id = $))) AND f.company_id =`,
    kinds: ["refresh"],
  },
  {
    select: `SELECT 'secret' AS kind, s.id COLLATE "C" AS key, s.last4, NULL AS name, s.app_id, o.owner_id AS user_id,
        o.company_id, false AS all_companies, o.scopes, s.created_at, s.last_used_at, s.expires_at,
        s.created_at AS moment, NULL::text AS consent_id, NULL::text AS family_id, ${NOT_ENDED}, ${usedFrom("s")}
      FROM client_secrets s JOIN apps o ON o.id = s.app_id`,
    where: "(s.expires_at IS NULL OR s.expires_at > $1)",
    ...{ moment: "s.created_at", created: "s.created_at", key: 's.id COLLATE "C"' },
    ...{ user: "o.owner_id =", app: "s.app_id =", company: "o.company_id =", last4: "s.last4 =" },
    kinds: ["secret"],
  },
];

const UNBOUND = "NULL::text AS consent_id, NULL::text AS family_id";

/** Credentials that have ended. What apps got by the million and let expire is not among them (docs/decisions/0024). */
export const ended: readonly Source[] = [
  {
    select: `SELECT ${tokenColumns("t.ended_at", `${UNBOUND}, t.ended_at, t.ended_by_id, t.reason, ${NOT_KEPT}`)} FROM ended_tokens t`,
    where: "t.ended_at <= $1",
    ...{ moment: "t.ended_at", created: "t.created_at", key: hex("t.hash") },
    ...{ user: "t.user_id =", app: "t.app_id =", company: "t.company_id =", last4: "t.last4 =" },
    ...{ kinds: tokenKinds, kind: ofKind },
  },
  {
    select: `SELECT ${tokenColumns(
      "t.expires_at",
      `${UNBOUND}, t.expires_at AS ended_at, NULL AS ended_by_id,
       CASE WHEN t.replaced_by IS NULL THEN 'expired' ELSE 'replaced' END AS reason, ${usedFrom("t")}`,
    )} FROM tokens t`,
    where: "t.kind <> 'access' AND t.expires_at <= $1",
    ...{ moment: "t.expires_at", created: "t.created_at", key: hex("t.hash") },
    ...{ user: "t.user_id =", app: "t.app_id =", company: "t.company_id =", last4: "t.last4 =" },
    ...{ kinds: ["personal", "legacy"], kind: ofKind },
  },
  {
    select: `SELECT 'secret' AS kind, s.id COLLATE "C" AS key, s.last4, NULL AS name, s.app_id, o.owner_id AS user_id,
        o.company_id, false AS all_companies, o.scopes, s.created_at, s.last_used_at, s.expires_at,
        s.expires_at AS moment, ${UNBOUND}, s.expires_at AS ended_at, NULL AS ended_by_id, 'expired' AS reason, ${usedFrom("s")}
      FROM client_secrets s JOIN apps o ON o.id = s.app_id`,
    where: "s.expires_at <= $1",
    ...{ moment: "s.expires_at", created: "s.created_at", key: 's.id COLLATE "C"' },
    ...{ user: "o.owner_id =", app: "s.app_id =", company: "o.company_id =", last4: "s.last4 =" },
    kinds: ["secret"],
  },
];

/** Values of a statement, each with its place in it. */
export class Values {
  readonly all: unknown[] = [];
  add(value: unknown): string {
    this.all.push(value);
    return `$${this.all.length}`;
  }
}

/** The conditions of a filter in the words of one table; null where it cannot hold such a credential. */
export function conditions(source: Source, filter: InventoryFilter, values: Values): string[] | null {
  const { kind, userId, appId, companyId, last4, until } = filter;
  if (kind && !source.kinds.includes(kind)) return null;
  const equal = (words: string, value: string | undefined) => {
    if (value === undefined) return [];
    const place = values.add(value);
    return [`${words.replaceAll("$)", `${place})`)} ${place}`];
  };
  return [
    source.where,
    ...(kind && source.kind ? [source.kind(kind)] : []),
    ...equal(source.user, userId),
    ...equal(source.app, appId),
    ...equal(source.company, companyId),
    ...equal(source.last4, last4),
    ...(until ? [`${source.created} <= ${values.add(until)}`] : []),
  ];
}
