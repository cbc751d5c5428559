/** The Store of the rules on a database; each method is the function of its noun. */
import type { HashedClientAuthentication, IssuedToken, Store } from "../oauth/store";
import { maintainsApp } from "./app-maintenance";
import { findAuthorizationCode, redeemAuthorizationCode } from "./authorization-codes";
import {
  approve,
  findAuthorizationRequest,
  saveAuthorizationRequest,
  takeAuthorizationRequest,
} from "./authorization-requests";
import { findToken } from "./bearer-tokens";
import { authenticateClient, findClient } from "./clients";
import { findConsents } from "./consents";
import type { Database } from "./database";
import { issueToClient, issueToServiceAccount } from "./direct-issue";
import { findRefreshToken, revokeFamily, rotateRefreshToken } from "./refresh-tokens";
import { findInstance } from "./settings";
import { revokeTokenOfClient, revokeTokensOfCode } from "./token-revocation";
import type { UsageLog } from "./usage";

/** @param usage hears of every client and token that was used */
export function createStore(db: Database, usage: Pick<UsageLog, "client" | "token">): Store {
  const noteClient = (auth: HashedClientAuthentication) =>
    usage.client(auth.client_id, auth.method === "none" ? null : auth.secretHash, auth.caller);
  /** Tokens that were issued are a use of their client. */
  const noted = async (auth: HashedClientAuthentication | null, issuing: Promise<IssuedToken | null>) => {
    const issued = await issuing;
    if (issued && auth) noteClient(auth);
    return issued;
  };
  return {
    findInstance: () => findInstance(db),
    findClient: (client_id) => findClient(db, client_id),
    isMaintainer: (client_id, userId) => maintainsApp(db, client_id, userId),
    async authenticateClient(auth, now) {
      const client = await authenticateClient(db, auth, now);
      if (typeof client !== "string") noteClient(auth);
      else if (client === "ended_secret" && auth.method !== "none")
        usage.client(null, auth.secretHash, auth.caller);
      return client;
    },
    saveAuthorizationRequest: (request) => saveAuthorizationRequest(db, request),
    findAuthorizationRequest: (id, now) => findAuthorizationRequest(db, id, now),
    takeAuthorizationRequest: (id, now) => takeAuthorizationRequest(db, id, now),
    findConsents: (userId, client_id) => findConsents(db, userId, client_id),
    approve: (approval, now) => approve(db, approval, now),
    redeemAuthorizationCode: (redemption, now) =>
      noted(redemption.client, redeemAuthorizationCode(db, redemption, now)),
    issueToClient: (issue, now) => noted(issue.client, issueToClient(db, issue, now)),
    issueToServiceAccount: (issue, now) => noted(issue.client, issueToServiceAccount(db, issue, now)),
    rotateRefreshToken: (rotation, now) => noted(rotation.client, rotateRefreshToken(db, rotation, now)),
    findRefreshToken: (hash, now) => findRefreshToken(db, hash, now),
    revokeFamily: (familyId) => revokeFamily(db, familyId),
    findAuthorizationCode: (hash) => findAuthorizationCode(db, hash),
    revokeTokensOfCode: (hash) => revokeTokensOfCode(db, hash),
    async findToken(hash) {
      const token = await findToken(db, hash);
      if (token) usage.token(hash);
      return token;
    },
    revokeTokenOfClient: (hash, client_id) => revokeTokenOfClient(db, hash, client_id),
  };
}
