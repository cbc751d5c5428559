/** The authorization server as its rules see it: issuer, store, clock, dice and catalogue, passed in. */
import type { ScopeCatalogue } from "./scope";
import type { Store } from "./store";
import type { Trait } from "./switches";
import type { Random } from "./tokens";

/** The endpoints at which a client's requests are counted, by their path. */
export type CountedEndpoint = "/oauth/authorize" | "/oauth/token" | "/oauth/introspect" | "/oauth/revoke";

export interface AuthorizationServer {
  /** The issuer identifier (RFC 8414 §2): an URL without trailing slash. */
  issuer: string;
  store: Store;
  now(): Date;
  random: Random;
  scopes: ScopeCatalogue;
  /** The APIs tokens are for, by name, each with its path below the issuer. */
  apis: Readonly<Record<string, { path: string }>>;
  /** The brand's word before every credential prefix, or "". */
  credentialPrefix: string;
  /** How long a person may take over sign-in and consent, in seconds. */
  authorizationRequestSeconds: number;
  /** For how long the same refresh token brings the same successor, in seconds. */
  refreshReplaySeconds: number;
  /** Checks the password of a service account; counts failures per account and address. */
  checkServiceAccount: CheckServiceAccount;
  /** Hears what a request that succeeded needed of its app's policy. Must not throw, nor take time. */
  observe(client_id: string, traits: readonly Trait[]): void;
  /**
   * Hears of a request that was answered as asked. Must not throw, nor take time.
   * @param grant_type of a token request; "" otherwise
   */
  succeeded(client_id: string, endpoint: CountedEndpoint, grant_type: string): void;
  /** Hears which redirect URI an app in domain mode used. */
  observeRedirect(client_id: string, redirect_uri: string): void;
}

/** @returns the service account's user id, or why not: `refused` is the same for everything but a lock */
export type CheckServiceAccount = (
  presented: { username: string; password: string },
  address: string,
) => Promise<{ userId: string } | { refused: "locked" | "wrong"; seconds?: number }>;

/** A moment `seconds` from `from`. */
export function after(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
