import { beforeEach, describe, expect, test } from "vitest";
import { type Approver, allow, deny, findPending } from "../../lib/oauth/consent";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import { token } from "../../lib/oauth/endpoints/token";
import { type AppFacts, callback, type TestApp } from "../support/facts";
import { introspectBearer } from "../support/introspection";
import {
  basic,
  challenge,
  createWorld,
  encode,
  type Fields,
  issuer,
  post,
  refusalOf,
  type World,
} from "../support/world";

/** A month after the world's beginning. */
const until = { implicit: "2026-02-01T00:00:00.000Z" };
const MONTH = 31 * 86_400;
const state = "a b&c=d%00+é#/?";

let world: World;
let app: TestApp;
let userId: string;

beforeEach(async () => {
  world = createWorld();
  await world.facts.setInstance({ implicit: true });
  app = await addApp();
  userId = await world.facts.addUser();
});

const addApp = ({ policy, ...facts }: Partial<AppFacts> = {}) =>
  world.facts.addApp({
    preset: "classic",
    type: "public",
    policy: { implicit: true, until, ...policy },
    ...facts,
  });
const approver = (...scopes: string[]): Approver => ({ userId, companyIds: [], scopes });

const ask = (changes: Fields = {}, client = app) => {
  const { client_id } = client;
  return authorize(
    world.as,
    encode({ response_type: "token", client_id, redirect_uri: callback, state, ...changes }),
  );
};

async function pendingOf(changes: Fields = {}, client = app) {
  const result = await ask(changes, client);
  if (result.outcome !== "stored") throw result.error;
  const pending = await findPending(world.as, result.request.id);
  if (!pending) throw new Error("not pending");
  return pending;
}

/** Where the browser is sent once the person allows, in its parts. */
async function allowed(changes: Fields = {}, client = app, who = approver("read", "write")) {
  return parts(await allow(world.as, await pendingOf(changes, client), who, null, null));
}

function parts(location: string | null) {
  const { origin, pathname, search, hash } = new URL(location ?? "about:blank");
  return {
    target: origin + pathname,
    search,
    answer: Object.fromEntries(new URLSearchParams(hash.slice(1))),
  };
}

async function refused(changes: Fields = {}, client = app) {
  const result = await ask(changes, client);
  if (result.outcome !== "redirect") throw new Error(`expected a redirect, got ${result.outcome}`);
  expect(world.store.requests.size).toBe(0);
  expect(world.observed).toEqual([]);
  expect(result.error.options.evidence).toMatchObject({ client_id: client.client_id });
  return parts(result.location);
}

describe("the implicit grant", () => {
  test("answers a token, its type, its lifetime and its scope in the fragment, with state and iss", async () => {
    const { target, search, answer } = await allowed({ scope: "write read" });
    expect(target).toBe(callback);
    expect(search).toBe("");
    expect(answer).toEqual({
      access_token: expect.stringMatching(/^at_[0-9A-Za-z]{36}$/),
      token_type: "Bearer",
      expires_in: "1200",
      scope: "read write",
      state,
      iss: issuer,
    });
  });

  test("keeps the redirect URI's own query, and puts nothing into it", async () => {
    const redirect_uri = `${callback}?x=1&y=%20`;
    const client = await addApp({ redirect: { match: "exact", uris: [redirect_uri] } });
    const location = await allow(
      world.as,
      await pendingOf({ redirect_uri }, client),
      approver("read"),
      null,
      null,
    );
    expect(location).toMatch(/^https:\/\/app\.example\/callback\?x=1&y=%20#access_token=at_/);
  });

  test("issues a token that stands for the person until it expires", async () => {
    const { access_token = "" } = (await allowed()).answer;
    expect(await introspectBearer(world.as, access_token)).toMatchObject({
      active: true,
      sub: userId,
      client_id: app.client_id,
      scope: "read",
    });
    world.clock.forward(1200);
    expect(await introspectBearer(world.as, access_token)).toEqual({ active: false });
  });

  test("ends with the person's approval", async () => {
    const { access_token = "" } = (await allowed()).answer;
    await world.facts.withdrawConsents(userId, app.client_id);
    expect(await introspectBearer(world.as, access_token)).toEqual({ active: false });
  });

  test("never issues a refresh token nor a code, though the app has both otherwise", async () => {
    const { answer } = await allowed();
    expect(answer).not.toHaveProperty("refresh_token");
    expect(answer).not.toHaveProperty("code");
    const { families, refreshTokens, codes, tokens } = world.store;
    expect([families.size, refreshTokens.size, codes.size, tokens.size]).toEqual([0, 0, 0, 1]);
  });

  test("says what the app's policy includes, and no lifetime of a token that has none", async () => {
    const client = await addApp({
      policy: { access_seconds: null, response_include: ["expires_in"], token_type: "bearer" },
    });
    expect((await allowed({}, client)).answer).toEqual({
      access_token: expect.stringMatching(/^at_/),
      token_type: "bearer",
      state,
      iss: issuer,
    });
  });

  test("says what was granted where that is less than was asked for", async () => {
    const { answer } = await allowed({ scope: "read write" }, app, approver("read"));
    expect(answer.scope).toBe("read");
    expect(await introspectBearer(world.as, answer.access_token ?? "")).toMatchObject({ scope: "read" });
  });

  test("answers once", async () => {
    const pending = await pendingOf();
    const answers = await Promise.all(
      [1, 2, 3].map(() => allow(world.as, pending, approver("read"), null, null)),
    );
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    expect(world.store.tokens.size).toBe(1);
  });

  test("has no use for PKCE: a challenge binds nothing and does not stand in for state", async () => {
    const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
    expect((await pendingOf(pkce)).request.code_challenge).toBeNull();
    world.store.requests.clear();
    world.observed.length = 0;
    expect((await refused({ ...pkce, state: undefined })).answer.error).toBe("invalid_request");
  });

  test("may be asked for with response_mode=fragment", async () => {
    expect((await allowed({ response_mode: "fragment" })).answer).toHaveProperty("access_token");
  });

  test("is no grant of the token endpoint", async () => {
    const client = await addApp({ type: "confidential" });
    const answer = token(world.as, post({ grant_type: "implicit" }, { authorization: basic(client) }));
    expect(await refusalOf(answer)).toMatchObject({ code: "unsupported_grant_type" });
  });
});

describe("the implicit grant is refused, in the fragment,", () => {
  test("but in the query, like any unknown response_type, while the installation does not have it", async () => {
    await world.facts.setInstance({ implicit: false });
    const { target, search, answer } = await refused();
    expect({ target, answer }).toEqual({ target: callback, answer: {} });
    expect(Object.fromEntries(new URLSearchParams(search))).toEqual({
      error: "unsupported_response_type",
      error_description: "response_type must be code",
      state,
      iss: issuer,
    });
  });

  test("with unauthorized_client while the app's policy does not have it", async () => {
    for (const preset of [
      "standard",
      "perpetual",
      "single_redirect",
      "machine",
      "classic",
      "service_account",
    ] as const) {
      const { answer, search } = await refused({}, await world.facts.addApp({ preset }));
      expect(search).toBe("");
      expect(answer).toEqual({
        error: "unauthorized_client",
        error_description: "this app is not allowed to use response_type token",
        state,
        iss: issuer,
      });
    }
  });

  test("with unauthorized_client from the app's date on", async () => {
    world.clock.forward(MONTH - 1);
    expect(await ask()).toMatchObject({ outcome: "stored" });
    world.store.requests.clear();
    world.observed.length = 0;
    world.clock.forward(1);
    expect((await refused()).answer.error).toBe("unauthorized_client");
  });

  test("with invalid_request without state, which alone protects it", async () => {
    for (const missing of [undefined, ""])
      expect((await refused({ state: missing })).answer).toEqual({
        error: "invalid_request",
        error_description: "state is missing; send it, or use PKCE",
        iss: issuer,
      });
  });

  test.each(["query", "form_post"])("with invalid_request with response_mode=%s", async (response_mode) => {
    expect((await refused({ response_mode })).answer).toMatchObject({
      error: "invalid_request",
      error_description: "response_mode must be fragment",
      state,
    });
  });

  test.each(["nope", "read admin"])("with invalid_scope with scope %s", async (scope) => {
    expect((await refused({ scope })).answer).toMatchObject({ error: "invalid_scope", state });
  });

  test("with access_denied by the person, who leaves nothing behind", async () => {
    const pending = await pendingOf();
    expect(parts(await deny(world.as, pending))).toEqual({
      target: callback,
      search: "",
      answer: { error: "access_denied", error_description: "the user denied access", state, iss: issuer },
    });
    expect(world.store.tokens.size + world.store.consents.length).toBe(0);
  });

  test("with invalid_request when a parameter comes twice", async () => {
    const fields = { response_type: "token", client_id: app.client_id, redirect_uri: callback, state };
    const result = await authorize(world.as, `${encode(fields)}&scope=read&scope=read`);
    if (result.outcome !== "redirect") throw new Error(result.outcome);
    expect(parts(result.location)).toMatchObject({ search: "", answer: { error: "invalid_request", state } });
  });
});

describe("the implicit grant", () => {
  test("is refused on a page of ours where the redirect URI is not proven", async () => {
    for (const redirect_uri of [undefined, "https://evil.example/"])
      expect(await ask({ redirect_uri })).toMatchObject({ outcome: "page" });
  });

  test("is not believed where response_type comes twice: the error is in the query", async () => {
    const fields = { response_type: "token", client_id: app.client_id, redirect_uri: callback, state };
    const result = await authorize(world.as, `${encode(fields)}&response_type=token`);
    if (result.outcome !== "redirect") throw new Error(result.outcome);
    const { hash, searchParams } = new URL(result.location);
    expect(hash).toBe("");
    expect(searchParams.get("error_description")).toBe("a parameter is included more than once");
  });

  test("leaves other response types to themselves", async () => {
    const result = await ask({ response_type: "code token" });
    if (result.outcome !== "redirect") throw new Error(result.outcome);
    expect(Object.fromEntries(new URL(result.location).searchParams)).toEqual({
      error: "unsupported_response_type",
      error_description: "response_type must be code or token",
      state,
      iss: issuer,
    });
  });

  test("ends for requests under way as well, at its date and when it is switched off", async () => {
    world.clock.forward(MONTH - 1);
    const { request } = await pendingOf();
    await world.facts.setInstance({ implicit: false });
    expect(await findPending(world.as, request.id)).toBeNull();
    await world.facts.setInstance({ implicit: true });
    expect(await findPending(world.as, request.id)).not.toBeNull();
    world.clock.forward(1);
    expect(await findPending(world.as, request.id)).toBeNull();
  });

  test("is what is noted of the approval", async () => {
    const { client_id } = app;
    await allowed();
    await allowed({ scope: "read" });
    expect(world.observed).toEqual([
      { client_id, traits: ["authorize_implicit", "authorize_without_scope"] },
      { client_id, traits: ["authorize_implicit"] },
    ]);
  });
});
