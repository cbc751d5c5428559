import { describe, expect, test } from "vitest";
import { describePolicy, isLegacy, type Policy, policySchema, presets } from "../../lib/oauth/policy";

const { standard, perpetual } = { standard: presets.standard.policy, perpetual: presets.perpetual.policy };

describe("the presets", () => {
  test("obey the schema and have the labels of the form", () => {
    for (const { policy } of Object.values(presets)) expect(policySchema.parse(policy)).toEqual(policy);
    expect(Object.values(presets).map(({ label }) => label)).toEqual([
      "Standard (recommended)",
      "Long-lived tokens",
    ]);
  });

  test("name themselves", () => {
    for (const [name, { policy }] of Object.entries(presets)) expect(policy.preset).toBe(name);
  });

  test("Standard is current practice, Long-lived tokens are not", () => {
    expect(isLegacy(standard)).toBe(false);
    expect(isLegacy(perpetual)).toBe(true);
    expect(
      describePolicy(perpetual)
        .filter(({ legacy }) => legacy)
        .map(({ key }) => key),
    ).toEqual(["pkce", "access_seconds", "default_scope", "response_include"]);
  });
});

describe("the schema", () => {
  test.each<[string, Partial<Record<keyof Policy | "extra", unknown>>]>([
    ["a code of over five minutes", { code_seconds: 301 }],
    ["a code of under ten seconds", { code_seconds: 9 }],
    ["an access token of under a minute", { access_seconds: 59 }],
    ["an access token of over a year", { access_seconds: 31_536_001 }],
    ["half a second", { access_seconds: 60.5 }],
    ["no client authentication", { client_auth: [] }],
    ["an unknown method", { client_auth: ["none"] }],
    ["an unknown preset", { preset: "classic" }],
    ["an overlap of over a week", { rotation_overlap_seconds: 604_801 }],
    ["an unknown switch", { extra: true }],
  ])("refuses %s", (_, wrong) => {
    expect(policySchema.safeParse({ ...standard, ...wrong }).success).toBe(false);
  });

  test("refuses a policy with a switch missing", () => {
    for (const key of Object.keys(standard))
      expect(policySchema.safeParse({ ...standard, [key]: undefined }).success, key).toBe(false);
  });
});

describe("a policy in words", () => {
  test("says every switch once, beside Standard", () => {
    const lines = describePolicy(perpetual);
    expect(lines.map(({ key }) => key).toSorted()).toEqual(
      Object.keys(standard)
        .filter((key) => key !== "preset")
        .toSorted(),
    );
    expect(lines.find(({ key }) => key === "access_seconds")).toEqual({
      key: "access_seconds",
      title: "Access token",
      value: "Does not expire",
      standard: "Expires after 1 hour",
      legacy: true,
    });
  });

  test.each([
    [60, "1 minute"],
    [90, "90 seconds"],
    [300, "5 minutes"],
  ])("says %i seconds as %s", (code_seconds, words) => {
    const line = describePolicy({ ...standard, code_seconds }).find(({ key }) => key === "code_seconds");
    expect(line?.value).toBe(`Valid for ${words}, once`);
  });
});
