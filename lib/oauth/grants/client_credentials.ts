/** The client credentials grant (RFC 6749 §4.4): a token for the app's owner, a company or a user, without anybody asked. */
import { basicScopes, namedScopes } from "../scope";
import type { AuthorizationServer } from "../server";
import type { DirectIssue } from "../store";
import { mintTokens, tokenResponse } from "../token_response";
import { authTrait, clientWithGrant, type Grant, namedClient, refuse } from "./grant";
import { scopeRefusal } from "./scope_refusal";

const grant_type = "client_credentials";

export const clientCredentials: Grant = {
  grant_type,

  async issue(as, request) {
    const client = namedClient(request);
    const minted = mintTokens(as);
    const issue: DirectIssue = Object.assign(minted.stored, {
      client,
      scopes: namedScopes(as.scopes, request.params.get("scope")),
      basicScopes: basicScopes(as.scopes),
    });
    const now = as.now();
    const issued = await as.store.issueToClient(issue, now);
    if (issued === null) throw await explain(as, issue);
    as.observe(client.client_id, [
      "token_client_credentials",
      ...authTrait(client),
      ...(issue.scopes === null ? (["token_without_scope"] as const) : []),
    ]);
    as.succeeded(client.client_id, "/oauth/token", grant_type);
    return { client_id: client.client_id, response: tokenResponse(minted, issued, now) };
  },
};

async function explain(as: AuthorizationServer, issue: DirectIssue) {
  // RFC 6749 §4.4: "MUST only be used by confidential clients."
  const client = await clientWithGrant(
    as,
    issue.client,
    grant_type,
    ({ policy, type }) => type === "confidential" && policy.grants.includes(grant_type),
  );
  return (
    scopeRefusal(as, client, issue.scopes) ??
    refuse(client, "invalid_grant", "the owner of this app is not active", "The app's owner is not active.")
  );
}
