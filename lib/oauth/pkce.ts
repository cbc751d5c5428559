/** Proof Key for Code Exchange (RFC 7636), method S256 only: `plain` protects nothing an attacker can read. */
import { hash } from "node:crypto";

const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** Whether a value is a `code_verifier`: 43 to 128 unreserved characters (RFC 7636 §4.1). */
export function isCodeVerifier(value: string): boolean {
  return CODE_VERIFIER.test(value);
}

/**
 * Whether a value can be an S256 `code_challenge`. RFC 7636 §4.2 allows 43 to 128 characters for any method; a SHA-256
 * in base64url without padding has exactly 43.
 */
export function isCodeChallenge(value: string): boolean {
  return S256_CHALLENGE.test(value);
}

/**
 * BASE64URL-ENCODE(SHA256(ASCII(code_verifier))), RFC 7636 §4.2. The server compares it with the stored challenge
 * (§4.6); the challenge travelled through the browser and is no secret, so `===` will do.
 */
export function s256(verifier: string): string {
  return hash("sha256", verifier, "base64url");
}
