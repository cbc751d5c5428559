/** Codes of authenticator apps (RFC 6238): the key as an app reads it, and which time step a code is of. */
import { Secret, TOTP } from "otpauth";
import { brand } from "../../latchkey.config";
import type { Random } from "../oauth/tokens";

/** RFC 4226 §4 R6 recommends 160 bits. */
const KEY_BYTES = 20;
/** RFC 6238 §5.2: an app's clock may be a step behind or before ours. */
const WINDOW = 1;

/** A new key, in the base 32 that people can type. */
export function newTotpKey(random: Random): string {
  return new Secret({ buffer: new Uint8Array(random(KEY_BYTES)).buffer }).base32;
}

/** The address an authenticator app reads from a QR code. */
export function totpAddress(key: string, email: string): string {
  return new TOTP({ issuer: brand.name, label: email, secret: Secret.fromBase32(key) }).toString();
}

/** The time step a code belongs to, as far as it may at that moment; null for a wrong one. */
export function stepOf(key: string, typed: string, now: Date): number | null {
  const token = typed.replace(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return null;
  const timestamp = now.getTime();
  const delta = TOTP.validate({ token, secret: Secret.fromBase32(key), timestamp, window: WINDOW });
  return delta === null ? null : TOTP.counter({ timestamp }) + delta;
}
