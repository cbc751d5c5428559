import { expect, test } from "vitest";
import { bearerToken } from "../../lib/sdk/bearer";

test.each([
  ["Bearer at_abc", "at_abc"],
  ["bearer at_abc", "at_abc"],
  ["BEARER   a.b-c_d~e+f/g==", "a.b-c_d~e+f/g=="],
])("%j carries a token", (header, token) => {
  expect(bearerToken(header)).toBe(token);
});

test.each([
  undefined,
  "",
  "Bearer",
  "Bearer ",
  "at_abc",
  "Basic YTpi",
  "Bearer a b",
  "Bearer a, Bearer b",
  "Bearer a,b",
  "Bearer\tat_abc",
  " Bearer at_abc",
  "Bearer at_abc ",
  "Bearer at=abc",
  "Bearer é",
  "Bearer a\nx-header: b",
  "BearerToken a",
])("%j carries none", (header) => {
  expect(bearerToken(header)).toBeNull();
});
