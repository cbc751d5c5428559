import { beforeEach, describe, expect, test } from "vitest";
import { allow, findPending } from "../../lib/oauth/consent";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import { introspect } from "../../lib/oauth/endpoints/introspect";
import { token as tokenEndpoint } from "../../lib/oauth/endpoints/token";
import { mint } from "../../lib/oauth/tokens";
import type { TestApp } from "../support/facts";
import {
  authorizeFields,
  basic,
  codeFor,
  createWorld,
  encode,
  exchangeFields,
  type Fields,
  issuer,
  jsonOf,
  post,
  refusalOf,
  tokenFor,
  type World,
} from "../support/world";

let world: World;
let app: TestApp;
let userId: string;
let companyId: string;

beforeEach(async () => {
  world = createWorld();
  app = await world.facts.addApp();
  userId = await world.facts.addUser("user@example.test");
  companyId = await world.facts.addCompany(userId);
});

const ask = (fields: Fields, client = app) =>
  introspect(world.as, post(fields, { authorization: basic(client) }));
const about = async (token: string, client = app) => jsonOf(await ask({ token }, client));

test("a live token of the client's own is described in full", async () => {
  const token = await tokenFor(world, app, userId, { companyId, scope: "read write" });
  const iat = world.clock.now().getTime() / 1000;
  const response = await ask({ token, token_type_hint: "access_token" });
  expect(response.headers).toMatchObject({ "cache-control": "no-store", "content-type": "application/json" });
  expect(jsonOf(response)).toEqual({
    active: true,
    scope: "read write",
    client_id: app.client_id,
    username: "user@example.test",
    token_type: "Bearer",
    exp: iat + 3600,
    iat,
    iss: issuer,
    sub: userId,
    aud: [`${issuer}/public/v1`],
    kind: "access",
    company_id: companyId,
    company_ids: [companyId],
  });
});

test("a token that does not expire has no exp", async () => {
  app = await world.facts.addApp({ preset: "perpetual" });
  expect(await about(await tokenFor(world, app, userId))).not.toHaveProperty("exp");
});

test("VSY-23 a long-lived token is alive after ten years", async () => {
  app = await world.facts.addApp({ preset: "perpetual" });
  const token = await tokenFor(world, app, userId);
  world.clock.forward(10 * 365.25 * 24 * 3600);
  expect(await about(token)).toMatchObject({ active: true, sub: userId });
});

test("a client's own token says its company, and no user", async () => {
  app = await world.facts.addApp({ preset: "machine", companyId });
  const asked = post({ grant_type: "client_credentials" }, { authorization: basic(app) });
  const { access_token } = jsonOf(await tokenEndpoint(world.as, asked));
  const described = await about(access_token);
  expect(described).toMatchObject({
    active: true,
    sub: companyId,
    company_id: companyId,
    company_ids: [companyId],
  });
  expect(described).not.toHaveProperty("username");
});

test("the audience is that of the scopes a token has at this moment, and an administrator's end with the office", async () => {
  app = await world.facts.addApp({ scopes: ["read", "admin"] });
  const { access_token } = jsonOf(
    await tokenEndpoint(
      world.as,
      post(exchangeFields(await adminCode("read admin")), { authorization: basic(app) }),
    ),
  );
  await world.facts.makeAdmin(userId);
  expect(await about(access_token)).toMatchObject({
    scope: "read admin",
    aud: [`${issuer}/public/v1`, `${issuer}/admin/v1`],
  });
  world.store.users.set(userId, { ...userOf(userId), isAdmin: false });
  expect(await about(access_token)).toMatchObject({
    active: true,
    scope: "read",
    aud: [`${issuer}/public/v1`],
  });
});

/** A code as an administrator's approval brings it. */
async function adminCode(scope: string): Promise<string> {
  const result = await authorize(world.as, encode(authorizeFields(app, { scope })));
  if (result.outcome !== "stored") throw result.error;
  const pending = await findPending(world.as, result.request.id);
  if (!pending) throw new Error("not pending");
  const approver = { userId, companyIds: [companyId], scopes: ["read", "write", "admin"] };
  const location = await allow(world.as, pending, approver, companyId, null);
  return new URL(location ?? "").searchParams.get("code") ?? "";
}

function userOf(id: string) {
  const user = world.store.users.get(id);
  if (!user) throw new Error(`no user ${id}`);
  return user;
}

describe("active: false and nothing more for", () => {
  test("a refresh token, which no API accepts", async () => {
    const code = await codeFor(world, app, userId, { companyId });
    const asked = post(exchangeFields(code), { authorization: basic(app) });
    const { refresh_token } = jsonOf(await tokenEndpoint(world.as, asked));
    expect(await about(refresh_token)).toEqual({ active: false });
  });

  test("a token whose refresh token family was ended", async () => {
    const token = await tokenFor(world, app, userId, { companyId });
    world.store.families.clear();
    expect(await about(token)).toEqual({ active: false });
  });

  test("a token of a pending app, but for its owner's", async () => {
    const token = await tokenFor(world, app, userId, { companyId });
    await world.facts.setStatus(app.client_id, "pending");
    expect(await about(token)).toEqual({ active: false });
    const own = await world.facts.addApp({ ownerId: userId });
    const ownToken = await tokenFor(world, own, userId, { companyId });
    await world.facts.setStatus(own.client_id, "pending");
    expect(await about(ownToken, own)).toMatchObject({ active: true, sub: userId });
  });

  test("an expired token, from the second it expires", async () => {
    const token = await tokenFor(world, app, userId);
    world.clock.forward(3599);
    expect(await about(token)).toMatchObject({ active: true });
    world.clock.forward(1);
    expect(await about(token)).toEqual({ active: false });
  });

  test("another client's token", async () => {
    const token = await tokenFor(world, app, userId);
    expect(await about(token, await world.facts.addApp())).toEqual({ active: false });
  });

  test.each<[string, () => Promise<void>]>([
    ["a consent taken back", () => world.facts.withdrawConsents(userId, app.client_id)],
    ["a company the user has left", () => world.facts.leave(userId, companyId)],
    ["a suspended user", () => world.facts.suspendUser(userId)],
    ["a deleted user", () => world.facts.deleteUser(userId)],
  ])("%s", async (_, end) => {
    const token = await tokenFor(world, app, userId, { companyId });
    await end();
    expect(await about(token)).toEqual({ active: false });
  });

  test("what is not a token of ours, without asking the store", async () => {
    world.store.findToken = () => Promise.reject(new Error("asked"));
    for (const noise of [
      "x",
      `at_${"a".repeat(36)}`,
      mint("cs", world.as.random).value,
      mint("ac", world.as.random).value,
    ])
      expect(await about(noise)).toEqual({ active: false });
  });
});

describe("refuses", () => {
  test("a client that does not authenticate", async () => {
    const token = await tokenFor(world, app, userId);
    const wrong = { ...app, secret: "cs_wrong" };
    expect(await refusalOf(ask({ token }, wrong))).toMatchObject({ code: "invalid_client", status: 401 });
    const bare = introspect(world.as, post({ token, client_id: app.client_id }));
    expect(await refusalOf(bare)).toMatchObject({ code: "invalid_client", status: 401 });
  });

  test("a public client, which could be anybody", async () => {
    const { client_id } = await world.facts.addApp({ type: "public" });
    const answer = introspect(world.as, post({ token: "x", client_id }));
    expect(await refusalOf(answer)).toMatchObject({
      code: "invalid_client",
      message: "introspection needs client authentication",
    });
  });

  test("a request without a token", async () => {
    expect(await refusalOf(ask({}))).toMatchObject({ code: "invalid_request", message: "token is missing" });
  });
});

test("a token for some networks alone is active for a caller from there, and says nothing to anybody else", async () => {
  const token = await tokenFor(world, app, userId, { companyId });
  for (const stored of world.store.tokens.values()) stored.allowedAddresses = ["203.0.113.0/24"];
  const from = async (client_ip: string) => jsonOf(await ask({ token, client_ip }));
  expect(await from("203.0.113.7")).toMatchObject({ active: true });
  expect(await from("::ffff:203.0.113.7")).toMatchObject({ active: true });
  expect(await from("203.0.114.7")).toEqual({ active: false });
  expect(await about(token)).toEqual({ active: false });
});

test.each(["", "home", "203.0.113.7/24", "0x7f.1", "203.0.113.7, 10.0.0.1"])(
  "client_ip %j is refused, or as if it was not there",
  async (client_ip) => {
    const token = await tokenFor(world, app, userId, { companyId });
    if (client_ip === "") expect(jsonOf(await ask({ token, client_ip }))).toMatchObject({ active: true });
    else
      expect(await refusalOf(ask({ token, client_ip }))).toMatchObject({
        code: "invalid_request",
        message: expect.stringContaining("client_ip"),
      });
  },
);
