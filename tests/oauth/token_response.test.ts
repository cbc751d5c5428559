import { describe, expect, test } from "vitest";
import { type Policy, standard } from "../../lib/oauth/policy";
import { presets } from "../../lib/oauth/presets";
import { mintTokens, tokenResponse } from "../../lib/oauth/token_response";
import { hashCredential, isWellFormed } from "../../lib/oauth/tokens";
import { createWorld } from "../support/world";

const now = new Date("2026-01-01T00:00:00Z");
const inOneHour = new Date("2026-01-01T01:00:00Z");
const minted = { access_token: "at_x", refresh_token: "rt_x" };

/** As text, since clients of old compare the very shape. */
function answer(
  changes: Partial<Policy>,
  issued: { scopes?: string[]; expiresAt?: Date | null; refreshes?: boolean } = {},
): string {
  const client = { client_id: "app", policy: { ...standard, ...changes } };
  const facts = { scopes: ["read", "write"], expiresAt: inOneHour, refreshes: false, ...issued };
  return JSON.stringify(tokenResponse(minted, { client, ...facts }, now));
}

describe("a token response says", () => {
  test.each<[string, string, string]>([
    [
      "by Standard: token, type, lifetime, refresh token and scope",
      answer({}, { refreshes: true }),
      '{"access_token":"at_x","token_type":"Bearer","expires_in":3600,"refresh_token":"rt_x","scope":"read write"}',
    ],
    [
      "by Long-lived tokens: the token and its type",
      answer(presets.perpetual.policy, { expiresAt: null }),
      '{"access_token":"at_x","token_type":"Bearer"}',
    ],
    [
      "by Single redirect: the token and its type in lower case",
      answer(presets.single_redirect.policy, { expiresAt: null }),
      '{"access_token":"at_x","token_type":"bearer"}',
    ],
    [
      "no lifetime of a token that has none, whatever the policy includes",
      answer({}, { expiresAt: null }),
      '{"access_token":"at_x","token_type":"Bearer","scope":"read write"}',
    ],
    [
      "no scope where the policy leaves it out",
      answer({ response_include: ["expires_in"] }),
      '{"access_token":"at_x","token_type":"Bearer","expires_in":3600}',
    ],
    [
      "no lifetime where the policy leaves it out",
      answer({ response_include: ["scope"] }),
      '{"access_token":"at_x","token_type":"Bearer","scope":"read write"}',
    ],
    [
      "the refresh token whatever the policy includes",
      answer({ response_include: [] }, { refreshes: true }),
      '{"access_token":"at_x","token_type":"Bearer","refresh_token":"rt_x"}',
    ],
  ])("%s", (_, said, expected) => {
    expect(said).toBe(expected);
  });
});

describe("what is minted", () => {
  test("is an access token, a refresh token and a family, of which only hashes are stored", () => {
    const { access_token, refresh_token, stored } = mintTokens(createWorld().as);
    expect(isWellFormed(access_token, "at")).toBe(true);
    expect(isWellFormed(refresh_token, "rt")).toBe(true);
    expect(stored).toEqual({
      tokenHash: hashCredential(access_token),
      tokenLast4: access_token.slice(-4),
      familyId: expect.stringMatching(/^[0-9a-z]{9}[0-9A-Za-z]{12}$/),
      refreshHash: hashCredential(refresh_token),
      refreshLast4: refresh_token.slice(-4),
    });
  });

  test("has the brand's word", () => {
    const { access_token, refresh_token } = mintTokens({ ...createWorld().as, credentialPrefix: "acme_" });
    expect(access_token).toMatch(/^acme_at_/);
    expect(refresh_token).toMatch(/^acme_rt_/);
  });
});
