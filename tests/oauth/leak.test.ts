/** Finding credentials of ours in whatever text somebody sends. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCredentials, MAX_FOUND } from "../../lib/oauth/leak";
import { type CredentialPrefix, mint } from "../../lib/oauth/tokens";
import { loadedDice } from "../support/world";

const kinds: readonly CredentialPrefix[] = ["at", "rt", "pat", "lt", "cs", "ac"];
const random = loadedDice("leaks");

describe("credentials in a text", () => {
  test.each(kinds)("are found by shape and checksum: %s", (kind) => {
    const { value, hash } = mint(kind, random);
    expect(findCredentials(`export TOKEN="${value}" # oops`)).toEqual([{ kind, hash }]);
    const last = value.endsWith("0") ? "1" : "0";
    expect(findCredentials(value.slice(0, -1) + last)).toEqual([]);
  });

  test("are found once, in their order, whatever stands around them", () => {
    const noise = fc.stringMatching(/^[^0-9A-Za-z]*$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, fc.constantFrom(...kinds)), { maxLength: 8 }),
        noise,
        (parts, end) => {
          const minted = parts.map(([before, kind]) => ({ before, kind, ...mint(kind, random) }));
          const text = `${minted.map(({ before, value }) => ` ${before}${value} ${value}`).join("")} ${end}`;
          expect(findCredentials(text)).toEqual(minted.map(({ kind, hash }) => ({ kind, hash })));
        },
      ),
    );
  });

  test("are none in a text without any, however long and strange it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
        expect(findCredentials(text)).toEqual([]);
      }),
    );
    expect(findCredentials("at_".repeat(100_000))).toEqual([]);
  });

  test("are not a part of a longer word", () => {
    const { value } = mint("pat", random);
    expect(findCredentials(`x${value}`)).toEqual([]);
    expect(findCredentials(`${value}x`)).toEqual([]);
    expect(findCredentials(`TOKEN_${value}`)).toHaveLength(1);
  });

  test("have the brand's word before them, where it has one", () => {
    const { value, hash } = mint("pat", random, "acme_");
    expect(findCredentials(`a ${value}`, "acme_")).toEqual([{ kind: "pat", hash }]);
    expect(findCredentials(mint("pat", random).value, "acme_")).toEqual([]);
  });

  test("are at most a hundred", () => {
    const many = Array.from({ length: MAX_FOUND + 20 }, () => mint("at", random).value);
    expect(findCredentials(many.join("\n"))).toHaveLength(MAX_FOUND);
  });
});
