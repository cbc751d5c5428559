import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scopes as shipped } from "../../latchkey.config";
import { OAuthError } from "../../lib/oauth/errors";
import { standard } from "../../lib/oauth/policy";
import {
  basicScopes,
  checkRegistered,
  covers,
  defaultScopes,
  heldScopes,
  namedScopes,
  requestedScopes,
  type ScopeCatalogue,
  within,
} from "../../lib/oauth/scope";

const words = { title: "Title", description: "Description", api: "public" } as const;
/** Wider than the one that is shipped, and in no alphabetical order. */
const catalogue: ScopeCatalogue = {
  read: { ...words, holders: "everyone", basic: true },
  write: { ...words, holders: "everyone", basic: false },
  admin: { ...words, api: "administration", holders: "admins", basic: false },
  "profile:me": { ...words, holders: "everyone", basic: true },
};
const names = Object.keys(catalogue);

type Default = "none" | "basic" | "registered";
const client = (default_scope: Default, ...scopes: string[]) => ({
  policy: { ...standard, default_scope },
  scopes,
});

function refusalOf(ask: () => unknown): OAuthError {
  try {
    ask();
  } catch (error) {
    if (error instanceof OAuthError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("who holds which scopes", () => {
  test("everybody those for everybody, administrators all", () => {
    expect(heldScopes(catalogue, { isAdmin: false })).toEqual(["read", "write", "profile:me"]);
    expect(heldScopes(catalogue, { isAdmin: true })).toEqual(names);
    expect(heldScopes(shipped, { isAdmin: false })).toEqual(["read", "write"]);
  });

  test("basic access is what the catalogue says", () => {
    expect(basicScopes(catalogue)).toEqual(["read", "profile:me"]);
    expect(basicScopes(shipped)).toEqual(["read"]);
  });
});

describe("the scope parameter", () => {
  test.each<[string | undefined, string[] | null]>([
    [undefined, null],
    ["read", ["read"]],
    ["write read", ["read", "write"]],
    ["read read", ["read"]],
    ["profile:me admin", ["admin", "profile:me"]],
  ])("%j names %j", (scope, expected) => {
    expect(namedScopes(catalogue, scope)).toEqual(expected);
  });

  test.each([
    "nope",
    "read nope",
    "READ",
    "read,write",
    "read  write",
    " read",
    "read ",
    "read\twrite",
    "constructor",
    "__proto__",
  ])("%j is refused", (scope) => {
    expect(refusalOf(() => namedScopes(catalogue, scope))).toMatchObject({
      code: "invalid_scope",
      message: "scope must be one or more of: read write admin profile:me",
    });
  });
});

describe("a request without a scope", () => {
  test.each<[Default, string[], string[]]>([
    ["basic", ["read", "write"], ["read"]],
    ["basic", names, ["read", "profile:me"]],
    ["basic", ["write"], []],
    ["registered", ["read", "write"], ["read", "write"]],
    ["registered", ["write", "read"], ["read", "write"]],
    ["registered", ["write"], ["write"]],
    ["registered", ["write", "retired"], ["write"]],
    ["registered", [], []],
    ["none", names, []],
  ])("gets by %s of %j: %j", (policy, registered, expected) => {
    expect(defaultScopes(catalogue, client(policy, ...registered))).toEqual(expected);
  });

  test.each<[Default, string[]]>([
    ["none", names],
    ["basic", ["write"]],
    ["registered", []],
  ])("is refused where %s of %j leaves nothing", (policy, registered) => {
    expect(
      refusalOf(() => requestedScopes(catalogue, client(policy, ...registered), undefined)),
    ).toMatchObject({
      code: "invalid_scope",
      message: "scope is missing; this app must name what it asks for",
    });
  });
});

describe("what an app asks for", () => {
  test("is within what it is registered for", () => {
    expect(requestedScopes(catalogue, client("none", "read", "write"), "write")).toEqual(["write"]);
    const error = refusalOf(() => requestedScopes(catalogue, client("basic", "read", "write"), "read admin"));
    expect(error).toMatchObject({
      code: "invalid_scope",
      message: "scope goes beyond what this app is registered for: read write",
    });
  });

  test("is checked by itself, too", () => {
    expect(() => checkRegistered({ scopes: ["read"] }, ["read"])).not.toThrow();
    expect(() => checkRegistered({ scopes: ["read"] }, [])).not.toThrow();
    expect(refusalOf(() => checkRegistered({ scopes: ["read"] }, ["write"]))).toMatchObject({
      code: "invalid_scope",
    });
  });
});

describe("whatever is asked", () => {
  const some = fc.shuffledSubarray(names);
  const policies = fc.constantFrom<Default>("none", "basic", "registered");
  const asked = fc.option(
    fc.oneof(
      some.map((list) => list.join(" ")),
      fc.array(fc.constantFrom(...names, "nope", "", "READ"), { maxLength: 5 }).map((list) => list.join(" ")),
      fc.string(),
    ),
    { nil: undefined },
  );

  test("the answer is invalid_scope, or within the app's scopes, in the catalogue's order, not empty", () => {
    let answered = 0;
    fc.assert(
      fc.property(policies, some, asked, (policy, registered, scope) => {
        const ask = () => requestedScopes(catalogue, client(policy, ...registered), scope);
        let scopes: string[];
        try {
          scopes = ask();
        } catch (error) {
          expect(error).toMatchObject({ code: "invalid_scope" });
          return;
        }
        answered += 1;
        expect(scopes.length).toBeGreaterThan(0);
        expect(covers(registered, scopes)).toBe(true);
        expect(scopes).toEqual(names.filter((name) => scopes.includes(name)));
        if (scope !== undefined) expect(new Set(scopes)).toEqual(new Set(scope.split(" ")));
      }),
      { numRuns: 500 },
    );
    expect(answered).toBeGreaterThan(50);
  });

  test("within keeps an order and takes nothing from outside", () => {
    fc.assert(
      fc.property(some, some, (scopes, held) => {
        const kept = within(scopes, held);
        expect(covers(held, kept)).toBe(true);
        expect(kept).toEqual(scopes.filter((name) => kept.includes(name)));
        expect(covers(held, scopes)).toBe(kept.length === scopes.length);
      }),
    );
  });
});
