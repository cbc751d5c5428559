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

test("nobody passes when the authorization server cannot be asked", async () => {
  await expect(guard("Bearer down")).rejects.toThrow("nobody could be asked");
});
