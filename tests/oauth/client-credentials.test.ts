import { beforeEach, describe, expect, test } from "vitest";
import { token } from "../../lib/oauth/endpoints/token";
import type { Policy } from "../../lib/oauth/policy";
import { createGuard } from "../../lib/sdk/protect";
import type { AppFacts, TestApp } from "../support/facts";
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

let world: World;
let companyId: string;
/** A company's own credential: read and write. */
let app: TestApp;

beforeEach(async () => {
  world = createWorld();
  companyId = await world.facts.addCompany(await world.facts.addUser());
  app = await world.facts.addApp({ preset: "machine", companyId });
});

const ask = (fields: Fields = {}, client = app) =>
  token(world.as, post({ grant_type: "client_credentials", ...fields }, { authorization: basic(client) }));
const answerTo = async (fields: Fields = {}, client = app) => jsonOf(await ask(fields, client));
const introspected = (value: string) => introspectBearer(world.as, value);

async function refused(fields: Fields = {}, client = app) {
  const error = await refusalOf(ask(fields, client));
  expect(world.store.tokens.size).toBe(0);
  expect(world.observed).toEqual([]);
  return error;
}

describe("client credentials", () => {
  test("bring a company's credential exactly a token, its type, its lifetime and its scope", async () => {
    const response = await ask({ scope: "read write" });
    expect(response).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
    const { access_token } = jsonOf(response);
    expect(access_token).toMatch(/^at_[0-9A-Za-z]{36}$/);
    expect(response.body).toBe(
      `{"access_token":"${access_token}","token_type":"Bearer","expires_in":3600,"scope":"read write"}`,
    );
    expect(world.store.families.size).toBe(0);
  });

  test("VSB-13 bring a token of exactly 1 hour (expires_in 3600); from then on it is inactive and an API answers 401 invalid_token", async () => {
    const { access_token, expires_in } = await answerTo();
    expect(expires_in).toBe(3600);
    const guard = createGuard({ introspect: introspected, realm: "api" });
    world.clock.forward(3599);
    expect(await introspected(access_token)).toMatchObject({ active: true });
    expect(await guard(`Bearer ${access_token}`)).toMatchObject({ allowed: true });
    world.clock.forward(1);
    expect(await introspected(access_token)).toEqual({ active: false });
    expect(await guard(`Bearer ${access_token}`)).toMatchObject({
      allowed: false,
      refusal: { status: 401, body: { error: "invalid_token" } },
    });
  });

  test("of a company stand for the company, and for nobody in it", async () => {
    const described = await introspected((await answerTo({ scope: "read write" })).access_token);
    expect(described).toEqual({
      active: true,
      scope: "read write",
      client_id: app.client_id,
      token_type: "Bearer",
      exp: world.clock.now().getTime() / 1000 + 3600,
      iat: world.clock.now().getTime() / 1000,
      iss: issuer,
      sub: companyId,
      aud: [`${issuer}/public/v1`],
      kind: "access",
      company_id: companyId,
      company_ids: [companyId],
    });
  });

  test("of a person's app stand for that person, in every company the person is in at that moment", async () => {
    const ownerId = await world.facts.addUser("owner@example.test");
    const [one, other] = [await world.facts.addCompany(ownerId), await world.facts.addCompany(ownerId)];
    const own = await world.facts.addApp({ preset: "machine", ownerId });
    const { access_token } = await answerTo({}, own);
    const described = await introspected(access_token);
    expect(described).toMatchObject({ sub: ownerId, username: "owner@example.test" });
    expect(described).not.toHaveProperty("company_id");
    expect(described).toHaveProperty("company_ids", [one, other].toSorted());
    await world.facts.leave(ownerId, one);
    expect(await introspected(access_token)).toHaveProperty("company_ids", [other]);
    await world.facts.suspendUser(ownerId);
    expect(await introspected(access_token)).toEqual({ active: false });
  });

  test("of a service account stand for that account, in its company", async () => {
    const ownerId = await world.facts.addServiceAccount(companyId);
    const key = await world.facts.addApp({ preset: "classic", ownerId });
    const { access_token, refresh_token } = await answerTo({}, key);
    expect(refresh_token).toMatch(/^rt_/);
    expect(await introspected(access_token)).toMatchObject({
      active: true,
      sub: ownerId,
      client_id: key.client_id,
      company_ids: [companyId],
    });
  });

  test("may come in the body", async () => {
    const inBody = { client_id: app.client_id, client_secret: app.secret, scope: "write" };
    const response = await token(world.as, post({ grant_type: "client_credentials", ...inBody }));
    expect(jsonOf(response).scope).toBe("write");
  });

  test("bring another token each time, and leave the others alive", async () => {
    const [one, other] = [await answerTo(), await answerTo()];
    expect(one.access_token).not.toBe(other.access_token);
    expect(await introspected(one.access_token)).toMatchObject({ active: true });
  });
});

describe("the scope of client credentials", () => {
  test.each<[string, Fields, Partial<AppFacts>, string]>([
    ["what is named", { scope: "write" }, {}, "write"],
    ["what is named, in the catalogue's order", { scope: "write read" }, {}, "read write"],
    ["basic access when none is named", {}, {}, "read"],
    ["basic access when an empty one is named", { scope: "" }, {}, "read"],
    [
      "all of the app's when none is named and the policy says so",
      {},
      { policy: { default_scope: "registered" } },
      "read write",
    ],
    ["the app's one scope", { scope: "read" }, { scopes: ["read"] }, "read"],
  ])("is %s", async (_, fields, facts, expected) => {
    const client = await world.facts.addApp({ preset: "machine", companyId, ...facts });
    expect((await answerTo(fields, client)).scope).toBe(expected);
  });

  test("beyond the app's is refused, and its owner sees both", async () => {
    const client = await world.facts.addApp({ preset: "machine", companyId, scopes: ["read"] });
    const error = await refused({ scope: "read write" }, client);
    expect(error).toMatchObject({
      code: "invalid_scope",
      status: 400,
      message: "scope goes beyond what this app is registered for: read",
    });
    expect(error.options.evidence).toEqual({
      client_id: client.client_id,
      reason: "The request asked for more than the app is registered for.",
      received: { scope: "read write" },
      registered: { scope: "read" },
    });
  });

  test.each(["nope", "read nope", "read,write", "READ", "read  write"])("%j is refused", async (scope) => {
    expect(await refused({ scope })).toMatchObject({ code: "invalid_scope", status: 400 });
  });

  test.each<[string, Partial<Policy>, string[]]>([
    ["the policy has no default", { default_scope: "none" }, ["read", "write"]],
    ["no basic scope is the app's", {}, ["write"]],
  ])("must be named where %s", async (_, policy, scopes) => {
    const client = await world.facts.addApp({ preset: "machine", companyId, policy, scopes });
    expect(await refused({}, client)).toMatchObject({
      code: "invalid_scope",
      message: "scope is missing; this app must name what it asks for",
    });
    expect((await ask({ scope: "write" }, client)).status).toBe(200);
  });
});

describe("client credentials are refused", () => {
  test.each<[string, () => Promise<TestApp> | TestApp]>([
    ["an unknown client", () => ({ ...app, client_id: "nobody" })],
    ["a wrong secret", () => ({ ...app, secret: "cs_wrong" })],
    ["another client's secret", async () => ({ ...app, secret: (await world.facts.addApp()).secret })],
    ["no secret", () => ({ ...app, secret: "" })],
  ])("with invalid_client: %s", async (_, wrong) => {
    expect(await refused({}, await wrong())).toMatchObject({
      code: "invalid_client",
      status: 401,
      message: "client authentication failed",
    });
  });

  test("with invalid_client: no client at all, and it says what to send", async () => {
    const error = await refusalOf(token(world.as, post({ grant_type: "client_credentials" })));
    expect(error).toMatchObject({ code: "invalid_client", status: 401 });
    expect(error.message).toMatch(/client_secret_basic.*client_secret_post/);
  });

  test.each(["suspended", "refused"] as const)("with invalid_client: an app that is %s", async (status) => {
    await world.facts.setStatus(app.client_id, status);
    const error = await refused();
    expect(error).toMatchObject({ code: "invalid_client" });
    expect(error.options.evidence?.reason).toBe("The app is not active.");
  });

  test("with invalid_client: a secret that has ended", async () => {
    await world.facts.endSecret(app.client_id, app.secret, world.clock.now());
    const error = await refused();
    expect(error).toMatchObject({ code: "invalid_client" });
    expect(error.options.evidence?.reason).toBe("The client secret has ended; it was rotated or revoked.");
  });

  test("with unauthorized_client: an app whose policy has other grants", async () => {
    for (const preset of ["standard", "perpetual", "service_account"] as const) {
      const client = await world.facts.addApp({ preset });
      const error = await refused({}, client);
      expect(error).toMatchObject({
        code: "unauthorized_client",
        status: 400,
        message: "this app is not allowed to use client_credentials",
      });
      expect(error.options.evidence).toMatchObject({ client_id: client.client_id });
    }
  });

  test("with unauthorized_client: a public client, whatever its policy says (RFC 6749 §4.4)", async () => {
    const { client_id } = await world.facts.addApp({ type: "public", preset: "machine" });
    const answer = token(world.as, post({ grant_type: "client_credentials", client_id }));
    expect(await refusalOf(answer)).toMatchObject({ code: "unauthorized_client", status: 400 });
    expect(world.store.tokens.size).toBe(0);
  });

  test("with invalid_grant: an app whose owner is suspended", async () => {
    const ownerId = await world.facts.addUser();
    const own = await world.facts.addApp({ preset: "machine", ownerId });
    await world.facts.suspendUser(ownerId);
    const error = await refused({}, own);
    expect(error).toMatchObject({ code: "invalid_grant", message: "the owner of this app is not active" });
  });

  test("the client is checked before its policy, and its policy before the scope", async () => {
    const client = await world.facts.addApp();
    const beyond = { scope: "admin" };
    expect(await refused(beyond, { ...client, secret: "cs_wrong" })).toMatchObject({
      code: "invalid_client",
    });
    expect(await refused(beyond, client)).toMatchObject({ code: "unauthorized_client" });
  });
});

describe("a pending app", () => {
  test("gets tokens that work for its owner", async () => {
    const ownerId = await world.facts.addUser();
    const pending = await world.facts.addApp({ preset: "machine", ownerId, status: "pending" });
    const { access_token } = await answerTo({}, pending);
    expect(await introspected(access_token)).toMatchObject({ active: true, sub: ownerId });
  });
});

describe("under Classic a refresh token comes along", () => {
  beforeEach(async () => {
    app = await world.facts.addApp({ preset: "classic", companyId });
  });
  const refresh = (refresh_token: string) =>
    token(world.as, post({ grant_type: "refresh_token", refresh_token }, { authorization: basic(app) }));

  test("and brings further tokens with the same subject and scope", async () => {
    const first = await answerTo({ scope: "write" });
    expect(first.refresh_token).toMatch(/^rt_[0-9A-Za-z]{36}$/);
    const second = jsonOf(await refresh(first.refresh_token));
    expect(second).toMatchObject({ scope: "write", refresh_token: expect.stringMatching(/^rt_/) });
    expect(await introspected(second.access_token)).toMatchObject({
      active: true,
      sub: companyId,
      scope: "write",
    });
  });

  test("bound to the secret it was issued by: with that, it ends", async () => {
    const { refresh_token } = await answerTo();
    const next = await world.facts.addSecret(app.client_id, null);
    await world.facts.endSecret(app.client_id, app.secret, world.clock.now());
    app = { ...app, secret: next };
    const error = await refusalOf(refresh(refresh_token));
    expect(error).toMatchObject({ code: "invalid_grant", message: "the refresh token is not valid" });
    expect(error.options.evidence?.reason).toContain("the secret behind it");
  });

  test("unless the policy says otherwise, and what was issued stops with that", async () => {
    const { refresh_token } = await answerTo();
    await world.facts.setPolicy(app.client_id, { refresh_for_client_credentials: false });
    expect(await answerTo()).not.toHaveProperty("refresh_token");
    const error = await refusalOf(refresh(refresh_token));
    expect(error).toMatchObject({ code: "invalid_grant" });
    expect(error.options.evidence?.reason).toBe(
      "The app's policy no longer allows refreshing what this grant issued.",
    );
  });
});

describe("what is noted of a request", () => {
  test("is the grant, how the client authenticated, and a missing scope", async () => {
    await ask({ scope: "read" });
    await ask();
    const inBody = { grant_type: "client_credentials", client_id: app.client_id, client_secret: app.secret };
    await token(world.as, post(inBody));
    const { client_id } = app;
    expect(world.observed).toEqual([
      { client_id, traits: ["token_client_credentials", "token_client_secret_basic"] },
      { client_id, traits: ["token_client_credentials", "token_client_secret_basic", "token_without_scope"] },
      { client_id, traits: ["token_client_credentials", "token_client_secret_post", "token_without_scope"] },
    ]);
  });
});
