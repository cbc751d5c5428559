// visier.txt, sentence by sentence: what needs a browser. Service accounts, the password grant and registration are in
// e2e/service-accounts.spec.ts, e2e/policy.spec.ts and tests/.

import { callApi } from "../support/api.ts";
import { connect, openidClient } from "../support/openid.ts";
import { expect, people, signIn, test } from "../support/test.ts";

const policy = "Service account";

test("VSR-02 VSR-04 A client sends the owner to sign in and allow, gets a token for the code, and calls the resource server", async ({
  browse,
  openClient,
  register,
  server,
}) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri });
  // 1. The client requests authorization.
  const owner = await browse(null);
  await owner.goto(client.start({ scope: "read" }));
  // 2. The owner is at the authorization server, signs in there and allows.
  expect(new URL(owner.url()).origin).toBe(server.url);
  await signIn(owner, people.member);
  await expect(owner.getByRole("heading", { level: 1 })).toContainText(app.name);
  await owner.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(owner.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
  // 3. The authorization server has issued a token to the client, 4. which the resource server accepts for its scope.
  const call = (request: string, body?: unknown) => callApi(server.url, client.token(), request, body);
  const projects = await call("GET /public/v1/projects");
  expect(projects.body.projects).not.toHaveLength(0);
  expect(await call("POST /public/v1/projects", { name: "x", workspace_id: "y" })).toMatchObject({
    status: 403,
    body: { error: "insufficient_scope" },
  });
});

test("VSR-03 A third-party app signs people in with their account: the same person is the same id each time, and no password leaves our page", async ({
  openClient,
  register,
  server,
  visitor,
}) => {
  const client = await openClient();
  const app = await register(client, { policy, uris: client.redirect_uri });
  const config = await openidClient(server.url, app);
  const identify = async (who: "member" | "manager") => {
    const { access_token } = await connect(config, client.redirect_uri, await visitor(who), {
      scope: "read",
    });
    return (await callApi(server.url, access_token, "GET /public/v1/me")).body;
  };
  const first = await identify("member");
  expect(first).toMatchObject({ type: "user", id: expect.stringMatching(/./), email: people.member });
  expect((await identify("member")).id).toBe(first.id);
  expect((await identify("manager")).id).not.toBe(first.id);
});
