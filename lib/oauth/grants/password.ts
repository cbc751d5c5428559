/** The password grant (RFC 6749 §4.3), for service accounts only: RFC 9700 §2.4 forbids it for people. */
import { authenticateClient } from "../authenticate";
import { OAuthError } from "../errors";
import { required } from "../form";
import { basicScopes, namedScopes } from "../scope";
import { mintTokens, tokenResponse } from "../token_response";
import { authTrait, clientWithGrant, type Grant, namedClient, refuse } from "./grant";
import { scopeRefusal } from "./scope_refusal";

const grant_type = "password";

export const password: Grant = {
  grant_type,
  instanceSwitch: "password",

  async issue(as, request) {
    const auth = namedClient(request);
    const username = required(request.params, "username");
    const presented = { username, password: required(request.params, "password") };
    const scopes = namedScopes(as.scopes, request.params.get("scope"));
    // First the client: whoever cannot authenticate never gets to try a password.
    const client = await clientWithGrant(as, auth, grant_type, ({ policy }) => policy.password);
    const refusal = scopeRefusal(as, client, scopes);
    if (refusal) throw refusal;
    const account = await as.checkServiceAccount(presented, request.address);
    if ("refused" in account) {
      const locked = account.refused === "locked";
      throw new OAuthError("invalid_grant", "the username or the password is not valid", {
        evidence: {
          client_id: client.client_id,
          reason: locked
            ? "Too many wrong passwords; this account is locked for a while."
            : "The password is wrong, or this is not a service account; people cannot use the password grant.",
          received: { username },
        },
      });
    }
    const minted = mintTokens(as);
    const now = as.now();
    const issue = Object.assign(minted.stored, {
      client: auth,
      scopes,
      basicScopes: basicScopes(as.scopes),
      userId: account.userId,
    });
    const issued = await as.store.issueToServiceAccount(issue, now);
    if (issued === null) {
      // Something changed since it was checked: the client, most likely.
      await authenticateClient(as, auth);
      throw refuse(
        client,
        "invalid_grant",
        "the username or the password is not valid",
        "It ended just now.",
      );
    }
    as.observe(client.client_id, [
      "token_password",
      ...authTrait(auth),
      ...(scopes === null ? (["token_without_scope"] as const) : []),
    ]);
    as.succeeded(client.client_id, "/oauth/token", grant_type);
    return { client_id: client.client_id, response: tokenResponse(minted, issued, now) };
  },
};
