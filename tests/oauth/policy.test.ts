import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Policy,
  policyEnd,
  policySchema,
  type SwitchKey,
  settled,
  standard,
  switchKeys,
} from "../../lib/oauth/policy";
import { presets } from "../../lib/oauth/presets";
import { switches } from "../../lib/oauth/switches";

const classic = presets.classic.policy;
const valid = (policy: unknown) => policySchema.safeParse(policy).success;

/** Which switches the schema complains about. */
function complaints(policy: unknown): string[] {
  const parsed = policySchema.safeParse(policy);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
}

describe("the schema", () => {
  test.each<[string, Partial<Record<keyof Policy | "extra", unknown>>]>([
    ["a code of over five minutes", { code_seconds: 301 }],
    ["a code of under ten seconds", { code_seconds: 9 }],
    ["an access token of under a minute", { access_seconds: 59 }],
    ["an access token of over a year", { access_seconds: 31_536_001 }],
    ["half a second", { access_seconds: 60.5 }],
    ["no client authentication", { client_auth: [] }],
    ["an unknown method", { client_auth: ["none"] }],
    ["an unknown preset", { preset: "custom" }],
    ["an overlap of over a week", { rotation_overlap_seconds: 604_801 }],
    ["an unknown switch", { extra: true }],
    ["a grant that is no grant of an app", { grants: ["refresh_token"] }],
    ["the implicit grant among the grants", { grants: ["implicit"] }],
    ["the password grant among the grants", { grants: ["password"] }],
    ["a word for a yes", { implicit: "true" }],
    ["a number for a yes", { omit_redirect_uri: 1 }],
    ["a number in a string", { access_seconds: "3600" }],
    ["an infinite lifetime that is not null", { access_seconds: Number.POSITIVE_INFINITY }],
    ["no days at all", { access_idle_days: 0 }],
    ["over two years of idleness", { access_idle_days: 731 }],
    ["refresh tokens that do not end", { refresh_seconds: null }],
    ["an unknown kind of refresh", { refresh: "reuse" }],
    ["an unknown scope default", { default_scope: "full" }],
    ["an unknown member of the response", { response_include: ["refresh_token"] }],
    ["a token type of another kind", { token_type: "BEARER" }],
    ["a status of one's own", { error_status: 200 }],
    ["a date that is none", { until: { pkce: "tomorrow" } }],
    ["a date without a time", { until: { pkce: "2026-01-01" } }],
    ["a date for what is no switch", { until: { extra: "2026-01-01T00:00:00Z" } }],
    ["a beginning of what is no switch", { since: { preset: "2026-01-01T00:00:00Z" } }],
  ])("refuses %s", (_, wrong) => {
    expect(valid({ ...standard, ...wrong })).toBe(false);
  });

  test("refuses a policy with a switch missing", () => {
    for (const key of Object.keys(standard))
      expect(valid({ ...standard, [key]: undefined }), key).toBe(false);
  });

  test.each([null, undefined, "standard", [], 1, {}])("refuses %j for a policy", (value) => {
    expect(valid(value)).toBe(false);
  });

  test.each(["implicit", "password"] as const)("has %s only with a date on which it ends", (key) => {
    expect(complaints({ ...classic, [key]: true })).toEqual([key]);
    expect(complaints({ ...standard, [key]: true, until: { state: "2027-01-01T00:00:00Z" } })).toEqual([key]);
    expect(valid({ ...standard, [key]: true, until: { [key]: "2027-01-01T00:00:00Z" } })).toBe(true);
  });

  test.each(["refresh_for_client_credentials", "refresh_without_client_auth"] as const)(
    "has %s under Classic alone, and only where refresh tokens rotate",
    (key) => {
      expect(valid({ ...classic, [key]: true })).toBe(true);
      for (const { policy } of Object.values(presets)) {
        if (policy.preset === "classic") continue;
        expect(complaints({ ...policy, refresh: "rotating", [key]: true }), policy.preset).toEqual([key]);
      }
      for (const refresh of ["static", "none"] as const)
        expect(complaints({ ...classic, refresh })).toContain(key);
    },
  );

  test("VVT-19 lets refresh tokens live at least as long as access tokens, and every preset keeps to it", () => {
    expect(
      complaints({ ...standard, access_seconds: 3600, refresh_seconds: 3599, refresh_idle_seconds: 60 }),
    ).toEqual(["refresh_seconds"]);
    expect(
      valid({ ...standard, access_seconds: 3600, refresh_seconds: 3600, refresh_idle_seconds: 60 }),
    ).toBe(true);
    const refreshing = Object.values(presets).filter(({ policy }) => policy.refresh !== "none");
    expect(refreshing.map(({ policy }) => policy.preset)).toEqual(["standard", "classic", "service_account"]);
    for (const { policy } of refreshing) {
      expect(policy.refresh_seconds).toBeGreaterThan(policy.access_seconds ?? Number.POSITIVE_INFINITY);
      expect(policy.refresh_idle_seconds).toBeGreaterThan(policy.access_seconds ?? Number.POSITIVE_INFINITY);
    }
  });

  test("does not compare lifetimes where there is no refresh token, or no end of an access token", () => {
    const short = { refresh_seconds: 60, refresh_idle_seconds: 60 };
    expect(valid({ ...standard, ...short, refresh: "none" })).toBe(true);
    expect(valid({ ...standard, ...short, access_seconds: null })).toBe(true);
  });

  test("lets no refresh token wait longer than all of them last", () => {
    expect(complaints({ ...standard, refresh_seconds: 86_400, refresh_idle_seconds: 86_401 })).toEqual([
      "refresh_idle_seconds",
    ]);
    expect(valid({ ...standard, refresh_seconds: 86_400, refresh_idle_seconds: 86_400 })).toBe(true);
  });
});

describe("the date of a switch", () => {
  const at = (time: string) => new Date(`2026-06-01T${time}Z`);
  const policy: Policy = {
    ...presets.single_redirect.policy,
    since: { pkce: "2026-01-01T00:00:00Z", state: "2026-01-01T00:00:00Z" },
    until: { pkce: "2026-06-01T12:00:00Z" },
  };

  test("leaves the policy as it is until it comes", () => {
    expect(settled(policy, at("11:59:59.999"))).toEqual(policy);
    expect(settled(standard, at("12:00:00"))).toEqual(standard);
  });

  test.each(["12:00:00.000", "12:00:00.001", "23:59:59.000"])(
    "makes it say what Standard says from %s on",
    (time) => {
      const later = settled(policy, at(time));
      expect(later).toEqual({
        ...policy,
        pkce: "required",
        since: { state: "2026-01-01T00:00:00Z" },
        until: {},
      });
    },
  );

  test("works for several switches, each at its own", () => {
    const until = {
      implicit: "2026-06-01T10:00:00Z",
      password: "2026-06-01T10:00:00Z",
      access_seconds: "2026-06-01T11:00:00Z",
    };
    const several: Policy = { ...classic, implicit: true, password: true, access_seconds: null, until };
    expect(policyEnd(several)).toEqual(at("10:00:00"));
    const first = settled(several, at("10:30:00"));
    expect(first).toMatchObject({ implicit: false, password: false, access_seconds: null });
    expect(first.until).toEqual({ access_seconds: until.access_seconds });
    expect(policyEnd(first)).toEqual(at("11:00:00"));
    const second = settled(first, at("11:00:00"));
    expect(second).toMatchObject({ access_seconds: 3600, until: {} });
    expect(policyEnd(second)).toBeNull();
    expect(settled(several, at("11:00:00"))).toEqual(second);
  });

  test("reads the offset of a date", () => {
    const elsewhere: Policy = { ...policy, until: { pkce: "2026-06-01T12:00:00.000Z" } };
    expect(settled(elsewhere, at("12:00:00")).pkce).toBe("required");
    expect(valid({ ...policy, until: { pkce: "2026-06-01T14:00:00+02:00" } })).toBe(false);
  });

  test.each<[string, Partial<Policy>, SwitchKey, Partial<Policy>]>([
    [
      "an access token that would outlive the refresh tokens",
      { access_seconds: 300, refresh_seconds: 600, refresh_idle_seconds: 600 },
      "access_seconds",
      { access_seconds: 600 },
    ],
    [
      "refresh tokens that come back shorter than the access token",
      { refresh: "none", access_seconds: 86_400, refresh_seconds: 3600, refresh_idle_seconds: 3600 },
      "refresh",
      { refresh: "rotating", access_seconds: 3600 },
    ],
    [
      "a wait that would be longer than the whole",
      { refresh_seconds: 86_400, refresh_idle_seconds: 3600 },
      "refresh_idle_seconds",
      { refresh_idle_seconds: 86_400 },
    ],
    [
      "a whole that becomes shorter than the wait",
      { refresh_seconds: 31_536_000, refresh_idle_seconds: 31_536_000 },
      "refresh_seconds",
      { refresh_seconds: 90 * 86_400, refresh_idle_seconds: 90 * 86_400 },
    ],
  ])("is kept within the schema: %s", (_, changes, key, expected) => {
    const before: Policy = { ...standard, ...changes, until: { [key]: "2026-06-01T12:00:00Z" } };
    expect(valid(before)).toBe(true);
    const later = settled(before, at("12:00:00"));
    expect(complaints(later)).toEqual([]);
    expect(later).toMatchObject(expected);
  });
});

describe("whatever the policy and the dates", () => {
  const lifetime = fc.oneof(
    fc.constantFrom(60, 300, 600, 3600, 86_400, 30 * 86_400, 90 * 86_400, 31_536_000),
    fc.integer({ min: 60, max: 31_536_000 }),
  );
  const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 0 });
  const DAY = 86_400_000;
  const start = Date.parse("2026-01-01T00:00:00Z");
  const moment = fc.integer({ min: 0, max: 100 }).map((days) => new Date(start + days * DAY));
  const dates = fc
    .dictionary(fc.constantFrom(...switchKeys), moment, { maxKeys: 8 })
    .map((found) =>
      Object.fromEntries(Object.entries(found).map(([key, date]) => [key, date.toISOString()])),
    );
  const policies: fc.Arbitrary<Policy> = fc
    .record({
      preset: fc.constantFrom(...policySchema.shape.preset.options),
      grants: some<Policy["grants"][number]>("authorization_code", "client_credentials"),
      implicit: fc.boolean(),
      password: fc.boolean(),
      omit_redirect_uri: fc.boolean(),
      token_redirect_uri: fc.constantFrom("required_if_sent", "ignore_if_omitted"),
      state: fc.constantFrom("unless_pkce", "recommended"),
      pkce: fc.constantFrom("required", "if_sent"),
      client_auth: fc.subarray<Policy["client_auth"][number]>(["client_secret_basic", "client_secret_post"], {
        minLength: 1,
      }),
      code_seconds: fc.integer({ min: 10, max: 300 }),
      access_seconds: fc.option(lifetime),
      access_idle_days: fc.option(fc.integer({ min: 1, max: 730 })),
      refresh: fc.constantFrom("none", "rotating", "static"),
      refresh_seconds: lifetime,
      refresh_idle_seconds: lifetime,
      refresh_for_client_credentials: fc.boolean(),
      refresh_without_client_auth: fc.boolean(),
      response_include: some<Policy["response_include"][number]>("expires_in", "scope"),
      token_type: fc.constantFrom("Bearer", "bearer"),
      default_scope: fc.constantFrom("none", "basic", "registered"),
      scope_mismatch: fc.constantFrom("narrow", "deny"),
      error_status: fc.constantFrom("rfc", "always_400"),
      consent: fc.constantFrom("remember", "always"),
      rotation_overlap_seconds: fc.integer({ min: 0, max: 604_800 }),
      since: dates,
      until: dates,
    })
    // Into the schema, rather than thrown away: what it says of two switches at once.
    .map((policy) => ({
      ...policy,
      implicit: policy.implicit && policy.until.implicit !== undefined,
      password: policy.password && policy.until.password !== undefined,
      refresh_for_client_credentials:
        policy.refresh_for_client_credentials && policy.preset === "classic" && policy.refresh === "rotating",
      refresh_without_client_auth:
        policy.refresh_without_client_auth && policy.preset === "classic" && policy.refresh === "rotating",
      refresh_idle_seconds: Math.min(policy.refresh_idle_seconds, policy.refresh_seconds),
      access_seconds:
        policy.access_seconds === null ? null : Math.min(policy.access_seconds, policy.refresh_seconds),
    }));

  test("settling never leaves the schema", () => {
    fc.assert(
      fc.property(policies, moment, (policy, now) => {
        expect(complaints(policy)).toEqual([]);
        expect(complaints(settled(policy, now))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("settling twice is settling once, and nothing that has lapsed is left", () => {
    fc.assert(
      fc.property(policies, moment, (policy, now) => {
        const once = settled(policy, now);
        expect(settled(once, now)).toEqual(once);
        const end = policyEnd(once);
        expect(end === null || end > now).toBe(true);
      }),
    );
  });

  test("settling makes no switch weaker, and touches none before its date but to keep lifetimes in order", () => {
    fc.assert(
      fc.property(policies, moment, (policy, now) => {
        const after = settled(policy, now);
        for (const { key, weaker } of switches) {
          if (weaker(after)) expect(weaker(policy), key).toBe(true);
          const lapsed = Date.parse(policy.until[key] ?? "") <= now.getTime();
          if (lapsed) expect(after.since[key]).toBeUndefined();
          else if (key === "access_seconds" || key === "refresh_idle_seconds")
            expect(after[key] ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
              policy[key] ?? Number.POSITIVE_INFINITY,
            );
          else expect(after[key], key).toEqual(policy[key]);
        }
      }),
    );
  });

  test("settling bit by bit comes to the same as settling at once", () => {
    fc.assert(
      fc.property(policies, moment, moment, (policy, one, other) => {
        const [first, last] = one < other ? [one, other] : [other, one];
        const {
          access_seconds: _,
          refresh_idle_seconds: __,
          ...slowly
        } = settled(settled(policy, first), last);
        const { access_seconds: ___, refresh_idle_seconds: ____, ...atOnce } = settled(policy, last);
        expect(slowly).toEqual(atOnce);
      }),
    );
  });
});
