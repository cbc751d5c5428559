import { beforeEach, describe, expect, test } from "vitest";
import { revoke } from "../../lib/oauth/endpoints/revoke";
import { token as tokenEndpoint } from "../../lib/oauth/endpoints/token";
import type { TestApp } from "../support/facts";
import { introspectBearer } from "../support/introspection";
import {
  basic,
  codeFor,
  createWorld,
  exchangeFields,
  type Fields,
  jsonOf,
  post,
  refusalOf,
  tokenFor,
  type World,
} from "../support/world";

let world: World;
let app: TestApp;
let userId: string;

beforeEach(async () => {
  world = createWorld();
  app = await world.facts.addApp();
  userId = await world.facts.addUser();
});

const end = (fields: Fields, client = app) =>
  revoke(world.as, post(fields, { authorization: basic(client) }));

test("ends the client's own token and no other", async () => {
  const token = await tokenFor(world, app, userId);
  await tokenFor(world, app, userId);
  const response = await end({ token, token_type_hint: "refresh_token" });
  expect(response).toMatchObject({ status: 200, body: "{}" });
  expect(world.store.tokens.size).toBe(1);
});

test("answers the same for every token that is not there, so that nobody can tell tokens apart", async () => {
  const token = await tokenFor(world, app, userId);
  const first = await end({ token });
  for (const value of [token, "noise", `at_${"a".repeat(36)}`])
    expect(await end({ token: value })).toEqual(first);
});

test("leaves another client's token alone, and says nothing of it", async () => {
  const token = await tokenFor(world, app, userId);
  expect(await end({ token }, await world.facts.addApp())).toMatchObject({ status: 200, body: "{}" });
  expect(world.store.tokens.size).toBe(1);
});

test("serves a public client by its id", async () => {
  const { client_id } = await world.facts.addApp({ type: "public" });
  const code = await codeFor(world, { client_id, secret: "" }, userId);
  const issued = await tokenEndpoint(world.as, post(exchangeFields(code, { client_id })));
  const { access_token } = JSON.parse(String(issued.body));
  expect(await revoke(world.as, post({ token: access_token, client_id }))).toMatchObject({ status: 200 });
  expect(world.store.tokens.size).toBe(0);
});

describe("a refresh token", () => {
  const pairOf = async (client = app) => {
    const code = await codeFor(world, client, userId);
    const asked = post(exchangeFields(code), { authorization: basic(client) });
    return jsonOf(await tokenEndpoint(world.as, asked));
  };
  const refresh = (refresh_token: string, client = app) =>
    tokenEndpoint(
      world.as,
      post({ grant_type: "refresh_token", refresh_token }, { authorization: basic(client) }),
    );
  const isAlive = async (access_token: string) => (await introspectBearer(world.as, access_token)).active;

  test("ends with its whole family, access tokens among it, and no other family", async () => {
    const first = await pairOf();
    const other = await pairOf();
    const second = jsonOf(await refresh(first.refresh_token));
    expect(await end({ token: second.refresh_token })).toMatchObject({ status: 200, body: "{}" });
    for (const { access_token, refresh_token } of [first, second]) {
      expect(await isAlive(access_token)).toBe(false);
      expect(await refusalOf(refresh(refresh_token))).toMatchObject({ code: "invalid_grant" });
    }
    expect(await isAlive(other.access_token)).toBe(true);
    expect((await refresh(other.refresh_token)).status).toBe(200);
  });

  test("that was used already ends its family just the same", async () => {
    const first = await pairOf();
    const second = jsonOf(await refresh(first.refresh_token));
    await end({ token: first.refresh_token, token_type_hint: "access_token" });
    expect(await isAlive(second.access_token)).toBe(false);
  });

  test("of another client is left alone, and nothing is said of it", async () => {
    const { access_token, refresh_token } = await pairOf();
    const stranger = await world.facts.addApp();
    expect(await end({ token: refresh_token }, stranger)).toMatchObject({ status: 200, body: "{}" });
    expect(await isAlive(access_token)).toBe(true);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test("outlives the access token it came with", async () => {
    const { access_token, refresh_token } = await pairOf();
    await end({ token: access_token });
    expect(await isAlive(access_token)).toBe(false);
    expect(await isAlive(jsonOf(await refresh(refresh_token)).access_token)).toBe(true);
  });
});

describe("refuses", () => {
  test("a client that does not authenticate, and ends nothing", async () => {
    const token = await tokenFor(world, app, userId);
    expect(await refusalOf(end({ token }, { ...app, secret: "cs_x" }))).toMatchObject({
      code: "invalid_client",
      status: 401,
    });
    expect(await refusalOf(revoke(world.as, post({ token })))).toMatchObject({ code: "invalid_client" });
    expect(await refusalOf(revoke(world.as, post({ token, client_id: app.client_id })))).toMatchObject({
      code: "invalid_client",
    });
    expect(world.store.tokens.size).toBe(1);
  });

  test("a request without a token", async () => {
    expect(await refusalOf(end({}))).toMatchObject({ code: "invalid_request", message: "token is missing" });
  });
});
