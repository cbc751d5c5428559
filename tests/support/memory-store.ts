/** The Store in memory: no smaller than its promises, for the tests of the rules. */
import { randomBytes } from "node:crypto";
import { type Policy, presets } from "../../lib/oauth/policy";
import type {
  Approval,
  ClientRefusal,
  HashedClientAuthentication,
  IssuedToken,
  Redemption,
  Store,
} from "../../lib/oauth/store";
import { hashCredential, mint, randomId } from "../../lib/oauth/tokens";
import type {
  AuthorizationCode,
  AuthorizationRequest,
  Client,
  Consent,
  TokenKind,
} from "../../lib/oauth/types";
import { type AppFacts, appFacts, type Facts, type TestApp } from "./facts";

export interface StoredToken {
  hash: string;
  kind: TokenKind;
  client_id: string | null;
  userId: string | null;
  companyId: string | null;
  consentId: string | null;
  codeHash: string | null;
  scopes: readonly string[];
  createdAt: Date;
  expiresAt: Date | null;
}

interface Secret {
  client_id: string;
  hash: string;
  expiresAt: Date | null;
}

/** Everything is done in one synchronous step, so each method is atomic as it stands. */
export class MemoryStore implements Store {
  readonly clients = new Map<string, Client>();
  readonly secrets: Secret[] = [];
  readonly users = new Map<string, { email: string; status: "active" | "suspended" }>();
  readonly memberships = new Set<string>();
  readonly requests = new Map<string, AuthorizationRequest>();
  readonly codes = new Map<string, AuthorizationCode>();
  readonly tokens = new Map<string, StoredToken>();
  consents: Consent[] = [];

  async findClient(client_id: string) {
    return this.clients.get(client_id) ?? null;
  }

  async authenticateClient(auth: HashedClientAuthentication, now: Date) {
    return this.authenticated(auth, now);
  }

  async saveAuthorizationRequest(request: AuthorizationRequest) {
    this.requests.set(request.id, request);
  }

  async findAuthorizationRequest(id: string, now: Date) {
    const request = this.requests.get(id);
    return request && request.expiresAt > now ? request : null;
  }

  async takeAuthorizationRequest(id: string, now: Date) {
    return this.take(id, now) !== null;
  }

  async findConsents(userId: string, client_id: string) {
    return this.consents.filter((consent) => consent.userId === userId && consent.client_id === client_id);
  }

  async approve(approval: Approval, now: Date) {
    const request = this.take(approval.requestId, now);
    if (!request) return false;
    const consent = this.widen(request.client_id, approval);
    this.codes.set(approval.codeHash, {
      hash: approval.codeHash,
      client_id: request.client_id,
      userId: approval.userId,
      companyId: approval.companyId,
      consentId: consent.id,
      redirect_uri: request.redirect_uri,
      scopes: approval.scopes,
      code_challenge: request.code_challenge,
      createdAt: now,
      expiresAt: approval.codeExpiresAt,
      consumedAt: null,
    });
    return true;
  }

  async redeemAuthorizationCode(redemption: Redemption, now: Date): Promise<IssuedToken | null> {
    const client = this.authenticated(redemption.client, now);
    const code = this.codes.get(redemption.codeHash);
    if (typeof client === "string" || !code || !this.matches(code, client, redemption, now)) return null;
    const { access_seconds } = client.policy;
    const expiresAt = access_seconds === null ? null : new Date(now.getTime() + access_seconds * 1000);
    this.codes.set(code.hash, { ...code, consumedAt: now });
    this.tokens.set(redemption.tokenHash, {
      hash: redemption.tokenHash,
      kind: "access",
      client_id: code.client_id,
      userId: code.userId,
      companyId: code.companyId,
      consentId: code.consentId,
      codeHash: code.hash,
      scopes: code.scopes,
      createdAt: now,
      expiresAt,
    });
    return { client, scopes: code.scopes, expiresAt };
  }

  async findAuthorizationCode(hash: string) {
    const code = this.codes.get(hash);
    return code ? { ...code, consentStands: this.stands(code.consentId) } : null;
  }

  async revokeTokensOfCode(hash: string) {
    const issued = [...this.tokens.values()].filter(({ codeHash }) => codeHash === hash);
    for (const token of issued) this.tokens.delete(token.hash);
    return issued.length;
  }

  async findToken(hash: string) {
    const token = this.tokens.get(hash);
    if (!token) return null;
    const { consentId, codeHash: _, ...kept } = token;
    const user = token.userId === null ? undefined : this.users.get(token.userId);
    return {
      ...kept,
      clientStatus: this.clients.get(token.client_id ?? "")?.status ?? null,
      userStatus: user?.status ?? null,
      userEmail: user?.email ?? null,
      consentStands: consentId === null || this.stands(consentId),
      membershipStands:
        token.userId === null ||
        token.companyId === null ||
        this.memberships.has(membership(token.userId, token.companyId)),
    };
  }

  async revokeTokenOfClient(hash: string, client_id: string) {
    if (this.tokens.get(hash)?.client_id === client_id) this.tokens.delete(hash);
  }

  private authenticated(auth: HashedClientAuthentication, now: Date): Client | ClientRefusal {
    const client = this.clients.get(auth.client_id);
    if (!client) return "unknown_client";
    if (client.status !== "active") return "inactive_client";
    if (client.type === "public") return auth.method === "none" ? client : "method_not_allowed";
    if (auth.method === "none" || !client.policy.client_auth.includes(auth.method))
      return "method_not_allowed";
    const secret = this.secrets.find(
      ({ client_id, hash }) => client_id === auth.client_id && hash === auth.secretHash,
    );
    if (!secret) return "wrong_secret";
    return secret.expiresAt === null || secret.expiresAt > now ? client : "ended_secret";
  }

  private take(id: string, now: Date): AuthorizationRequest | null {
    const request = this.requests.get(id);
    if (!request || request.expiresAt <= now) return null;
    this.requests.delete(id);
    return request;
  }

  private widen(client_id: string, approval: Approval): Consent {
    const { userId, companyId, redirectHost, scopes, consentId } = approval;
    const same = (consent: Consent) =>
      consent.userId === userId &&
      consent.client_id === client_id &&
      consent.companyId === companyId &&
      consent.redirectHost === redirectHost;
    const given = this.consents.find(same) ?? {
      id: consentId,
      userId,
      client_id,
      companyId,
      redirectHost,
      scopes,
    };
    const widened = { ...given, scopes: [...new Set([...given.scopes, ...scopes])].sort() };
    this.consents = [...this.consents.filter((consent) => !same(consent)), widened];
    return widened;
  }

  private matches(code: AuthorizationCode, client: Client, redemption: Redemption, now: Date): boolean {
    return (
      code.client_id === client.client_id &&
      code.consumedAt === null &&
      code.expiresAt > now &&
      code.redirect_uri === redemption.redirect_uri &&
      code.code_challenge === redemption.code_challenge &&
      this.stands(code.consentId)
    );
  }

  private stands(consentId: string): boolean {
    return this.consents.some(({ id }) => id === consentId);
  }
}

const membership = (userId: string, companyId: string) => `${userId} ${companyId}`;

/** @param random where ids and secrets come from */
export function memoryFacts(
  store: MemoryStore,
  random = (bytes: number): Uint8Array => randomBytes(bytes),
): Facts {
  const client = (client_id: string): Client => {
    const found = store.clients.get(client_id);
    if (!found) throw new Error(`no client ${client_id}`);
    return found;
  };
  const drop = <Key, Row>(rows: Map<Key, Row>, gone: (row: Row) => boolean) => {
    for (const [key, row] of rows) if (gone(row)) rows.delete(key);
  };
  const facts: Facts = {
    async addUser(email = `${randomId(8, random).toLowerCase()}@example.test`) {
      const id = randomId(16, random);
      store.users.set(id, { email, status: "active" });
      return id;
    },
    async addCompany(...memberIds) {
      const id = randomId(16, random);
      for (const userId of memberIds) store.memberships.add(membership(userId, id));
      return id;
    },
    async leave(userId, companyId) {
      store.memberships.delete(membership(userId, companyId));
    },
    async suspendUser(userId) {
      store.users.set(userId, { email: "", ...store.users.get(userId), status: "suspended" });
    },
    async deleteUser(userId) {
      store.users.delete(userId);
      store.consents = store.consents.filter((consent) => consent.userId !== userId);
    },
    async addApp(app = {}): Promise<TestApp> {
      const made: AppFacts = appFacts(app, app.ownerId ?? (await facts.addUser()));
      const client_id = randomId(12, random);
      const policy: Policy = { ...presets[made.preset].policy, ...made.policy };
      const { ownerId, name, type, redirect } = made;
      store.clients.set(client_id, {
        ...{ client_id, name, ownerId, type, redirect, policy },
        ...{ ownerName: "Owner", status: "active", logoId: null, version: 1 },
      });
      return { client_id, secret: type === "public" ? "" : await facts.addSecret(client_id, null) };
    },
    async addSecret(client_id, expiresAt) {
      const { value } = mint("cs", random);
      store.secrets.push({ client_id, hash: hashCredential(value), expiresAt });
      return value;
    },
    async setStatus(client_id, status) {
      store.clients.set(client_id, { ...client(client_id), status });
    },
    async setPolicy(client_id, policy) {
      const before = client(client_id);
      store.clients.set(client_id, { ...before, policy: { ...before.policy, ...policy } });
    },
    async deleteApp(client_id) {
      await facts.dropApp(client_id);
      drop(store.requests, (row) => row.client_id === client_id);
      drop(store.codes, (row) => row.client_id === client_id);
      drop(store.tokens, (row) => row.client_id === client_id);
    },
    async dropApp(client_id) {
      store.clients.delete(client_id);
      store.consents = store.consents.filter((consent) => consent.client_id !== client_id);
    },
    async withdrawConsents(userId, client_id) {
      await facts.dropConsents(userId, client_id);
      const theirs = (row: { userId: string | null; client_id: string | null }) =>
        row.userId === userId && row.client_id === client_id;
      drop(store.codes, theirs);
      drop(store.tokens, theirs);
    },
    async dropConsents(userId, client_id) {
      const theirs = (consent: Consent) => consent.userId === userId && consent.client_id === client_id;
      store.consents = store.consents.filter((consent) => !theirs(consent));
    },
  };
  return facts;
}
