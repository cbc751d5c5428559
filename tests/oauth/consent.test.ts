import { beforeEach, describe, expect, test } from "vitest";
import {
  type Approver,
  allow,
  deny,
  findPending,
  givenScopes,
  mayUse,
  newScopes,
  rememberedCompany,
  snapshot,
  standing,
} from "../../lib/oauth/consent";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import { token } from "../../lib/oauth/endpoints/token";
import type { Policy } from "../../lib/oauth/policy";
import type { Receipt } from "../../lib/oauth/store";
import type { Trait } from "../../lib/oauth/switches";
import type { Consent } from "../../lib/oauth/types";
import { type AppFacts, callback, type TestApp } from "../support/facts";
import {
  authorizeFields,
  basic,
  createWorld,
  encode,
  exchangeFields,
  type Fields,
  issuer,
  jsonOf,
  post,
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

async function pendingOf(client: TestApp = app, changes: Fields = {}) {
  const result = await authorize(world.as, encode(authorizeFields(client, changes)));
  if (result.outcome !== "stored") throw result.error;
  const pending = await findPending(world.as, result.request.id);
  if (!pending) throw new Error("not pending");
  return pending;
}

const who = (...companyIds: string[]): Approver => ({ userId, companyIds, scopes: ["read", "write"] });
const consent = (companyId: string | null, scopes: string[], redirectHost = "app.example"): Consent => ({
  id: "k",
  userId: "user",
  client_id: "app",
  companyId,
  redirectHost,
  scopes,
});

describe("a pending request", () => {
  test("is found until it expires", async () => {
    const { request } = await pendingOf();
    world.clock.forward(1799);
    expect(await findPending(world.as, request.id)).not.toBeNull();
    world.clock.forward(1);
    expect(await findPending(world.as, request.id)).toBeNull();
    expect(await findPending(world.as, "nothing")).toBeNull();
  });

  test("is gone with its app, or when that is suspended", async () => {
    const { request } = await pendingOf();
    await world.facts.setStatus(app.client_id, "suspended");
    expect(await findPending(world.as, request.id)).toBeNull();
    await world.facts.setStatus(app.client_id, "active");
    expect(await findPending(world.as, request.id)).not.toBeNull();
    await world.facts.deleteApp(app.client_id);
    expect(await findPending(world.as, request.id)).toBeNull();
  });

  test("is found while its app waits for approval, and gone when that is refused", async () => {
    const { request } = await pendingOf();
    await world.facts.setStatus(app.client_id, "pending");
    expect(await findPending(world.as, request.id)).not.toBeNull();
    await world.facts.setStatus(app.client_id, "refused");
    expect(await findPending(world.as, request.id)).toBeNull();
  });

  test("is gone when its redirect URI is no longer registered", async () => {
    const { request, client } = await pendingOf();
    world.store.clients.set(app.client_id, {
      ...client,
      redirect: { match: "exact", uris: ["https://app.example/new"] },
    });
    expect(await findPending(world.as, request.id)).toBeNull();
  });
});

describe("a remembered consent", () => {
  const cases: [string, Consent[], string[], string | null | "ask"][] = [
    ["none was given", [], ["a"], "ask"],
    ["the same was given", [consent("a", ["read"])], ["a"], "a"],
    ["more was given", [consent("a", ["read", "write"])], ["a"], "a"],
    ["less was given", [consent("a", ["write"])], ["a"], "ask"],
    [
      "parts of it were given in two companies",
      [consent("a", ["write"]), consent("b", ["write"])],
      ["a", "b"],
      "ask",
    ],
    ["it was given for another host", [consent("a", ["read"], "other.example")], ["a"], "ask"],
    ["the person has left that company", [consent("a", ["read"])], ["b"], "ask"],
    ["it was given for two companies", [consent("a", ["read"]), consent("b", ["read"])], ["a", "b"], "ask"],
    ["one of two companies was left since", [consent("a", ["read"]), consent("b", ["read"])], ["b"], "b"],
    [
      "only one of two companies covers it",
      [consent("a", ["read"]), consent("b", ["write"])],
      ["a", "b"],
      "a",
    ],
    ["it was given without a company, and there is none", [consent(null, ["read"])], [], null],
    ["it was given without a company, and now there is one", [consent(null, ["read"])], ["a"], "ask"],
  ];
  test.each(cases)("when %s", async (_, consents, companyIds, expected) => {
    const remembered = rememberedCompany(await pendingOf(), consents, who(...companyIds));
    expect(remembered).toEqual(expected === "ask" ? "ask" : { companyId: expected });
  });

  const clients: [string, Partial<AppFacts>, string, boolean][] = [
    ["a public client on https", { type: "public" }, callback, true],
    ["a public client on loopback", { type: "public" }, "http://127.0.0.1:4000/cb", false],
    ["a public client on a private-use scheme", { type: "public" }, "com.example.app:/cb", false],
    ["a confidential client on loopback", {}, "http://localhost:4000/cb", true],
  ];
  test.each(clients)("counts or not for %s (RFC 8252 §8.6)", async (_, facts, redirect_uri, counts) => {
    app = await world.facts.addApp({ ...facts, redirect: { match: "exact", uris: [redirect_uri] } });
    const host =
      { [callback]: "app.example", "http://localhost:4000/cb": "localhost" }[redirect_uri] ?? "127.0.0.1";
    const pending = await pendingOf(app, { redirect_uri });
    expect(rememberedCompany(pending, [consent("a", ["read"], host)], who("a"))).toEqual(
      counts ? { companyId: "a" } : "ask",
    );
  });

  test("of a loopback client holds for any port", async () => {
    app = await world.facts.addApp({ redirect: { match: "exact", uris: ["http://127.0.0.1/cb"] } });
    const first = await pendingOf(app, { redirect_uri: "http://127.0.0.1:4000/cb" });
    await allow(world.as, first, who(), null, null);
    const second = await pendingOf(app, { redirect_uri: "http://127.0.0.1:5000/cb" });
    expect(rememberedCompany(second, await world.store.findConsents(userId, app.client_id), who())).toEqual({
      companyId: null,
    });
  });
});

describe("new scopes", () => {
  test("are those no consent for this host has covered", async () => {
    const { request } = await pendingOf(app, { scope: "read write" });
    expect(newScopes(request, [])).toEqual(["read", "write"]);
    expect(newScopes(request, [consent("a", ["read"])])).toEqual(["write"]);
    expect(newScopes(request, [consent("a", ["read"]), consent("b", ["write"])])).toEqual([]);
    expect(newScopes(request, [consent("a", ["read", "write"], "other.example")])).toEqual(["read", "write"]);
  });
});

describe("who may decide", () => {
  const asking = (scope: string, facts: Partial<AppFacts> = {}) =>
    world.facts
      .addApp({ scopes: ["read", "write", "admin"], ...facts })
      .then((made) => pendingOf(made, { scope }));
  const holding = (...scopes: string[]): Approver => ({ ...who("a"), scopes });

  test.each<[string, Policy["scope_mismatch"], string[], string[], Awaited<ReturnType<typeof standing>>]>([
    ["all of it", "narrow", ["read", "admin"], ["read", "write", "admin"], "may_decide"],
    ["all of it", "deny", ["read", "admin"], ["read", "write", "admin"], "may_decide"],
    ["a part of it", "narrow", ["read", "admin"], ["read", "write"], "may_decide"],
    ["a part of it", "deny", ["read", "admin"], ["read", "write"], "lacks_scope"],
    ["none of it", "narrow", ["admin"], ["read", "write"], "lacks_scope"],
    ["none of it", "deny", ["admin"], ["read", "write"], "lacks_scope"],
  ])("who can give %s, under %s of %j with %j: %s", async (_, scope_mismatch, asked, held, expected) => {
    const pending = await asking(asked.join(" "), { policy: { scope_mismatch } });
    expect(await standing(world.as, pending, holding(...held))).toBe(expected);
  });

  test("of an app that is not approved yet: those who maintain it, and nobody else", async () => {
    const pending = await asking("read", { status: "pending", ownerId: userId });
    const stands = (of: typeof pending, who = userId) =>
      standing(world.as, of, { ...holding("read"), userId: who });
    const stranger = await world.facts.addUser();
    expect([await stands(pending), await stands(pending, stranger)]).toEqual(["may_decide", "pending_app"]);
    const companyId = await world.facts.addCompany(userId);
    const ofCompany = await asking("read", { status: "pending", companyId, kind: "registered" });
    expect(await stands(ofCompany)).toBe("pending_app");
    await world.facts.addMaintainer(ofCompany.client.client_id, userId);
    expect([await stands(ofCompany), await stands(ofCompany, stranger)]).toEqual([
      "may_decide",
      "pending_app",
    ]);
    await world.facts.addMember(stranger, companyId, "auth_manager");
    expect(await stands(ofCompany, stranger)).toBe("may_decide");
  });

  test("of a pending app comes before what they hold", async () => {
    const pending = await asking("admin", { status: "pending" });
    expect(await standing(world.as, pending, holding("read"))).toBe("pending_app");
  });
});

describe("what the person cannot give", () => {
  const asked = { scope: "read admin" };

  beforeEach(async () => {
    app = await world.facts.addApp({ scopes: ["read", "write", "admin"] });
  });

  test("is left out of the approval, of the code and of the token, which says so", async () => {
    const location = await allow(world.as, await pendingOf(app, asked), who(), null, null);
    expect(await world.store.findConsents(userId, app.client_id)).toMatchObject([{ scopes: ["read"] }]);
    const code = new URL(location ?? "").searchParams.get("code") ?? "";
    const answer = jsonOf(await token(world.as, post(exchangeFields(code), { authorization: basic(app) })));
    expect(answer.scope).toBe("read");
  });

  test("is not asked for again, until the person can give it", async () => {
    await allow(world.as, await pendingOf(app, asked), who(), null, null);
    const consents = await world.store.findConsents(userId, app.client_id);
    expect(rememberedCompany(await pendingOf(app, asked), consents, who())).toEqual({ companyId: null });
    const asAdmin = { ...who(), scopes: ["read", "write", "admin"] };
    expect(rememberedCompany(await pendingOf(app, asked), consents, asAdmin)).toBe("ask");
    expect(givenScopes((await pendingOf(app, asked)).request, asAdmin)).toEqual(["read", "admin"]);
  });

  test("changes what is shown", async () => {
    const pending = await pendingOf(app, asked);
    const asAdmin = { ...who("a"), scopes: ["read", "write", "admin"] };
    expect(snapshot(pending, who("a"))).not.toBe(snapshot(pending, asAdmin));
    expect(snapshot(pending, who("a"))).toBe(snapshot(pending, { ...who("a"), scopes: ["read"] }));
  });

  test("answers access_denied with a reason where the policy is to refuse", async () => {
    const location = await deny(world.as, await pendingOf(app, asked), "the user does not hold every scope");
    expect(Object.fromEntries(new URL(location ?? "").searchParams)).toMatchObject({
      error: "access_denied",
      error_description: "the user does not hold every scope",
    });
  });
});

describe("an app that asks every time", () => {
  test("is never answered from memory", async () => {
    app = await world.facts.addApp({ policy: { consent: "always" } });
    await allow(world.as, await pendingOf(), who("a"), "a", null);
    const consents = await world.store.findConsents(userId, app.client_id);
    expect(consents).toHaveLength(1);
    expect(rememberedCompany(await pendingOf(), consents, who("a"))).toBe("ask");
    await world.facts.setPolicy(app.client_id, { consent: "remember" });
    expect(rememberedCompany(await pendingOf(), consents, who("a"))).toEqual({ companyId: "a" });
  });
});

describe("the receipt", () => {
  const shown: Receipt = {
    app: "Test app",
    owner: "Owner",
    redirectHost: "app.example",
    company: "Company",
    scopes: [{ name: "read", title: "See your projects", description: "Names and status" }],
  };

  test("keeps what was shown, and there is none where nothing was", async () => {
    await allow(world.as, await pendingOf(), who("a"), "a", shown);
    await allow(world.as, await pendingOf(), who("a"), "a", null);
    expect(await world.facts.receiptsOf(userId, app.client_id)).toEqual([shown]);
  });

  test("is kept for Allow alone, and once", async () => {
    const pending = await pendingOf();
    await deny(world.as, pending);
    await allow(world.as, pending, who("a"), "a", shown);
    expect(await world.facts.receiptsOf(userId, app.client_id)).toEqual([]);
  });
});

describe("the snapshot", () => {
  test("is the same for the same and another for everything that is shown", async () => {
    const pending = await pendingOf();
    const { request, client } = pending;
    const shown = snapshot(pending, who("a"));
    expect(snapshot(await pendingOf(), who("a"))).toBe(shown);
    const others = [
      snapshot({ request, client: { ...client, version: 2 } }, who("a")),
      snapshot({ request, client: { ...client, client_id: "x" } }, who("a")),
      snapshot({ request: { ...request, scopes: ["read", "write"] }, client }, who("a")),
      snapshot({ request: { ...request, redirect_uri: `${callback}2` }, client }, who("a")),
      snapshot(pending, who("a", "b")),
      snapshot(pending, who()),
      snapshot(pending, { ...who("a"), userId: "somebody" }),
    ];
    expect(new Set([shown, ...others]).size).toBe(others.length + 1);
  });
});

describe("a company", () => {
  test("may be used by its members, and no company only by a person without one", () => {
    expect(mayUse(who("a", "b"), "b")).toBe(true);
    expect(mayUse(who("a"), "b")).toBe(false);
    expect(mayUse(who("a"), null)).toBe(false);
    expect(mayUse(who(), null)).toBe(true);
    expect(mayUse(who(), "a")).toBe(false);
  });
});

describe("Allow and Deny", () => {
  test("Allow answers code, state and iss, and keeps the query there was", async () => {
    const redirect_uri = "https://app.example/callback?x=1&y=%20";
    app = await world.facts.addApp({ redirect: { match: "exact", uris: [redirect_uri] } });
    const state = "a b&c=d%00+é#/?";
    const location = await allow(world.as, await pendingOf(app, { redirect_uri, state }), who(), null, null);
    expect(location).toMatch(/^https:\/\/app\.example\/callback\?x=1&y=%20&code=ac_[0-9A-Za-z]{36}&state=/);
    const { searchParams } = new URL(location ?? "");
    expect(searchParams.get("state")).toBe(state);
    expect(searchParams.get("iss")).toBe(issuer);
  });

  test("Allow works once", async () => {
    const pending = await pendingOf();
    const answers = await Promise.all([1, 2, 3].map(() => allow(world.as, pending, who(), null, null)));
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    expect(world.store.codes.size).toBe(1);
    expect(await deny(world.as, pending)).toBeNull();
  });

  test("Deny answers access_denied and leaves nothing behind", async () => {
    const pending = await pendingOf();
    const location = await deny(world.as, pending);
    expect(Object.fromEntries(new URL(location ?? "").searchParams)).toEqual({
      error: "access_denied",
      error_description: "the user denied access",
      state: "af0ifjsldkj",
      iss: issuer,
    });
    expect(await deny(world.as, pending)).toBeNull();
    expect(await allow(world.as, pending, who(), null, null)).toBeNull();
    expect(world.store.codes.size + world.store.consents.length).toBe(0);
  });

  test("Deny without state answers without state", async () => {
    const location = await deny(world.as, await pendingOf(app, { state: undefined }));
    expect(new URL(location ?? "").searchParams.has("state")).toBe(false);
  });
});

describe("what is noted of an approval", () => {
  const allowed = async (changes: Fields = {}) =>
    allow(world.as, await pendingOf(app, changes), who(), null, null);
  const bare = { code_challenge: undefined, code_challenge_method: undefined };

  test.each<[string, Partial<AppFacts>, Fields, Trait[]]>([
    ["nothing of one as it should be", {}, { scope: "read" }, []],
    ["that it had no scope", {}, {}, ["authorize_without_scope"]],
    ["that PKCE stood in for state: nothing", {}, { scope: "read", state: undefined }, []],
    ["that it had no PKCE", { preset: "perpetual" }, { scope: "read", ...bare }, ["authorize_without_pkce"]],
    [
      "that it had next to nothing",
      { preset: "single_redirect" },
      { ...bare, state: undefined, redirect_uri: undefined },
      [
        "authorize_without_pkce",
        "authorize_without_state",
        "authorize_without_redirect_uri",
        "authorize_without_scope",
      ],
    ],
    [
      "that a domain let it pass",
      { redirect: { match: "origin_path", domain: "https://app.example" } },
      { scope: "read" },
      ["redirect_by_domain"],
    ],
  ])("is %s", async (_, facts, changes, traits) => {
    app = await world.facts.addApp(facts);
    await allowed(changes);
    expect(world.observed).toEqual([{ client_id: app.client_id, traits }]);
  });

  test("is which redirect URI an app with a domain used, and of no other app", async () => {
    await allowed();
    app = await world.facts.addApp({ redirect: { match: "origin_path", domain: "https://app.example" } });
    const redirect_uri = "https://app.example/oauth/cb?x=1";
    await allowed({ redirect_uri });
    expect(world.redirects).toEqual([{ client_id: app.client_id, redirect_uri }]);
  });

  test("is nothing before somebody allows it, when it is denied, and when it was taken already", async () => {
    app = await world.facts.addApp({ redirect: { match: "origin_path", domain: "https://app.example" } });
    const pending = await pendingOf();
    await deny(world.as, pending);
    expect(await allow(world.as, pending, who(), null, null)).toBeNull();
    expect(world.observed).toEqual([]);
    expect(world.redirects).toEqual([]);
  });
});
