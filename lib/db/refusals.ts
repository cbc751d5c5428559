/** Refused requests, kept one by one under the request id their caller got. */
import type { Evidence } from "../oauth/errors";
import type { Caller } from "../oauth/message";
import type { Database } from "./database";
import { addressOf, agentOf } from "./usage";

/** Longest value kept of what was received, in characters. */
const KEPT = 500;
const SUMMARY_LIMIT = 300;

export interface Refusal {
  requestId: string;
  endpoint: string;
  /** Of a token request; "" otherwise. */
  grantType: string;
  error: string;
  caller: Caller | null;
}

/** What requests refused alike have in common. */
export function summaryOf({ summary, reason }: Pick<Evidence, "reason" | "summary">): string {
  return (summary ?? reason).slice(0, SUMMARY_LIMIT);
}

/** Names a group of requests refused alike, as SQL. */
export const groupKey = (endpoint: string, error: string, summary: string) =>
  `encode(sha256(convert_to(${endpoint} || ' ' || ${error} || ' ' || ${summary}, 'UTF8')), 'hex')`;

/**
 * One statement, so that a stranger's made-up client_id leaves nothing behind, and takes no less time. Which secret was
 * presented is said where it is one of the same owner's: of somebody else's not even that it exists.
 */
const LOG = `INSERT INTO request_log
    (id, at, app_id, endpoint, grant_type, error, summary, group_key, reason, received, registered, address, agent)
  SELECT $1, $2, a.id, $4, $5, $6, $7, ${groupKey("$4::text", "$6::text", "$7::text")}, $8,
    $9::jsonb || coalesce(s.received, '{}'), $10::jsonb || coalesce(s.registered, '{}') ||
      CASE WHEN $9::jsonb ? 'method' THEN jsonb_build_object('method', CASE a.type WHEN 'public' THEN 'none' ELSE
        (SELECT string_agg(m, ' ') FROM jsonb_array_elements_text(a.policy->'client_auth') AS m) END)
      ELSE '{}' END, nullif($11, ''), nullif($12, '')
  FROM apps a LEFT JOIN LATERAL (
    SELECT jsonb_build_object('client_secret', '…' || s.last4) AS received,
      jsonb_build_object('client_secret', CASE WHEN o.id <> a.id THEN 'of your app ' || o.name
        ELSE 'ended at ' || to_char(s.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END) AS registered
    FROM client_secrets s JOIN apps o ON o.id = s.app_id
    WHERE s.hash = $13 AND (o.owner_id = a.owner_id OR o.company_id = a.company_id)
  ) s ON true
  WHERE a.id = $3 ON CONFLICT DO NOTHING`;

/** Keeps a refusal. @returns false for an app that is not there: nobody reads of it */
export async function logRefusal(
  db: Database,
  { requestId, endpoint, grantType, error, caller }: Refusal,
  evidence: Evidence,
): Promise<boolean> {
  const { client_id, reason, received = {}, registered = {}, secretHash } = evidence;
  const { rowCount } = await db.pool.query({
    name: "log_refusal",
    text: LOG,
    values: [
      ...[requestId, db.now(), client_id, endpoint, grantType, error, summaryOf(evidence)],
      ...[reason.slice(0, 2000), kept(received), kept(registered)],
      addressOf(caller?.address ?? ""),
      agentOf(caller?.headers["user-agent"] ?? ""),
      secretHash === undefined ? null : Buffer.from(secretHash, "base64url"),
    ],
  });
  return rowCount === 1;
}

function kept(values: Record<string, string>): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.slice(0, KEPT)])),
  );
}
