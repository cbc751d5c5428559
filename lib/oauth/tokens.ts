/** Credentials we hand out: `<prefix>_<30 base62 characters><6 base62 characters of CRC-32>`. */
import { hash } from "node:crypto";
import { crc32 } from "node:zlib";

/** at access token, rt refresh token, pat personal token, lt legacy token, cs client secret, ac authorization code. */
export type CredentialPrefix = "at" | "rt" | "pat" | "lt" | "cs" | "ac";

/** A cryptographically secure source: that many random bytes. */
export type Random = (bytes: number) => Uint8Array;

export interface Minted {
  /** Shown or sent once, never stored. */
  value: string;
  /** SHA-256 of the value, base64url: what is stored and looked up. */
  hash: string;
  /** For a person to recognise it by. They belong to the checksum; at least 154 of the 178 random bits stay unknown. */
  last4: string;
}

// The order GitHub uses; it is part of the checksum's meaning and must not change.
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIXES: readonly CredentialPrefix[] = ["at", "rt", "pat", "lt", "cs", "ac"];

// 30 × log2(62) = 178 bits; RFC 6749 §10.10 asks for a guessing probability of at most 2^-128, better 2^-160.
const RANDOM_LENGTH = 30;
// 62^5 < 2^32 < 62^6
const CHECKSUM_LENGTH = 6;
const TAIL_LENGTH = RANDOM_LENGTH + CHECKSUM_LENGTH;
// The largest multiple of 62 that fits a byte: bytes from here on would favour the first eight characters.
const UNBIASED_LIMIT = 248;
// One round nearly always suffices (see `spare`); a source that fails this often is broken, not unlucky.
const MAX_ROUNDS = 32;

/**
 * Mints a credential. The checksum lets scanners and {@link isWellFormed} tell it from noise without a database.
 *
 * @param brandPrefix put before the prefix, as configured: `"acme_"` makes `acme_at_…`
 */
export function mint(prefix: CredentialPrefix, random: Random, brandPrefix = ""): Minted {
  const body = `${brandPrefix}${prefix}_${randomId(RANDOM_LENGTH, random)}`;
  const value = body + checksum(body);
  return { value, hash: hashCredential(value), last4: value.slice(-4) };
}

/**
 * SHA-256 as base64url (43 characters). A fast hash is right here: what it protects has 178 random bits, so there
 * is nothing to guess (RFC 6819 §5.1.4.1.3). People's passwords never come here.
 */
export function hashCredential(value: string): string {
  return hash("sha256", value, "base64url");
}

/**
 * Whether a value has our shape and its checksum holds, so that noise never reaches the database. It proves nothing
 * else: anyone can compute a CRC-32. Costs a length comparison for most strangers, one pass for the rest.
 *
 * @param prefix the kinds accepted here; all when left out
 * @param brandPrefix the same as given to {@link mint}; changing the brand's word retires every older credential
 */
export function isWellFormed(
  value: string,
  prefix: CredentialPrefix | readonly CredentialPrefix[] = PREFIXES,
  brandPrefix = "",
): boolean {
  const prefixes = typeof prefix === "string" ? [prefix] : prefix;
  if (!prefixes.some((kind) => hasShape(value, `${brandPrefix}${kind}_`))) return false;
  const body = value.slice(0, -CHECKSUM_LENGTH);
  return checksum(body) === value.slice(-CHECKSUM_LENGTH);
}

/** A random base62 string without bias: `length` × 5.95 bits. Throws when the source yields nothing usable. */
export function randomId(length: number, random: Random): string {
  let id = "";
  for (let round = 0; round < MAX_ROUNDS && id.length < length; round++) {
    const missing = length - id.length;
    for (const byte of random(missing + spare(missing))) {
      if (byte < UNBIASED_LIMIT && id.length < length) id += ALPHABET.charAt(byte % 62);
    }
  }
  if (id.length < length) throw new Error("The random source yields no usable bytes.");
  return id;
}

// 36^9 milliseconds reach to the year 5188.
const TIME_LENGTH = 9;

/**
 * An id that sorts by when it was made, in every collation: rows that come together stand together in an index, whose last
 * page is the only one that is written. The random part has 71 bits; for what nobody outside has to guess.
 */
export function orderedId(at: Date, random: Random): string {
  return at.getTime().toString(36).padStart(TIME_LENGTH, "0") + randomId(12, random);
}

/** One byte in 32 is rejected; a quarter more and eight make a second call rarer than one in a million. */
function spare(missing: number): number {
  return (missing >> 2) + 8;
}

function hasShape(value: string, start: string): boolean {
  if (value.length !== start.length + TAIL_LENGTH || !value.startsWith(start)) return false;
  for (let at = start.length; at < value.length; at++) {
    if (!isBase62(value.charCodeAt(at))) return false;
  }
  return true;
}

function isBase62(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** CRC-32 of everything before it, prefix included, as six base62 digits, most significant first. */
function checksum(body: string): string {
  let rest = crc32(body);
  let digits = "";
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    digits = ALPHABET.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
