import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCodeChallenge, isCodeVerifier, s256 } from "../../lib/oauth/pkce";

const UNRESERVED = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"];
const verifiers = fc.string({ unit: fc.constantFrom(...UNRESERVED), minLength: 43, maxLength: 128 });

describe("PKCE S256", () => {
  test("computes the challenge of RFC 7636 appendix B", () => {
    expect(s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe(
      "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    );
  });

  test("turns every verifier into a challenge, and different ones into different challenges", () => {
    fc.assert(
      fc.property(verifiers, verifiers, (one, other) => {
        expect(isCodeVerifier(one)).toBe(true);
        expect(isCodeChallenge(s256(one))).toBe(true);
        expect(s256(one) === s256(other)).toBe(one === other);
      }),
    );
  });

  test.each([
    [42, false],
    [43, true],
    [128, true],
    [129, false],
  ])("a verifier of %i characters: %s", (length, accepted) => {
    expect(isCodeVerifier("a".repeat(length))).toBe(accepted);
  });

  test.each(["+", "/", "=", " ", "%", "\n", "\0", "\u00e9", "\u017f", "\u212a"])(
    "refuses %j in a verifier and in a challenge",
    (character) => {
      for (const value of [
        character + "a".repeat(42),
        "a".repeat(42) + character,
        `${"a".repeat(43)}${character}`,
      ]) {
        expect(isCodeVerifier(value)).toBe(false);
        expect(isCodeChallenge(value)).toBe(false);
      }
    },
  );

  test.each([0, 42, 44, 128])("refuses an S256 challenge of %i characters", (length) => {
    expect(isCodeChallenge("a".repeat(length))).toBe(false);
  });

  test("a challenge has no dot and no tilde, unlike a verifier", () => {
    expect(isCodeVerifier("~.".repeat(22))).toBe(true);
    expect(isCodeChallenge(`${"a".repeat(42)}.`)).toBe(false);
    expect(isCodeChallenge(`${"a".repeat(42)}~`)).toBe(false);
  });
});
