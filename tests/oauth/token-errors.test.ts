/** What the token endpoint answers to what it refuses, where the app's policy or the installation has a say in it. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { token } from "../../lib/oauth/endpoints/token";
import { grants } from "../../lib/oauth/grants/index";
import { mint } from "../../lib/oauth/tokens";
import { callback, type TestApp } from "../support/facts";
import {
  basic,
  codeFor,
  createWorld,
  exchangeFields,
  type Fields,
  jsonOf,
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
  app = await world.facts.addApp({ preset: "single_redirect" });
  userId = await world.facts.addUser();
});

const noPkce = { code_challenge: undefined, code_challenge_method: undefined };
const code = (client = app) => codeFor(world, client, userId, noPkce);
const send = (fields: Fields | string, headers: Record<string, string> = {}) =>
  token(world.as, post(fields, headers));
const byBasic = (client = app) => ({ authorization: basic(client) });
const inBody = (client = app): Fields => ({ client_id: client.client_id, client_secret: client.secret });
const exchanged = (value: string, fields: Fields = inBody()): Fields => ({
  grant_type: "authorization_code",
  code: value,
  ...fields,
});

describe("single redirect: the errors of its token endpoint", () => {
  test("ARC-09 a code expires after 5 minutes: at 5:01 it is an invalid_grant", async () => {
    const [early, late] = [await code(), await code()];
    world.clock.forward(299);
    expect((await send(exchanged(early))).status).toBe(200);
    world.clock.forward(2);
    expect(await refusalOf(send(exchanged(late)))).toMatchObject({
      code: "invalid_grant",
      status: 400,
      message: "the code has expired",
    });
  });

  test("ARC-23 a missing parameter is an invalid_request, HTTP 400", async () => {
    const value = await code();
    const incomplete: [string, Fields][] = [
      ["grant_type is missing", exchanged(value, { ...inBody(), grant_type: undefined })],
      ["code is missing", { grant_type: "authorization_code", ...inBody() }],
      ["client_secret was sent without client_id.", exchanged(value, { client_secret: app.secret })],
    ];
    for (const [message, fields] of incomplete)
      for (const sent of [fields, { ...fields, redirect_uri: callback }])
        expect(await refusalOf(send(sent))).toMatchObject({ code: "invalid_request", status: 400, message });
    expect(await refusalOf(send({ grant_type: "authorization_code" }, byBasic()))).toMatchObject({
      code: "invalid_request",
      status: 400,
    });
    expect((await send(exchanged(value))).status).toBe(200);
  });

  test("ARC-24 an unknown or invalid client_id is an invalid_client, HTTP 400; 401 only after HTTP Basic", async () => {
    const value = await code();
    const unknown = { ...app, client_id: "nobody" };
    const wrong = { ...app, secret: "cs_wrong" };
    const unauthenticated: Fields[] = [
      exchanged(value, inBody(unknown)),
      exchanged(value, inBody(wrong)),
      exchanged(value, { client_id: app.client_id }),
      exchanged(value, {}),
    ];
    for (const fields of unauthenticated)
      expect(await refusalOf(send(fields))).toMatchObject({ code: "invalid_client", status: 400 });
    for (const client of [unknown, wrong])
      expect(await refusalOf(send(exchanged(value, {}), byBasic(client)))).toMatchObject({
        code: "invalid_client",
        status: 401,
      });
    expect((await send(exchanged(value))).status).toBe(200);
  });

  test("ARC-25 an invalid, expired or used code is an invalid_grant, HTTP 400", async () => {
    const used = await code();
    await send(exchanged(used));
    const expired = await code();
    world.clock.forward(301);
    const ofAnother = await code(await world.facts.addApp({ preset: "single_redirect" }));
    for (const value of [used, expired, ofAnother, mint("ac", world.as.random).value, "ac_noise", "x"])
      for (const [fields, headers] of [[inBody(), {}] as const, [{}, byBasic()] as const])
        expect(await refusalOf(send(exchanged(value, fields), headers))).toMatchObject({
          code: "invalid_grant",
          status: 400,
        });
  });

  test("ARC-26 anything but authorization_code is an unsupported_grant_type, HTTP 400", async () => {
    const value = await code();
    for (const grant_type of ["implicit", "password", "code", "AUTHORIZATION_CODE", "urn:example:grant"])
      for (const headers of [{}, byBasic()])
        expect(await refusalOf(send({ ...exchanged(value, {}), grant_type }, headers))).toMatchObject({
          code: "unsupported_grant_type",
          status: 400,
        });
    expect((await send(exchanged(value))).status).toBe(200);
  });

  test("a grant that others have is not its own, and says so in the words it knows", async () => {
    for (const form of [
      { grant_type: "client_credentials" },
      { grant_type: "refresh_token", refresh_token: "rt_unknown" },
    ])
      expect(await refusalOf(send({ ...form, ...inBody() }))).toMatchObject({
        code: "unsupported_grant_type",
        status: 400,
      });
    const value = await code();
    expect(jsonOf(await send(exchanged(value)))).not.toHaveProperty("refresh_token");
  });
});

describe("the status of invalid_client", () => {
  test.each(["standard", "perpetual", "machine", "classic", "service_account"] as const)(
    "is 401 under %s, however the client spoke",
    async (preset) => {
      const client = await world.facts.addApp({ preset });
      const wrong = { ...client, secret: "cs_wrong" };
      for (const [fields, headers] of [
        [inBody(wrong), {}] as const,
        [{}, byBasic(wrong)] as const,
        [{ client_id: client.client_id }, {}] as const,
      ])
        expect(await refusalOf(send(exchanged("ac_x", fields), headers))).toMatchObject({
          code: "invalid_client",
          status: 401,
        });
    },
  );

  test("is 401 where neither the client nor the code is known: whose policy would it be?", async () => {
    for (const fields of [{}, inBody({ client_id: "nobody", secret: "cs_x" })])
      expect(await refusalOf(send(exchanged("ac_noise", fields)))).toMatchObject({
        code: "invalid_client",
        status: 401,
      });
    expect(await refusalOf(send({ grant_type: "client_credentials" }))).toMatchObject({ status: 401 });
  });

  test("is that of the client that is named, not of the code's", async () => {
    const value = await code();
    const standard = await world.facts.addApp();
    expect(await refusalOf(send(exchanged(value, { client_id: standard.client_id })))).toMatchObject({
      status: 401,
    });
  });

  test("is 400 for every grant of an app that is always answered 400, and its owner still reads why", async () => {
    for (const grant_type of ["authorization_code", "refresh_token", "client_credentials"]) {
      const fields = { grant_type, code: "ac_x", refresh_token: mint("rt", world.as.random).value };
      const error = await refusalOf(send({ ...fields, ...inBody({ ...app, secret: "cs_wrong" }) }));
      expect(error).toMatchObject({
        code: "invalid_client",
        status: 400,
        message: "client authentication failed",
      });
      expect(error.options.evidence).toMatchObject({
        client_id: app.client_id,
        reason: "The client secret is not one of this app's secrets.",
      });
    }
  });
});

describe("stray characters after grant_type", () => {
  test("are named: a backslash and a space, as a quoted continuation line leaves them", async () => {
    const { client_id, secret } = await world.facts.addApp({ preset: "machine" });
    const body = `grant_type=client_credentials\\ &client_id=${client_id}&client_secret=${secret}&scope=read`;
    expect(await refusalOf(send(body))).toMatchObject({
      code: "unsupported_grant_type",
      status: 400,
      message:
        "grant_type ends with stray characters (backslash, space); check how the request body is quoted",
    });
  });

  test.each([
    ["\n", "line break"],
    ["\r\n", "U+000D, line break"],
    ['"', "quote"],
    ["' ", "U+0027, space"],
    ["\u200b", "U+200B"],
    ["\u{1f600}", "U+1F600"],
  ])("are named: %j", async (stray, named) => {
    const { message } = await refusalOf(
      send({ grant_type: `authorization_code${stray}`, code: "x" }, byBasic()),
    );
    expect(message).toBe(
      `grant_type ends with stray characters (${named}); check how the request body is quoted`,
    );
  });

  test("after what is no grant are not worth a word", async () => {
    const { message } = await refusalOf(send({ grant_type: "nothing\\ " }, byBasic()));
    expect(message).toBe("grant_type must be one of: authorization_code refresh_token client_credentials");
  });

  test("whatever is sent, the description is fit for RFC 6749 §5.2", async () => {
    const known = fc.constantFrom("", ...grants.map(({ grant_type }) => grant_type));
    const characters = fc
      .oneof(fc.integer({ min: 1, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
      .map((point) => String.fromCodePoint(point));
    const stray = fc.array(characters, { minLength: 1, maxLength: 20 }).map((list) => list.join(""));
    await fc.assert(
      fc.asyncProperty(known, stray, async (start, end) => {
        const error = await refusalOf(send({ grant_type: start + end }, byBasic()));
        expect(error.code).toBe("unsupported_grant_type");
        expect(error.message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      }),
    );
  });
});

describe("the client of a token request", () => {
  interface Ways {
    [grant: string]: { client: TestApp; fields: Fields };
  }

  /** For each grant a request in which nothing is missing but the client's word for itself. */
  async function ways(): Promise<Ways> {
    const until = { password: "2026-02-01T00:00:00.000Z" };
    await world.facts.setInstance({ password: true });
    const client = await world.facts.addApp({ preset: "service_account", policy: { password: true, until } });
    const machine = await world.facts.addApp({ preset: "machine" });
    world.accounts.set("nightly", { password: "correct", userId: await world.facts.addServiceAccount() });
    const exchange = exchangeFields(await codeFor(world, client, userId));
    const other = exchangeFields(await codeFor(world, client, userId));
    const { refresh_token } = jsonOf(await send(other, byBasic(client)));
    return {
      authorization_code: { client, fields: exchange },
      refresh_token: { client, fields: { grant_type: "refresh_token", refresh_token } },
      client_credentials: { client: machine, fields: { grant_type: "client_credentials" } },
      password: { client, fields: { grant_type: "password", username: "nightly", password: "correct" } },
    };
  }

  test("VSR-08 one that is not registered is refused with invalid_client, whatever it asks for", async () => {
    const all = await ways();
    expect(Object.keys(all).toSorted()).toEqual(grants.map(({ grant_type }) => grant_type).toSorted());
    for (const [grant, { client, fields }] of Object.entries(all)) {
      const unregistered = { ...client, client_id: "unregistered" };
      const { client_id } = unregistered;
      for (const answer of [
        send(fields, byBasic(unregistered)),
        send({ ...fields, ...inBody(unregistered) }),
        send({ ...fields, client_id }),
      ])
        expect(await refusalOf(answer), grant).toMatchObject({ code: "invalid_client", status: 401 });
    }
  });

  test("VSR-10 presents its ID and its secret for every grant, or gets no access token", async () => {
    for (const [grant, { client, fields }] of Object.entries(await ways())) {
      const before = world.store.tokens.size;
      const { client_id } = client;
      const wrong = { ...client, secret: "cs_wrong" };
      for (const answer of [
        send(fields),
        send({ ...fields, client_id }),
        send(fields, byBasic({ client_id, secret: "" })),
        send(fields, byBasic(wrong)),
        send({ ...fields, ...inBody(wrong) }),
      ])
        expect(await refusalOf(answer), grant).toMatchObject({ code: "invalid_client", status: 401 });
      expect(world.store.tokens.size, grant).toBe(before);
      expect(jsonOf(await send(fields, byBasic(client))), grant).toHaveProperty("access_token");
    }
  });
});

describe("redirect_uri at the token endpoint", () => {
  test("may be left out where the policy says so, but is compared when it is sent", async () => {
    const value = await code();
    expect(
      await refusalOf(send(exchanged(value, { ...inBody(), redirect_uri: `${callback}/` }))),
    ).toMatchObject({
      code: "invalid_grant",
      message: "redirect_uri differs from the authorization request",
    });
    expect((await send(exchanged(value))).status).toBe(200);
    expect((await send(exchanged(await code(), { ...inBody(), redirect_uri: callback }))).status).toBe(200);
  });

  test("is missed only where the authorize request had one (RFC 6749 §4.1.3)", async () => {
    const policy = { omit_redirect_uri: true };
    const client = await world.facts.addApp({ policy });
    const omitted = await codeFor(world, client, userId, { redirect_uri: undefined });
    const fields = { grant_type: "authorization_code", code_verifier: verifier };
    expect((await send({ ...fields, code: omitted }, byBasic(client))).status).toBe(200);
    const again = await codeFor(world, client, userId, { redirect_uri: undefined });
    const wrong = { ...fields, code: again, code_verifier: "w".repeat(43) };
    expect(await refusalOf(send(wrong, byBasic(client)))).toMatchObject({
      code: "invalid_grant",
      message: "code_verifier does not match the code_challenge",
    });
    const sent = await codeFor(world, client, userId);
    const error = await refusalOf(send({ ...fields, code: sent }, byBasic(client)));
    expect(error).toMatchObject({
      code: "invalid_request",
      status: 400,
      message: "redirect_uri is missing; the authorization request had one",
    });
    expect(error.options.evidence).toMatchObject({
      client_id: client.client_id,
      received: { redirect_uri: "" },
      registered: { redirect_uri: callback },
    });
    expect((await send({ ...fields, code: sent, redirect_uri: callback }, byBasic(client))).status).toBe(200);
  });

  test("is the registered one where the authorize request left it out", async () => {
    const value = await codeFor(world, app, userId, { ...noPkce, redirect_uri: undefined });
    expect(
      await refusalOf(send(exchanged(value, { ...inBody(), redirect_uri: "https://evil.example/" }))),
    ).toMatchObject({
      code: "invalid_grant",
    });
    expect((await send(exchanged(value, { ...inBody(), redirect_uri: callback }))).status).toBe(200);
  });
});

describe("an app without the authorization code grant", () => {
  test("cannot exchange the codes it got before", async () => {
    const client = await world.facts.addApp();
    const value = await codeFor(world, client, userId);
    await world.facts.setPolicy(client.client_id, { grants: ["client_credentials"] });
    expect(await refusalOf(send(exchangeFields(value), byBasic(client)))).toMatchObject({
      code: "unauthorized_client",
      status: 400,
      message: "this app is not allowed to use authorization_code",
    });
    expect(world.store.tokens.size).toBe(0);
  });
});

describe("what is noted of an exchange", () => {
  test("is the grant, how the client authenticated, and a redirect_uri that was missing; a refusal is not noted", async () => {
    const values = [await code(), await code(), await code()];
    world.observed.length = 0;
    const [one = "", two = "", three = ""] = values;
    await send(exchanged(one, { redirect_uri: callback }), byBasic());
    await send(exchanged(two));
    await refusalOf(send(exchanged(three, inBody({ ...app, secret: "cs_wrong" }))));
    await refusalOf(send(exchanged(two)));
    const { client_id } = app;
    expect(world.observed).toEqual([
      { client_id, traits: ["token_authorization_code", "token_client_secret_basic"] },
      {
        client_id,
        traits: ["token_authorization_code", "token_client_secret_post", "token_without_redirect_uri"],
      },
    ]);
  });

  test("has nothing on a redirect_uri that was missing from the authorize request, too, where the policy insists", async () => {
    const client = await world.facts.addApp({ policy: { omit_redirect_uri: true } });
    const value = await codeFor(world, client, userId, { redirect_uri: undefined });
    world.observed.length = 0;
    await send(exchangeFields(value, { redirect_uri: undefined }), byBasic(client));
    expect(world.observed).toEqual([
      { client_id: client.client_id, traits: ["token_authorization_code", "token_client_secret_basic"] },
    ]);
  });

  test("has nothing on how a public client authenticated", async () => {
    const { client_id } = await world.facts.addApp({ type: "public" });
    const value = await codeFor(world, { client_id, secret: "" }, userId);
    world.observed.length = 0;
    await send({ ...exchangeFields(value), client_id });
    expect(world.observed).toEqual([{ client_id, traits: ["token_authorization_code"] }]);
  });
});
