import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CredentialPrefix,
  hashCredential,
  isWellFormed,
  mint,
  orderedId,
  type Random,
  randomId,
} from "../../lib/oauth/tokens";

const PREFIXES: readonly CredentialPrefix[] = ["at", "rt", "pat", "lt", "cs", "ac"];
const BASE62 = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
const secure: Random = (bytes) => randomBytes(bytes);

const prefixes = fc.constantFrom(...PREFIXES);
const brands = fc.constantFrom("", "acme_", "l", "p", "at_");
/** A source whose bytes fast-check chooses, the rejected ones included. */
const sources = fc.infiniteStream(fc.nat(255)).map(
  (stream): Random =>
    (bytes) =>
      Uint8Array.from({ length: bytes }, () => stream.next().value),
);

describe("mint", () => {
  test.each(PREFIXES)("makes %s_, 30 random characters and 6 of checksum", (prefix) => {
    const { value, hash, last4 } = mint(prefix, secure);
    expect(value).toMatch(new RegExp(`^${prefix}_[0-9A-Za-z]{36}$`));
    expect(hash).toBe(createHash("sha256").update(value).digest("base64url"));
    expect(last4).toBe(value.slice(-4));
  });

  test("is the same for the same random bytes: a known value", () => {
    const { value } = mint("at", (bytes) => new Uint8Array(bytes));
    // CRC-32 of at_000000000000000000000000000000, worked out with Python's zlib.crc32 as 6 base62 digits
    expect(value).toBe(`at_${"0".repeat(30)}0ZxcGk`);
  });

  test("asks the source once for a credential", () => {
    let calls = 0;
    mint("at", (bytes) => {
      calls += 1;
      return secure(bytes);
    });
    expect(calls).toBe(1);
  });

  test("puts the brand's word first", () => {
    expect(mint("at", secure, "acme_").value).toMatch(/^acme_at_[0-9A-Za-z]{36}$/);
  });

  test("never looks like a JWT", () => {
    fc.assert(
      fc.property(prefixes, sources, (prefix, random) => {
        expect(mint(prefix, random).value.startsWith("eyJ")).toBe(false);
      }),
    );
  });

  test("does not repeat itself", () => {
    expect(new Set(Array.from({ length: 10_000 }, () => mint("at", secure).value)).size).toBe(10_000);
  });
});

describe("isWellFormed", () => {
  test("takes what mint made, by its kind, by a list of kinds and by none", () => {
    fc.assert(
      fc.property(prefixes, sources, brands, (prefix, random, brand) => {
        const { value } = mint(prefix, random, brand);
        expect(isWellFormed(value, prefix, brand)).toBe(true);
        expect(isWellFormed(value, PREFIXES, brand)).toBe(true);
        expect(isWellFormed(value, undefined, brand)).toBe(true);
        for (const other of PREFIXES) {
          if (other !== prefix) expect(isWellFormed(value, other, brand)).toBe(false);
        }
        expect(isWellFormed(value, [], brand)).toBe(false);
        expect(isWellFormed(value, prefix, `${brand}x`)).toBe(false);
      }),
    );
  });

  test("refuses it with any one character changed", () => {
    fc.assert(
      fc.property(
        prefixes,
        sources,
        fc.nat(38),
        fc.string({ unit: "binary" }),
        (prefix, random, at, other) => {
          const { value } = mint(prefix, random);
          const changed = value.slice(0, at) + other + value.slice(at + 1);
          fc.pre(changed !== value);
          expect(isWellFormed(changed)).toBe(false);
        },
      ),
    );
  });

  test("refuses it with any character replaced by any other base62 character", () => {
    const { value } = mint("at", secure);
    for (let at = 0; at < value.length; at++) {
      for (const character of [...BASE62, "_"]) {
        const changed = value.slice(0, at) + character + value.slice(at + 1);
        if (changed !== value) expect(isWellFormed(changed), changed).toBe(false);
      }
    }
  });

  test("refuses two neighbours swapped", () => {
    const { value } = mint("rt", secure);
    for (let at = 0; at + 1 < value.length; at++) {
      const swapped = value.slice(0, at) + value.charAt(at + 1) + value.charAt(at) + value.slice(at + 2);
      if (swapped !== value) expect(isWellFormed(swapped), swapped).toBe(false);
    }
  });

  test.each([
    ["nothing", ""],
    ["a prefix alone", "at_"],
    ["a JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
    ["an unknown prefix", `xx_${"0".repeat(36)}`],
    ["full-width digits", `at_${"\uff10".repeat(36)}`],
    ["a megabyte", "a".repeat(1_000_000)],
  ])("refuses %s", (_, value) => {
    expect(isWellFormed(value)).toBe(false);
  });

  test.each([
    ["one character too few", `at_${"0".repeat(29)}`],
    ["one too many", `at_${"0".repeat(31)}`],
    ["none", "at_"],
    ["one that is not base62", `at_${"0".repeat(29)}-`],
    ["a control character", `at_${"0".repeat(29)}\n`],
  ])("refuses a right checksum over %s", (_, body) => {
    const digit = (place: number) => BASE62[Math.floor(crc32(body) / 62 ** place) % 62];
    const signed = body + [5, 4, 3, 2, 1, 0].map(digit).join("");
    expect(isWellFormed(signed)).toBe(false);
  });

  test("refuses a credential with anything before or after it", () => {
    const { value } = mint("at", secure);
    for (const noisy of [
      ` ${value}`,
      `${value} `,
      `${value}\n`,
      `${value}\0`,
      value.slice(1),
      value.slice(0, -1),
    ]) {
      expect(isWellFormed(noisy)).toBe(false);
    }
  });

  test("never throws and refuses noise", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (noise) => !isWellFormed(noise)));
  });
});

describe("hashCredential", () => {
  test("is SHA-256 as base64url without padding", () => {
    expect(hashCredential("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  });
});

describe("orderedId", () => {
  test("sorts by the moment, then is random", () => {
    const moment = fc.date({ min: new Date(0), max: new Date("5000-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const [first, second] = [orderedId(a, secure), orderedId(b, secure)];
        expect(first).toMatch(/^[0-9a-z]{9}[0-9A-Za-z]{12}$/);
        if (a.getTime() !== b.getTime()) expect(first < second).toBe(a < b);
        expect(first).not.toBe(second);
      }),
    );
  });
});

describe("randomId", () => {
  test("has the length asked for and only base62 characters", () => {
    fc.assert(
      fc.property(fc.nat(200), sources, (length, random) => {
        expect(randomId(length, random)).toMatch(new RegExp(`^[0-9A-Za-z]{${length}}$`));
      }),
    );
  });

  test("rejects the bytes that would favour some characters, and gives each of the 62 four bytes", () => {
    let next = 0;
    const everyByte: Random = (bytes) => Uint8Array.from({ length: bytes }, () => next++ % 256);
    const counts = new Map<string, number>();
    for (const character of randomId(248, everyByte)) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual([...BASE62].sort());
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  test("spreads real random bytes evenly (chi-square)", () => {
    const counts = new Map(BASE62.map((character) => [character, 0]));
    const drawn = 310_000;
    for (const character of randomId(drawn, secure)) counts.set(character, (counts.get(character) ?? 0) + 1);
    const expected = drawn / 62;
    const chiSquare = [...counts.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    );
    // 61 degrees of freedom: beyond 150 once in about 10^9 runs; the modulo bias alone would add over 5,000.
    expect(chiSquare).toBeLessThan(150);
  });

  test("goes on when the first bytes are all rejected", () => {
    let calls = 0;
    expect(randomId(4, (bytes) => new Uint8Array(bytes).fill(calls++ === 0 ? 255 : 61))).toBe("zzzz");
  });

  test("throws rather than loop for ever on a broken source", () => {
    expect(() => randomId(4, (bytes) => new Uint8Array(bytes).fill(255))).toThrow(/random source/);
    expect(() => randomId(4, () => new Uint8Array(0))).toThrow(/random source/);
  });
});
