/** One credential as the inventory shows it: with the names of what it points at, and why it does not work or has ended. */
import type { EndReason } from "./ended-tokens";
import type { CredentialKind } from "./inventory-filter";

/** Why a credential that is there works for nobody at this moment. */
export type Standstill = "app" | "user" | "company" | "consent" | "family";

export interface InventoryRow {
  kind: CredentialKind;
  /** Names it in forms together with its kind; says nothing about its value. */
  key: string;
  last4: string;
  name: string | null;
  app: { id: string; name: string; isServiceAccount: boolean } | null;
  /** Whom it acts for; of a secret, who owns its app. */
  user: { id: string; name: string; email: string } | null;
  company: { id: string; name: string } | null;
  allCompanies: boolean;
  scopes: string[];
  createdAt: Date;
  lastUsedAt: Date | null;
  /** Where from and with which program; strangers wrote it. Null where that is not kept. */
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
  expiresAt: Date | null;
  standstill: Standstill | null;
  ended: { at: Date; reason: EndReason; by: string | null } | null;
}

/** Joins what a page shows of each row, and what must still stand behind it (lib/oauth/bearer.ts). */
export function described(picked: string): string {
  return `SELECT p.*, a.name AS app_name, a.kind = 'service_account' AS is_service_account, u.name AS user_name,
      u.email AS user_email, c.name AS company_name, e.name AS ended_by, CASE
        WHEN p.ended_at IS NOT NULL THEN NULL
        WHEN p.app_id IS NOT NULL AND (a.id IS NULL OR NOT (a.status = 'active'
          OR (a.status = 'pending' AND a.owner_id IS NOT DISTINCT FROM p.user_id))) THEN 'app'
        WHEN p.user_id IS NOT NULL AND (u.id IS NULL OR u.status <> 'active') THEN 'user'
        WHEN p.kind <> 'secret' AND p.user_id IS NOT NULL AND p.company_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM memberships m WHERE m.user_id = p.user_id AND m.company_id = p.company_id) THEN 'company'
        WHEN p.consent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM consents k WHERE k.id = p.consent_id) THEN 'consent'
        WHEN p.family_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM refresh_families x WHERE x.id = p.family_id)
          THEN 'family' END AS standstill
    FROM (${picked}) AS p
    LEFT JOIN apps a ON a.id = p.app_id
    LEFT JOIN users u ON u.id = p.user_id
    LEFT JOIN companies c ON c.id = p.company_id
    LEFT JOIN users e ON e.id = p.ended_by_id
    ORDER BY p.moment DESC, p.key COLLATE "C" DESC`;
}

export interface InventoryRecord {
  kind: CredentialKind;
  key: string;
  last4: string;
  name: string | null;
  app_id: string | null;
  app_name: string | null;
  is_service_account: boolean | null;
  user_id: string | null;
  user_name: string | null;
  user_email: string | null;
  company_id: string | null;
  company_name: string | null;
  all_companies: boolean;
  scopes: string[];
  created_at: Date;
  last_used_at: Date | null;
  last_used_address: string | null;
  last_used_agent: string | null;
  expires_at: Date | null;
  moment: Date;
  standstill: Standstill | null;
  ended_at: Date | null;
  reason: EndReason | null;
  ended_by: string | null;
}

export function toInventoryRow(row: InventoryRecord): InventoryRow {
  return {
    kind: row.kind,
    key: row.key,
    last4: row.last4,
    name: row.name,
    app: row.app_id
      ? { id: row.app_id, name: row.app_name ?? "", isServiceAccount: row.is_service_account ?? false }
      : null,
    user: row.user_id ? { id: row.user_id, name: row.user_name ?? "", email: row.user_email ?? "" } : null,
    company: row.company_id ? { id: row.company_id, name: row.company_name ?? "" } : null,
    allCompanies: row.all_companies,
    scopes: row.scopes,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    lastUsedAddress: row.last_used_address,
    lastUsedAgent: row.last_used_agent,
    expiresAt: row.expires_at,
    standstill: row.standstill,
    ended: row.ended_at && row.reason ? { at: row.ended_at, reason: row.reason, by: row.ended_by } : null,
  };
}
