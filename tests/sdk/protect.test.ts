import { describe, expect, test } from "vitest";
import { type ActiveToken, createGuard } from "../../lib/sdk/index";

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

test("a refusal for the scope says whose token it was, any other does not", async () => {
  expect(await guard("Bearer good", "write")).toMatchObject({ allowed: false, token });
  for (const header of [undefined, "Bearer dead"]) expect(await guard(header)).not.toHaveProperty("token");
});

test("nobody passes when the authorization server cannot be asked", async () => {
  await expect(guard("Bearer down")).rejects.toThrow("nobody could be asked");
});
