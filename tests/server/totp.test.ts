/** Codes of authenticator apps: the vectors of RFC 6238 through our own check, and clocks that are off. */
import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { describe, expect, test } from "vitest";
import { newTotpKey, stepOf, totpAddress } from "../../lib/server/totp";

/** RFC 6238, appendix B: the key, and codes of eight digits, of which ours are the last six. */
const key = Secret.fromUTF8("12345678901234567890").base32;
const vectors: readonly [number, string][] = [
  [59, "94287082"],
  [1111111109, "07081804"],
  [1111111111, "14050471"],
  [1234567890, "89005924"],
  [2000000000, "69279037"],
  [20000000000, "65353130"],
];
const at = (seconds: number) => new Date(seconds * 1000);

test.each(vectors)("at %i the code of RFC 6238 is %s", (seconds, eight) => {
  expect(stepOf(key, eight.slice(-6), at(seconds))).toBe(Math.floor(seconds / 30));
});

describe("a code", () => {
  const [seconds, code] = [1111111111, "050471"];
  const step = Math.floor(seconds / 30);
  const begin = step * 30;

  test("counts a step early and a step late, and not a second beyond", () => {
    expect(stepOf(key, code, at(begin - 30))).toBe(step);
    expect(stepOf(key, code, at(begin + 59))).toBe(step);
    expect(stepOf(key, code, at(begin - 31))).toBeNull();
    expect(stepOf(key, code, at(begin + 60))).toBeNull();
  });

  test("may have the space that apps show in its middle", () => {
    expect(stepOf(key, " 050 471 ", at(seconds))).toBe(step);
  });

  test.each([
    "",
    "50471",
    "0504711",
    "050472",
    "05047a",
    "０５０４７１",
    "-50471",
    "5.0471",
    "1e5",
    "\0",
    "050471".repeat(1000),
  ])("that is %j is wrong", (typed) => {
    expect(stepOf(key, typed, at(seconds))).toBeNull();
  });
});

test("a key has 160 bits, and its address says whose it is", () => {
  const made = newTotpKey(randomBytes);
  expect(made).toMatch(/^[A-Z2-7]{32}$/);
  const address = totpAddress(made, "anna+test@example.test");
  expect(address).toMatch(/^otpauth:\/\/totp\/Latchkey:anna%2Btest%40example\.test\?issuer=Latchkey&secret=/);
  const now = at(1_800_000_000);
  const code = TOTP.generate({ secret: Secret.fromBase32(made), timestamp: now.getTime() });
  expect(stepOf(made, code, now)).toBe(60_000_000);
});
