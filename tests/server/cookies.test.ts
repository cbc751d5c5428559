import { expect, test } from "vitest";
import { parseCookies } from "../../lib/server/cookies";

test("reads every cookie, with = in its value and spaces around", () => {
  expect({ ...parseCookies("a=1; b=x=y==;  c = 3 ;d=") }).toEqual({ a: "1", b: "x=y==", c: "3", d: "" });
});

test("counts the first of a name, which is the one with the longer path", () => {
  expect(parseCookies("a=1; a=2").a).toBe("1");
});

test("passes over what is malformed", () => {
  expect({ ...parseCookies("=x; noequals; a=1;;") }).toEqual({ a: "1" });
  expect({ ...parseCookies(undefined) }).toEqual({});
});

test("has no names but those that were sent", () => {
  const cookies = parseCookies("__proto__=x");
  expect(cookies.constructor).toBeUndefined();
  expect(Object.keys(cookies)).toEqual(["__proto__"]);
});
