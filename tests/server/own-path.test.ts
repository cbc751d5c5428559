import fc from "fast-check";
import { expect, test } from "vitest";
import { ownPath } from "../../lib/server/own-path";

test.each(["/", "/settings", "/settings/api-access?tab=apps&x=%2F%2Fevil", "/a//b", "/#top"])(
  "%s is a path of ours",
  (path) => {
    expect(ownPath(path)).toBe(path);
  },
);

test.each([
  undefined,
  "",
  "settings",
  "https://evil.example",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/a\\b",
  "/\t/evil.example",
  "/\n/evil.example",
  " /settings",
  "/a b",
  "/é",
  "/\0",
  "javascript:alert(1)",
  "data:text/html,x",
])("%j leads to the front page", (path) => {
  expect(ownPath(path)).toBe("/");
});

test("whatever comes in, a browser stays with us", () => {
  const base = "https://id.example";
  const nasty = fc.string({
    unit: fc.constantFrom("/", "\\", ".", ":", "@", "?", "#", "\t", "\n", "%", "a", "e"),
  });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), nasty), (next) => {
      for (const value of [next, `/${next}`]) expect(new URL(ownPath(value), base).origin).toBe(base);
    }),
    { numRuns: 500 },
  );
});
