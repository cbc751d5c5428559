import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashCredential, mint } from "../../lib/oauth/tokens";
import { needsNarrowing, parseCredentialSearch, startOfCredential } from "../../lib/server/credential-search";

const kinds = { at: "access", rt: "refresh", pat: "personal", lt: "legacy", cs: "secret" } as const;
const prefix = fc.constantFrom("at", "rt", "pat", "lt", "cs");
const brand = fc.constantFrom("", "acme_");

describe("what somebody types who looks for a credential", () => {
  test("is the whole of it: only its hash goes on", () => {
    fc.assert(
      fc.property(prefix, brand, fc.infiniteStream(fc.nat(247)), (kind, word, dice) => {
        const random = (count: number) => Uint8Array.from({ length: count }, () => dice.next().value ?? 0);
        const { value } = mint(kind, random, word);
        expect(parseCredentialSearch(` ${value}\n`, word)).toEqual({ hash: hashCredential(value) });
      }),
    );
  });

  test("is its start and its end, as lists show them", () => {
    fc.assert(
      fc.property(
        prefix,
        fc.stringMatching(/^[0-9A-Za-z]{4}$/),
        fc.constantFrom("…", "...", ""),
        (kind, last4, gap) => {
          expect(parseCredentialSearch(`${kind}_${gap}${last4}`, "")).toEqual({
            kind: kinds[kind as keyof typeof kinds],
            last4,
          });
          expect(
            parseCredentialSearch(startOfCredential(kinds[kind as keyof typeof kinds], last4), ""),
          ).toEqual({
            kind: kinds[kind as keyof typeof kinds],
            last4,
          });
          expect(parseCredentialSearch(`acme_${kind}_${gap}${last4}`, "acme_")).toMatchObject({ last4 });
        },
      ),
    );
  });

  test("is the end alone", () => {
    expect(parseCredentialSearch("…1a2B")).toEqual({ last4: "1a2B" });
    expect(parseCredentialSearch("1a2B")).toEqual({ last4: "1a2B" });
  });

  test("is anything else: refused in words that do not repeat it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ minLength: 21, unit: "binary" })), (text) => {
        const parsed = parseCredentialSearch(text, "");
        if ("last4" in parsed) expect(text).toContain(parsed.last4);
        else if ("problem" in parsed && text.trim().length > 8)
          expect(parsed.problem).not.toContain(text.trim());
      }),
    );
    for (const text of [
      "",
      "pat_",
      "pat_…12345",
      "xx_…1a2b",
      "ac_…1a2b",
      `pat_${"a".repeat(36)}`,
      "pat_1a2\0",
    ])
      expect(parseCredentialSearch(text, "")).toHaveProperty("problem");
  });

  test("by its end needs to say whose, where tokens are issued by the million", () => {
    expect(["access", "refresh"].map((kind) => needsNarrowing(kind as "access"))).toEqual([true, true]);
    expect(
      [undefined, "personal", "legacy", "secret"].map((kind) => needsNarrowing(kind as undefined)),
    ).toEqual([false, false, false, false]);
  });
});
