/** The Store of the rules on a database; each method is the function of its noun. */
import type { Store } from "../oauth/store";
import { findAuthorizationCode, redeemAuthorizationCode } from "./authorization-codes";
import {
  approve,
  findAuthorizationRequest,
  saveAuthorizationRequest,
  takeAuthorizationRequest,
} from "./authorization-requests";
import { authenticateClient, findClient } from "./clients";
import { findConsents } from "./consents";
import type { Database } from "./database";
import { findToken, revokeTokenOfClient, revokeTokensOfCode } from "./tokens";
import type { UsageLog } from "./usage";

/** @param usage hears of every client and token that was used */
export function createStore(db: Database, usage: Pick<UsageLog, "client" | "token">): Store {
  return {
    findClient: (client_id) => findClient(db, client_id),
    async authenticateClient(auth, now) {
      const client = await authenticateClient(db, auth, now);
      if (typeof client !== "string")
        usage.client(auth.client_id, auth.method === "none" ? null : auth.secretHash);
      return client;
    },
    saveAuthorizationRequest: (request) => saveAuthorizationRequest(db, request),
    findAuthorizationRequest: (id, now) => findAuthorizationRequest(db, id, now),
    takeAuthorizationRequest: (id, now) => takeAuthorizationRequest(db, id, now),
    findConsents: (userId, client_id) => findConsents(db, userId, client_id),
    approve: (approval, now) => approve(db, approval, now),
    async redeemAuthorizationCode(redemption, now) {
      const issued = await redeemAuthorizationCode(db, redemption, now);
      const { client } = redemption;
      if (issued) usage.client(client.client_id, client.method === "none" ? null : client.secretHash);
      return issued;
    },
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
