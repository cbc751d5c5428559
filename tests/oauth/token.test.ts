import { beforeEach, describe, expect, test } from "vitest";
import { token } from "../../lib/oauth/endpoints/token";
import { hashCredential, isWellFormed, mint } from "../../lib/oauth/tokens";
import { callback, type TestApp } from "../support/facts";
import {
  authorizeFields,
  basic,
  challenge,
  codeFor,
  createWorld,
  encode,
  exchangeFields,
  type Fields,
  jsonOf,
  loadedDice,
  post,
  refusalOf,
  verifier,
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

const without = { code_challenge: undefined, code_challenge_method: undefined };
const exchange = (fields: Fields | string, headers: Record<string, string> = { authorization: basic(app) }) =>
  token(world.as, post(fields, headers));

describe("an authorization code", () => {
  test("is exchanged by a Standard app for exactly a token, its type, its lifetime and its scope", async () => {
    const response = await exchange(
      exchangeFields(await codeFor(world, app, userId, { scope: "read write" })),
    );
    expect(response.status).toBe(200);
    expect(response.headers).toEqual({
      "content-type": "application/json",
      "cache-control": "no-store",
      pragma: "no-cache",
    });
    const answer = jsonOf(response);
    expect(answer).toEqual({
      access_token: expect.stringMatching(/^at_[0-9A-Za-z]{36}$/),
      token_type: "Bearer",
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^rt_[0-9A-Za-z]{36}$/),
      scope: "read write",
    });
    expect(isWellFormed(answer.access_token, "at")).toBe(true);
    expect(isWellFormed(answer.refresh_token, "rt")).toBe(true);
  });

  test("is exchanged by a long-lived app for exactly a token and its type", async () => {
    app = await world.facts.addApp({ preset: "perpetual" });
    const code = await codeFor(world, app, userId, without);
    const response = await exchange(exchangeFields(code, { code_verifier: undefined }));
    const { access_token } = jsonOf(response);
    expect(access_token).toMatch(/^at_/);
    expect(response.body).toBe(`{"access_token":"${access_token}","token_type":"Bearer"}`);
  });

  test("is exchanged with credentials in the body as well", async () => {
    const code = await codeFor(world, app, userId);
    const credentials = { client_id: app.client_id, client_secret: app.secret };
    expect((await exchange(exchangeFields(code, credentials), {})).status).toBe(200);
  });

  test("is exchanged by a public client with its id and its verifier", async () => {
    const client = await world.facts.addApp({ type: "public" });
    const code = await codeFor(world, client, userId);
    expect((await exchange(exchangeFields(code, { client_id: client.client_id }), {})).status).toBe(200);
  });

  test("needs no more than the media type, whatever its case and parameters", async () => {
    for (const type of [
      "Application/X-WWW-Form-URLencoded",
      "application/x-www-form-urlencoded; charset=UTF-8",
    ]) {
      const code = await codeFor(world, app, userId);
      const headers = { authorization: basic(app), "content-type": type };
      expect((await exchange(exchangeFields(code), headers)).status).toBe(200);
    }
  });

  test("keeps only hashes of what it hands out", async () => {
    const code = await codeFor(world, app, userId);
    const { access_token, refresh_token } = jsonOf(await exchange(exchangeFields(code)));
    const { codes, tokens, families, refreshTokens } = world.store;
    const kept = JSON.stringify([codes, tokens, families, refreshTokens].map((rows) => [...rows]));
    expect(kept).toContain(hashCredential(refresh_token));
    for (const value of [code, access_token, refresh_token]) expect(kept).not.toContain(value);
  });

  test("comes out the same from the same dice", async () => {
    const run = async () => {
      const seeded = createWorld(loadedDice("seed"));
      const client = await seeded.facts.addApp();
      const code = await codeFor(seeded, client, await seeded.facts.addUser());
      return jsonOf(await token(seeded.as, post(exchangeFields(code), { authorization: basic(client) })));
    };
    expect(await run()).toEqual(await run());
  });
});

describe("invalid_grant", () => {
  /** Refused with this message; afterwards the code can still be used. */
  async function refusedButUsable(fields: Fields, code: string, message: string, good: Fields = {}) {
    const error = await refusalOf(exchange(fields));
    expect(error).toMatchObject({ code: "invalid_grant", status: 400, message });
    expect(error.options.evidence).toMatchObject({ client_id: app.client_id });
    expect(world.store.tokens.size).toBe(0);
    expect((await exchange(exchangeFields(code, good))).status).toBe(200);
  }

  test.each<[string, Fields, string]>([
    [
      "a wrong verifier",
      { code_verifier: "w".repeat(43) },
      "code_verifier does not match the code_challenge",
    ],
    ["no verifier", { code_verifier: undefined }, "code_verifier is missing"],
    ["an empty verifier", { code_verifier: "" }, "code_verifier is missing"],
    [
      "the challenge as verifier",
      { code_verifier: challenge },
      "code_verifier does not match the code_challenge",
    ],
    [
      "a verifier in another case",
      { code_verifier: verifier.toUpperCase() },
      "code_verifier does not match the code_challenge",
    ],
    [
      "another redirect URI",
      { redirect_uri: `${callback}/` },
      "redirect_uri differs from the authorization request",
    ],
  ])("%s does not burn the code", async (_, wrong, message) => {
    const code = await codeFor(world, app, userId);
    await refusedButUsable(exchangeFields(code, wrong), code, message);
  });

  test("a verifier where no challenge was sent does not burn the code", async () => {
    app = await world.facts.addApp({ preset: "perpetual" });
    const code = await codeFor(world, app, userId, without);
    const message = "code_verifier was sent, but the authorization request had no code_challenge";
    await refusedButUsable(exchangeFields(code), code, message, { code_verifier: undefined });
  });

  test("a challenge that was sent needs its verifier, also where PKCE is optional", async () => {
    app = await world.facts.addApp({ preset: "perpetual" });
    const code = await codeFor(world, app, userId);
    await refusedButUsable(
      exchangeFields(code, { code_verifier: undefined }),
      code,
      "code_verifier is missing",
    );
  });

  test("a verifier that is none is refused although its hash is the challenge", async () => {
    const { s256 } = await import("../../lib/oauth/pkce");
    const code = await codeFor(world, app, userId, { code_challenge: s256("too-short") });
    const error = await refusalOf(exchange(exchangeFields(code, { code_verifier: "too-short" })));
    expect(error).toMatchObject({
      code: "invalid_grant",
      message: "code_verifier must be 43 to 128 characters of A-Z a-z 0-9 - . _ ~",
    });
  });

  test("a code is used once; using it again ends what it issued", async () => {
    const code = await codeFor(world, app, userId);
    const other = await codeFor(world, app, userId);
    await exchange(exchangeFields(code));
    await exchange(exchangeFields(other));
    expect(world.store.tokens.size).toBe(2);
    const error = await refusalOf(exchange(exchangeFields(code)));
    expect(error).toMatchObject({ code: "invalid_grant", message: "the code has already been used" });
    expect(error.options.evidence?.reason).toContain("1 token issued from it ended");
    expect(world.store.tokens.size).toBe(1);
    const again = await refusalOf(exchange(exchangeFields(code)));
    expect(again.options.evidence?.reason).toContain("0 tokens issued from it ended");
  });

  test("a replay after the code's time is still seen as one", async () => {
    const code = await codeFor(world, app, userId);
    await exchange(exchangeFields(code));
    world.clock.forward(600);
    expect(await refusalOf(exchange(exchangeFields(code)))).toMatchObject({
      message: "the code has already been used",
    });
    expect(world.store.tokens.size).toBe(0);
  });

  test("a replay by whoever cannot authenticate ends nothing", async () => {
    const code = await codeFor(world, app, userId);
    await exchange(exchangeFields(code));
    const stranger = await world.facts.addApp();
    const wrongSecret = { authorization: basic({ ...app, secret: stranger.secret }) };
    expect(await refusalOf(exchange(exchangeFields(code), wrongSecret))).toMatchObject({
      code: "invalid_client",
    });
    const asStranger = { authorization: basic(stranger) };
    expect(await refusalOf(exchange(exchangeFields(code), asStranger))).toMatchObject({
      code: "invalid_grant",
    });
    expect(world.store.tokens.size).toBe(1);
  });

  test.each([
    ["standard", 60],
    ["perpetual", 60],
  ] as const)("a code of a %s app lives %i seconds", async (preset, seconds) => {
    app = await world.facts.addApp({ preset });
    const intime = await codeFor(world, app, userId);
    const late = await codeFor(world, app, userId);
    world.clock.forward(seconds - 1);
    expect((await exchange(exchangeFields(intime))).status).toBe(200);
    world.clock.forward(1);
    const error = await refusalOf(exchange(exchangeFields(late)));
    expect(error).toMatchObject({ code: "invalid_grant", message: "the code has expired" });
  });

  test("a code lives as long as the app's policy says, up to five minutes", async () => {
    app = await world.facts.addApp({ policy: { code_seconds: 300 } });
    const code = await codeFor(world, app, userId);
    world.clock.forward(299);
    expect((await exchange(exchangeFields(code))).status).toBe(200);
  });

  test("a code of another client looks like one that never was", async () => {
    const stranger = await world.facts.addApp();
    const code = await codeFor(world, app, userId);
    const unknown = mint("ac", world.as.random).value;
    const refusals = await Promise.all(
      [code, unknown, "ac_noise", `${code}x`, "é"].map((value) =>
        refusalOf(exchange(exchangeFields(value), { authorization: basic(stranger) })),
      ),
    );
    for (const error of refusals)
      expect(error).toMatchObject({ code: "invalid_grant", status: 400, message: "the code is not valid" });
    expect((await exchange(exchangeFields(code))).status).toBe(200);
  });

  test("a code whose consent was taken back issues nothing", async () => {
    const code = await codeFor(world, app, userId);
    world.store.consents = [];
    const error = await refusalOf(exchange(exchangeFields(code)));
    expect(error).toMatchObject({ code: "invalid_grant", message: "the code is not valid" });
    expect(error.options.evidence?.reason).toContain("took the approval back");
  });
});

describe("invalid_client", () => {
  test.each<[string, () => Promise<TestApp> | TestApp]>([
    ["an unknown client", () => ({ ...app, client_id: "nobody" })],
    ["a wrong secret", () => ({ ...app, secret: `${app.secret}x` })],
    ["another client's secret", async () => ({ ...app, secret: (await world.facts.addApp()).secret })],
    ["no secret", () => ({ ...app, secret: "" })],
  ])("%s hears the same sentence", async (_, wrong) => {
    const code = await codeFor(world, app, userId);
    const error = await refusalOf(exchange(exchangeFields(code), { authorization: basic(await wrong()) }));
    expect(error).toMatchObject({
      code: "invalid_client",
      status: 401,
      message: "client authentication failed",
    });
    expect((await exchange(exchangeFields(code))).status).toBe(200);
  });

  test("a deleted or suspended client cannot use its code", async () => {
    const code = await codeFor(world, app, userId);
    await world.facts.setStatus(app.client_id, "suspended");
    expect(await refusalOf(exchange(exchangeFields(code)))).toMatchObject({
      code: "invalid_client",
      status: 401,
    });
    await world.facts.deleteApp(app.client_id);
    expect(await refusalOf(exchange(exchangeFields(code)))).toMatchObject({
      code: "invalid_client",
      status: 401,
    });
  });

  test("nobody who cannot authenticate learns whether a code exists", async () => {
    const code = await codeFor(world, app, userId);
    const wrong = { authorization: basic({ ...app, secret: "cs_wrong" }) };
    const known = await refusalOf(exchange(exchangeFields(code), wrong));
    const unknown = await refusalOf(exchange(exchangeFields("ac_unknown"), wrong));
    expect([known.code, known.message]).toEqual([unknown.code, unknown.message]);
  });

  test("no client at all", async () => {
    const code = await codeFor(world, app, userId);
    expect(await refusalOf(exchange(exchangeFields(code), {}))).toMatchObject({
      code: "invalid_client",
      status: 401,
    });
  });

  test("a method the app's policy does not allow", async () => {
    app = await world.facts.addApp({ policy: { client_auth: ["client_secret_post"] } });
    const code = await codeFor(world, app, userId);
    const error = await refusalOf(exchange(exchangeFields(code)));
    expect(error).toMatchObject({ code: "invalid_client" });
    expect(error.options.evidence).toEqual({
      client_id: app.client_id,
      reason: "The client authenticated by a method this app does not allow, or not at all.",
      received: { method: "client_secret_basic" },
    });
  });

  test("VSY-29 a rotated secret ends at once and its owner can see why", async () => {
    const ended = await world.facts.addSecret(app.client_id, world.clock.now());
    const code = await codeFor(world, app, userId);
    const error = await refusalOf(
      exchange(exchangeFields(code), { authorization: basic({ ...app, secret: ended }) }),
    );
    expect(error).toMatchObject({ code: "invalid_client", status: 401 });
    expect(error.options.evidence?.reason).toBe("The client secret has ended; it was rotated or revoked.");
  });
});

describe("invalid_request and unsupported_grant_type", () => {
  test.each<[string, Fields, string, string]>([
    ["grant_type is missing", { grant_type: undefined }, "invalid_request", "grant_type is missing"],
    ["grant_type is empty", { grant_type: "" }, "invalid_request", "grant_type is missing"],
    [
      "grant_type is another",
      { grant_type: "password" },
      "unsupported_grant_type",
      "grant_type must be one of: authorization_code refresh_token client_credentials",
    ],
    [
      "grant_type is a name every object has",
      { grant_type: "constructor" },
      "unsupported_grant_type",
      "grant_type must be one of: authorization_code refresh_token client_credentials",
    ],
    ["code is missing", { code: undefined }, "invalid_request", "code is missing"],
    [
      "redirect_uri is missing",
      { redirect_uri: undefined },
      "invalid_request",
      "redirect_uri is missing; the authorization request had one",
    ],
    [
      "credentials come in both places",
      { client_secret: "cs_x" },
      "invalid_request",
      "Client credentials were sent both in the Authorization header and in the body; send them once.",
    ],
    [
      "another client is named in the body",
      { client_id: "other" },
      "invalid_request",
      "client_id in the body differs from the one in the Authorization header.",
    ],
  ])("%s", async (_, changes, code, message) => {
    const good = await codeFor(world, app, userId);
    expect(await refusalOf(exchange(exchangeFields(good, changes)))).toMatchObject({
      code,
      status: 400,
      message,
    });
    expect((await exchange(exchangeFields(good))).status).toBe(200);
  });

  test.each(Object.keys(exchangeFields("x")))("%s is sent twice", async (name) => {
    const fields = exchangeFields(await codeFor(world, app, userId));
    const error = await refusalOf(exchange(`${encode(fields)}&${encode({ [name]: fields[name] })}`));
    expect(error).toMatchObject({
      code: "invalid_request",
      message: "a parameter is included more than once",
    });
  });

  test.each([undefined, "application/json", "multipart/form-data; boundary=x", "text/plain", ""])(
    "the content type is %s",
    async (type) => {
      const request = post(exchangeFields(await codeFor(world, app, userId)), { authorization: basic(app) });
      const error = await refusalOf(
        token(world.as, { ...request, headers: { ...request.headers, "content-type": type } }),
      );
      expect(error).toMatchObject({ code: "invalid_request", status: 400 });
    },
  );

  test("the query of the URL is never read", async () => {
    const request = post("", { authorization: basic(app) });
    const query = encode(exchangeFields(await codeFor(world, app, userId)));
    expect(await refusalOf(token(world.as, { ...request, query }))).toMatchObject({
      message: "grant_type is missing",
    });
  });
});

test("a stored request is what its code is bound to, whatever the token request says of scope", async () => {
  const code = await codeFor(world, app, userId, authorizeFields(app, { scope: "read" }));
  const answer = jsonOf(await exchange(exchangeFields(code, { scope: "read write" })));
  expect(answer.scope).toBe("read");
});
