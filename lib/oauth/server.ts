/** The authorization server as its rules see it: issuer, store, clock, dice and catalogue, passed in. */
import type { ScopeCatalogue } from "./scope";
import type { Store } from "./store";
import type { Random } from "./tokens";

export interface AuthorizationServer {
  /** The issuer identifier (RFC 8414 §2): an URL without trailing slash. */
  issuer: string;
  store: Store;
  now(): Date;
  random: Random;
  scopes: ScopeCatalogue;
  /** The brand's word before every credential prefix, or "". */
  credentialPrefix: string;
  /** How long a person may take over sign-in and consent, in seconds. */
  authorizationRequestSeconds: number;
}

/** A moment `seconds` from `from`. */
export function after(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
