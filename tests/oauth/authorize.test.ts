import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import type { ErrorCode, OAuthError } from "../../lib/oauth/errors";
import type { PresetName } from "../../lib/oauth/policy";
import { type AppFacts, callback, type TestApp } from "../support/facts";
import {
  authorizeFields,
  challenge,
  createWorld,
  encode,
  type Fields,
  issuer,
  verifier,
  type World,
} from "../support/world";

let world: World;
let app: TestApp;

beforeEach(async () => {
  world = createWorld();
  app = await world.facts.addApp();
});

const ask = (encoded: string | Uint8Array) => authorize(world.as, encoded);
const askWith = (changes: Fields) => ask(encode(authorizeFields(app, changes)));

async function stored(changes: Fields = {}) {
  const result = await askWith(changes);
  if (result.outcome !== "stored") throw result.error;
  return result.request;
}

/** Nothing of a refused request is kept. */
async function refusedByPage(encoded: string | Uint8Array): Promise<OAuthError> {
  const result = await ask(encoded);
  if (result.outcome !== "page") throw new Error(`expected a page, got ${result.outcome}`);
  expect(world.store.requests.size).toBe(0);
  return result.error;
}

async function refusedByRedirect(encoded: string | Uint8Array): Promise<URL> {
  const result = await ask(encoded);
  if (result.outcome !== "redirect") throw new Error(`expected a redirect, got ${result.outcome}`);
  expect(world.store.requests.size).toBe(0);
  expect(result.error.options.evidence).toMatchObject({ client_id: app.client_id });
  return new URL(result.location);
}

describe("a valid authorize request", () => {
  test("is stored as it was asked", async () => {
    const request = await stored({ scope: "write read" });
    expect(request).toEqual({
      id: request.id,
      client_id: app.client_id,
      clientVersion: 1,
      response_type: "code",
      redirect_uri: callback,
      redirectUriSent: true,
      state: "af0ifjsldkj",
      scopes: ["read", "write"],
      scopeSent: true,
      code_challenge: challenge,
      createdAt: world.clock.now(),
      expiresAt: new Date(world.clock.now().getTime() + 1800_000),
    });
    expect(request.id).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(world.store.requests.get(request.id)).toEqual(request);
  });

  test("may come as a string or as bytes", async () => {
    const encoded = encode(authorizeFields(app));
    expect(await ask(encoded)).toMatchObject({ outcome: "stored" });
    expect(await ask(Buffer.from(encoded))).toMatchObject({ outcome: "stored" });
  });

  test("may carry parameters we do not know (RFC 6749 §3.1)", async () => {
    await expect(stored({ nonce: "n", prompt: "consent", "": "x" })).resolves.toBeTruthy();
  });

  test("may name the one response mode there is", async () => {
    await expect(stored({ response_mode: "query" })).resolves.toBeTruthy();
  });

  test("keeps state byte for byte, whatever it holds", async () => {
    const state = fc
      .string({ unit: "binary", minLength: 1, maxLength: 200 })
      .filter((s) => !s.includes("\0"));
    await fc.assert(
      fc.asyncProperty(state, async (value) => {
        expect((await stored({ state: value })).state).toBe(value);
      }),
    );
  });

  test("may send PKCE and no state, but only then", async () => {
    expect((await stored({ state: undefined })).state).toBeNull();
    app = await world.facts.addApp({ preset: "perpetual" });
    expect(
      (await stored({ code_challenge: undefined, code_challenge_method: undefined })).code_challenge,
    ).toBeNull();
  });
});

describe("refused on a page of ours, because nothing proves where to send the person", () => {
  test.each<[string, Fields, string]>([
    ["client_id is missing", { client_id: undefined }, "client_id is missing"],
    ["client_id is empty", { client_id: "" }, "client_id is missing"],
    ["redirect_uri is missing", { redirect_uri: undefined }, "redirect_uri is missing"],
    ["redirect_uri is empty", { redirect_uri: "" }, "redirect_uri is missing"],
    [
      "redirect_uri is not registered",
      { redirect_uri: "https://evil.example/callback" },
      "redirect_uri is not registered for this app",
    ],
    [
      "redirect_uri is longer than the registered one",
      { redirect_uri: `${callback}/x` },
      "redirect_uri is not registered for this app",
    ],
    [
      "redirect_uri has a query the registered one lacks",
      { redirect_uri: `${callback}?x=1` },
      "redirect_uri is not registered for this app",
    ],
    [
      "redirect_uri is no web address",
      { redirect_uri: "javascript:alert(1)" },
      "redirect_uri is not registered for this app",
    ],
  ])("%s", async (_, changes, message) => {
    const error = await refusedByPage(encode(authorizeFields(app, changes)));
    expect(error).toMatchObject({ code: "invalid_request", message, status: 400 });
  });

  test("the client is unknown", async () => {
    const error = await refusedByPage(encode(authorizeFields({ ...app, client_id: "nobody" })));
    expect(error).toMatchObject({ code: "invalid_client", status: 400 });
  });

  test("the client was deleted", async () => {
    await world.facts.deleteApp(app.client_id);
    expect(await refusedByPage(encode(authorizeFields(app)))).toMatchObject({
      code: "invalid_client",
      status: 400,
    });
  });

  test.each(["suspended", "refused"] as const)("the client is %s", async (status) => {
    await world.facts.setStatus(app.client_id, status);
    const error = await refusedByPage(encode(authorizeFields(app)));
    expect(error).toMatchObject({ code: "unauthorized_client", status: 400 });
    expect(error.options.evidence).toMatchObject({ client_id: app.client_id });
  });

  test.each(["client_id", "redirect_uri"])("%s is sent twice, even with the same value", async (name) => {
    const fields = authorizeFields(app);
    const error = await refusedByPage(`${encode(fields)}&${encode({ [name]: fields[name] })}`);
    expect(error).toMatchObject({ code: "invalid_request", message: `${name} is included more than once` });
  });

  test.each([
    ["malformed percent-encoding", "client_id=%zz"],
    ["a NUL byte", "client_id=a%00b"],
    ["bytes that are not UTF-8", Buffer.from([0x61, 0x3d, 0xff])],
    ["nothing at all", ""],
  ])("the query holds %s", async (_, encoded) => {
    expect(await refusedByPage(encoded)).toMatchObject({ code: "invalid_request", status: 400 });
  });

  test("and the owner alone learns what differs", async () => {
    const redirect_uri = "https://app.example:8443/callback";
    const error = await refusedByPage(encode(authorizeFields(app, { redirect_uri })));
    expect(error.message).not.toContain("8443");
    expect(error.options.evidence).toEqual({
      client_id: app.client_id,
      reason: "port: received 8443, registered (none).",
      summary: "redirect_uri differs from what is registered in its port.",
      received: { redirect_uri },
      registered: { redirect_uri: callback },
    });
  });
});

describe("refused by a redirect to the proven URI", () => {
  const noPkce = { code_challenge: undefined, code_challenge_method: undefined };

  test.each<[string, Fields, ErrorCode, string]>([
    ["response_type is missing", { response_type: undefined }, "invalid_request", "response_type is missing"],
    [
      "response_type is token",
      { response_type: "token" },
      "unsupported_response_type",
      "response_type must be code",
    ],
    [
      "response_type is none of ours",
      { response_type: "CODE" },
      "unsupported_response_type",
      "response_type must be code",
    ],
    [
      "response_mode is another",
      { response_mode: "fragment" },
      "invalid_request",
      "response_mode must be query",
    ],
    [
      "PKCE is missing where it is required",
      noPkce,
      "invalid_request",
      "code_challenge is missing; this app requires PKCE with S256",
    ],
    [
      "a method comes without a challenge",
      { code_challenge: undefined },
      "invalid_request",
      "code_challenge is missing",
    ],
    [
      "the method is plain",
      { code_challenge_method: "plain" },
      "invalid_request",
      "code_challenge_method must be S256",
    ],
    [
      "the method is left out, which means plain",
      { code_challenge_method: undefined },
      "invalid_request",
      "code_challenge_method must be S256",
    ],
    [
      "the method is lower-case",
      { code_challenge_method: "s256" },
      "invalid_request",
      "code_challenge_method must be S256",
    ],
    [
      "the challenge is too short",
      { code_challenge: challenge.slice(1) },
      "invalid_request",
      "code_challenge must be 43 base64url characters",
    ],
    [
      "the challenge is no base64url",
      { code_challenge: `${challenge.slice(1)}=` },
      "invalid_request",
      "code_challenge must be 43 base64url characters",
    ],
    [
      "a scope is unknown",
      { scope: "read nope" },
      "invalid_scope",
      "scope must be one or more of: read write admin",
    ],
    [
      "a scope is not the app's",
      { scope: "read admin" },
      "invalid_scope",
      "scope goes beyond what this app is registered for: read write",
    ],
    [
      "a scope is written in upper case",
      { scope: "READ" },
      "invalid_scope",
      "scope must be one or more of: read write admin",
    ],
    [
      "scopes are separated by a comma",
      { scope: "read,write" },
      "invalid_scope",
      "scope must be one or more of: read write admin",
    ],
    [
      "scopes are separated by two spaces",
      { scope: "read  write" },
      "invalid_scope",
      "scope must be one or more of: read write admin",
    ],
    [
      "a scope is a name every object has",
      { scope: "constructor" },
      "invalid_scope",
      "scope must be one or more of: read write admin",
    ],
  ])("%s", async (_, changes, error, error_description) => {
    const location = await refusedByRedirect(encode(authorizeFields(app, changes)));
    expect(location.origin + location.pathname).toBe(callback);
    expect(location.hash).toBe("");
    expect(Object.fromEntries(location.searchParams)).toEqual({
      error,
      error_description,
      state: "af0ifjsldkj",
      iss: issuer,
    });
  });

  test("state is missing and there is no PKCE", async () => {
    app = await world.facts.addApp({ preset: "perpetual" });
    const location = await refusedByRedirect(encode(authorizeFields(app, { ...noPkce, state: undefined })));
    expect(Object.fromEntries(location.searchParams)).toEqual({
      error: "invalid_request",
      error_description: "state is missing; send it, or use PKCE",
      iss: issuer,
    });
  });

  test("state is longer than we keep", async () => {
    expect((await stored({ state: "x".repeat(4096) })).state).toHaveLength(4096);
    world.store.requests.clear();
    const location = await refusedByRedirect(encode(authorizeFields(app, { state: "x".repeat(4097) })));
    expect(location.searchParams.get("error")).toBe("invalid_request");
  });

  test("PKCE is missing from a public client, whatever its policy says", async () => {
    app = await world.facts.addApp({ type: "public", preset: "perpetual" });
    const location = await refusedByRedirect(encode(authorizeFields(app, noPkce)));
    expect(location.searchParams.get("error")).toBe("invalid_request");
  });

  test.each(["response_type", "state", "scope", "code_challenge", "code_challenge_method", "anything"])(
    "%s is sent twice",
    async (name) => {
      const twice = encode({ [name]: "x" });
      const location = await refusedByRedirect(`${encode(authorizeFields(app))}&${twice}&${twice}`);
      expect(location.searchParams.get("error_description")).toBe("a parameter is included more than once");
      expect(location.searchParams.get("state")).toBe(name === "state" ? null : "af0ifjsldkj");
      expect(location.searchParams.get("iss")).toBe(issuer);
    },
  );

  test("and gives state back byte for byte, with the redirect URI's own query kept", async () => {
    const redirect_uri = "https://app.example/callback?tenant=%41&x=a+b";
    app = await world.facts.addApp({ redirect: { match: "exact", uris: [redirect_uri] } });
    const state = fc
      .string({ unit: "binary", minLength: 1, maxLength: 200 })
      .filter((s) => !s.includes("\0"));
    await fc.assert(
      fc.asyncProperty(state, async (value) => {
        const asked = authorizeFields(app, { redirect_uri, state: value, response_type: "CODE" });
        const { href, searchParams } = await refusedByRedirect(encode(asked));
        expect(searchParams.get("state")).toBe(value);
        expect(href.startsWith(`${redirect_uri}&error=unsupported_response_type&`)).toBe(true);
      }),
    );
  });

  test("when the store fails, as server_error with its cause for the log only", async () => {
    const cause = new Error("disk full");
    world.store.saveAuthorizationRequest = () => Promise.reject(cause);
    const result = await askWith({});
    if (result.outcome !== "redirect") throw new Error(result.outcome);
    const { searchParams } = new URL(result.location);
    expect(searchParams.get("error")).toBe("server_error");
    expect(result.location).not.toContain("disk");
    expect(result.error.cause).toBe(cause);
  });
});

describe("the order of checks", () => {
  test("the client comes before the redirect URI, and the redirect URI before everything else", async () => {
    const wrong = { redirect_uri: "https://evil.example/", response_type: "token", scope: "nope" };
    expect(
      await refusedByPage(encode(authorizeFields({ ...app, client_id: "nobody" }, wrong))),
    ).toMatchObject({
      code: "invalid_client",
    });
    expect(await refusedByPage(encode(authorizeFields(app, wrong)))).toMatchObject({
      code: "invalid_request",
    });
    const proven = await refusedByRedirect(
      encode(authorizeFields(app, { ...wrong, redirect_uri: callback })),
    );
    expect(proven.searchParams.get("error")).toBe("unsupported_response_type");
  });
});

describe("scopes of a request without scope", () => {
  test("are read for Standard and everything for Long-lived tokens", async () => {
    expect((await stored()).scopes).toEqual(["read"]);
    expect((await stored({ scope: "" })).scopes).toEqual(["read"]);
    app = await world.facts.addApp({ preset: "perpetual" });
    expect((await stored()).scopes).toEqual(["read", "write"]);
    expect((await stored({ scope: "read read" })).scopes).toEqual(["read"]);
  });
});

describe("scopes of an app", () => {
  const scopeOf = async (scopes: string[], preset: PresetName, scope?: string) => {
    app = await world.facts.addApp({ preset, scopes });
    return (await stored({ scope })).scopes;
  };

  test("are what a request without scope gets where the policy says registered, and no more", async () => {
    expect(await scopeOf(["read"], "single_redirect")).toEqual(["read"]);
    expect(await scopeOf(["read", "write"], "single_redirect")).toEqual(["read", "write"]);
    expect(await scopeOf(["read", "write", "admin"], "perpetual")).toEqual(["read", "write", "admin"]);
    expect(await scopeOf(["read", "write"], "single_redirect", "write")).toEqual(["write"]);
  });

  test.each<[string, Partial<AppFacts>, string | undefined, string]>([
    [
      "beyond them is refused",
      { preset: "single_redirect", scopes: ["read"] },
      "read write",
      "scope goes beyond what this app is registered for: read",
    ],
    [
      "without a default one must be named",
      { policy: { default_scope: "none" } },
      undefined,
      "scope is missing; this app must name what it asks for",
    ],
    [
      "without a basic one, one must be named",
      { scopes: ["write"] },
      undefined,
      "scope is missing; this app must name what it asks for",
    ],
  ])("%s", async (_, facts, scope, error_description) => {
    app = await world.facts.addApp(facts);
    const location = await refusedByRedirect(encode(authorizeFields(app, { scope })));
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      error: "invalid_scope",
      error_description,
    });
  });
});

describe("an authorize request without redirect_uri", () => {
  const [one, other] = ["https://app.example/one", "https://app.example/two"];
  const omitting = (redirect: AppFacts["redirect"], omit_redirect_uri = true) =>
    world.facts.addApp({ redirect, policy: { omit_redirect_uri } });

  test("goes to the one registered, where the policy says so", async () => {
    app = await omitting({ match: "exact", uris: [one] });
    for (const redirect_uri of [undefined, ""])
      expect(await stored({ redirect_uri })).toMatchObject({ redirect_uri: one, redirectUriSent: false });
    expect(await stored({ redirect_uri: one })).toMatchObject({ redirect_uri: one, redirectUriSent: true });
  });

  test("hears of its errors there, too", async () => {
    app = await omitting({ match: "exact", uris: [one] });
    const location = await refusedByRedirect(
      encode(authorizeFields(app, { redirect_uri: undefined, scope: "nope" })),
    );
    expect(location.href.startsWith(`${one}?error=invalid_scope&`)).toBe(true);
    expect(location.searchParams.get("state")).toBe("af0ifjsldkj");
  });

  test.each<[string, AppFacts["redirect"], boolean]>([
    ["the policy does not say so", { match: "exact", uris: [one] }, false],
    ["there are two", { match: "exact", uris: [one, other] }, true],
    ["there is none", { match: "exact", uris: [] }, true],
    ["there is a domain", { match: "origin_path", domain: "https://app.example" }, true],
  ])("is refused on a page of ours where %s", async (_, redirect, omit) => {
    app = await omitting(redirect, omit);
    expect(await refusedByPage(encode(authorizeFields(app, { redirect_uri: undefined })))).toMatchObject({
      code: "invalid_request",
      message: "redirect_uri is missing",
    });
  });

  test("does not excuse one that is wrong, or sent twice", async () => {
    app = await omitting({ match: "exact", uris: [one] });
    expect(await refusedByPage(encode(authorizeFields(app, { redirect_uri: other })))).toMatchObject({
      message: "redirect_uri is not registered for this app",
    });
    const twice = "redirect_uri=&redirect_uri=";
    expect(
      await refusedByPage(`${encode(authorizeFields(app, { redirect_uri: undefined }))}&${twice}`),
    ).toMatchObject({
      message: "redirect_uri is included more than once",
    });
  });
});

describe("the app of an authorize request", () => {
  test("may be pending: who may go on shows once somebody has signed in", async () => {
    await world.facts.setStatus(app.client_id, "pending");
    expect(await stored()).toMatchObject({ client_id: app.client_id });
  });

  test("must have the authorization code grant", async () => {
    app = await world.facts.addApp({ preset: "machine" });
    const location = await refusedByRedirect(encode(authorizeFields(app)));
    expect(Object.fromEntries(location.searchParams)).toEqual({
      error: "unauthorized_client",
      error_description: "this app is not allowed to use response_type code",
      state: "af0ifjsldkj",
      iss: issuer,
    });
  });

  test("needs neither state nor PKCE where the policy only recommends them", async () => {
    app = await world.facts.addApp({ preset: "single_redirect" });
    const bare = { state: undefined, code_challenge: undefined, code_challenge_method: undefined };
    expect(await stored(bare)).toMatchObject({ state: null, code_challenge: null });
  });
});

describe("a redirect domain", () => {
  test("accepts any path under it and keeps what was asked", async () => {
    app = await world.facts.addApp({
      redirect: { match: "origin_path", domain: "https://app.example/oauth" },
    });
    const redirect_uri = "https://app.example/oauth/cb?x=1";
    expect((await stored({ redirect_uri })).redirect_uri).toBe(redirect_uri);
    world.store.requests.clear();
    await refusedByPage(encode(authorizeFields(app, { redirect_uri: "https://app.example/oauthx" })));
    await refusedByPage(
      encode(authorizeFields(app, { redirect_uri: "https://app.example.evil.example/oauth" })),
    );
  });
});

test("the verifier of these tests belongs to their challenge", async () => {
  const { s256 } = await import("../../lib/oauth/pkce");
  expect(s256(verifier)).toBe(challenge);
});
