/** The one file an adopter edits: brand, scope catalogue, limits. Everything shown or advertised is derived from it. */

export const brand = {
  /** Shown in the portal, on the consent screen and in page titles. */
  name: "Latchkey",
  /** A word put before every credential prefix: `"acme_"` makes `acme_at_…`. Letters, digits and `_` only. */
  credentialPrefix: "",
};

export interface ScopeEntry {
  /** What the consent screen says, as something a person lets an app do. */
  title: string;
  /** One more sentence on what that reaches. */
  description: string;
}

/** The scope catalogue: consent text, metadata and 403 challenges come from here. */
export const scopes = {
  read: {
    title: "See your projects",
    description: "Names and status of every project in the company",
  },
  write: {
    title: "Create and change projects",
    description: "Add, rename and delete projects in your name",
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
};
