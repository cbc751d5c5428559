import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Policy, type PresetName, policySchema, standard, switchKeys } from "../../lib/oauth/policy";
import { presets } from "../../lib/oauth/presets";
import {
  dated,
  describePolicy,
  duration,
  isLegacy,
  labelOf,
  refusedTraits,
  switches,
  type Trait,
} from "../../lib/oauth/switches";

const perpetual = presets.perpetual.policy;

describe("the table", () => {
  test("has one line for each switch of the schema", () => {
    const keys = Object.keys(policySchema.shape).filter((key) => !["preset", "since", "until"].includes(key));
    expect(switches.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
    expect([...switchKeys].toSorted()).toEqual(keys.toSorted());
  });

  test("has titles and labels that cannot be mistaken for one another", () => {
    expect(new Set(switches.map(({ title }) => title)).size).toBe(switches.length);
    for (const { key, choices } of switches)
      expect(new Set(choices.map(({ label }) => label)).size, key).toBe(choices.length);
  });

  test.each(switches.map((line) => [line.key, line] as const))(
    "offers for %s what the schema takes",
    (key, line) => {
      const schema = policySchema.shape[key];
      expect(line.choices.length).toBeGreaterThan(1);
      for (const { value, label } of line.choices) {
        expect(schema.parse(value)).toEqual(value);
        expect(labelOf(line, value)).toBe(label);
      }
      expect(line.choices.map(({ value }) => value)).toContainEqual(standard[key]);
      expect(line.spec).toMatch(/RFC \d{4} §/);
    },
  );

  test("says of every choice of every switch something to a person", () => {
    for (const line of switches)
      for (const { value } of line.choices) {
        const words = line.words({ ...standard, [line.key]: value });
        expect(words, line.key).toMatch(/^\p{Lu}|^\d|^bearer$|^state$/u);
        expect(words, line.key).not.toMatch(/undefined|null|object|true|false|_seconds/);
      }
  });

  test("calls nothing of Standard weaker, and lets Standard refuse every legacy trait", () => {
    for (const line of switches) expect(line.weaker(standard), line.key).toBe(false);
  });
});

describe("a policy in words", () => {
  test("says every switch once, beside Standard", () => {
    const lines = describePolicy(perpetual);
    expect(lines.map(({ key }) => key).toSorted()).toEqual(
      Object.keys(standard)
        .filter((key) => !["preset", "since", "until"].includes(key))
        .toSorted(),
    );
    expect(lines.find(({ key }) => key === "access_seconds")).toEqual({
      key: "access_seconds",
      title: "Access token ends after",
      value: "Does not expire",
      standard: "1 hour",
      differs: true,
      legacy: true,
      spec: expect.stringContaining("RFC 9700"),
      since: null,
      until: null,
    });
  });

  test("differs from Standard where it does, and nowhere else", () => {
    expect(describePolicy(standard).filter(({ differs }) => differs)).toEqual([]);
    for (const { policy } of Object.values(presets))
      for (const { key, differs } of describePolicy(policy))
        expect(differs, key).toBe(JSON.stringify(policy[key]) !== JSON.stringify(standard[key]));
  });

  test("carries the dates of each switch", () => {
    const since = { pkce: "2026-01-01T00:00:00.000Z" };
    const until = { pkce: "2026-02-01T00:00:00.000Z" };
    const lines = describePolicy({ ...perpetual, since, until });
    expect(lines.find(({ key }) => key === "pkce")).toMatchObject({ since: since.pkce, until: until.pkce });
    expect(lines.find(({ key }) => key === "state")).toMatchObject({ since: null, until: null });
  });

  test.each([
    [60, "1 minute"],
    [90, "90 seconds"],
    [300, "5 minutes"],
  ])("says %i seconds as %s", (code_seconds, words) => {
    const line = describePolicy({ ...standard, code_seconds }).find(({ key }) => key === "code_seconds");
    expect(line?.value).toBe(words);
  });

  test.each([
    [1, "1 second"],
    [59, "59 seconds"],
    [3600, "1 hour"],
    [5400, "90 minutes"],
    [7200, "2 hours"],
    [86_400, "1 day"],
    [90 * 86_400, "90 days"],
    [86_401, "86401 seconds"],
  ])("says %i as %s", (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  test("says a lifetime between the choices, too", () => {
    const line = (policy: Policy, of: string) => describePolicy(policy).find(({ key }) => key === of)?.value;
    expect(line({ ...standard, access_seconds: 5400 }, "access_seconds")).toBe("90 minutes");
    expect(line({ ...standard, access_idle_days: 45 }, "access_idle_days")).toBe("45 days");
    expect(line({ ...standard, rotation_overlap_seconds: 120 }, "rotation_overlap_seconds")).toBe(
      "Stays valid for 2 minutes",
    );
    expect(line({ ...standard, response_include: ["scope"] }, "response_include")).toBe(
      "The token, its type and scope",
    );
  });

  test("says lists in whatever order they were stored", () => {
    const both: Policy = {
      ...standard,
      client_auth: ["client_secret_post", "client_secret_basic"],
      response_include: ["scope", "expires_in"],
      grants: ["client_credentials", "authorization_code"],
    };
    const line = (of: string) => describePolicy(both).find(({ key }) => key === of);
    expect(line("client_auth")).toMatchObject({ value: "HTTP Basic or request body", differs: false });
    expect(line("response_include")).toMatchObject({ differs: false });
    expect(line("grants")).toMatchObject({ value: "Authorization code and client credentials" });
  });
});

describe("legacy", () => {
  test.each<[string, Partial<Policy>]>([
    ["a token that does not expire", { access_seconds: null }],
    ["a token of over a day", { access_seconds: 86_401 }],
    ["PKCE only if it is sent", { pkce: "if_sent" }],
    ["no state", { state: "recommended" }],
    ["authorize requests without redirect_uri", { omit_redirect_uri: true }],
    ["token requests without redirect_uri", { token_redirect_uri: "ignore_if_omitted" }],
    ["static refresh tokens", { refresh: "static" }],
    ["refresh tokens for client credentials", { refresh_for_client_credentials: true }],
    ["refreshing without client authentication", { refresh_without_client_auth: true }],
    ["all scopes for who names none", { default_scope: "registered" }],
    ["no expires_in", { response_include: ["scope"] }],
    ["the implicit grant", { implicit: true }],
    ["the password grant", { password: true }],
  ])("is %s", (_, changes) => {
    const policy = { ...standard, ...changes };
    expect(isLegacy(policy)).toBe(true);
    expect(
      describePolicy(policy)
        .filter(({ legacy }) => legacy)
        .map(({ key }) => key),
    ).toEqual(Object.keys(changes));
  });

  test.each<[string, Partial<Policy>]>([
    ["a token of exactly a day", { access_seconds: 86_400 }],
    ["bearer in lower case", { token_type: "bearer" }],
    ["errors that are always 400", { error_status: "always_400" }],
    ["no scope in the answer", { response_include: ["expires_in"] }],
    ["no refresh tokens", { refresh: "none" }],
    ["no default scope", { default_scope: "none" }],
    ["all or nothing", { scope_mismatch: "deny" }],
    ["client credentials", { grants: ["client_credentials"] }],
    ["asking every time", { consent: "always" }],
  ])("is not %s", (_, changes) => {
    expect(isLegacy({ ...standard, ...changes })).toBe(false);
  });
});

describe("dating a policy", () => {
  const now = new Date("2026-03-01T00:00:00.000Z");
  const earlier = "2026-01-01T00:00:00.000Z";
  const later = "2026-09-01T00:00:00.000Z";

  test("notes since when each weaker switch has been so", () => {
    expect(dated(perpetual, null, now).since).toEqual({
      pkce: now.toISOString(),
      access_seconds: now.toISOString(),
      default_scope: now.toISOString(),
      response_include: now.toISOString(),
    });
    expect(dated(standard, null, now)).toEqual(standard);
  });

  test("keeps the date of what was weak before, and drops it when it no longer is", () => {
    const before: Policy = {
      ...standard,
      pkce: "if_sent",
      state: "recommended",
      since: { pkce: earlier, state: earlier },
    };
    const after = dated({ ...before, state: "unless_pkce", access_seconds: null }, before, now);
    expect(after.since).toEqual({ pkce: earlier, access_seconds: now.toISOString() });
  });

  test("begins anew for what was tightened in between", () => {
    const weak: Policy = { ...standard, pkce: "if_sent" };
    const first = dated(weak, null, new Date(earlier));
    const tight = dated({ ...first, pkce: "required" }, first, new Date("2026-02-01T00:00:00.000Z"));
    expect(dated({ ...tight, pkce: "if_sent" }, tight, now).since).toEqual({ pkce: now.toISOString() });
  });

  test("believes no date that a form sends along", () => {
    const forged = { ...perpetual, since: { pkce: earlier, state: earlier } };
    expect(dated(forged, null, now).since.pkce).toBe(now.toISOString());
    expect(dated(forged, null, now).since).not.toHaveProperty("state");
  });

  test("keeps an end only for what differs from Standard", () => {
    const until = { pkce: later, state: later, token_type: later };
    expect(dated({ ...standard, pkce: "if_sent", token_type: "bearer", until }, null, now).until).toEqual({
      pkce: later,
      token_type: later,
    });
    expect(dated({ ...standard, until }, null, now).until).toEqual({});
  });

  test("changes no switch and stays within the schema, for every preset after every other", () => {
    const names = Object.keys(presets) as PresetName[];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.constantFrom(...names), (one, other) => {
        const before = dated(presets[one].policy, null, new Date(earlier));
        const after = dated(presets[other].policy, before, now);
        expect(policySchema.parse(after)).toEqual(after);
        expect({ ...after, since: {}, until: {} }).toEqual(presets[other].policy);
        expect(Object.keys(after.since).toSorted()).toEqual(
          switches
            .filter(({ weaker }) => weaker(after))
            .map(({ key }) => key)
            .toSorted(),
        );
      }),
    );
  });
});

describe("what a policy would refuse", () => {
  const refused = (policy: Policy) => [...refusedTraits(policy).keys()].toSorted();

  const legacy: Trait[] = [
    "authorize_without_pkce",
    "authorize_without_state",
    "authorize_without_redirect_uri",
    "authorize_implicit",
    "token_without_redirect_uri",
    "token_password",
    "refresh_reused",
    "refresh_of_client_credentials",
    "refresh_without_client_auth",
    "old_access_token",
  ];

  test.each<[PresetName, Trait[]]>([
    ["standard", [...legacy, "token_client_credentials"]],
    [
      "perpetual",
      [
        ...legacy.filter((trait) => trait !== "authorize_without_pkce" && trait !== "old_access_token"),
        "token_client_credentials",
        "refresh",
      ],
    ],
    [
      "single_redirect",
      [
        "authorize_implicit",
        "token_password",
        "token_client_credentials",
        "refresh",
        "refresh_reused",
        "refresh_of_client_credentials",
        "refresh_without_client_auth",
      ],
    ],
    ["machine", [...legacy, "token_authorization_code", "refresh"]],
    [
      "classic",
      legacy.filter(
        (trait) =>
          ![
            "authorize_without_pkce",
            "refresh_of_client_credentials",
            "refresh_without_client_auth",
          ].includes(trait),
      ),
    ],
    [
      "service_account",
      [...legacy.filter((trait) => trait !== "authorize_without_pkce"), "token_client_credentials"],
    ],
  ])("%s", (preset, traits) => {
    expect(refused(presets[preset].policy)).toEqual(traits.toSorted());
  });

  test("names the switch that decides", () => {
    const decides = refusedTraits({
      ...standard,
      default_scope: "none",
      client_auth: ["client_secret_basic"],
    });
    expect(decides.get("authorize_without_pkce")?.key).toBe("pkce");
    expect(decides.get("token_without_scope")?.key).toBe("default_scope");
    expect(decides.get("token_client_secret_post")?.key).toBe("client_auth");
    expect(decides.has("token_client_secret_basic")).toBe(false);
  });

  test("every trait is decided by one switch at most", () => {
    const traits = switches.flatMap(({ traits }) => Object.keys(traits));
    expect(new Set(traits).size).toBe(traits.length);
  });
});
