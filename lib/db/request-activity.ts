/** An app's requests of the last week, for those who maintain it: counts by hour, and what was refused, alike by alike. */
import { maySee } from "./activity";
import { managing } from "./company-roles";
import type { Database } from "./database";
import { groupKey } from "./refusals";
import { OK } from "./request-counts";

const HOUR_MS = 60 * 60 * 1000;
/** The hours that are shown. */
const HOURS = 7 * 24;
/** Groups on one page, and of each the latest that were kept. */
const GROUPS = 25;
const OCCURRENCES = 5;

export interface RequestFilter {
  endpoint?: string;
  outcome?: "ok" | "refused";
}

export interface HourCount {
  /** Its beginning. */
  hour: Date;
  ok: number;
  refused: number;
}

export interface EndpointCount {
  endpoint: string;
  ok: number;
  refused: number;
}

export interface RefusedRequest {
  /** The x-request-id its caller got. */
  id: string;
  at: Date;
  endpoint: string;
  grantType: string;
  error: string;
  reason: string;
  received: Record<string, string>;
  registered: Record<string, string>;
  address: string | null;
  agent: string | null;
}

export interface RefusalGroup {
  key: string;
  endpoint: string;
  error: string;
  summary: string;
  count: number;
  firstAt: Date;
  lastAt: Date;
  /** The latest that were kept one by one, newest first. */
  latest: RefusedRequest[];
}

export interface RequestActivity {
  /** Every hour of the week, the current one last. */
  hours: HourCount[];
  /** Of all endpoints, whatever the filter. */
  endpoints: EndpointCount[];
  groups: RefusalGroup[];
  /** Are there more groups than are shown? */
  hasMore: boolean;
}

/** Nothing but zeros for somebody else's app. */
export async function findRequestActivity(
  db: Database,
  userId: string,
  appId: string,
  filter: RequestFilter = {},
): Promise<RequestActivity> {
  const end = Math.floor(db.now().getTime() / HOUR_MS);
  const since = new Date((end - HOURS + 1) * HOUR_MS);
  const [hours, endpoints, groups] = await Promise.all([
    countHours(db, userId, appId, since, filter),
    countEndpoints(db, userId, appId, since),
    filter.outcome === "ok" ? [] : groupRefusals(db, userId, appId, since, filter),
  ]);
  const counted = new Map(hours.map((row) => [row.hour.getTime(), row]));
  return {
    hours: Array.from({ length: HOURS }, (_, index) => {
      const hour = new Date(since.getTime() + index * HOUR_MS);
      return counted.get(hour.getTime()) ?? { hour, ok: 0, refused: 0 };
    }),
    endpoints,
    groups: groups.slice(0, GROUPS),
    hasMore: groups.length > GROUPS,
  };
}

// Raw because Prisma cannot sum by a condition.
const SUMS = `coalesce(sum(count) FILTER (WHERE outcome = '${OK}'), 0)::int AS ok,
  coalesce(sum(count) FILTER (WHERE outcome <> '${OK}'), 0)::int AS refused`;
const COUNTED = `FROM request_counts WHERE app_id = $1 AND hour >= $3 AND ${maySee("$1", "$2", "$4")}`;

async function countHours(
  { pool }: Database,
  userId: string,
  appId: string,
  since: Date,
  { endpoint, outcome }: RequestFilter,
): Promise<HourCount[]> {
  const { rows } = await pool.query<HourCount>(
    `SELECT hour, ${SUMS} ${COUNTED} AND ($5::text IS NULL OR endpoint = $5)
       AND ($6::text IS NULL OR (outcome = '${OK}') = ($6 = '${OK}')) GROUP BY hour`,
    [appId, userId, since, managing, endpoint ?? null, outcome ?? null],
  );
  return rows;
}

async function countEndpoints(
  { pool }: Database,
  userId: string,
  appId: string,
  since: Date,
): Promise<EndpointCount[]> {
  const { rows } = await pool.query<EndpointCount>(
    `SELECT endpoint, ${SUMS} ${COUNTED} GROUP BY endpoint ORDER BY endpoint`,
    [appId, userId, since, managing],
  );
  return rows;
}

const REFUSED = `json_build_object('id', r.id, 'at', r.at, 'endpoint', r.endpoint, 'grantType', r.grant_type,
  'error', r.error, 'reason', r.reason, 'received', r.received, 'registered', r.registered, 'address', r.address,
  'agent', r.agent)`;

async function groupRefusals(
  { pool }: Database,
  userId: string,
  appId: string,
  since: Date,
  { endpoint }: RequestFilter,
): Promise<RefusalGroup[]> {
  const { rows } = await pool.query<Omit<RefusalGroup, "latest"> & { latest: StoredRefusal[] }>(
    `SELECT g.*, ARRAY(
       SELECT ${REFUSED} FROM request_log r WHERE r.app_id = $1 AND r.group_key = g.key
       ORDER BY r.at DESC, r.id DESC LIMIT ${OCCURRENCES}) AS latest
     FROM (
       SELECT ${groupKey("endpoint", "outcome", "summary")} AS key, endpoint, outcome AS error, summary,
         sum(count)::int AS count, min(first_at) AS "firstAt", max(last_at) AS "lastAt"
       ${COUNTED} AND outcome <> '${OK}' AND ($5::text IS NULL OR endpoint = $5)
       GROUP BY endpoint, outcome, summary ORDER BY max(last_at) DESC, summary LIMIT ${GROUPS + 1}
     ) AS g ORDER BY g."lastAt" DESC, g.summary`,
    [appId, userId, since, managing, endpoint ?? null],
  );
  return rows.map((row) => ({ ...row, latest: row.latest.map(toRefused) }));
}

type StoredRefusal = Omit<RefusedRequest, "at" | "received" | "registered"> & {
  at: string;
  received: Record<string, unknown>;
  registered: Record<string, unknown>;
};

function toRefused(row: StoredRefusal): RefusedRequest {
  return {
    ...row,
    at: new Date(row.at),
    received: inWords(row.received),
    registered: inWords(row.registered),
  };
}

function inWords(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

/** The refusal a caller was told the request id of; null for another app's, and for one that was not kept. */
export async function findRefusal(
  { pool }: Database,
  userId: string,
  appId: string,
  requestId: string,
): Promise<RefusedRequest | null> {
  const { rows } = await pool.query<{ refused: StoredRefusal }>(
    `SELECT ${REFUSED} AS refused FROM request_log r
     WHERE r.id = $3 AND r.app_id = $1 AND ${maySee("$1", "$2", "$4")}`,
    [appId, userId, requestId, managing],
  );
  return rows[0] ? toRefused(rows[0].refused) : null;
}
