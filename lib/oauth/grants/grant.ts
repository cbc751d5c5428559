/** What a grant type is to the token endpoint. */
import type { Params } from "../params";
import type { AuthorizationServer } from "../server";
import type { HashedClientAuthentication } from "../store";

/** RFC 6749 §5.1. */
export interface TokenResponse {
  access_token: string;
  token_type: "Bearer";
  expires_in?: number;
  scope?: string;
}

export interface Grant {
  grant_type: string;
  /** @throws OAuthError */
  issue(as: AuthorizationServer, client: HashedClientAuthentication, params: Params): Promise<TokenResponse>;
}
