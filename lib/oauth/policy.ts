/** What one app may do: the schema, the presets, and the words the portal shows for each switch. */
import { z } from "zod";

export const policySchema = z.strictObject({
  preset: z.enum(["standard", "perpetual"]),
  /** RFC 9700 §2.1.1. `if_sent`: a challenge that was sent still binds the code. */
  pkce: z.enum(["required", "if_sent"]),
  /** RFC 6749 §2.3.1; public clients always use `none` instead. */
  client_auth: z.array(z.enum(["client_secret_basic", "client_secret_post"])).min(1),
  /** Lifetime of an authorization code in seconds (RFC 6749 §4.1.2: at most ten minutes; here at most five). */
  code_seconds: z.int().min(10).max(300),
  /** Lifetime of an access token in seconds; null: it does not expire. */
  access_seconds: z.int().min(60).max(31_536_000).nullable(),
  /** What a request without `scope` gets (RFC 6749 §3.3). */
  default_scope: z.enum(["read", "full"]),
  /** What the token response says beside `access_token` and `token_type` (RFC 6749 §5.1). */
  response_include: z.array(z.enum(["expires_in", "scope"])),
  /** What the portal proposes for the old secret when one is rotated, in seconds. */
  rotation_overlap_seconds: z.int().min(0).max(604_800),
});

export type Policy = z.infer<typeof policySchema>;
export type PresetName = Policy["preset"];

interface Preset {
  label: string;
  description: string;
  policy: Policy;
}

const standard: Policy = {
  preset: "standard",
  pkce: "required",
  client_auth: ["client_secret_basic", "client_secret_post"],
  code_seconds: 60,
  access_seconds: 3600,
  default_scope: "read",
  response_include: ["expires_in", "scope"],
  rotation_overlap_seconds: 86_400,
};

/** Presets are data: an app takes a copy when it is made or when its owner changes the preset. */
export const presets: Record<PresetName, Preset> = {
  standard: {
    label: "Standard (recommended)",
    description: "PKCE is required and access tokens last one hour. Current best practice.",
    policy: standard,
  },
  perpetual: {
    label: "Long-lived tokens",
    description:
      "Access tokens do not expire and PKCE is optional, for clients written before either was usual.",
    policy: {
      ...standard,
      preset: "perpetual",
      pkce: "if_sent",
      access_seconds: null,
      default_scope: "full",
      response_include: [],
      rotation_overlap_seconds: 0,
    },
  },
};

/** A switch of a policy in plain words. */
export interface PolicyLine {
  key: string;
  title: string;
  value: string;
  /** What `Standard` says for the same switch. */
  standard: string;
  /** True when the value is weaker than current practice. */
  legacy: boolean;
}

const authNames = { client_secret_basic: "HTTP Basic", client_secret_post: "request body" } as const;

const lines: { key: keyof Policy; title: string; words: (policy: Policy) => string }[] = [
  {
    key: "pkce",
    title: "Proof key (PKCE)",
    words: (p) => (p.pkce === "required" ? "Required, S256" : "Optional; checked whenever it is sent"),
  },
  {
    key: "client_auth",
    title: "Client authentication",
    words: (p) => p.client_auth.map((method) => authNames[method]).join(" or "),
  },
  {
    key: "code_seconds",
    title: "Authorization code",
    words: (p) => `Valid for ${duration(p.code_seconds)}, once`,
  },
  {
    key: "access_seconds",
    title: "Access token",
    words: (p) =>
      p.access_seconds === null ? "Does not expire" : `Expires after ${duration(p.access_seconds)}`,
  },
  {
    key: "default_scope",
    title: "Request without a scope",
    words: (p) => (p.default_scope === "full" ? "Gets full access" : "Gets read access"),
  },
  {
    key: "response_include",
    title: "Token response",
    words: (p) =>
      p.response_include.length === 0
        ? "Only the token and its type"
        : `The token, its type, ${p.response_include.join(" and ")}`,
  },
  {
    key: "rotation_overlap_seconds",
    title: "Old secret after a rotation",
    words: (p) =>
      p.rotation_overlap_seconds === 0
        ? "Ends at once"
        : `Stays valid for ${duration(p.rotation_overlap_seconds)}`,
  },
];

/** What is weaker than current practice, and which sentence says so. */
const weaker: Partial<Record<keyof Policy, (policy: Policy) => boolean>> = {
  // RFC 9700 §2.1.1: confidential clients are RECOMMENDED, public clients REQUIRED to use PKCE.
  pkce: (p) => p.pkce === "if_sent",
  // RFC 9700 §2.2.2 on privilege restriction; an access token that never ends cannot limit a leak in time.
  access_seconds: (p) => p.access_seconds === null,
  // RFC 9700 §2.3: the privileges of an access token SHOULD be restricted to the minimum.
  default_scope: (p) => p.default_scope === "full",
  // RFC 6749 §5.1: expires_in is RECOMMENDED.
  response_include: (p) => !p.response_include.includes("expires_in"),
};

/** Every switch of a policy in words, beside what `Standard` says. */
export function describePolicy(policy: Policy): PolicyLine[] {
  return lines.map(({ key, title, words }) => ({
    key,
    title,
    value: words(policy),
    standard: words(standard),
    legacy: weaker[key]?.(policy) ?? false,
  }));
}

/** Does this policy hold any switch that is weaker than current practice? */
export function isLegacy(policy: Policy): boolean {
  return describePolicy(policy).some((line) => line.legacy);
}

/** Seconds in words, in the largest whole unit. */
function duration(seconds: number): string {
  const units = [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
    [1, "second"],
  ] as const;
  const [size, unit] = units.find(([size]) => seconds % size === 0) ?? [1, "second"];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
