/**
 * What this installation signs with: keys derived from AUTH_SECRET, one for each purpose, and what was signed with the
 * secret before it is still read while AUTH_SECRET_PREVIOUS names it.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/** What a key is for: no two purposes share one. */
export type Purpose = "device cookie";

export interface Keyring {
  /** The secret that everything new is made with. */
  current: string;
  /** The secrets that what exists may have been made with, the current one first. */
  readable: readonly string[];
  /** @returns a tag over the text, in base64url */
  sign(purpose: Purpose, text: string): string;
  /** Was this tag made over this text, with the current secret or the one before? */
  verify(purpose: Purpose, text: string, tag: string): boolean;
}

/** @param previous undefined where no secret is being replaced */
export function createKeyring(current: string, previous: string | undefined): Keyring {
  const readable = previous === undefined ? [current] : [current, previous];
  return {
    current,
    readable,
    sign: (purpose, text) => tagOf(current, purpose, text).toString("base64url"),
    verify: (purpose, text, tag) => {
      const presented = Buffer.from(tag, "base64url");
      return readable.some((secret) => {
        const made = tagOf(secret, purpose, text);
        return presented.length === made.length && timingSafeEqual(presented, made);
      });
    },
  };
}

function tagOf(secret: string, purpose: Purpose, text: string): Buffer {
  // RFC 5869: the purpose is the info, so that a tag of one purpose is worth nothing for another.
  const key = hkdfSync("sha256", secret, "", `latchkey ${purpose}`, 32);
  return createHmac("sha256", Buffer.from(key)).update(text).digest();
}
