import { describe, expect, it } from "vitest";
import { policyGroups } from "../../components/policy-groups";
import { defaultInstance, type Instance } from "../../lib/oauth/instance";
import { type Policy, standard, switchKeys } from "../../lib/oauth/policy";
import { presets } from "../../lib/oauth/presets";
import { choiceValue, type PolicySubject, parsePolicyForm } from "../../lib/server/policy-form";

const now = new Date("2026-03-01T12:00:00.000Z");
const one = ["https://ledger.example/callback"];
const app = (policy: Policy, changes: Partial<PolicySubject> = {}): PolicySubject => ({
  policy,
  type: "confidential",
  redirect: { match: "exact", uris: one },
  ...changes,
});

function parse(
  fields: Record<string, string | string[]>,
  subject: PolicySubject = app(standard),
  instance: Instance = defaultInstance,
) {
  const form = new FormData();
  for (const [name, values] of Object.entries(fields))
    for (const value of [values].flat()) form.append(name, value);
  return parsePolicyForm(form, subject, instance, now);
}
const errorsOf = (...given: Parameters<typeof parse>) => {
  const parsed = parse(...given);
  return parsed.ok ? {} : parsed.errors;
};
const json = choiceValue;

describe("the policy form", () => {
  it("shows every switch once, in a group", () => {
    const shown = policyGroups.flatMap(({ keys }) => keys);
    expect(shown.toSorted()).toEqual(switchKeys.toSorted());
  });

  it("leaves a switch that was not sent as it is", () => {
    const policy = { ...standard, code_seconds: 45 };
    expect(parse({ preset: "standard" }, app(policy))).toEqual({ ok: true, policy });
    expect(parse({}, app(policy))).toEqual({ ok: true, policy });
  });

  it("takes another preset whole, whatever the switches say", () => {
    const sent = { preset: "perpetual", pkce: json("required"), code_seconds: "nonsense" };
    expect(parse(sent)).toEqual({ ok: true, policy: presets.perpetual.policy });
  });

  it("takes one of the table's choices for a switch, and a stored value that is none of them", () => {
    const policy = { ...standard, code_seconds: 45 };
    const sent = { pkce: json("if_sent"), code_seconds: json(45), access_seconds: json(null) };
    expect(parse(sent, app(policy))).toMatchObject({
      ok: true,
      policy: { pkce: "if_sent", code_seconds: 45, access_seconds: null },
    });
  });

  it("takes a day on which a switch falls back, and takes it away again", () => {
    const first = parse({ pkce: json("if_sent"), "until.pkce": "2026-06-01" });
    expect(first).toMatchObject({ ok: true, policy: { until: { pkce: "2026-06-01T00:00:00.000Z" } } });
    const stored = first.ok ? first.policy : standard;
    expect(parse({ "until.pkce": "" }, app(stored))).toMatchObject({ ok: true, policy: { until: {} } });
    expect(parse({}, app(stored))).toMatchObject({ ok: true, policy: { until: stored.until } });
  });

  it("keeps the hour of an end whose day was not changed", () => {
    const until = { pkce: "2026-06-01T09:30:00.000Z" };
    const policy: Policy = { ...standard, pkce: "if_sent", until };
    expect(parse({ "until.pkce": "2026-06-01" }, app(policy))).toEqual({ ok: true, policy });
  });

  it("switches the password grant on with an end date, where the installation allows it", () => {
    const sent = { password: json(true), "until.password": "2026-06-01" };
    const allowed = { ...defaultInstance, password: true };
    expect(parse(sent, app(standard), allowed)).toMatchObject({ ok: true, policy: { password: true } });
    expect(errorsOf({ password: json(true) }, app(standard), allowed)).toEqual({
      password: "Choose a date on which this ends.",
    });
    expect(errorsOf(sent)).toEqual({ password: expect.stringContaining("administrator") });
    expect(
      errorsOf({ implicit: json(true), "until.implicit": "2026-06-01" }, app(standard), allowed),
    ).toEqual({
      implicit: expect.stringContaining("administrator"),
    });
  });

  it("lets a grant that is on stay on while the installation has it switched off", () => {
    const policy: Policy = { ...standard, implicit: true, until: { implicit: "2026-06-01T00:00:00.000Z" } };
    const sent = { implicit: json(true), "until.implicit": "2026-06-01" };
    expect(parse(sent, app(policy))).toEqual({ ok: true, policy });
  });
});

describe("the policy form refuses", () => {
  const anything = "Choose one of these.";
  it.each<[string, Record<string, string | string[]>, Record<string, unknown>]>([
    ["a preset outside the list", { preset: "anything" }, { preset: anything }],
    ["a preset that comes twice", { preset: ["standard", "perpetual"] }, {}],
    ["a value outside the table", { pkce: json("never") }, { pkce: anything }],
    ["a value that is not JSON", { pkce: "if_sent" }, { pkce: anything }],
    ["a value within the schema that is no choice", { code_seconds: json(299) }, { code_seconds: anything }],
    ["a value outside the schema", { access_seconds: json(1e12) }, { access_seconds: anything }],
    ["a switch that comes twice", { pkce: [json("if_sent"), json("required")] }, { pkce: anything }],
    ["an empty value", { client_auth: "" }, { client_auth: anything }],
    [
      "a day that is none",
      { pkce: json("if_sent"), "until.pkce": "2026-02-30" },
      { "until.pkce": "Enter a day, as in 2027-01-31." },
    ],
    [
      "a day in the past",
      { pkce: json("if_sent"), "until.pkce": "2026-03-01" },
      { "until.pkce": "Choose a day in the future." },
    ],
    [
      "a day far away",
      { pkce: json("if_sent"), "until.pkce": "2029-01-01" },
      { "until.pkce": "Choose a day within two years." },
    ],
    [
      "what only Classic has",
      { refresh_for_client_credentials: json(true) },
      { refresh_for_client_credentials: "Only Classic with refresh tokens has this." },
    ],
    [
      "a refresh token that waits longer than all of them last",
      { refresh_idle_seconds: json(365 * 86_400) },
      { refresh_idle_seconds: "A refresh token cannot wait longer than all of them last." },
    ],
  ])("%s", (_, sent, errors) => {
    if (Object.keys(errors).length === 0) expect(parse(sent)).toEqual({ ok: true, policy: standard });
    else expect(errorsOf(sent)).toEqual(errors);
  });

  it("a classic policy without the rotation it rests on, in the schema's own words", () => {
    expect(errorsOf({ refresh: json("none") }, app(presets.classic.policy))).toEqual({
      refresh_for_client_credentials: "This needs rotating refresh tokens.",
      refresh_without_client_auth: "This needs rotating refresh tokens.",
    });
  });

  it("a policy that does not fit how the app is registered", () => {
    const two = app(standard, { redirect: { match: "exact", uris: [...one, "https://ledger.example/b"] } });
    expect(errorsOf({ preset: "single_redirect" }, two)).toEqual({
      preset: expect.stringContaining("exactly one"),
    });
    expect(errorsOf({ omit_redirect_uri: json(true) }, two)).toEqual({
      omit_redirect_uri: expect.stringContaining("exactly one"),
    });
    const domain = app(standard, { redirect: { match: "origin_path", domain: "https://ledger.example" } });
    expect(errorsOf({ omit_redirect_uri: json(true) }, domain)).toEqual({
      omit_redirect_uri: expect.stringContaining("exact"),
    });
    const open = app(standard, { type: "public" });
    expect(errorsOf({ preset: "machine" }, open)).toEqual({ preset: expect.stringContaining("secret") });
    expect(errorsOf({ refresh: json("static") }, open)).toEqual({
      refresh: expect.stringContaining("rotating"),
    });
    const sent = { grants: json(["client_credentials"]), "until.grants": "2026-06-01" };
    expect(errorsOf(sent, app(presets.machine.policy, { redirect: { match: "exact", uris: [] } }))).toEqual({
      "until.grants": expect.stringContaining("falls back"),
    });
    const machine = app(presets.machine.policy, { redirect: { match: "exact", uris: [] } });
    expect(errorsOf({ preset: "standard" }, machine)).toEqual({
      preset: expect.stringContaining("redirect URI"),
    });
  });
});
