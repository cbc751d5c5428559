import { describe, expect, test } from "vitest";
import { describeToken, isLive } from "../../lib/oauth/bearer";
import { token as tokenEndpoint } from "../../lib/oauth/endpoints/token";
import { mint } from "../../lib/oauth/tokens";
import type { TokenFacts } from "../../lib/oauth/types";
import { introspectBearer } from "../support/introspection";
import { basic, createWorld, issuer, jsonOf, post, refusalOf, tokenFor } from "../support/world";

const now = new Date("2026-01-01T00:00:00Z");
const alive: TokenFacts = {
  hash: "h",
  kind: "access",
  scopes: ["read"],
  createdAt: now,
  expiresAt: null,
  lastUsedAt: null,
  client_id: "app",
  userId: "user",
  companyId: "company",
  companyIds: ["company"],
  clientStatus: "active",
  clientOwnerId: "owner",
  userMaintains: false,
  idleDays: null,
  userStatus: "active",
  userEmail: "user@example.test",
  userIsAdmin: false,
  consentStands: true,
  familyStands: true,
  membershipStands: true,
  allowedAddresses: null,
};

const daysAgo = (days: number, milliseconds = 0) =>
  new Date(now.getTime() - days * 86_400_000 - milliseconds);

describe("a token is alive", () => {
  test.each<[string, Partial<TokenFacts>]>([
    ["when everybody behind it is", {}],
    ["until it expires", { expiresAt: new Date(now.getTime() + 1) }],
    ["without an app: a personal token", { client_id: null, clientStatus: null, kind: "personal" }],
    [
      "without a user: a company's token",
      { userId: null, userStatus: null, userEmail: null, kind: "legacy" },
    ],
    ["without a company", { companyId: null, companyIds: [] }],
    [
      "while its app waits for approval, for the app's owner",
      { clientStatus: "pending", clientOwnerId: "user" },
    ],
    [
      "while its app waits for approval, for the company that owns it",
      { clientStatus: "pending", clientOwnerId: null, userId: null, userStatus: null, userEmail: null },
    ],
    ["until nobody has used it for too long", { idleDays: 30, createdAt: daysAgo(30) }],
    ["as long as somebody uses it", { idleDays: 30, createdAt: daysAgo(400), lastUsedAt: daysAgo(30) }],
    ["however long nobody uses it, where the policy has no say", { createdAt: daysAgo(4000) }],
  ])("%s", (_, facts) => {
    expect(isLive({ ...alive, ...facts }, now)).toBe(true);
  });
});

describe("a token is dead", () => {
  test.each<[string, Partial<TokenFacts>]>([
    ["at the moment it expires", { expiresAt: now }],
    ["when its app is suspended", { clientStatus: "suspended" }],
    ["when its app is pending", { clientStatus: "pending" }],
    ["when its app is gone", { clientStatus: null }],
    ["when its user is suspended", { userStatus: "suspended" }],
    ["when its user is gone", { userStatus: null }],
    ["when its consent was taken back", { consentStands: false }],
    ["when its user left the company", { membershipStands: false }],
    [
      "when its app is pending, for a company's member who does not own it",
      { clientStatus: "pending", clientOwnerId: null },
    ],
    ["when its app was refused", { clientStatus: "refused", clientOwnerId: "user" }],
    ["when its refresh token family was ended", { familyStands: false }],
    ["when nobody has used it for too long", { idleDays: 30, createdAt: daysAgo(30, 1) }],
    [
      "when the last use is too long ago",
      { idleDays: 30, createdAt: daysAgo(400), lastUsedAt: daysAgo(30, 1) },
    ],
  ])("%s", (_, facts) => {
    expect(isLive({ ...alive, ...facts }, now)).toBe(false);
  });
});

describe("what introspection says", () => {
  const { as } = createWorld();

  test("of a company's own token: the company is its subject", () => {
    const token = { ...alive, userId: null, userEmail: null, client_id: null, kind: "legacy" } as const;
    const described = describeToken(as, token);
    expect(described).toMatchObject({ active: true, sub: "company", company_id: "company", kind: "legacy" });
    expect(described).not.toHaveProperty("username");
    expect(described).not.toHaveProperty("client_id");
  });

  test("of an administrator's token: what administrators hold, as long as they are that", () => {
    const scopes = ["read", "write", "admin"];
    expect(describeToken(as, { ...alive, scopes, userIsAdmin: true })).toMatchObject({
      scope: "read write admin",
      aud: [`${issuer}/public/v1`, `${issuer}/admin/v1`],
    });
    expect(describeToken(as, { ...alive, scopes })).toMatchObject({
      scope: "read write",
      aud: [`${issuer}/public/v1`],
    });
    expect(describeToken(as, { ...alive, scopes: ["admin"], userIsAdmin: true })).toMatchObject({
      scope: "admin",
      aud: [`${issuer}/admin/v1`],
    });
  });

  test("of a token whose every scope has gone: alive, for nothing", () => {
    expect(describeToken(as, { ...alive, scopes: ["admin"] })).toMatchObject({
      active: true,
      scope: "",
      aud: [],
    });
    expect(describeToken(as, { ...alive, scopes: ["retired"] })).toMatchObject({ scope: "", aud: [] });
  });

  test("of a company's token never an administrator's scope", () => {
    const legacy = { ...alive, userId: null, userEmail: null, client_id: null, kind: "legacy" } as const;
    expect(describeToken(as, { ...legacy, scopes: ["read", "admin"] })).toMatchObject({ scope: "read" });
  });

  test("of a token for all of a person's companies: each, and none as the one", () => {
    const described = describeToken(as, { ...alive, companyId: null, companyIds: ["a", "b"] });
    expect(described).toMatchObject({ company_ids: ["a", "b"] });
    expect(described).not.toHaveProperty("company_id");
    expect(describeToken(as, alive)).toMatchObject({ company_id: "company", company_ids: ["company"] });
  });

  test("of a token that stands for nobody", () => {
    expect(describeToken(as, { ...alive, userId: null, companyId: null })).toEqual({ active: false });
  });

  test("in whole seconds, never later than the truth", () => {
    const expiresAt = new Date(now.getTime() + 1999);
    expect(describeToken(as, { ...alive, expiresAt })).toMatchObject({ exp: now.getTime() / 1000 + 1 });
  });
});

test("a bearer of ours is looked up, and what cannot be one is not", async () => {
  const world = createWorld();
  const userId = await world.facts.addUser();
  const token = await tokenFor(world, await world.facts.addApp(), userId);
  expect(await introspectBearer(world.as, token)).toMatchObject({ active: true, sub: userId });
  world.store.findToken = () => Promise.reject(new Error("asked"));
  const wrong = [
    token.slice(0, -1),
    `${token}x`,
    token.replace("at_", "pat_"),
    mint("cs", world.as.random).value,
    "",
  ];
  for (const value of wrong) expect(await introspectBearer(world.as, value)).toEqual({ active: false });
  await expect(introspectBearer(world.as, token)).rejects.toThrow("asked");
});

describe("an access token of over an hour", () => {
  test("is noted of its app when it is used, and a younger one is not", async () => {
    const world = createWorld();
    const app = await world.facts.addApp({ preset: "perpetual" });
    const token = await tokenFor(world, app, await world.facts.addUser());
    world.observed.length = 0;
    world.clock.forward(3600);
    await introspectBearer(world.as, token);
    expect(world.observed).toEqual([]);
    world.clock.forward(1);
    await introspectBearer(world.as, token);
    expect(world.observed).toEqual([{ client_id: app.client_id, traits: ["old_access_token"] }]);
  });

  test("is not noted once it is dead, nor of a token that is no app's", async () => {
    const world = createWorld();
    const app = await world.facts.addApp();
    const userId = await world.facts.addUser();
    const token = await tokenFor(world, app, userId);
    const { value, hash } = mint("pat", world.as.random);
    world.store.tokens.set(hash, {
      ...{ hash, kind: "personal", client_id: null, userId, companyId: null, allCompanies: true },
      ...{ consentId: null, codeHash: null, familyId: null, scopes: ["read"] },
      ...{ createdAt: world.clock.now(), expiresAt: null, lastUsedAt: null },
    });
    world.observed.length = 0;
    world.clock.forward(7200);
    expect(await introspectBearer(world.as, token)).toEqual({ active: false });
    expect(await introspectBearer(world.as, value)).toMatchObject({
      active: true,
      kind: "personal",
      sub: userId,
    });
    expect(world.observed).toEqual([]);
  });
});

test("a token nobody uses ends by its app's policy, from the day that says so", async () => {
  const world = createWorld();
  const app = await world.facts.addApp({ preset: "perpetual", policy: { access_idle_days: 90 } });
  const token = await tokenFor(world, app, await world.facts.addUser());
  world.clock.forward(90 * 86_400);
  expect(await introspectBearer(world.as, token)).toMatchObject({ active: true });
  world.clock.forward(1);
  expect(await introspectBearer(world.as, token)).toEqual({ active: false });
  await world.facts.setPolicy(app.client_id, { access_idle_days: null });
  expect(await introspectBearer(world.as, token)).toMatchObject({ active: true });
});

test("a legacy token is no credential of the token endpoint", async () => {
  const world = createWorld();
  const companyId = await world.facts.addCompany();
  const app = await world.facts.addApp({ preset: "machine", companyId });
  const { value } = mint("lt", world.as.random);
  const fields = { grant_type: "client_credentials" };
  for (const [sent, headers] of [
    [fields, { authorization: `Bearer ${value}` }],
    [{ ...fields, client_id: app.client_id, client_secret: value }, {}],
    [fields, { authorization: basic({ ...app, secret: value }) }],
  ] as const)
    expect(await refusalOf(tokenEndpoint(world.as, post(sent, headers)))).toMatchObject({
      code: "invalid_client",
    });
  const refreshing = await world.facts.addApp({ preset: "classic" });
  const grant = { grant_type: "refresh_token", refresh_token: value };
  expect(
    await refusalOf(tokenEndpoint(world.as, post(grant, { authorization: basic(refreshing) }))),
  ).toMatchObject({ code: "invalid_grant" });
  expect(jsonOf(await tokenEndpoint(world.as, post(fields, { authorization: basic(app) })))).toHaveProperty(
    "access_token",
  );
});
