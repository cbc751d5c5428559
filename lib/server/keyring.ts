/**
 * What this installation signs and seals with: keys derived from AUTH_SECRET, one for each purpose, and what was made with
 * the secret before it is still read while AUTH_SECRET_PREVIOUS names it.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/** What a key is for: no two purposes share one. */
export type Purpose =
  | "device cookie"
  | "passkey challenge"
  | "authenticator key"
  | "pending sign-in"
  | "webhook secret";

export interface Unsealed {
  text: string;
  /** Sealed with the secret before the present one: to be sealed anew. */
  isOld: boolean;
}

export interface Keyring {
  /** The secret that everything new is made with. */
  current: string;
  /** The secrets that what exists may have been made with, the current one first. */
  readable: readonly string[];
  /** @returns a tag over the text, in base64url */
  sign(purpose: Purpose, text: string): string;
  /** Was this tag made over this text, with the current secret or the one before? */
  verify(purpose: Purpose, text: string, tag: string): boolean;
  /**
   * Encrypts what has to be read again (AES-256-GCM).
   * @param context what it belongs to, such as a person's id; it opens nowhere else
   */
  seal(purpose: Purpose, context: string, text: string): Uint8Array<ArrayBuffer>;
  /** @returns null when it was sealed for something else or with another secret, or was changed since */
  unseal(purpose: Purpose, context: string, sealed: Uint8Array): Unsealed | null;
}

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

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
    seal: (purpose, context, text) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, keyOf(current, purpose), nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return new Uint8Array([...nonce, ...cipher.getAuthTag(), ...sealed]);
    },
    unseal: (purpose, context, sealed) => {
      for (const secret of readable) {
        const text = opened(keyOf(secret, purpose), context, sealed);
        if (text !== null) return { text, isOld: secret !== current };
      }
      return null;
    },
  };
}

function tagOf(secret: string, purpose: Purpose, text: string): Buffer {
  return createHmac("sha256", keyOf(secret, purpose)).update(text).digest();
}

/** RFC 5869: the purpose is the info, so that what was made for one purpose is worth nothing for another. */
function keyOf(secret: string, purpose: Purpose): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `latchkey ${purpose}`, 32));
}

function opened(key: Buffer, context: string, sealed: Uint8Array): string | null {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}
