import { beforeEach, describe, expect, test } from "vitest";
import { revoke } from "../../lib/oauth/endpoints/revoke";
import { token } from "../../lib/oauth/endpoints/token";
import type { PresetName } from "../../lib/oauth/policy";
import { mint } from "../../lib/oauth/tokens";
import type { AppFacts, TestApp } from "../support/facts";
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
  type World,
} from "../support/world";

const DAY = 86_400;

interface Pair {
  access_token: string;
  refresh_token: string;
}

let world: World;
let app: TestApp;
let userId: string;
let companyId: string;

beforeEach(async () => {
  world = createWorld();
  app = await world.facts.addApp();
  userId = await world.facts.addUser();
  companyId = await world.facts.addCompany(userId);
});

/** What a user's approval brings. */
async function firstPair(client = app, changes: Fields = { scope: "read write" }): Promise<Pair> {
  const code = await codeFor(world, client, userId, { companyId, ...changes });
  const authentication: [Fields, Record<string, string>] = client.secret
    ? [{}, { authorization: basic(client) }]
    : [{ client_id: client.client_id }, {}];
  const [fields, headers] = authentication;
  return jsonOf(await token(world.as, post(exchangeFields(code, fields), headers)));
}

const refreshFields = (refresh_token: string, fields: Fields = {}): Fields => ({
  grant_type: "refresh_token",
  refresh_token,
  ...fields,
});
const refresh = (refresh_token: string, fields: Fields = {}, client = app) =>
  token(world.as, post(refreshFields(refresh_token, fields), { authorization: basic(client) }));
const refreshed = async (refresh_token: string, fields: Fields = {}, client = app) =>
  jsonOf(await refresh(refresh_token, fields, client));
const withoutAuthentication = (refresh_token: string, fields: Fields = {}) =>
  token(world.as, post(refreshFields(refresh_token, fields)));
const isAlive = async ({ access_token }: Pick<Pair, "access_token">) =>
  (await introspectBearer(world.as, access_token)).active;

/** Refused in one sentence for the caller. @returns what the app's owner reads */
async function refusedAsInvalid(
  answer: Promise<unknown>,
  client_id = app.client_id,
): Promise<string | undefined> {
  const error = await refusalOf(answer);
  expect(error).toMatchObject({
    code: "invalid_grant",
    status: 400,
    message: "the refresh token is not valid",
  });
  expect(error.options.evidence?.client_id).toBe(client_id);
  return error.options.evidence?.reason;
}

async function appOf(preset: PresetName, facts: Partial<AppFacts> = {}) {
  app = await world.facts.addApp({ preset, ...facts });
}

describe("a refresh token", () => {
  test("brings a new access token and its own successor", async () => {
    const first = await firstPair();
    const response = await refresh(first.refresh_token);
    expect(response).toMatchObject({
      status: 200,
      headers: { "cache-control": "no-store", pragma: "no-cache" },
    });
    const second = jsonOf(response);
    expect(second).toEqual({
      access_token: expect.stringMatching(/^at_[0-9A-Za-z]{36}$/),
      token_type: "Bearer",
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^rt_[0-9A-Za-z]{36}$/),
      scope: "read write",
    });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second.access_token).not.toBe(first.access_token);
    const third = await refreshed(second.refresh_token);
    for (const pair of [first, second, third]) expect(await isAlive(pair)).toBe(true);
  });

  test("outlives its access token, which it stands in for", async () => {
    const first = await firstPair();
    world.clock.forward(3600);
    expect(await isAlive(first)).toBe(false);
    const second = await refreshed(first.refresh_token);
    expect(await introspectBearer(world.as, second.access_token)).toMatchObject({
      active: true,
      sub: userId,
      client_id: app.client_id,
      company_id: companyId,
      scope: "read write",
    });
  });

  test("is kept as a hash, its successor sealed", async () => {
    const first = await firstPair();
    const second = await refreshed(first.refresh_token);
    const kept = [...world.store.refreshTokens.values()];
    const text = JSON.stringify([kept, ...world.store.families, ...world.store.tokens]);
    const sealed = kept.map(({ successor }) => Buffer.from(successor ?? []).toString("latin1")).join("");
    expect(sealed.length).toBeGreaterThan(0);
    for (const value of Object.values({ ...first, two: second.access_token, three: second.refresh_token })) {
      expect(text).not.toContain(value);
      expect(sealed).not.toContain(value);
    }
  });

  test("may be used with the credentials in the body", async () => {
    const { refresh_token } = await firstPair();
    const inBody = { client_id: app.client_id, client_secret: app.secret };
    expect((await withoutAuthentication(refresh_token, inBody)).status).toBe(200);
  });

  test("survives a rotation of the client secret", async () => {
    const { refresh_token } = await firstPair();
    const secret = await world.facts.addSecret(app.client_id, null);
    await world.facts.endSecret(app.client_id, app.secret, world.clock.now());
    expect((await refresh(refresh_token, {}, { ...app, secret })).status).toBe(200);
  });

  test.each<[PresetName, boolean]>([
    ["standard", true],
    ["perpetual", false],
    ["single_redirect", false],
    ["classic", true],
    ["service_account", true],
  ])("comes with a code under %s: %s", async (preset, comes) => {
    await appOf(preset);
    expect("refresh_token" in (await firstPair())).toBe(comes);
    expect(world.store.families.size).toBe(comes ? 1 : 0);
  });
});

describe("the life of refresh tokens", () => {
  test("VVT-07 a refresh token stored for a user yields new access tokens until the last of them expires", async () => {
    await appOf("classic");
    let { refresh_token } = await firstPair();
    for (let days = 20; days <= 80; days += 20) {
      world.clock.forward(20 * DAY);
      const pair = await refreshed(refresh_token);
      expect(await isAlive(pair)).toBe(true);
      refresh_token = pair.refresh_token;
    }
    world.clock.forward(10 * DAY - 1);
    const last = await refreshed(refresh_token);
    expect(last.access_token).toMatch(/^at_/);
    world.clock.forward(1);
    expect(await refusedAsInvalid(refresh(last.refresh_token))).toBe("The refresh token has expired.");
  });

  test("VVT-08 each app has the refresh lifetime it is registered with", async () => {
    const short = await world.facts.addApp({
      preset: "classic",
      policy: { refresh_seconds: 7 * DAY, refresh_idle_seconds: 7 * DAY },
    });
    const long = await world.facts.addApp({
      preset: "classic",
      policy: { refresh_seconds: 365 * DAY, refresh_idle_seconds: 365 * DAY },
    });
    const [ofShort, ofLong] = [await firstPair(short), await firstPair(long)];
    world.clock.forward(7 * DAY - 1);
    const renewed = await refreshed(ofShort.refresh_token, {}, short);
    world.clock.forward(1);
    expect(await refusedAsInvalid(refresh(renewed.refresh_token, {}, short), short.client_id)).toContain(
      "expired",
    );
    world.clock.forward(358 * DAY - 1);
    const last = await refreshed(ofLong.refresh_token, {}, long);
    world.clock.forward(1);
    expect(await refusedAsInvalid(refresh(last.refresh_token, {}, long), long.client_id)).toContain(
      "expired",
    );
  });

  test("VVT-09 access tokens of a Classic app last 20 minutes, unless it is registered otherwise", async () => {
    await appOf("classic");
    const first = await firstPair();
    expect(first).toMatchObject({ expires_in: 1200 });
    world.clock.forward(1199);
    expect(await isAlive(first)).toBe(true);
    world.clock.forward(1);
    expect(await isAlive(first)).toBe(false);
    const second = await refreshed(first.refresh_token);
    expect(second.expires_in).toBe(1200);
    world.clock.forward(1200);
    expect(await isAlive(second)).toBe(false);
    await appOf("classic", { policy: { access_seconds: 3600 } });
    expect(await firstPair()).toMatchObject({ expires_in: 3600 });
  });

  test("ends when nobody uses one for as long as the policy says, and each use begins anew", async () => {
    await appOf("standard", { policy: { refresh_idle_seconds: 10 * DAY } });
    const first = await firstPair();
    world.clock.forward(10 * DAY - 1);
    const second = await refreshed(first.refresh_token);
    world.clock.forward(10 * DAY - 1);
    const third = await refreshed(second.refresh_token);
    world.clock.forward(10 * DAY);
    expect(await refusedAsInvalid(refresh(third.refresh_token))).toBe("The refresh token has expired.");
  });

  test("does not change when an expired one is tried again and again", async () => {
    const { refresh_token } = await firstPair();
    world.clock.forward(30 * DAY);
    for (let n = 0; n < 3; n++)
      expect(await refusedAsInvalid(refresh(refresh_token))).toBe("The refresh token has expired.");
    expect(world.store.families.size).toBe(1);
  });
});

describe("the same refresh token again, within 30 seconds", () => {
  test("brings the very same answer", async () => {
    const { refresh_token } = await firstPair();
    const once = await refresh(refresh_token);
    expect(await refresh(refresh_token)).toEqual(once);
    expect(world.store.refreshTokens.size).toBe(2);
    expect(world.store.tokens.size).toBe(2);
  });

  test("brings it to ten requests at once, and to ten more 29 seconds later", async () => {
    const { refresh_token } = await firstPair();
    const ten = () => Promise.all(Array.from({ length: 10 }, () => refreshed(refresh_token)));
    const [one, ...others] = await ten();
    for (const other of others) expect(other).toEqual(one);
    world.clock.forward(29);
    for (const late of await ten()) expect(late).toEqual({ ...one, expires_in: one.expires_in - 29 });
    expect(world.store.refreshTokens.size).toBe(2);
    expect(await isAlive(one)).toBe(true);
    expect((await refresh(one.refresh_token)).status).toBe(200);
  });

  test("says how long the access token lasts from now", async () => {
    const { refresh_token } = await firstPair();
    expect(await refreshed(refresh_token)).toMatchObject({ expires_in: 3600 });
    world.clock.forward(10);
    expect(await refreshed(refresh_token)).toMatchObject({ expires_in: 3590 });
  });

  test("brings the same also when its successor was used already: a slow tab catches up", async () => {
    const first = await firstPair();
    const second = await refreshed(first.refresh_token);
    const third = await refreshed(second.refresh_token);
    expect(await refreshed(first.refresh_token)).toEqual(second);
    expect(await refreshed(second.refresh_token)).toEqual(third);
    expect(await isAlive(third)).toBe(true);
  });

  test("brings the scope that was granted, whatever the second request asks for", async () => {
    const { refresh_token } = await firstPair();
    const narrow = await refreshed(refresh_token, { scope: "read" });
    expect(await refreshed(refresh_token)).toEqual(narrow);
    expect(await refreshed(refresh_token, { scope: "write" })).toEqual(narrow);
  });

  test.each<[string, () => Promise<unknown>]>([
    ["its family was ended", async () => world.store.revokeFamily([...world.store.families.keys()][0] ?? "")],
    ["the user took the approval back", () => world.facts.withdrawConsents(userId, app.client_id)],
    ["the consent alone is gone", () => world.facts.dropConsents(userId, app.client_id)],
    ["the user was suspended", () => world.facts.suspendUser(userId)],
    ["the user left the company", () => world.facts.leave(userId, companyId)],
  ])("brings nothing when %s in between", async (_, end) => {
    const { refresh_token } = await firstPair();
    const second = await refreshed(refresh_token);
    await end();
    await refusedAsInvalid(refresh(refresh_token));
    await refusedAsInvalid(refresh(second.refresh_token));
    expect(await isAlive(second)).toBe(false);
  });

  test("brings nothing when its family ends at this very moment", async () => {
    const { refresh_token } = await firstPair();
    await refresh(refresh_token);
    const findToken = world.store.findToken.bind(world.store);
    world.store.findToken = async (hash) => {
      const found = await findToken(hash);
      return found && { ...found, familyStands: false };
    };
    await refusedAsInvalid(refresh(refresh_token));
  });

  test("brings nothing when the app ended the access token it had brought", async () => {
    const { refresh_token } = await firstPair();
    const second = await refreshed(refresh_token);
    await revoke(world.as, post({ token: second.access_token }, { authorization: basic(app) }));
    expect(await refusedAsInvalid(refresh(refresh_token))).toBe(
      "The refresh token was used already, and what it brought has ended.",
    );
  });
});

describe("the same refresh token again, 31 seconds later", () => {
  test("is taken for stolen: the whole family ends, access tokens among it, and no other family", async () => {
    const first = await firstPair();
    const elsewhere = await firstPair();
    const second = await refreshed(first.refresh_token);
    const third = await refreshed(second.refresh_token);
    world.clock.forward(31);
    const reason = await refusedAsInvalid(refresh(first.refresh_token));
    expect(reason).toBe(
      "A refresh token was used again after its successor was issued; all of its family ended, 3 access tokens among them.",
    );
    for (const pair of [first, second, third]) {
      expect(await isAlive(pair)).toBe(false);
      await refusedAsInvalid(refresh(pair.refresh_token));
    }
    expect(await isAlive(elsewhere)).toBe(true);
    expect((await refresh(elsewhere.refresh_token)).status).toBe(200);
  });

  test("and so it is from the thirtieth second on", async () => {
    const first = await firstPair();
    const second = await refreshed(first.refresh_token);
    world.clock.forward(30);
    await refusedAsInvalid(refresh(first.refresh_token));
    expect(await isAlive(second)).toBe(false);
  });

  test("also when the thief was quicker: whoever comes second ends both", async () => {
    const { refresh_token } = await firstPair();
    const stolen = await refreshed(refresh_token);
    world.clock.forward(DAY);
    const further = await refreshed(stolen.refresh_token);
    await refusedAsInvalid(refresh(refresh_token));
    await refusedAsInvalid(refresh(further.refresh_token));
    expect(await isAlive(further)).toBe(false);
  });

  test("leaves other people's families of the same app alone", async () => {
    const first = await firstPair();
    const mine = userId;
    userId = await world.facts.addUser();
    companyId = await world.facts.addCompany(userId);
    const theirs = await firstPair();
    userId = mine;
    await refresh(first.refresh_token);
    world.clock.forward(31);
    await refusedAsInvalid(refresh(first.refresh_token));
    expect(await isAlive(theirs)).toBe(true);
  });

  test("ends nothing when it comes from whoever cannot authenticate, or from another app", async () => {
    const first = await firstPair();
    const second = await refreshed(first.refresh_token);
    world.clock.forward(31);
    const stranger = await world.facts.addApp();
    await refusedAsInvalid(refresh(first.refresh_token, {}, stranger), stranger.client_id);
    const wrong = { ...app, secret: stranger.secret };
    expect(await refusalOf(refresh(first.refresh_token, {}, wrong))).toMatchObject({
      code: "invalid_client",
    });
    expect(await refusalOf(withoutAuthentication(first.refresh_token))).toMatchObject({
      code: "invalid_client",
    });
    expect(await isAlive(second)).toBe(true);
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });
});

test("a code used a second time ends its refresh tokens as well (RFC 6749 §4.1.2)", async () => {
  const code = await codeFor(world, app, userId, { companyId });
  const exchange = () => token(world.as, post(exchangeFields(code), { authorization: basic(app) }));
  const first = jsonOf(await exchange());
  const second = await refreshed(first.refresh_token);
  const error = await refusalOf(exchange());
  expect(error).toMatchObject({ code: "invalid_grant", message: "the code has already been used" });
  expect(error.options.evidence?.reason).toContain("2 tokens issued from it ended");
  expect(await isAlive(second)).toBe(false);
  await refusedAsInvalid(refresh(second.refresh_token));
});

describe("the scope of a refresh", () => {
  test("may be narrower, and the family keeps what it had", async () => {
    const first = await firstPair();
    const second = await refreshed(first.refresh_token, { scope: "read" });
    expect(second.scope).toBe("read");
    expect(await introspectBearer(world.as, second.access_token)).toMatchObject({ scope: "read" });
    expect(await refreshed(second.refresh_token)).toMatchObject({ scope: "read write" });
  });

  test("wider than granted is refused, though the app is registered for it, and the token is not consumed", async () => {
    const { refresh_token } = await firstPair(app, { scope: "read" });
    const error = await refusalOf(refresh(refresh_token, { scope: "read write" }));
    expect(error).toMatchObject({
      code: "invalid_scope",
      status: 400,
      message: "scope goes beyond what was granted",
    });
    expect(error.options.evidence).toEqual({
      client_id: app.client_id,
      reason: "The refresh asked for more than was granted.",
      received: { scope: "read write" },
      registered: { scope: "read" },
    });
    world.clock.forward(31);
    expect(await refreshed(refresh_token)).toMatchObject({ scope: "read" });
  });

  test.each(["nope", "read,write", "READ"])("%j is refused, and the token is not consumed", async (scope) => {
    const { refresh_token } = await firstPair();
    expect(await refusalOf(refresh(refresh_token, { scope }))).toMatchObject({ code: "invalid_scope" });
    world.clock.forward(31);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test("is not widened by a wider approval afterwards", async () => {
    const { refresh_token } = await firstPair(app, { scope: "read" });
    await firstPair(app, { scope: "read write" });
    expect(await refreshed(refresh_token)).toMatchObject({ scope: "read" });
  });
});

describe("a refresh is refused", () => {
  test("with invalid_request when there is no token", async () => {
    for (const refresh_token of [undefined, ""])
      expect(
        await refusalOf(
          token(
            world.as,
            post({ grant_type: "refresh_token", refresh_token }, { authorization: basic(app) }),
          ),
        ),
      ).toMatchObject({ code: "invalid_request", status: 400, message: "refresh_token is missing" });
  });

  test("alike for every token that is none of the client's", async () => {
    const { access_token } = await firstPair();
    const stranger = await world.facts.addApp();
    const { refresh_token: theirs } = await firstPair(stranger);
    const unknown = mint("rt", world.as.random).value;
    for (const value of [theirs, unknown, access_token, "rt_noise", "x", "é"])
      expect(await refusedAsInvalid(refresh(value))).toBe(
        "The refresh token is unknown, was ended, or was issued to another app.",
      );
    expect((await refresh(theirs, {}, stranger)).status).toBe(200);
  });

  test("for noise, which is not worth a write", async () => {
    const { access_token, refresh_token } = await firstPair();
    world.store.rotateRefreshToken = () => Promise.reject(new Error("asked"));
    for (const value of ["x", access_token, `${refresh_token}x`, refresh_token.toLowerCase()])
      await refusedAsInvalid(refresh(value));
    await expect(refresh(refresh_token)).rejects.toThrow("asked");
  });

  test.each<[string, () => Partial<TestApp> | Promise<Partial<TestApp>>]>([
    ["a wrong secret", () => ({ secret: "cs_wrong" })],
    ["another client's secret", async () => ({ secret: (await world.facts.addApp()).secret })],
    ["no secret", () => ({ secret: "" })],
    ["an unknown client", () => ({ client_id: "nobody" })],
  ])("with invalid_client for %s, and the token is not consumed", async (_, wrong) => {
    const { refresh_token } = await firstPair();
    expect(await refusalOf(refresh(refresh_token, {}, { ...app, ...(await wrong()) }))).toMatchObject({
      code: "invalid_client",
      status: 401,
      message: "client authentication failed",
    });
    world.clock.forward(31);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test("with invalid_client where no client is named, and the token is not consumed", async () => {
    for (const preset of ["standard", "service_account"] as const) {
      await appOf(preset);
      const { refresh_token } = await firstPair();
      for (const fields of [{}, { client_id: app.client_id }])
        expect(await refusalOf(withoutAuthentication(refresh_token, fields))).toMatchObject({
          code: "invalid_client",
          status: 401,
        });
      world.clock.forward(31);
      expect((await refresh(refresh_token)).status).toBe(200);
    }
  });

  test("with invalid_client when the app was suspended, and works again once it is not", async () => {
    const { refresh_token } = await firstPair();
    await world.facts.setStatus(app.client_id, "suspended");
    expect(await refusalOf(refresh(refresh_token))).toMatchObject({ code: "invalid_client" });
    await world.facts.setStatus(app.client_id, "active");
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test("when the app is pending and another person's", async () => {
    const { refresh_token } = await firstPair();
    await world.facts.setStatus(app.client_id, "pending");
    await refusedAsInvalid(refresh(refresh_token));
  });

  test("with unauthorized_client once the policy has no refresh tokens", async () => {
    const { refresh_token } = await firstPair();
    await world.facts.setPolicy(app.client_id, { refresh: "none" });
    const error = await refusalOf(refresh(refresh_token));
    expect(error).toMatchObject({
      code: "unauthorized_client",
      status: 400,
      message: "this app is not allowed to use refresh_token",
    });
    expect(error.options.evidence?.reason).toBe("The app's policy does not have the grant refresh_token.");
  });

  test.each<[string, () => Promise<unknown>]>([
    ["the user took the approval back", () => world.facts.withdrawConsents(userId, app.client_id)],
    ["the consent alone is gone", () => world.facts.dropConsents(userId, app.client_id)],
    ["the user was suspended", () => world.facts.suspendUser(userId)],
    ["the user was deleted", () => world.facts.deleteUser(userId)],
    ["the user left the company", () => world.facts.leave(userId, companyId)],
  ])("when %s", async (_, end) => {
    const { refresh_token } = await firstPair();
    await end();
    await refusedAsInvalid(refresh(refresh_token));
    expect(world.store.refreshTokens.size).toBeLessThan(2);
  });
});

describe("without client authentication, under Classic alone", () => {
  beforeEach(() => appOf("classic"));

  test.each<[string, () => Fields]>([
    ["no client is named", () => ({})],
    ["only the client's id is sent", () => ({ client_id: app.client_id })],
  ])("it works when %s", async (_, fields) => {
    const { refresh_token } = await firstPair();
    const second = jsonOf(await withoutAuthentication(refresh_token, fields()));
    expect(await isAlive(second)).toBe(true);
    expect(jsonOf(await withoutAuthentication(refresh_token, fields()))).toEqual(second);
    world.clock.forward(31);
    await refusedAsInvalid(withoutAuthentication(refresh_token, fields()));
    expect(await isAlive(second)).toBe(false);
  });

  test("a secret that is sent must be right", async () => {
    const { refresh_token } = await firstPair();
    expect(await refusalOf(refresh(refresh_token, {}, { ...app, secret: "cs_wrong" }))).toMatchObject({
      code: "invalid_client",
    });
    const inBody = { client_id: app.client_id, client_secret: "cs_wrong" };
    expect(await refusalOf(withoutAuthentication(refresh_token, inBody))).toMatchObject({
      code: "invalid_client",
    });
  });

  test("another client's id is refused", async () => {
    const { refresh_token } = await firstPair();
    const stranger = await world.facts.addApp({ preset: "classic" });
    expect(
      await refusalOf(withoutAuthentication(refresh_token, { client_id: stranger.client_id })),
    ).toMatchObject({
      code: "invalid_client",
    });
    expect((await withoutAuthentication(refresh_token)).status).toBe(200);
  });

  test("an unknown token is refused without asking for a client", async () => {
    for (const value of [mint("rt", world.as.random).value, "noise"])
      expect(await refusalOf(withoutAuthentication(value))).toMatchObject({
        code: "invalid_grant",
        status: 400,
        message: "the refresh token is not valid",
      });
  });

  test("the token ends with the client secret it was issued by", async () => {
    const { refresh_token } = await firstPair();
    await world.facts.addSecret(app.client_id, null);
    await world.facts.endSecret(app.client_id, app.secret, world.clock.now());
    expect(await refusedAsInvalid(withoutAuthentication(refresh_token))).toContain("the secret behind it");
  });

  test("a token that is bound to no secret needs the client all the same", async () => {
    await world.facts.setPolicy(app.client_id, { refresh_without_client_auth: false });
    const { refresh_token } = await firstPair();
    await world.facts.setPolicy(app.client_id, { refresh_without_client_auth: true });
    expect((await refusalOf(withoutAuthentication(refresh_token))).code).toBe("invalid_grant");
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test("nothing refreshes once the switch is off again", async () => {
    const { refresh_token } = await firstPair();
    await world.facts.setPolicy(app.client_id, { refresh_without_client_auth: false });
    expect(await refusalOf(withoutAuthentication(refresh_token))).toMatchObject({ code: "invalid_client" });
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test("a suspended app refreshes nothing", async () => {
    const { refresh_token } = await firstPair();
    await world.facts.setStatus(app.client_id, "suspended");
    expect(await refusalOf(withoutAuthentication(refresh_token))).toMatchObject({ code: "invalid_client" });
  });
});

describe("a public client", () => {
  beforeEach(() => appOf("standard", { type: "public" }));

  test("refreshes with its id, and each token works once", async () => {
    const { client_id } = app;
    const { refresh_token } = await firstPair();
    const second = jsonOf(await withoutAuthentication(refresh_token, { client_id }));
    expect(second.refresh_token).toMatch(/^rt_/);
    world.clock.forward(31);
    await refusedAsInvalid(withoutAuthentication(refresh_token, { client_id }));
    expect(await isAlive(second)).toBe(false);
  });

  test("must name itself", async () => {
    const { refresh_token } = await firstPair();
    expect(await refusalOf(withoutAuthentication(refresh_token))).toMatchObject({
      code: "invalid_client",
      status: 401,
    });
  });

  test("rotates also where the policy says static (RFC 9700 §4.14.2)", async () => {
    await world.facts.setPolicy(app.client_id, { refresh: "static" });
    const { client_id } = app;
    const { refresh_token } = await firstPair();
    expect(jsonOf(await withoutAuthentication(refresh_token, { client_id })).refresh_token).toMatch(/^rt_/);
    world.clock.forward(31);
    await refusedAsInvalid(withoutAuthentication(refresh_token, { client_id }));
  });
});

describe("a static refresh token", () => {
  beforeEach(() => appOf("standard", { policy: { refresh: "static", refresh_idle_seconds: 10 * DAY } }));

  test("works again and again, brings no other, and begins its wait anew each time", async () => {
    const { refresh_token } = await firstPair();
    for (let n = 0; n < 8; n++) {
      world.clock.forward(10 * DAY - 1);
      const answer = await refreshed(refresh_token);
      expect(answer).not.toHaveProperty("refresh_token");
      expect(await isAlive(answer)).toBe(true);
    }
    expect(world.store.refreshTokens.size).toBe(1);
    world.clock.forward(10 * DAY);
    expect(await refusedAsInvalid(refresh(refresh_token))).toBe("The refresh token has expired.");
  });

  test("ends with its approval's time, however often it was used", async () => {
    const { refresh_token } = await firstPair();
    for (let n = 0; n < 9; n++) {
      world.clock.forward(10 * DAY - 1);
      await refresh(refresh_token);
    }
    world.clock.forward(9);
    expect(await refusedAsInvalid(refresh(refresh_token))).toBe("The refresh token has expired.");
  });

  test("begins to rotate when the policy does", async () => {
    const { refresh_token } = await firstPair();
    await refresh(refresh_token);
    await world.facts.setPolicy(app.client_id, { refresh: "rotating" });
    expect(await refreshed(refresh_token)).toHaveProperty("refresh_token");
    world.clock.forward(31);
    await refusedAsInvalid(refresh(refresh_token));
  });
});

describe("what is noted of a refresh", () => {
  const noted = async (refreshing: () => Promise<unknown>) => {
    world.observed.length = 0;
    await refreshing();
    return world.observed;
  };

  test("is that it was one; a repeated answer and a refusal are not noted", async () => {
    const { refresh_token } = await firstPair();
    const { client_id } = app;
    expect(await noted(() => refresh(refresh_token))).toEqual([{ client_id, traits: ["refresh"] }]);
    expect(await noted(() => refresh(refresh_token))).toEqual([]);
    expect(await noted(() => refusalOf(refresh("rt_noise")))).toEqual([]);
  });

  test("is that the token stays", async () => {
    await appOf("standard", { policy: { refresh: "static" } });
    const { refresh_token } = await firstPair();
    const { client_id } = app;
    expect(await noted(() => refresh(refresh_token))).toEqual([
      { client_id, traits: ["refresh", "refresh_reused"] },
    ]);
  });

  test("is that nobody authenticated", async () => {
    await appOf("classic");
    const { refresh_token } = await firstPair();
    const { client_id } = app;
    expect(await noted(() => withoutAuthentication(refresh_token))).toEqual([
      { client_id, traits: ["refresh", "refresh_without_client_auth"] },
    ]);
  });

  test("is that it came from client credentials", async () => {
    await appOf("classic");
    const asked = post({ grant_type: "client_credentials" }, { authorization: basic(app) });
    const { refresh_token } = jsonOf(await token(world.as, asked));
    const { client_id } = app;
    expect(await noted(() => refresh(refresh_token))).toEqual([
      { client_id, traits: ["refresh", "refresh_of_client_credentials"] },
    ]);
  });

  test("is nothing more for a public client, which cannot authenticate", async () => {
    await appOf("standard", { type: "public" });
    const { refresh_token } = await firstPair();
    const { client_id } = app;
    expect(await noted(() => withoutAuthentication(refresh_token, { client_id }))).toEqual([
      { client_id, traits: ["refresh"] },
    ]);
  });
});
