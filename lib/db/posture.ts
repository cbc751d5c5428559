/** The posture: where an installation is weaker than current practice, since when, and when that was last needed. */
import { type Policy, standard } from "../oauth/policy";
import { canBeWeaker, describePolicy, type Switch, switches, type Trait } from "../oauth/switches";
import type { Database } from "./database";
import { policyOf } from "./policies";

/** How far back a need counts; request_traits keeps a day more. */
const POSTURE_DAYS = 30;
/** Apps looked at; beyond that the posture says that it is not complete. */
const LIMIT = 2000;

/** Redirect domains are no switch of the policy, but the same kind of thing: RFC 9700 §2.1 wants exact matching. */
export type PostureKey = Switch["key"] | "redirect_match";

/** One app for which a switch is weaker than current practice. */
export interface PostureUse {
  app: { id: string; name: string; logoId: string | null };
  ownerName: string;
  /** What the switch says, in words. */
  value: string;
  /** ISO 8601; null where it was not noted. */
  since: string | null;
  until: string | null;
  /** Requests of the last 30 days that current practice would have refused; null where requests do not show it. */
  need: { count: number; lastAt: Date | null } | null;
}

export interface PostureLine {
  key: PostureKey;
  title: string;
  spec: string;
  /** What nobody needs first, then the most used. */
  uses: PostureUse[];
}

export interface Posture {
  lines: PostureLine[];
  /** How many apps have any such switch. */
  apps: number;
  /** False where there are more apps than were looked at. */
  complete: boolean;
}

interface AppRecord {
  id: string;
  name: string;
  logo_id: string | null;
  owner_name: string;
  policy: unknown;
  redirect_match: "exact" | "origin_path";
  redirect_domain: string | null;
  traits: Record<string, { count: number; lastAt: string }> | null;
}

const domainMatching = {
  key: "redirect_match",
  title: "Redirect matching",
  spec: "RFC 9700 §2.1: redirect URIs MUST be compared by exact string matching",
} as const;

/** What `Standard` says where something else may be weaker: a policy that contains it needs no look. */
const strong = Object.fromEntries(switches.filter(canBeWeaker).map(({ key }) => [key, standard[key]]));

/** Everything weaker than current practice. Who may see it is decided by the caller. */
export async function findPosture(db: Database, limit = LIMIT): Promise<Posture> {
  const now = db.now();
  const since = new Date(now.getTime() - POSTURE_DAYS * 24 * 60 * 60 * 1000);
  // Raw because Prisma's builder has neither the containment of a JSON value nor an aggregate beside each row.
  const { rows } = await db.pool.query<AppRecord>(
    `SELECT a.id, a.name, a.logo_id, coalesce(u.name, c.name) AS owner_name, a.policy, a.redirect_match,
       a.redirect_domain, t.traits
     FROM apps a LEFT JOIN users u ON u.id = a.owner_id LEFT JOIN companies c ON c.id = a.company_id
     LEFT JOIN LATERAL (
       SELECT jsonb_object_agg(trait, jsonb_build_object('count', count, 'lastAt', last_at)) AS traits FROM (
         SELECT trait, sum(count) AS count, max(last_at) AS last_at
         FROM request_traits WHERE app_id = a.id AND day >= $2 GROUP BY trait) AS each
     ) AS t ON true
     WHERE a.status IN ('active', 'pending') AND (a.redirect_match = 'origin_path' OR NOT a.policy @> $1::jsonb)
     ORDER BY a.created_at, a.id LIMIT $3`,
    [JSON.stringify(strong), since, limit + 1],
  );
  const looked = rows.slice(0, limit);
  const found = looked.map((row) => usesOf(row, now)).filter((uses) => uses.size > 0);
  const lines = [...switches, domainMatching].map(({ key, title, spec }) => ({
    key,
    title,
    spec,
    uses: found.flatMap((uses) => uses.get(key) ?? []).sort(bySaving),
  }));
  return {
    lines: lines.filter(({ uses }) => uses.length > 0).sort(byUnneeded),
    apps: found.length,
    complete: rows.length <= limit,
  };
}

/** The weaker switches of one app. */
function usesOf(row: AppRecord, now: Date): Map<PostureKey, PostureUse> {
  const policy = policyOf(row.policy, now);
  const app = { id: row.id, name: row.name, logoId: row.logo_id };
  const use = { app, ownerName: row.owner_name };
  const uses = new Map<PostureKey, PostureUse>();
  for (const { key, value, since, until, legacy } of describePolicy(policy)) {
    if (legacy) uses.set(key, { ...use, value, since, until, need: needOf(row, traitsOf(key, policy)) });
  }
  if (row.redirect_match === "origin_path") {
    const value = `Any address below ${row.redirect_domain}`;
    const need = needOf(row, ["redirect_by_domain"]);
    uses.set(domainMatching.key, { ...use, value, since: null, until: null, need });
  }
  return uses;
}

/** The requests that rest on a switch: those `Standard` refuses and this policy lets pass; else all it decides about. */
function traitsOf(key: Switch["key"], policy: Policy): Trait[] {
  const line = switches.find((one) => one.key === key);
  const traits = Object.entries(line?.traits ?? {}) as [Trait, (policy: Policy) => boolean][];
  const refused = traits.filter(([, passes]) => passes(policy) && !passes(standard));
  return (refused.length > 0 ? refused : traits).map(([trait]) => trait);
}

function needOf({ traits }: AppRecord, resting: readonly Trait[]): PostureUse["need"] {
  if (resting.length === 0) return null;
  const counts = resting.flatMap((trait) => traits?.[trait] ?? []);
  const moments = counts.map(({ lastAt }) => Date.parse(lastAt));
  return {
    count: counts.reduce((sum, { count }) => sum + Number(count), 0),
    lastAt: moments.length > 0 ? new Date(Math.max(...moments)) : null,
  };
}

/** Can it be tightened without anybody noticing? */
export function isUnneeded({ need }: PostureUse): boolean {
  return need?.count === 0;
}

/** What nobody needs, then the most used, then what requests do not show. */
function bySaving(one: PostureUse, other: PostureUse): number {
  return (
    Number(isUnneeded(other)) - Number(isUnneeded(one)) || (other.need?.count ?? -1) - (one.need?.count ?? -1)
  );
}

function byUnneeded(one: PostureLine, other: PostureLine): number {
  const unneeded = ({ uses }: PostureLine) => uses.filter(isUnneeded).length;
  const needs = ({ uses }: PostureLine) => uses.reduce((sum, { need }) => sum + (need?.count ?? 0), 0);
  return unneeded(other) - unneeded(one) || needs(other) - needs(one);
}

/** Personal tokens alive that never expire, for the installation's switch that allows them. */
export async function countEndlessTokens(db: Database): Promise<number> {
  return db.prisma.token.count({ where: { kind: "personal", expiresAt: null } });
}
