import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFormComponent, encodeParams, parseParams } from "../../lib/oauth/params";

function parsed(encoded: string | Uint8Array) {
  const result = parseParams(encoded);
  if ("problem" in result) throw new Error(result.problem);
  return result;
}

const problem = (encoded: string | Uint8Array) => {
  const result = parseParams(encoded);
  return "problem" in result ? result.problem : null;
};

/** Any Unicode text that can be sent: no lone surrogate (fast-check's "binary" has none), no NUL, not empty. */
const text = fc.string({ unit: "binary", minLength: 1 }).filter((s) => !s.includes("\0"));
const entries = fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name });

describe("parseParams", () => {
  test("reads names and values, + as a space and percent-encoded UTF-8", () => {
    const { params, repeated } = parsed("scope=read+write&state=a%2Bb%20%C3%A9%E2%82%AC");
    expect([...params]).toEqual([
      ["scope", "read write"],
      ["state", "a+b é€"],
    ]);
    expect(repeated.size).toBe(0);
  });

  test("decodes the example of RFC 6749 appendix B", () => {
    expect(decodeFormComponent("+%25%26%2B%C2%A3%E2%82%AC")).toBe(" %&+£€");
    expect(encodeParams([["v", " %&+£€"]])).toBe("v=+%25%26%2B%C2%A3%E2%82%AC");
  });

  test("treats a parameter without a value as omitted", () => {
    expect([...parsed("state=&scope&code=x").params]).toEqual([["code", "x"]]);
  });

  test("keeps everything after the first = as the value", () => {
    expect(parsed("a=b=c==").params.get("a")).toBe("b=c==");
  });

  test("skips empty pairs", () => {
    expect([...parsed("&&a=1&&b=2&").params.keys()]).toEqual(["a", "b"]);
  });

  test("names what was sent twice and keeps its first value", () => {
    const { params, repeated } = parsed("state=1&code=c&state=2&state=3");
    expect([...repeated]).toEqual(["state"]);
    expect(params.get("state")).toBe("1");
  });

  test("counts a repetition although one of the two is empty or equal", () => {
    expect([...parsed("a=&a=1").repeated]).toEqual(["a"]);
    expect([...parsed("a=1&a=").repeated]).toEqual(["a"]);
    expect([...parsed("a=1&a=1").repeated]).toEqual(["a"]);
  });

  test("sees a repetition through its percent-encoding", () => {
    expect([...parsed("client_id=1&client%5Fid=2").repeated]).toEqual(["client_id"]);
  });

  test("tells names apart by case", () => {
    expect(parsed("State=1&state=2").repeated.size).toBe(0);
  });

  test("takes __proto__ for a name like any other", () => {
    const { params } = parsed("__proto__=x&constructor=y");
    expect(params.get("__proto__")).toBe("x");
    expect(params.get("toString")).toBeUndefined();
  });

  test.each(["a=%", "a=%2", "a=%zz", "%=a", "a=%%41", "a=1&b=%u0041"])(
    "refuses invalid percent-encoding: %s",
    (encoded) => {
      expect(problem(encoded)).toMatch(/percent-encoding/);
      expect(problem(new TextEncoder().encode(encoded))).toMatch(/percent-encoding/);
    },
  );

  test.each([
    ["a lone continuation byte", "a=%80"],
    ["an overlong slash", "a=%C0%AF"],
    ["an encoded surrogate", "a=%ED%A0%80"],
    ["a truncated sequence", "a=%E2%82"],
    ["beyond U+10FFFF", "a=%F4%90%80%80"],
  ])("refuses bytes that are not UTF-8 after decoding: %s", (_, encoded) => {
    expect(problem(encoded)).not.toBeNull();
  });

  test.each([
    ["a lone continuation byte", [0x80]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a truncated sequence", [0xe2, 0x82]],
  ])("refuses raw bytes that are not UTF-8: %s", (_, bytes) => {
    expect(problem(new Uint8Array([0x61, 0x3d, ...bytes]))).toMatch(/not valid UTF-8/);
  });

  test("refuses a lone surrogate in a string and takes a pair", () => {
    expect(problem("a=\ud83d")).toMatch(/not valid UTF-8/);
    expect(problem("a=\udd11\ud83d")).toMatch(/not valid UTF-8/);
    expect(parsed("a=\ud83d\udd11").params.get("a")).toBe("🔑");
  });

  test.each(["a=\0", "a\0=1", "a=%00", "%00=1", "\0", "a=1&b=x%00y"])(
    "refuses a NUL, raw or encoded, in a name or a value (%j)",
    (encoded) => {
      expect(problem(encoded)).toMatch(/NUL/);
    },
  );

  test("keeps a byte order mark as the character it is", () => {
    expect([...parsed(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0x3d, 0x31])).params.keys()]).toEqual([
      "\ufeffa",
    ]);
  });

  test("never repeats what it refuses", () => {
    expect(problem("client_secret=hunter2%")).not.toContain("hunter2");
    expect(problem("client_secret=hunter2%00")).not.toContain("hunter2");
  });

  test("never throws, whatever the bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseParams(bytes)));
    fc.assert(fc.property(fc.string({ unit: "binary" }), (s) => void parseParams(s)));
    fc.assert(
      fc.property(fc.array(fc.constantFrom("%", "a", "0", "&", "=", "+", "\ud800", "\0", "é")), (parts) => {
        parseParams(parts.join(""));
      }),
    );
  });

  test("reads back what encodeParams wrote, from a string and from bytes", () => {
    fc.assert(
      fc.property(entries, (sent) => {
        const encoded = encodeParams(sent);
        expect([...parsed(encoded).params]).toEqual(sent);
        expect([...parsed(new TextEncoder().encode(encoded)).params]).toEqual(sent);
        expect(parsed(encoded).repeated.size).toBe(0);
      }),
    );
  });

  test("agrees with URLSearchParams wherever it accepts", () => {
    const piece = fc.constantFrom(
      "a",
      "b",
      "=",
      "&",
      "+",
      "%20",
      "%41",
      "%C3%A9",
      "é",
      "/",
      "?",
      "%3D",
      "%26",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        // URLSearchParams drops one leading "?": it expects location.search, we a query.
        const reference = [...new URLSearchParams(`x=0&${pieces.join("")}`)];
        const { params, repeated } = parsed(`x=0&${pieces.join("")}`);
        const names = reference.map(([name]) => name);
        expect(repeated).toEqual(new Set(names.filter((name, at) => names.indexOf(name) !== at)));
        const sentOnce = reference.filter(([name, value]) => !repeated.has(name) && value !== "");
        expect([...params].filter(([name]) => !repeated.has(name))).toEqual(sentOnce);
      }),
    );
  });

  test("takes a megabyte of anything in linear time", () => {
    for (const unit of ["&", "a=1&", "%", "=", "+", "a", "%41"]) {
      const started = performance.now();
      parseParams(unit.repeat(1_000_000 / unit.length));
      expect(performance.now() - started, unit).toBeLessThan(2000);
    }
  });
});
