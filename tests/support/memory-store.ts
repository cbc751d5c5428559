/** The Store in memory: no smaller than its promises, for the tests of the rules. */
import type {
  Approval,
  DirectIssue,
  HashedClientAuthentication,
  Redemption,
  Rotation,
  Store,
} from "../../lib/oauth/store";
import type { AuthorizationRequest, Consent, TokenFacts } from "../../lib/oauth/types";
import { issueToClient, issueToServiceAccount, redeem, rotate } from "./memory/issue";
import { drop, MemoryTables, type StoredToken } from "./memory/tables";

/** Everything is done in one synchronous step, so each method is atomic as it stands. */
export class MemoryStore extends MemoryTables implements Store {
  async findInstance() {
    return this.instance;
  }

  async isMaintainer(client_id: string, userId: string) {
    const client = this.clients.get(client_id);
    return client !== undefined && (client.ownerId === userId || this.maintains(client, userId));
  }

  async findClient(client_id: string) {
    return this.client(client_id, this.now());
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
    const { id: consentId } = this.widen(request.client_id, approval);
    const { issue, shown, userId, companyId, scopes } = approval;
    const given = { client_id: request.client_id, userId, companyId, consentId, scopes, createdAt: now };
    if (shown) this.receipts.push({ client_id: request.client_id, userId, consentId, at: now, shown });
    if (issue.response_type === "code")
      this.codes.set(issue.hash, {
        ...given,
        hash: issue.hash,
        redirect_uri: request.redirect_uri,
        redirectUriSent: request.redirectUriSent,
        code_challenge: request.code_challenge,
        expiresAt: issue.expiresAt,
        consumedAt: null,
      });
    else
      this.tokens.set(issue.hash, {
        ...given,
        ...{ hash: issue.hash, kind: "access", allCompanies: false, codeHash: null, familyId: null },
        ...{ expiresAt: issue.expiresAt, lastUsedAt: null },
      });
    return true;
  }

  async redeemAuthorizationCode(redemption: Redemption, now: Date) {
    return redeem(this, redemption, now);
  }

  async issueToClient(issue: DirectIssue, now: Date) {
    return issueToClient(this, issue, now);
  }

  async issueToServiceAccount(issue: DirectIssue & { userId: string }, now: Date) {
    return issueToServiceAccount(this, issue, now);
  }

  async rotateRefreshToken(rotation: Rotation, now: Date) {
    return rotate(this, rotation, now);
  }

  async findAuthorizationCode(hash: string) {
    const code = this.codes.get(hash);
    return code ? { ...code, consentStands: this.consentStands(code.consentId) } : null;
  }

  async revokeTokensOfCode(hash: string) {
    const refreshed = this.endFamilies(({ codeHash }) => codeHash === hash);
    return refreshed + drop(this.tokens, ({ codeHash }) => codeHash === hash).length;
  }

  async findRefreshToken(hash: string, now: Date) {
    const token = this.refreshTokens.get(hash);
    const family = this.families.get(token?.familyId ?? "");
    if (!token || !family || !this.clients.has(family.client_id)) return null;
    const { id: familyId, client_id, grant_type, scopes } = family;
    const { consumedAt, successor } = token;
    const expiresAt = token.expiresAt < family.expiresAt ? token.expiresAt : family.expiresAt;
    const stands = this.familyStands(family, now);
    return { familyId, client_id, grant_type, scopes, expiresAt, consumedAt, successor, stands };
  }

  async revokeFamily(familyId: string) {
    return this.endFamilies(({ id }) => id === familyId);
  }

  async findToken(hash: string): Promise<TokenFacts | null> {
    const token = this.tokens.get(hash);
    if (!token) return null;
    const { consentId, codeHash: _, familyId, allCompanies: __, ...kept } = token;
    const user = this.users.get(token.userId ?? "");
    const client = this.clients.get(token.client_id ?? "");
    return {
      ...kept,
      companyIds: this.companyIds(token),
      clientStatus: client?.status ?? null,
      clientOwnerId: client?.ownerId ?? null,
      userMaintains: client?.status === "pending" && this.maintains(client, token.userId),
      idleDays: client?.policy.access_idle_days ?? null,
      userStatus: user?.status ?? null,
      userEmail: user?.email ?? null,
      userIsAdmin: user?.isAdmin ?? false,
      consentStands: this.consentStands(consentId),
      familyStands: familyId === null || this.families.has(familyId),
      membershipStands: this.membershipStands(token.userId, token.companyId),
      allowedAddresses: token.allowedAddresses ?? null,
    };
  }

  async revokeTokenOfClient(hash: string, client_id: string) {
    if (this.tokens.get(hash)?.client_id === client_id) this.tokens.delete(hash);
    const familyId = this.refreshTokens.get(hash)?.familyId;
    this.endFamilies((family) => family.id === familyId && family.client_id === client_id);
  }

  private companyIds({ allCompanies, userId, companyId }: StoredToken): string[] {
    if (!allCompanies) return companyId === null ? [] : [companyId];
    // As they were joined; those joined at one moment by their id.
    return this.memberships
      .filter((one) => one.userId === userId)
      .toSorted(
        (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.companyId < b.companyId ? -1 : 1),
      )
      .map((one) => one.companyId);
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
}
