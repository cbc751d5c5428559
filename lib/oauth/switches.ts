/**
 * The table of a policy's switches: what each is called, what it may say, which sentence current practice rests on, and
 * which requests need it. The portal's form, the badges, the dry run and the posture page are read from it.
 */
import { type Policy, type SwitchKey, standard } from "./policy";

/** What a request needed of its app's policy. Counted by day, so that a tighter policy can be tried on the past. */
export type Trait =
  | "authorize_without_pkce"
  | "authorize_without_state"
  | "authorize_without_redirect_uri"
  | "authorize_without_scope"
  | "authorize_implicit"
  | "redirect_by_domain"
  | "token_authorization_code"
  | "token_client_credentials"
  | "token_password"
  | "token_without_redirect_uri"
  | "token_without_scope"
  | "token_client_secret_basic"
  | "token_client_secret_post"
  | "refresh"
  | "refresh_reused"
  | "refresh_of_client_credentials"
  | "refresh_without_client_auth"
  | "old_access_token";

interface Choice {
  value: unknown;
  label: string;
}

export interface Switch {
  key: SwitchKey;
  title: string;
  /** What a form offers; a stored value may be another one within the schema. */
  choices: readonly Choice[];
  words(policy: Policy): string;
  /** The sentence current practice rests on. */
  spec: string;
  /** Is it weaker than current practice? */
  weaker(policy: Policy): boolean;
  /** Requests it decides about, and whether a policy lets them pass. */
  traits: Partial<Record<Trait, (policy: Policy) => boolean>>;
}

const never = () => false;

const periods = (...values: (number | null)[]): Choice[] =>
  values.map((value) => ({ value, label: value === null ? "Does not expire" : duration(value) }));

/** A switch whose words are those of its choices. */
function chosen(
  line: Omit<Switch, "words" | "weaker" | "traits"> & Partial<Pick<Switch, "weaker" | "traits">>,
): Switch {
  return {
    weaker: never,
    traits: {},
    ...line,
    words: (policy) => labelOf(line, policy[line.key]),
  };
}

const sameChoice = (one: unknown, other: unknown) => ordered(one) === ordered(other);

/** A list says the same in any order. */
function ordered(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
}

/** A choice in words; a number that is not among the choices is a time. */
export function labelOf({ choices }: Pick<Switch, "choices">, value: unknown): string {
  const known = choices.find((choice) => sameChoice(choice.value, value));
  if (known) return known.label;
  if (Array.isArray(value) && value.length === 0) return "None";
  return typeof value === "number" ? duration(value) : String(value);
}

export const switches: readonly Switch[] = [
  chosen({
    key: "grants",
    title: "Grants",
    choices: [
      { value: ["authorization_code"], label: "Authorization code" },
      { value: ["client_credentials"], label: "Client credentials" },
      {
        value: ["authorization_code", "client_credentials"],
        label: "Authorization code and client credentials",
      },
    ],
    spec: "RFC 6749 §4.1, §4.4",
    traits: {
      token_authorization_code: (p) => p.grants.includes("authorization_code"),
      token_client_credentials: (p) => p.grants.includes("client_credentials"),
    },
  }),
  chosen({
    key: "pkce",
    title: "Proof key (PKCE)",
    choices: [
      { value: "required", label: "Required, S256" },
      { value: "if_sent", label: "Optional; checked whenever it is sent" },
    ],
    spec: "RFC 9700 §2.1.1: public clients MUST, for confidential clients it is RECOMMENDED",
    weaker: (p) => p.pkce === "if_sent",
    traits: { authorize_without_pkce: (p) => p.pkce === "if_sent" },
  }),
  chosen({
    key: "state",
    title: "state",
    choices: [
      { value: "unless_pkce", label: "Required where PKCE is not used" },
      { value: "recommended", label: "Recommended" },
    ],
    spec: "RFC 9700 §2.1: clients MUST prevent CSRF, by PKCE or by state",
    weaker: (p) => p.state === "recommended",
    traits: { authorize_without_state: (p) => p.state === "recommended" },
  }),
  chosen({
    key: "omit_redirect_uri",
    title: "Authorize request without redirect_uri",
    choices: [
      { value: false, label: "Refused" },
      { value: true, label: "Goes to the one registered redirect URI" },
    ],
    spec: "RFC 6749 §3.1.2.3 allows it for one registered URI; OAuth 2.1 asks for it to be sent",
    weaker: (p) => p.omit_redirect_uri,
    traits: { authorize_without_redirect_uri: (p) => p.omit_redirect_uri },
  }),
  chosen({
    key: "token_redirect_uri",
    title: "Token request without redirect_uri",
    choices: [
      { value: "required_if_sent", label: "Refused if the authorize request had one" },
      { value: "ignore_if_omitted", label: "Accepted" },
    ],
    spec: "RFC 6749 §4.1.3: REQUIRED if it was included in the authorization request",
    weaker: (p) => p.token_redirect_uri === "ignore_if_omitted",
    traits: { token_without_redirect_uri: (p) => p.token_redirect_uri === "ignore_if_omitted" },
  }),
  chosen({
    key: "client_auth",
    title: "Client authentication",
    choices: [
      { value: ["client_secret_basic", "client_secret_post"], label: "HTTP Basic or request body" },
      { value: ["client_secret_basic"], label: "HTTP Basic" },
      { value: ["client_secret_post"], label: "Request body" },
    ],
    spec: "RFC 6749 §2.3.1",
    traits: {
      token_client_secret_basic: (p) => p.client_auth.includes("client_secret_basic"),
      token_client_secret_post: (p) => p.client_auth.includes("client_secret_post"),
    },
  }),
  chosen({
    key: "code_seconds",
    title: "Authorization code is valid for",
    choices: periods(30, 60, 120, 300),
    spec: "RFC 6749 §4.1.2: at most ten minutes is RECOMMENDED",
  }),
  chosen({
    key: "access_seconds",
    title: "Access token ends after",
    choices: periods(300, 1200, 3600, 8 * 3600, 86_400, 30 * 86_400, null),
    spec: "RFC 9700 §2.2 and §4.3: short lives limit what a leaked token is worth",
    weaker: (p) => p.access_seconds === null || p.access_seconds > 86_400,
    traits: { old_access_token: (p) => p.access_seconds === null || p.access_seconds > 3600 },
  }),
  {
    key: "access_idle_days",
    title: "Access token nobody uses ends after",
    choices: [
      { value: null, label: "Stays" },
      ...[30, 90, 180, 365].map((value) => ({ value, label: `${value} days` })),
    ],
    words: (p) => (p.access_idle_days === null ? "Stays" : `${p.access_idle_days} days`),
    spec: "RFC 9700 §4.3",
    weaker: never,
    traits: {},
  },
  chosen({
    key: "refresh",
    title: "Refresh tokens",
    choices: [
      { value: "rotating", label: "Each works once and brings the next" },
      { value: "static", label: "One works until it expires" },
      { value: "none", label: "None" },
    ],
    spec: "RFC 9700 §4.14.2: public clients MUST rotate",
    weaker: (p) => p.refresh === "static",
    traits: {
      refresh: (p) => p.refresh !== "none",
      refresh_reused: (p) => p.refresh === "static",
    },
  }),
  chosen({
    key: "refresh_seconds",
    title: "All refresh tokens of one approval end after",
    choices: periods(86_400, 7 * 86_400, 30 * 86_400, 90 * 86_400, 180 * 86_400, 365 * 86_400),
    spec: "RFC 9700 §4.14.2: refresh tokens SHOULD expire",
  }),
  chosen({
    key: "refresh_idle_seconds",
    title: "A refresh token nobody uses ends after",
    choices: periods(3600, 86_400, 7 * 86_400, 30 * 86_400, 90 * 86_400, 180 * 86_400, 365 * 86_400),
    spec: "RFC 9700 §4.14.2: SHOULD expire if the client has been inactive for some time",
  }),
  chosen({
    key: "refresh_for_client_credentials",
    title: "Refresh token with client credentials",
    choices: [
      { value: false, label: "No" },
      { value: true, label: "Yes, bound to the client secret" },
    ],
    spec: "RFC 6749 §4.4.3: a refresh token SHOULD NOT be included",
    weaker: (p) => p.refresh_for_client_credentials,
    traits: { refresh_of_client_credentials: (p) => p.refresh_for_client_credentials },
  }),
  chosen({
    key: "refresh_without_client_auth",
    title: "Refresh without client authentication",
    choices: [
      { value: false, label: "Refused" },
      { value: true, label: "Accepted for rotating tokens, bound to the client secret" },
    ],
    spec: "RFC 6749 §6: confidential clients MUST authenticate",
    weaker: (p) => p.refresh_without_client_auth,
    traits: { refresh_without_client_auth: (p) => p.refresh_without_client_auth },
  }),
  chosen({
    key: "default_scope",
    title: "Request without a scope gets",
    choices: [
      { value: "basic", label: "Basic access" },
      { value: "none", label: "An error" },
      { value: "registered", label: "Everything the app is registered for" },
    ],
    spec: "RFC 9700 §2.3: privileges SHOULD be restricted to the minimum",
    weaker: (p) => p.default_scope === "registered",
    traits: {
      authorize_without_scope: (p) => p.default_scope !== "none",
      token_without_scope: (p) => p.default_scope !== "none",
    },
  }),
  chosen({
    key: "scope_mismatch",
    title: "Scope the person cannot give",
    choices: [
      { value: "narrow", label: "Is left out, and the person sees it" },
      { value: "deny", label: "Refuses the whole request" },
    ],
    spec: "RFC 6749 §3.3: the server MAY issue less than was requested, and says so",
  }),
  chosen({
    key: "response_include",
    title: "Token response",
    choices: [
      { value: ["expires_in", "scope"], label: "The token, its type, expires_in and scope" },
      { value: ["expires_in"], label: "The token, its type and expires_in" },
      { value: ["scope"], label: "The token, its type and scope" },
      { value: [], label: "Only the token and its type" },
    ],
    spec: "RFC 6749 §5.1: expires_in is RECOMMENDED",
    weaker: (p) => !p.response_include.includes("expires_in"),
  }),
  chosen({
    key: "token_type",
    title: "token_type is written",
    choices: [
      { value: "Bearer", label: "Bearer" },
      { value: "bearer", label: "bearer" },
    ],
    spec: "RFC 6749 §5.1: the value is case insensitive",
  }),
  chosen({
    key: "error_status",
    title: "Status of token errors",
    choices: [
      { value: "rfc", label: "As the RFC says" },
      { value: "always_400", label: "Always 400, save 401 to HTTP Basic" },
    ],
    spec: "RFC 6749 §5.2: invalid_client MAY, after HTTP Basic MUST, be 401",
  }),
  chosen({
    key: "consent",
    title: "People are asked",
    choices: [
      { value: "remember", label: "The first time, and when more is asked for" },
      { value: "always", label: "Every time" },
    ],
    spec: "RFC 9700 §4.15, RFC 8252 §8.6",
  }),
  chosen({
    key: "implicit",
    title: "Implicit grant",
    choices: [
      { value: false, label: "Off" },
      { value: true, label: "On until its date" },
    ],
    spec: "RFC 9700 §2.1.2: clients SHOULD NOT use it; removed from OAuth 2.1",
    weaker: (p) => p.implicit,
    traits: { authorize_implicit: (p) => p.implicit },
  }),
  chosen({
    key: "password",
    title: "Password grant",
    choices: [
      { value: false, label: "Off" },
      { value: true, label: "On until its date, for service accounts" },
    ],
    spec: "RFC 9700 §2.4: MUST NOT be used; removed from OAuth 2.1",
    weaker: (p) => p.password,
    traits: { token_password: (p) => p.password },
  }),
  {
    key: "rotation_overlap_seconds",
    title: "Old secret after a rotation",
    choices: [
      { value: 0, label: "Ends at once" },
      ...[3600, 86_400, 604_800].map((value) => ({ value, label: `Stays valid for ${duration(value)}` })),
    ],
    words: (p) =>
      p.rotation_overlap_seconds === 0
        ? "Ends at once"
        : `Stays valid for ${duration(p.rotation_overlap_seconds)}`,
    spec: "RFC 6819 §5.1.4",
    weaker: never,
    traits: {},
  },
];

/** A switch of a policy in plain words. */
export interface PolicyLine {
  key: SwitchKey;
  title: string;
  value: string;
  /** What `Standard` says for the same switch. */
  standard: string;
  differs: boolean;
  /** True when the value is weaker than current practice. */
  legacy: boolean;
  spec: string;
  /** ISO 8601. */
  since: string | null;
  until: string | null;
}

/** Every switch of a policy in words, beside what `Standard` says. */
export function describePolicy(policy: Policy): PolicyLine[] {
  return switches.map(({ key, title, words, weaker, spec }) => ({
    key,
    title,
    value: words(policy),
    standard: words(standard),
    differs: !sameChoice(policy[key], standard[key]),
    legacy: weaker(policy),
    spec,
    since: policy.since[key] ?? null,
    until: policy.until[key] ?? null,
  }));
}

/** Are there choices of this switch that are weaker than current practice? */
export function canBeWeaker({ weaker }: Switch): boolean {
  return weaker !== never;
}

/** Does this policy hold any switch that is weaker than current practice? */
export function isLegacy(policy: Policy): boolean {
  return switches.some(({ weaker }) => weaker(policy));
}

/**
 * Dates a policy before it is stored: since when each weaker switch has been so.
 * @param before the policy it replaces, if there is one
 */
export function dated(policy: Policy, before: Policy | null, now: Date): Policy {
  const weak = switches.filter(({ weaker }) => weaker(policy)).map(({ key }) => key);
  const since = Object.fromEntries(weak.map((key) => [key, before?.since[key] ?? now.toISOString()]));
  const until = Object.fromEntries(
    Object.entries(policy.until).filter(([key]) =>
      switches.some((one) => one.key === key && !sameChoice(policy[one.key], standard[one.key])),
    ),
  );
  return { ...policy, since, until };
}

/** The traits a policy refuses, each with the switch that does. */
export function refusedTraits(policy: Policy): Map<Trait, Switch> {
  const refused = new Map<Trait, Switch>();
  for (const line of switches) {
    const traits = Object.entries(line.traits) as [Trait, (policy: Policy) => boolean][];
    for (const [trait, passes] of traits) if (!passes(policy)) refused.set(trait, line);
  }
  return refused;
}

/** What one policy lets pass and the other would refuse: what a dry run counts. */
export function newlyRefused(before: Policy, after: Policy): Trait[] {
  const already = refusedTraits(before);
  return [...refusedTraits(after).keys()].filter((trait) => !already.has(trait));
}

/** Seconds in words, in the largest whole unit. */
export function duration(seconds: number): string {
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
