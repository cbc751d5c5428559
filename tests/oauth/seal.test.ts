import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seal, unseal } from "../../lib/oauth/seal";
import { mint, type Random } from "../../lib/oauth/tokens";

const secure: Random = (bytes) => randomBytes(bytes);
/** Of one to four bytes in UTF-8, without surrogates. */
const characters = fc
  .oneof(fc.integer({ max: 0xd7ff, min: 0 }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point));
const texts = fc.array(characters, { maxLength: 200 }).map((list) => list.join(""));
const secrets = fc.array(characters, { maxLength: 80 }).map((list) => list.join(""));

describe("a sealed answer", () => {
  test("opens with the secret it was sealed with", () => {
    fc.assert(
      fc.property(secrets, texts, (secret, text) => {
        expect(unseal(secret, seal(secret, text, secure))).toBe(text);
      }),
    );
  });

  test("opens with no other secret", () => {
    fc.assert(
      fc.property(secrets, secrets, texts, (secret, other, text) => {
        fc.pre(secret !== other);
        expect(unseal(other, seal(secret, text, secure))).toBeNull();
      }),
    );
  });

  test("does not open after any one bit of it was changed", () => {
    fc.assert(
      fc.property(secrets, texts, fc.nat(), fc.nat(7), (secret, text, at, bit) => {
        const sealed = Buffer.from(seal(secret, text, secure));
        const place = at % sealed.length;
        sealed.writeUInt8(sealed.readUInt8(place) ^ (1 << bit), place);
        expect(unseal(secret, sealed)).toBeNull();
      }),
    );
  });

  test("does not open when it was cut short, or something was added", () => {
    fc.assert(
      fc.property(
        secrets,
        texts,
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        (secret, text, at, more) => {
          const sealed = seal(secret, text, secure);
          expect(unseal(secret, sealed.subarray(0, at % sealed.length))).toBeNull();
          expect(unseal(secret, Buffer.concat([sealed, more]))).toBeNull();
        },
      ),
    );
  });

  test("noise opens with nothing, and nothing throws", () => {
    fc.assert(
      fc.property(secrets, fc.uint8Array({ maxLength: 200 }), (secret, noise) => {
        expect(unseal(secret, noise)).toBeNull();
      }),
    );
  });

  test("says nothing of its text, and is another each time", () => {
    const { value } = mint("rt", secure);
    const one = seal(value, "at_the_answer", secure);
    const other = seal(value, "at_the_answer", secure);
    expect(Buffer.from(one).equals(other)).toBe(false);
    expect(Buffer.from(one).includes("at_the_answer")).toBe(false);
    expect(Buffer.from(one).includes(value)).toBe(false);
  });

  test("is twelve bytes of nonce, sixteen of tag, and the text", () => {
    expect(seal("secret", "12345", secure)).toHaveLength(12 + 16 + 5);
  });
});
