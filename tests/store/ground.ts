/** What the store contract stands on: one store, its facts and its clock, a user with a company, and an app. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type {
  Approval,
  DirectIssue,
  HashedClientAuthentication,
  MintedTokens,
  Redemption,
  Rotation,
  Store,
} from "../../lib/oauth/store";
import { hashCredential, randomId } from "../../lib/oauth/tokens";
import type { AuthorizationRequest } from "../../lib/oauth/types";
import { callback, type Facts, type TestApp } from "../support/facts";
import { type Clock, challenge, createClock } from "../support/world";

export interface StoreSubject {
  store: Store;
  facts: Facts;
  close(): Promise<void>;
}

export const random = (bytes: number): Uint8Array => randomBytes(bytes);
export const newHash = (): string => hashCredential(randomId(20, random));

/** HTTP Basic, or for an app without a secret its id alone. */
export function authOf({ client_id, secret }: TestApp): HashedClientAuthentication {
  if (secret === "") return { method: "none", client_id };
  return { method: "client_secret_basic", client_id, secretHash: hashCredential(secret) };
}

export const minted = (): MintedTokens => ({
  tokenHash: newHash(),
  tokenLast4: "1234",
  familyId: randomId(20, random),
  refreshHash: newHash(),
  refreshLast4: "5678",
});

/** One store for all tests; the user, the company and the app are new for each. */
export class Ground {
  readonly clock: Clock = createClock();
  private subject: StoreSubject | null = null;
  userId = "";
  companyId = "";
  app: TestApp = { client_id: "", secret: "" };

  /** @param open makes a store that has nothing in it, whose clock is `now` */
  constructor(
    readonly name: string,
    open: (now: () => Date) => Promise<StoreSubject>,
  ) {
    beforeAll(async () => {
      this.subject = await open(this.clock.now);
    });
    afterAll(() => this.subject?.close());
    beforeEach(async () => {
      this.userId = await this.facts.addUser();
      this.companyId = await this.facts.addCompany(this.userId);
      this.app = await this.facts.addApp();
    });
  }

  get store(): Store {
    return this.opened().store;
  }

  get facts(): Facts {
    return this.opened().facts;
  }

  private opened(): StoreSubject {
    if (!this.subject) throw new Error("the store is not open yet");
    return this.subject;
  }

  inSeconds(seconds: number): Date {
    return new Date(this.clock.now().getTime() + seconds * 1000);
  }

  async savedRequest(
    client_id = this.app.client_id,
    changes: Partial<AuthorizationRequest> = {},
  ): Promise<AuthorizationRequest> {
    const request: AuthorizationRequest = {
      id: randomId(32, random),
      client_id,
      clientVersion: 1,
      response_type: "code",
      redirect_uri: callback,
      redirectUriSent: true,
      state: "a state",
      scopes: ["read"],
      scopeSent: true,
      code_challenge: challenge,
      createdAt: this.clock.now(),
      expiresAt: this.inSeconds(1800),
      ...changes,
    };
    await this.store.saveAuthorizationRequest(request);
    return request;
  }

  approvalOf(request: AuthorizationRequest, changes: Partial<Approval> = {}): Approval {
    return {
      requestId: request.id,
      userId: this.userId,
      companyId: this.companyId,
      redirectHost: "app.example",
      scopes: request.scopes,
      consentId: randomId(20, random),
      shown: null,
      issue: { response_type: "code", hash: newHash(), expiresAt: this.inSeconds(60) },
      ...changes,
    };
  }

  /** A code that was allowed. @returns its hash */
  async approvedCode(
    client_id = this.app.client_id,
    request: Partial<AuthorizationRequest> = {},
    approval: Partial<Approval> = {},
  ): Promise<string> {
    const approved = this.approvalOf(await this.savedRequest(client_id, request), approval);
    expect(await this.store.approve(approved, this.clock.now())).toBe(true);
    return approved.issue.hash;
  }

  redemptionOf(codeHash: string, changes: Partial<Redemption> = {}): Redemption {
    return {
      ...minted(),
      client: authOf(this.app),
      codeHash,
      redirect_uri: callback,
      code_challenge: challenge,
      ...changes,
    };
  }

  readonly redeem = (redemption: Redemption) =>
    this.store.redeemAuthorizationCode(redemption, this.clock.now());

  /** @returns the token's hash */
  async issuedToken(): Promise<string> {
    const redemption = this.redemptionOf(await this.approvedCode());
    expect(await this.redeem(redemption)).not.toBeNull();
    return redemption.tokenHash;
  }

  directOf(app: TestApp, changes: Partial<DirectIssue> = {}): DirectIssue {
    return { ...minted(), client: authOf(app), scopes: null, basicScopes: ["read"], ...changes };
  }

  rotationOf(presentedHash: string, changes: Partial<Rotation> = {}): Rotation {
    const successor = Buffer.from(`sealed ${randomId(8, random)}`);
    return { ...minted(), client: authOf(this.app), presentedHash, scopes: null, successor, ...changes };
  }

  readonly rotate = (rotation: Rotation) => this.store.rotateRefreshToken(rotation, this.clock.now());

  findRefresh(hash: string) {
    return this.store.findRefreshToken(hash, this.clock.now());
  }

  /** An approval whose code was redeemed. @returns what was minted for it */
  async refreshable(
    app = this.app,
    request: Partial<AuthorizationRequest> = {},
    approval: Partial<Approval> = {},
  ): Promise<Redemption> {
    const codeHash = await this.approvedCode(app.client_id, request, approval);
    const redemption = this.redemptionOf(codeHash, { client: authOf(app) });
    expect(await this.redeem(redemption)).toMatchObject({ refreshes: true });
    return redemption;
  }

  consentsNow() {
    return this.store.findConsents(this.userId, this.app.client_id);
  }
}
