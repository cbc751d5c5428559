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
  /** How long after a sign-in the important things can be done without proving again who one is, in seconds. */
  freshSeconds: 15 * 60,
  /** How long after the right password a code, a recovery code or a passkey may come, in seconds. */
  secondStepSeconds: 10 * 60,
  /** How long a browser may take to answer with a passkey, in seconds. */
  passkeySeconds: 10 * 60,
  /** For how long the same refresh token brings the same successor, in seconds. */
  refreshReplaySeconds: 30,
  /**
   * Invitations to companies: how long a link works, how many letters a company sends in 24 hours and how many of them to
   * one address, and how many invitations of a company may wait at once.
   */
  invitations: { seconds: 7 * 24 * 60 * 60, aDay: 50, toOneAddressADay: 3, pending: 100 },
  /** How long audit events are kept, in days. */
  auditDays: 730,
  /**
   * Wrong passwords, of people at the sign-in and of service accounts at the password grant: how many an account takes
   * from one address or one known device before those wait `lockSeconds`; how many it takes from all strangers together,
   * and an address for all accounts together, before strangers wait 1, 2, 4 … `longestDelaySeconds` between two guesses.
   */
  passwords: {
    fromOneAddress: 10,
    fromAnywhere: 50,
    ofOneAddress: 100,
    lockSeconds: 15 * 60,
    longestDelaySeconds: 60,
  },
  /** Reports of leaked credentials that one address, an IPv6 network counting as one, may make. */
  leakReports: { requests: 60, seconds: 60 * 60 },
  /**
   * Letters that strangers can ask for: how many from one address, and how many to one mailbox, in so many seconds; and
   * how long the links in them work.
   */
  letters: {
    fromOneAddress: 30,
    toOneMailbox: 5,
    seconds: 60 * 60,
    resetLinkSeconds: 60 * 60,
    emailLinkSeconds: 24 * 60 * 60,
  },
  /** Webhooks one process sends at once, in all and to one endpoint. */
  webhooks: { atOnce: 24, perEndpoint: 4 },
  /** Requests one process works on at once, of machines and of people; what comes beyond is answered 503. */
  inFlight: { machine: 128, person: 128, page: 64 },
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

/** How often clients may fail to authenticate at the OAuth endpoints, and how much they may ask for. */
export const clientLimits = {
  /** Failed authentications of one client from one address, an IPv6 network counting as one. */
  clientFailures: { requests: 60, seconds: 60 },
  /** Failed authentications from one address, whichever clients it names. */
  addressFailures: { requests: 600, seconds: 60 },
  /** Token requests of one client that one process grants: a bound on what a client in a loop can do. */
  issues: { requests: 3_000_000, seconds: 60 },
} satisfies Record<string, RateLimit>;
