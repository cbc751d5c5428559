/** The one file an adopter edits: brand, scope catalogue, limits. Everything shown or advertised is derived from it. */

export const brand = {
  /** Shown in the portal, on the consent screen and in page titles. */
  name: "Latchkey",
  /** A word put before every credential prefix: `"acme_"` makes `acme_at_…`. Letters, digits and `_` only. */
  credentialPrefix: "",
};

export interface ApiEntry {
  /** What people read. */
  title: string;
  /** Its path below the issuer; both together are the audience of its tokens. */
  path: string;
}

/** The APIs tokens are for. A token is accepted by those its scopes belong to, and by no other. */
export const apis = {
  public: { title: "Public API", path: "/public/v1" },
  administration: { title: "Administration API", path: "/admin/v1" },
} as const satisfies Record<string, ApiEntry>;

export interface ScopeEntry {
  /** What the consent screen says, as something a person lets an app do. */
  title: string;
  /** One more sentence on what that reaches. */
  description: string;
  api: keyof typeof apis;
  /** Who can give it to an app or a token. */
  holders: "everyone" | "admins";
  /** Part of what a request without a scope gets, where the app's policy says "basic". */
  basic: boolean;
}

/** The scope catalogue: consent text, pickers, metadata and 403 challenges come from here. */
export const scopes = {
  read: {
    title: "See your projects",
    description: "Names and status of every project in the company",
    api: "public",
    holders: "everyone",
    basic: true,
  },
  write: {
    title: "Create and change projects",
    description: "Add, rename and delete projects in your name",
    api: "public",
    holders: "everyone",
    basic: false,
  },
  admin: {
    title: "Administer this installation",
    description: "See and change every app, token and company here",
    api: "administration",
    holders: "admins",
    basic: false,
  },
} as const satisfies Record<string, ScopeEntry>;

export const limits = {
  /** Largest form body an OAuth endpoint reads, in bytes. */
  formBytes: 16 * 1024,
  /** Largest logo upload, in bytes. */
  logoBytes: 512 * 1024,
  /** Redirect URIs one app may register. */
  redirectUris: 10,
  /** How long a person may take over sign-in and consent, in seconds. */
  authorizationRequestSeconds: 30 * 60,
  /** How long a sign-in lasts, in seconds. */
  sessionSeconds: 14 * 24 * 60 * 60,
  /** For how long the same refresh token brings the same successor, in seconds. */
  refreshReplaySeconds: 30,
  /** Wrong passwords a service account takes from one address, and from anywhere, before it is locked for a while. */
  servicePassword: { fromOneAddress: 10, fromAnywhere: 50, lockSeconds: 15 * 60 },
};

export interface RateLimit {
  /** How many calls there may be… */
  requests: number;
  /** …in this time, counted from the first one. */
  seconds: number;
}

/** How often the APIs may be called: the same for personal, legacy and OAuth tokens. */
export const rateLimits = {
  /** Calls with one token. */
  token: { requests: 600, seconds: 60 },
  /** Calls of one app, with all of its tokens. */
  app: { requests: 6000, seconds: 60 },
} satisfies Record<string, RateLimit>;
