import { describe, expect, test } from "vitest";
import { type Policy, standard } from "../../lib/oauth/policy";
import { presets } from "../../lib/oauth/presets";
import type { RedirectRule } from "../../lib/oauth/redirect";
import { type Misfit, misfitOf } from "../../lib/oauth/registration";

const exact = (...uris: string[]): RedirectRule => ({ match: "exact", uris });
const one = exact("https://app.example/callback");
const two = exact("https://app.example/callback", "https://app.example/other");
const domain: RedirectRule = { match: "origin_path", domain: "https://app.example" };

describe("a policy and a registration", () => {
  test.each(Object.values(presets).map(({ policy }) => [policy.preset, policy] as const))(
    "fit each other under %s, with one redirect URI and a secret",
    (_, policy) => {
      expect(misfitOf(policy, { type: "confidential", redirect: one })).toBeNull();
    },
  );

  test.each<[string, Policy, RedirectRule]>([
    ["two redirect URIs", standard, two],
    ["a redirect domain", presets.perpetual.policy, domain],
    ["no redirect URI where no person is asked", presets.machine.policy, exact()],
  ])("fit each other with %s", (_, policy, redirect) => {
    expect(misfitOf(policy, { type: "confidential", redirect })).toBeNull();
  });

  test("fit a public client with rotating refresh tokens, or with none", () => {
    for (const refresh of ["rotating", "none"] as const)
      expect(misfitOf({ ...standard, refresh }, { type: "public", redirect: one })).toBeNull();
  });

  const omitting: Partial<Policy> = { omit_redirect_uri: true };
  test.each<[string, Partial<Policy>, "public" | "confidential", RedirectRule, Omit<Misfit, "problem">]>([
    [
      "a public client without people",
      { grants: ["client_credentials"] },
      "public",
      one,
      { key: "grants", part: "type" },
    ],
    [
      "a public client that may leave out redirect_uri",
      omitting,
      "public",
      one,
      { key: "omit_redirect_uri", part: "type" },
    ],
    [
      "a public client with static refresh tokens",
      { refresh: "static" },
      "public",
      one,
      { key: "refresh", part: "type" },
    ],
    ["people, and nowhere to send them", {}, "confidential", exact(), { key: "grants", part: "uris" }],
    [
      "a redirect_uri left out of a domain",
      omitting,
      "confidential",
      domain,
      { key: "omit_redirect_uri", part: "match" },
    ],
    [
      "a redirect_uri left out of two",
      omitting,
      "confidential",
      two,
      { key: "omit_redirect_uri", part: "uris" },
    ],
  ])("do not fit: %s", (_, changes, type, redirect, expected) => {
    const misfit = misfitOf({ ...standard, ...changes }, { type, redirect });
    expect(misfit).toMatchObject(expected);
    expect(misfit?.problem).toMatch(/^\p{Lu}.*\.$/u);
  });
});
