import { describe, expect, test } from "vitest";
import { describeToken, introspectBearer, isLive } from "../../lib/oauth/bearer";
import { mint } from "../../lib/oauth/tokens";
import type { TokenFacts } from "../../lib/oauth/types";
import { createWorld, tokenFor } from "../support/world";

const now = new Date("2026-01-01T00:00:00Z");
const alive: TokenFacts = {
  hash: "h",
  kind: "access",
  scopes: ["read"],
  createdAt: now,
  expiresAt: null,
  client_id: "app",
  userId: "user",
  companyId: "company",
  clientStatus: "active",
  userStatus: "active",
  userEmail: "user@example.test",
  consentStands: true,
  membershipStands: true,
};

describe("a token is alive", () => {
  test.each<[string, Partial<TokenFacts>]>([
    ["when everybody behind it is", {}],
    ["until it expires", { expiresAt: new Date(now.getTime() + 1) }],
    ["without an app: a personal token", { client_id: null, clientStatus: null, kind: "personal" }],
    [
      "without a user: a company's token",
      { userId: null, userStatus: null, userEmail: null, kind: "legacy" },
    ],
    ["without a company", { companyId: null }],
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
