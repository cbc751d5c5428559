import { beforeEach, describe, expect, test } from "vitest";
import {
  type Approver,
  allow,
  deny,
  findPending,
  mayUse,
  newScopes,
  rememberedCompany,
  snapshot,
} from "../../lib/oauth/consent";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import type { Consent } from "../../lib/oauth/types";
import { type AppFacts, callback, type TestApp } from "../support/facts";
import { authorizeFields, createWorld, encode, type Fields, issuer, type World } from "../support/world";

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

const who = (...companyIds: string[]): Approver => ({ userId, companyIds });
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
    await allow(world.as, first, userId, null);
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
    const location = await allow(world.as, await pendingOf(app, { redirect_uri, state }), userId, null);
    expect(location).toMatch(/^https:\/\/app\.example\/callback\?x=1&y=%20&code=ac_[0-9A-Za-z]{36}&state=/);
    const { searchParams } = new URL(location ?? "");
    expect(searchParams.get("state")).toBe(state);
    expect(searchParams.get("iss")).toBe(issuer);
  });

  test("Allow works once", async () => {
    const pending = await pendingOf();
    const answers = await Promise.all([1, 2, 3].map(() => allow(world.as, pending, userId, null)));
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
    expect(await allow(world.as, pending, userId, null)).toBeNull();
    expect(world.store.codes.size + world.store.consents.length).toBe(0);
  });

  test("Deny without state answers without state", async () => {
    const location = await deny(world.as, await pendingOf(app, { state: undefined }));
    expect(new URL(location ?? "").searchParams.has("state")).toBe(false);
  });
});
