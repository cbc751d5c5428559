/**
 * An answer kept for whoever presents the same refresh token again soon. The key comes from the presented token, of
 * which only a hash is stored, so that the database alone opens nothing.
 */
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import type { Random } from "./tokens";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param secret what must be presented to open it */
export function seal(secret: string, text: string, random: Random): Uint8Array {
  const nonce = random(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(secret), nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** @returns null when it was not sealed with this secret, or was changed since */
export function unseal(secret: string, sealed: Uint8Array): string | null {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, keyOf(secret), nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

/**
 * The first block of HKDF-Expand (RFC 5869 §2.3), keyed by the secret itself: with 178 random bits it needs no extract
 * step (§3.3), which would take four times as long.
 */
function keyOf(secret: string): Uint8Array {
  return createHmac("sha256", secret).update("latchkey refresh successor\x01").digest();
}
