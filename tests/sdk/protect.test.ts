import { describe, expect, test } from "vitest";
import { type ActiveToken, createGuard, type Introspect } from "../../lib/sdk/index";

const token: ActiveToken = {
  active: true,
  scope: "read write:all",
  iat: 1,
  iss: "https://id.example",
  sub: "user",
  kind: "access",
};
const guard = createGuard({
  realm: "Harbour",
  introspect: async (value) => {
    if (value === "down") throw new Error("nobody could be asked");
    return value === "good" ? token : { active: false };
  },
});

describe("lets pass", () => {
  test.each([undefined, "read", "write:all"])("a live token for the scope %s", async (scope) => {
    expect(await guard("Bearer good", scope)).toEqual({ allowed: true, token });
  });
});

describe("refuses as RFC 6750 §3 says", () => {
  test.each([undefined, "", "Basic YTpi", "Bearer a b"])(
    "no token in %j: a challenge without an error",
    async (header) => {
      expect(await guard(header, "read")).toEqual({
        allowed: false,
        refusal: {
          status: 401,
          headers: { "www-authenticate": 'Bearer realm="Harbour"' },
          body: { error: "invalid_token", error_description: "send a token as Authorization: Bearer" },
        },
      });
    },
  );

  test("a dead token", async () => {
    expect(await guard("Bearer dead")).toMatchObject({
      allowed: false,
      refusal: {
        status: 401,
        headers: {
          "www-authenticate":
            'Bearer realm="Harbour", error="invalid_token", error_description="the token is expired, revoked or not known"',
        },
      },
    });
  });

  test.each(["write", "rea", "READ", "read write:all", ""])("a token without the scope %j", async (scope) => {
    expect(await guard("Bearer good", scope)).toMatchObject({
      allowed: false,
      refusal: { status: 403, body: { error: "insufficient_scope" } },
    });
  });
});

describe("with an audience", () => {
  const here = "https://id.example/public/v1";
  const guardOf = (aud: ActiveToken["aud"]) =>
    createGuard({
      realm: "Harbour",
      audience: here,
      introspect: async () => (aud === undefined ? token : { ...token, aud }),
    });

  test.each<[ActiveToken["aud"]]>([[here], [[here]], [["https://id.example/admin/v1", here]]])(
    "a token for %j passes",
    async (aud) => {
      expect(await guardOf(aud)("Bearer good", "read")).toEqual({ allowed: true, token: { ...token, aud } });
    },
  );

  test.each<[ActiveToken["aud"]]>([
    [undefined],
    [""],
    [[]],
    ["https://id.example/admin/v1"],
    [["https://id.example/admin/v1"]],
    [`${here}/`],
    ["https://id.example/public"],
    [[`${here} x`]],
    [`["${here}"]`],
  ])("a token for %j is invalid here, whatever its scope", async (aud) => {
    for (const scope of [undefined, "read", "write"]) {
      expect(await guardOf(aud)("Bearer good", scope)).toEqual({
        allowed: false,
        refusal: {
          status: 401,
          headers: {
            "www-authenticate":
              'Bearer realm="Harbour", error="invalid_token", error_description="the token is for another API"',
          },
          body: { error: "invalid_token", error_description: "the token is for another API" },
        },
      });
    }
  });
});

test("the caller's address goes to whoever is asked, and a token that is not for it is refused with that reason", async () => {
  const asked: (string | undefined)[] = [];
  const guarded = createGuard({
    realm: "Harbour",
    introspect: async (_, address) => {
      asked.push(address);
      return address === "203.0.113.7" ? token : { active: false, refused: "address" };
    },
  });
  expect(await guarded("Bearer good", "read", "203.0.113.7")).toMatchObject({ allowed: true });
  for (const address of ["203.0.114.7", undefined])
    expect(await guarded("Bearer good", "read", address)).toMatchObject({
      allowed: false,
      refusal: {
        status: 401,
        body: { error: "invalid_token", error_description: "the token may not be used from this address" },
      },
    });
  expect(asked).toEqual(["203.0.113.7", "203.0.114.7", undefined]);
});

test("what else a guard is told of a call goes to its own introspection as it is, and to no other's", async () => {
  const calls: { of: string }[] = [];
  const introspect: Introspect<ActiveToken, [call: { of: string }]> = async (value, _, call) => {
    calls.push(call);
    return value === "good" ? token : { active: false };
  };
  const telling = createGuard({ realm: "Harbour", introspect });
  const [one, another] = [{ of: "one" }, { of: "another" }];
  const verdicts = await Promise.all([
    telling("Bearer good", "read", undefined, one),
    telling("Bearer dead", "read", undefined, another),
  ]);
  expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, false]);
  expect([calls[0], calls[1]]).toEqual([one, another]);
});

test("a refusal for the scope says whose token it was, any other does not", async () => {
  expect(await guard("Bearer good", "write")).toMatchObject({ allowed: false, token });
  for (const header of [undefined, "Bearer dead"]) expect(await guard(header)).not.toHaveProperty("token");
});

test("nobody passes when the authorization server cannot be asked", async () => {
  await expect(guard("Bearer down")).rejects.toThrow("nobody could be asked");
});
