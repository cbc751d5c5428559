/** Credentials of ours in a text that somebody found lying about: known by shape and checksum, before any look-up. */
import { type CredentialPrefix, hashCredential, isWellFormed } from "./tokens";

export interface FoundCredential {
  kind: CredentialPrefix;
  /** SHA-256, base64url. */
  hash: string;
}

/** How many one text may name; a log full of them is reported in parts. */
export const MAX_FOUND = 100;

/**
 * The credentials in a text, each once, in the order they stand there.
 * @param brandPrefix the word before the prefix, as given to `mint`
 */
export function findCredentials(text: string, brandPrefix = ""): FoundCredential[] {
  // Neither a letter nor a digit on either side: a longer word is somebody else's.
  const shape = new RegExp(
    `(?<![0-9A-Za-z])${brandPrefix}(at|rt|pat|lt|cs|ac)_[0-9A-Za-z]{36}(?![0-9A-Za-z])`,
    "g",
  );
  const found = new Map<string, FoundCredential>();
  for (const [value, kind] of text.matchAll(shape)) {
    if (found.size >= MAX_FOUND) break;
    const prefix = prefixes.find((one) => one === kind);
    if (!prefix || !isWellFormed(value, prefix, brandPrefix)) continue;
    const hash = hashCredential(value);
    found.set(hash, { kind: prefix, hash });
  }
  return [...found.values()];
}

const prefixes: readonly CredentialPrefix[] = ["at", "rt", "pat", "lt", "cs", "ac"];
