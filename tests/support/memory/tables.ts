/** What the Store in memory keeps, and what may be read of it at a moment. */
import { defaultInstance, type Instance } from "../../../lib/oauth/instance";
import { policyEnd, settled } from "../../../lib/oauth/policy";
import type { ClientRefusal, HashedClientAuthentication, Receipt } from "../../../lib/oauth/store";
import type {
  AuthorizationCode,
  AuthorizationRequest,
  Client,
  Consent,
  RefreshTokenFacts,
  TokenKind,
} from "../../../lib/oauth/types";
import type { Role } from "../facts";

export interface StoredUser {
  email: string;
  name: string;
  kind: "person" | "service";
  status: "active" | "suspended";
  isAdmin: boolean;
}

export interface StoredMembership {
  userId: string;
  companyId: string;
  role: Role;
  createdAt: Date;
}

export interface StoredToken {
  hash: string;
  kind: TokenKind;
  client_id: string | null;
  userId: string | null;
  companyId: string | null;
  allCompanies: boolean;
  consentId: string | null;
  codeHash: string | null;
  familyId: string | null;
  scopes: readonly string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  /** The networks it may be used from; left out: from anywhere. */
  allowedAddresses?: readonly string[];
}

export interface StoredFamily {
  id: string;
  grant_type: string;
  client_id: string;
  userId: string | null;
  companyId: string | null;
  allCompanies: boolean;
  consentId: string | null;
  codeHash: string | null;
  /** The client secret it is bound to, where the policy asks for that. */
  secretHash: string | null;
  scopes: readonly string[];
  expiresAt: Date;
}

export interface StoredRefreshToken extends Pick<RefreshTokenFacts, "consumedAt" | "successor"> {
  hash: string;
  familyId: string;
  expiresAt: Date;
}

export interface StoredSecret {
  client_id: string;
  hash: string;
  expiresAt: Date | null;
}

export interface StoredReceipt {
  consentId: string;
  userId: string;
  client_id: string;
  at: Date;
  shown: Receipt;
}

export class MemoryTables {
  readonly clients = new Map<string, Client>();
  readonly secrets: StoredSecret[] = [];
  readonly users = new Map<string, StoredUser>();
  readonly companies = new Map<string, { name: string }>();
  memberships: StoredMembership[] = [];
  maintainers: { client_id: string; userId: string }[] = [];
  readonly requests = new Map<string, AuthorizationRequest>();
  readonly codes = new Map<string, AuthorizationCode>();
  readonly tokens = new Map<string, StoredToken>();
  readonly families = new Map<string, StoredFamily>();
  readonly refreshTokens = new Map<string, StoredRefreshToken>();
  consents: Consent[] = [];
  readonly receipts: StoredReceipt[] = [];
  /** The switches whose end was written down, by the app they belong to. */
  readonly lapses: { client_id: string; switches: readonly string[] }[] = [];
  instance: Instance = defaultInstance;

  constructor(readonly now: () => Date) {}

  /** The client with its policy as it stands at that moment. */
  client(client_id: string, at: Date): Client | null {
    const found = this.clients.get(client_id);
    return found ? { ...found, policy: settled(found.policy, at) } : null;
  }

  /** Writes down that switches of a policy have come to their end. */
  settle(client_id: string, at: Date): void {
    const found = this.clients.get(client_id);
    const end = found && policyEnd(found.policy);
    if (!found || !end || end > at) return;
    const policy = settled(found.policy, at);
    const switches = Object.keys(found.policy.until).filter((key) => !(key in policy.until));
    this.clients.set(client_id, { ...found, policy, version: found.version + 1 });
    this.lapses.push({ client_id, switches });
  }

  authenticated(auth: HashedClientAuthentication, at: Date): Client | ClientRefusal {
    const client = this.client(auth.client_id, at);
    if (!client) return "unknown_client";
    if (client.status !== "active" && client.status !== "pending") return "inactive_client";
    if (client.type === "public") return auth.method === "none" ? client : "method_not_allowed";
    if (auth.method === "none" || !client.policy.client_auth.includes(auth.method))
      return "method_not_allowed";
    const secret = this.secrets.find(
      ({ client_id, hash }) => client_id === auth.client_id && hash === auth.secretHash,
    );
    if (!secret) return "wrong_secret";
    return isAlive(secret, at) ? client : "ended_secret";
  }

  consentStands(consentId: string | null): boolean {
    return consentId === null || this.consents.some(({ id }) => id === consentId);
  }

  membershipStands(userId: string | null, companyId: string | null): boolean {
    if (userId === null || companyId === null) return true;
    return this.memberships.some((one) => one.userId === userId && one.companyId === companyId);
  }

  /** Does this user maintain the client for the company that owns it? */
  maintains({ client_id, companyId }: Client, userId: string | null): boolean {
    const { role } =
      this.memberships.find((one) => one.userId === userId && one.companyId === companyId) ?? {};
    if (role === undefined || userId === null || !this.isActiveUser(userId)) return false;
    return (
      role !== "member" ||
      this.maintainers.some((one) => one.client_id === client_id && one.userId === userId)
    );
  }

  isActiveUser(userId: string): boolean {
    return this.users.get(userId)?.status === "active";
  }

  /** Is everybody behind the family still there? */
  familyStands(family: StoredFamily, at: Date): boolean {
    const { userId, companyId, consentId, secretHash } = family;
    const client = this.clients.get(family.client_id);
    const secret = this.secrets.find(({ hash }) => hash === secretHash);
    return (
      this.consentStands(consentId) &&
      (userId === null || this.isActiveUser(userId)) &&
      this.membershipStands(userId, companyId) &&
      (secretHash === null || (secret !== undefined && isAlive(secret, at))) &&
      (client?.status === "active" ||
        (client?.status === "pending" && (client.ownerId === userId || this.maintains(client, userId))))
    );
  }

  /** Ends families with their refresh and access tokens. @returns how many access tokens ended */
  endFamilies(ends: (family: StoredFamily) => boolean): number {
    const ids = new Set(drop(this.families, ends).map(({ id }) => id));
    drop(this.refreshTokens, ({ familyId }) => ids.has(familyId));
    return drop(this.tokens, ({ familyId }) => familyId !== null && ids.has(familyId)).length;
  }
}

function isAlive({ expiresAt }: { expiresAt: Date | null }, at: Date): boolean {
  return expiresAt === null || expiresAt > at;
}

/** @returns the rows that went */
export function drop<Key, Row>(rows: Map<Key, Row>, gone: (row: Row) => boolean): Row[] {
  const going = [...rows].filter(([, row]) => gone(row));
  for (const [key] of going) rows.delete(key);
  return going.map(([, row]) => row);
}
