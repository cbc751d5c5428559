/** What one app may do: the schema of its policy, and when a switch falls back to current practice. */
import { z } from "zod";

/** Sixty seconds to a year. */
const seconds = z.int().min(60).max(31_536_000);

const switches = {
  /** The grants of RFC 6749 that need no end date. Refreshing is `refresh`. */
  grants: z.array(z.enum(["authorization_code", "client_credentials"])),
  /** RFC 6749 §4.2, removed from OAuth 2.1; needs the installation's switch and an end date, too. */
  implicit: z.boolean(),
  /** RFC 6749 §4.3, "MUST NOT be used" (RFC 9700 §2.4); service accounts only, with the same two conditions. */
  password: z.boolean(),
  /** May an authorize request leave out `redirect_uri` where exactly one is registered (RFC 6749 §3.1.2.3)? */
  omit_redirect_uri: z.boolean(),
  /** RFC 6749 §4.1.3: REQUIRED at the token endpoint if it was sent to the authorization endpoint. */
  token_redirect_uri: z.enum(["required_if_sent", "ignore_if_omitted"]),
  /** RFC 9700 §2.1: protection against CSRF by PKCE, or else by `state`. */
  state: z.enum(["unless_pkce", "recommended"]),
  /** RFC 9700 §2.1.1. `if_sent`: a challenge that was sent still binds the code. */
  pkce: z.enum(["required", "if_sent"]),
  /** RFC 6749 §2.3.1; public clients always use `none` instead. */
  client_auth: z.array(z.enum(["client_secret_basic", "client_secret_post"])).min(1),
  /** Lifetime of an authorization code in seconds (RFC 6749 §4.1.2: at most ten minutes; here at most five). */
  code_seconds: z.int().min(10).max(300),
  /** Lifetime of an access token in seconds; null: it does not expire. */
  access_seconds: seconds.nullable(),
  /** Days after which an access token that nobody used ends; null: it stays. */
  access_idle_days: z.int().min(1).max(730).nullable(),
  /** `rotating`: each refresh token works once (RFC 9700 §4.14.2). `static`: it works until it expires. */
  refresh: z.enum(["none", "rotating", "static"]),
  /** When the last refresh token of an approval ends, in seconds from the approval, however often it was used. */
  refresh_seconds: seconds,
  /** How long one refresh token waits for its use, in seconds. */
  refresh_idle_seconds: seconds,
  /** RFC 6749 §4.4.3: "A refresh token SHOULD NOT be included." */
  refresh_for_client_credentials: z.boolean(),
  /** RFC 6749 §6: "the client MUST authenticate". Off, or only for rotating tokens bound to the client secret. */
  refresh_without_client_auth: z.boolean(),
  /** What the token response says beside the tokens and `token_type` (RFC 6749 §5.1). */
  response_include: z.array(z.enum(["expires_in", "scope"])),
  /** How `token_type` is written; RFC 6749 §5.1 makes it case insensitive, not every client reads it so. */
  token_type: z.enum(["Bearer", "bearer"]),
  /** What a request without `scope` gets (RFC 6749 §3.3): nothing, the catalogue's basic scopes, all the app's. */
  default_scope: z.enum(["none", "basic", "registered"]),
  /** When the person cannot give all that is asked for: ask for the rest, or refuse. */
  scope_mismatch: z.enum(["narrow", "deny"]),
  /**
   * Errors of the token endpoint. `always_400` still answers 401 to HTTP Basic (RFC 6749 §5.2: MUST), and calls a grant
   * the app does not have unsupported_grant_type.
   */
  error_status: z.enum(["rfc", "always_400"]),
  /** Is a person asked the first time only, or every time? */
  consent: z.enum(["remember", "always"]),
  /** What the portal proposes for the old secret when one is rotated, in seconds. */
  rotation_overlap_seconds: z.int().min(0).max(604_800),
};

export type SwitchKey = keyof typeof switches;
export const switchKeys: readonly SwitchKey[] = z.enum(Object.keys(switches) as [SwitchKey]).options;

const moments = z.partialRecord(z.enum(switchKeys), z.iso.datetime());

export const policySchema = z
  .strictObject({
    preset: z.enum(["standard", "perpetual", "single_redirect", "machine", "classic", "service_account"]),
    ...switches,
    /** Since when a switch has been weaker than current practice. */
    since: moments,
    /** When a switch falls back to what `Standard` says. */
    until: moments,
  })
  .superRefine((policy, context) => {
    const refuse = (key: SwitchKey, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    for (const key of ["implicit", "password"] as const)
      if (policy[key] && policy.until[key] === undefined) refuse(key, "Choose a date on which this ends.");
    for (const key of ["refresh_for_client_credentials", "refresh_without_client_auth"] as const) {
      if (policy[key] && policy.preset !== "classic")
        refuse(key, "Only Classic with refresh tokens has this.");
      if (policy[key] && policy.refresh !== "rotating") refuse(key, "This needs rotating refresh tokens.");
    }
    if (policy.refresh_idle_seconds > policy.refresh_seconds)
      refuse("refresh_idle_seconds", "A refresh token cannot wait longer than all of them last.");
    if (
      policy.access_seconds !== null &&
      policy.refresh !== "none" &&
      policy.refresh_seconds < policy.access_seconds
    )
      refuse("refresh_seconds", "Refresh tokens last at least as long as access tokens.");
  });

export type Policy = z.infer<typeof policySchema>;
export type PresetName = Policy["preset"];

/** Current practice: what new apps get, and what a switch falls back to. */
export const standard: Policy = {
  preset: "standard",
  grants: ["authorization_code"],
  implicit: false,
  password: false,
  omit_redirect_uri: false,
  token_redirect_uri: "required_if_sent",
  state: "unless_pkce",
  pkce: "required",
  client_auth: ["client_secret_basic", "client_secret_post"],
  code_seconds: 60,
  access_seconds: 3600,
  access_idle_days: null,
  refresh: "rotating",
  refresh_seconds: 90 * 86_400,
  refresh_idle_seconds: 30 * 86_400,
  refresh_for_client_credentials: false,
  refresh_without_client_auth: false,
  response_include: ["expires_in", "scope"],
  token_type: "Bearer",
  default_scope: "basic",
  scope_mismatch: "narrow",
  error_status: "rfc",
  consent: "remember",
  rotation_overlap_seconds: 86_400,
  since: {},
  until: {},
};

/** The first moment at which a switch falls back; null when none does. */
export function policyEnd(policy: Policy): Date | null {
  const ends = Object.values(policy.until).map((until) => Date.parse(until ?? ""));
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

/** The policy as it stands at a moment: switches whose date has passed say what `Standard` says. */
export function settled(policy: Policy, now: Date): Policy {
  if (Object.keys(policy.until).length === 0) return policy;
  const lapsed = switchKeys.filter((key) => Date.parse(policy.until[key] ?? "") <= now.getTime());
  if (lapsed.length === 0) return policy;
  const drop = (dates: Policy["until"]) =>
    Object.fromEntries(Object.entries(dates).filter(([key]) => !lapsed.some((one) => one === key)));
  const fallback = Object.fromEntries(lapsed.map((key) => [key, standard[key]]));
  return inOrder({ ...policy, ...fallback, since: drop(policy.since), until: drop(policy.until) });
}

/** Shortens what would outlast what it depends on, so that a policy stays within its schema when a switch falls back. */
function inOrder(policy: Policy): Policy {
  const { access_seconds, refresh, refresh_seconds, refresh_idle_seconds } = policy;
  return {
    ...policy,
    refresh_idle_seconds: Math.min(refresh_idle_seconds, refresh_seconds),
    access_seconds:
      access_seconds === null || refresh === "none"
        ? access_seconds
        : Math.min(access_seconds, refresh_seconds),
  };
}
