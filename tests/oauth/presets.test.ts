import { describe, expect, test } from "vitest";
import { policySchema, standard } from "../../lib/oauth/policy";
import { presets } from "../../lib/oauth/presets";
import { describePolicy, isLegacy } from "../../lib/oauth/switches";

const legacySwitches = (preset: keyof typeof presets) =>
  describePolicy(presets[preset].policy)
    .filter(({ legacy }) => legacy)
    .map(({ key }) => key);

describe("the presets", () => {
  test("obey the schema and have the labels of the form", () => {
    for (const { policy } of Object.values(presets)) expect(policySchema.parse(policy)).toEqual(policy);
    expect(Object.values(presets).map(({ label }) => label)).toEqual([
      "Standard (recommended)",
      "Long-lived tokens",
      "Single redirect, registered scopes",
      "Machine to machine",
      "Classic with refresh tokens",
      "Service account",
    ]);
  });

  test("name themselves", () => {
    for (const [name, { policy }] of Object.entries(presets)) expect(policy.preset).toBe(name);
  });

  test("are all there are", () => {
    expect(Object.keys(presets).toSorted()).toEqual([...policySchema.shape.preset.options].toSorted());
  });

  test("are copies without dates of their own, and none has implicit or password on", () => {
    for (const { policy } of Object.values(presets))
      expect(policy).toMatchObject({ since: {}, until: {}, implicit: false, password: false });
  });

  test("Standard is current practice, Long-lived tokens are not", () => {
    expect(presets.standard.policy).toEqual(standard);
    expect(isLegacy(presets.standard.policy)).toBe(false);
    expect(isLegacy(presets.perpetual.policy)).toBe(true);
    expect(legacySwitches("standard")).toEqual([]);
    expect(legacySwitches("perpetual").toSorted()).toEqual(
      ["pkce", "access_seconds", "default_scope", "response_include"].toSorted(),
    );
  });

  test.each([
    [
      "single_redirect",
      [
        "pkce",
        "state",
        "omit_redirect_uri",
        "token_redirect_uri",
        "access_seconds",
        "default_scope",
        "response_include",
      ],
    ],
    ["machine", []],
    ["classic", ["pkce", "refresh_for_client_credentials", "refresh_without_client_auth"]],
    ["service_account", ["pkce"]],
  ] as const)("%s says by a badge which switches are weaker", (preset, weak) => {
    expect(legacySwitches(preset).toSorted()).toEqual([...weak].toSorted());
  });

  test("only Standard, Classic and Service account issue refresh tokens", () => {
    const refreshing = Object.values(presets).flatMap(({ policy }) =>
      policy.refresh === "none" ? [] : [policy.preset],
    );
    expect(refreshing).toEqual(["standard", "classic", "service_account"]);
  });
});
