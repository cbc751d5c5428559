import { beforeEach, describe, expect, test } from "vitest";
import { token } from "../../lib/oauth/endpoints/token";
import type { Policy } from "../../lib/oauth/policy";
import type { TestApp } from "../support/facts";
import { introspectBearer } from "../support/introspection";
import {
  basic,
  createWorld,
  type Fields,
  issuer,
  jsonOf,
  post,
  refusalOf,
  type World,
} from "../support/world";

/** A month after the world's beginning. */
const until = { password: "2026-02-01T00:00:00.000Z" };
const MONTH = 31 * 86_400;

let world: World;
let app: TestApp;
let accountId: string;
let companyId: string;

beforeEach(async () => {
  world = createWorld();
  await world.facts.setInstance({ password: true });
  app = await world.facts.addApp({ preset: "service_account", policy: { password: true, until } });
  companyId = await world.facts.addCompany();
  accountId = await world.facts.addServiceAccount(companyId);
  world.accounts.set("nightly", { password: "correct horse", userId: accountId });
});

const asked = (fields: Fields = {}): Fields => ({
  grant_type: "password",
  username: "nightly",
  password: "correct horse",
  ...fields,
});
const ask = (fields: Fields = {}, client = app) =>
  token(world.as, post(asked(fields), { authorization: basic(client) }));
const answerTo = async (fields: Fields = {}, client = app) => jsonOf(await ask(fields, client));

async function refused(fields: Fields = {}, client = app) {
  const error = await refusalOf(ask(fields, client));
  expect(world.store.tokens.size).toBe(0);
  expect(world.observed).toEqual([]);
  return error;
}

/** The check must not even be asked. */
function forbidCheck() {
  world.as.checkServiceAccount = () => Promise.reject(new Error("asked for the password"));
}

describe("the password grant", () => {
  test("brings a service account an access token and a refresh token", async () => {
    const response = await ask({ scope: "read write" });
    expect(response).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
    expect(jsonOf(response)).toEqual({
      access_token: expect.stringMatching(/^at_/),
      token_type: "Bearer",
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^rt_/),
      scope: "read write",
    });
  });

  test("brings a token that stands for the service account, in its company", async () => {
    const { access_token } = await answerTo();
    expect(await introspectBearer(world.as, access_token)).toMatchObject({
      active: true,
      sub: accountId,
      client_id: app.client_id,
      scope: "read",
      aud: [`${issuer}/public/v1`],
      company_ids: [companyId],
    });
    await world.facts.suspendUser(accountId);
    expect(await introspectBearer(world.as, access_token)).toEqual({ active: false });
  });

  test("brings a refresh token that works without the password, with the client's authentication", async () => {
    const { refresh_token } = await answerTo({ scope: "write" });
    const fields = { grant_type: "refresh_token", refresh_token };
    expect(await refusalOf(token(world.as, post(fields)))).toMatchObject({ code: "invalid_client" });
    const answer = jsonOf(await token(world.as, post(fields, { authorization: basic(app) })));
    expect(answer).toMatchObject({ scope: "write", refresh_token: expect.stringMatching(/^rt_/) });
    expect(await introspectBearer(world.as, answer.access_token)).toMatchObject({ sub: accountId });
  });

  test("brings no refresh token where the policy has none", async () => {
    await world.facts.setPolicy(app.client_id, { refresh: "none" });
    expect(await answerTo()).not.toHaveProperty("refresh_token");
  });

  test("hands the check what was sent, and the caller's address", async () => {
    const heard: unknown[] = [];
    world.as.checkServiceAccount = async (...presented) => {
      heard.push(presented);
      return { userId: accountId };
    };
    const sent = { username: "näme+&=", password: " pass word%00é\n" };
    await token(world.as, {
      ...post(asked(sent), { authorization: basic(app) }),
      address: "192.0.2.7",
    }).catch(() => null);
    expect(heard).toEqual([[sent, "192.0.2.7"]]);
  });
});

describe("the scope of the password grant", () => {
  test.each<[Fields, string]>([
    [{}, "read"],
    [{ scope: "write" }, "write"],
    [{ scope: "write read" }, "read write"],
  ])("asked for %j is %s", async (fields, scope) => {
    expect((await answerTo(fields)).scope).toBe(scope);
  });

  test.each<[string, Fields]>([
    ["beyond the app's", { scope: "read admin" }],
    ["outside the catalogue", { scope: "nope" }],
  ])("%s is refused before any password is looked at", async (_, fields) => {
    forbidCheck();
    expect(await refused(fields)).toMatchObject({ code: "invalid_scope", status: 400 });
  });

  test("must be named where the policy has no default", async () => {
    await world.facts.setPolicy(app.client_id, { default_scope: "none" });
    expect(await refused()).toMatchObject({ code: "invalid_scope" });
    expect((await ask({ scope: "read" })).status).toBe(200);
  });
});

describe("the password grant is refused", () => {
  test("with unsupported_grant_type while the installation does not have it, whatever the app may", async () => {
    forbidCheck();
    await world.facts.setInstance({ password: false });
    expect(await refused()).toMatchObject({
      code: "unsupported_grant_type",
      status: 400,
      message: "grant_type must be one of: authorization_code refresh_token client_credentials",
    });
  });

  test("and the table of grants names it once the installation has it", async () => {
    expect(await refusalOf(ask({ grant_type: "nothing" }))).toMatchObject({
      message: "grant_type must be one of: authorization_code refresh_token client_credentials password",
    });
  });

  test("with unauthorized_client while the app's policy does not have it, before any password is looked at", async () => {
    forbidCheck();
    for (const preset of ["standard", "perpetual", "machine", "classic", "service_account"] as const) {
      const client = await world.facts.addApp({ preset });
      const error = await refused({}, client);
      expect(error).toMatchObject({
        code: "unauthorized_client",
        status: 400,
        message: "this app is not allowed to use password",
      });
      expect(error.options.evidence).toMatchObject({ client_id: client.client_id });
    }
  });

  test("with unauthorized_client from the app's date on", async () => {
    world.clock.forward(MONTH - 1);
    expect((await ask()).status).toBe(200);
    world.store.tokens.clear();
    world.observed.length = 0;
    world.clock.forward(1);
    forbidCheck();
    expect(await refused()).toMatchObject({ code: "unauthorized_client", status: 400 });
  });

  test("and what it had issued is not refreshed after that date", async () => {
    await world.facts.setPolicy(app.client_id, { refresh_idle_seconds: 90 * 86_400 });
    const { refresh_token } = await answerTo();
    const refresh = () =>
      token(world.as, post({ grant_type: "refresh_token", refresh_token }, { authorization: basic(app) }));
    world.clock.forward(MONTH);
    const error = await refusalOf(refresh());
    expect(error).toMatchObject({ code: "invalid_grant" });
    expect(error.options.evidence?.reason).toBe(
      "The app's policy no longer allows refreshing what this grant issued.",
    );
  });

  test.each<[string, Fields]>([
    ["a wrong password", { password: "correct horsf" }],
    ["a password in another case", { password: "Correct Horse" }],
    ["an unknown account", { username: "nobody" }],
  ])("with invalid_grant for %s, and only the app's owner reads why", async (_, wrong) => {
    const error = await refused(wrong);
    expect(error).toMatchObject({
      code: "invalid_grant",
      status: 400,
      message: "the username or the password is not valid",
    });
    expect(error.options.evidence).toEqual({
      client_id: app.client_id,
      reason:
        "The password is wrong, or this is not a service account; people cannot use the password grant.",
      received: { username: wrong.username ?? "nightly" },
    });
    expect(JSON.stringify([error.message, error.options])).not.toContain(wrong.password ?? "correct horse");
  });

  test("with invalid_grant while the account is locked, in the same words to the caller", async () => {
    world.as.checkServiceAccount = async () => ({ refused: "locked", seconds: 60 });
    const error = await refused();
    expect(error).toMatchObject({
      code: "invalid_grant",
      message: "the username or the password is not valid",
    });
    expect(error.options.evidence?.reason).toBe(
      "Too many wrong passwords; this account is locked for a while.",
    );
  });

  test("for a person, even if the check let them pass", async () => {
    const userId = await world.facts.addUser("person@example.test");
    world.accounts.set("person@example.test", { password: "right", userId });
    const error = await refused({ username: "person@example.test", password: "right" });
    expect(error).toMatchObject({
      code: "invalid_grant",
      message: "the username or the password is not valid",
    });
  });

  test("for an account that was suspended while its password was checked", async () => {
    await world.facts.suspendUser(accountId);
    expect(await refused()).toMatchObject({ code: "invalid_grant" });
  });

  test("for an app that was suspended while the password was checked", async () => {
    world.as.checkServiceAccount = async () => {
      await world.facts.setStatus(app.client_id, "suspended");
      return { userId: accountId };
    };
    expect(await refused()).toMatchObject({ code: "invalid_client" });
  });

  test.each<[string, () => Partial<TestApp>]>([
    ["an unknown client", () => ({ client_id: "nobody" })],
    ["a wrong secret", () => ({ secret: "cs_wrong" })],
    ["no secret", () => ({ secret: "" })],
  ])("with invalid_client for %s, before any password is looked at", async (_, wrong) => {
    forbidCheck();
    expect(await refused({}, { ...app, ...wrong() })).toMatchObject({ code: "invalid_client", status: 401 });
  });

  test("with invalid_client where no client is named, before any password is looked at", async () => {
    forbidCheck();
    expect(await refusalOf(token(world.as, post(asked())))).toMatchObject({
      code: "invalid_client",
      status: 401,
    });
  });

  test.each(["username", "password"])("with invalid_request without %s", async (name) => {
    for (const value of [undefined, ""])
      expect(await refused({ [name]: value })).toMatchObject({
        code: "invalid_request",
        message: `${name} is missing`,
      });
  });
});

describe("what is noted of a request", () => {
  test("is the grant, how the client authenticated, and a missing scope", async () => {
    const policy: Partial<Policy> = { password: true, until };
    const other = await world.facts.addApp({ preset: "classic", policy });
    await ask({ scope: "read" });
    await token(world.as, post(asked({ client_id: other.client_id, client_secret: other.secret })));
    expect(world.observed).toEqual([
      { client_id: app.client_id, traits: ["token_password", "token_client_secret_basic"] },
      {
        client_id: other.client_id,
        traits: ["token_password", "token_client_secret_post", "token_without_scope"],
      },
    ]);
  });
});
