// Code and refreshing in the words of three client libraries that nobody here wrote. Client credentials and password are
// in providers/visibuild.spec.ts and providers/visualvault.spec.ts.

import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { callApi } from "./support/api.ts";
import { attempt, discover, exchange } from "./support/client.ts";
import { simple, simpleOptions } from "./support/libraries.ts";
import { connect, openidClient } from "./support/openid.ts";
import { expect, test } from "./support/test.ts";
import { decide } from "./support/visitor.ts";

const overHttp = { [oauth.allowInsecureRequests]: true };

test("oauth4webapi exchanges a code with PKCE, refreshes with less, and revokes all of it by its refresh token", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client);
  const as = await discover(server.url);
  const made = await attempt(as, app, client.redirect_uri, { scope: "read write" });
  const first = await exchange(as, app, made, await decide(await visitor("member"), made.url));
  const me: oauth.Client = { client_id: app.client_id };
  const auth = oauth.ClientSecretPost(app.client_secret);
  const narrower = { ...overHttp, additionalParameters: { scope: "read" } };
  const answer = await oauth.refreshTokenGrantRequest(as, me, auth, first.refresh_token ?? "", narrower);
  const next = await oauth.processRefreshTokenResponse(as, me, answer);
  expect(next).toMatchObject({ scope: "read", expires_in: 3600 });
  expect(next.refresh_token).not.toBe(first.refresh_token);
  expect(await callApi(server.url, next.access_token, "GET /public/v1/projects")).toMatchObject({
    status: 200,
  });

  const revoked = await oauth.revocationRequest(as, me, auth, next.refresh_token ?? "", overHttp);
  await oauth.processRevocationResponse(revoked);
  for (const token of [first.access_token, next.access_token])
    expect(await callApi(server.url, token, "GET /public/v1/projects")).toMatchObject({ status: 401 });
});

test("openid-client connects a public app, and the same refresh token twice at once brings the same successor", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { type: "Native or single-page app" });
  const config = await openidClient(server.url, app);
  const { refresh_token = "" } = await connect(config, client.redirect_uri, await visitor("member"));
  const answers = await Promise.all([1, 2, 3].map(() => openid.refreshTokenGrant(config, refresh_token)));
  expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1);
  expect(new Set(answers.map((answer) => answer.access_token)).size).toBe(1);
  const again = await openid.refreshTokenGrant(config, answers[0]?.refresh_token ?? "");
  expect(again.refresh_token).not.toBe(answers[0]?.refresh_token);
});

test("simple-oauth2, which knows no PKCE, connects an app of an old policy, refreshes and revokes", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { policy: "Classic with refresh tokens", uris: client.redirect_uri });
  const library = new simple.AuthorizationCode(simpleOptions(server.url, app, "body"));
  const { redirect_uri } = client;
  const url = library.authorizeURL({ redirect_uri, scope: "read", state: "s" });
  const answer = await decide(await visitor("member"), url);
  const token = await library.getToken({ code: answer.searchParams.get("code") ?? "", redirect_uri });
  const next = await token.refresh();
  expect(next.token.refresh_token).not.toBe(token.token.refresh_token);
  const call = (value: unknown) => callApi(server.url, String(value), "GET /public/v1/projects");
  expect(await call(next.token.access_token)).toMatchObject({ status: 200 });
  await next.revokeAll();
  expect(await call(next.token.access_token)).toMatchObject({ status: 401 });
});
