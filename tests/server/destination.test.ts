import fc from "fast-check";
import { expect, test } from "vitest";
import { destinationOf, leadsTo, onTheWay } from "../../lib/server/destination";

const fields = (entries: Record<string, string>) => destinationOf(new Map(Object.entries(entries)));

test("a sign-in leads to the authorize request it came from, else to the page, else to the front page", () => {
  expect(leadsTo(fields({ request: "a&b", next: "/settings" }))).toBe(
    "/oauth/authorize/continue?request=a%26b",
  );
  expect(leadsTo(fields({ next: "/settings?tab=apps" }))).toBe("/settings?tab=apps");
  expect(leadsTo(fields({}))).toBe("/");
  expect(leadsTo(fields({ next: "//evil.example" }))).toBe("/");
});

test("every page in between carries what it has to say and where the sign-in is to lead", () => {
  expect(onTheWay("/login", fields({ request: "abc", next: "/settings" }), { error: "late" })).toBe(
    "/login?error=late&request=abc",
  );
  expect(onTheWay("/login", fields({ next: "/settings" }))).toBe("/login?next=%2Fsettings");
  expect(onTheWay("/login", fields({}))).toBe("/login");
});

test("what is too long to be carried in a cookie leads nowhere in particular", () => {
  expect(fields({ request: "a".repeat(201), next: `/${"a".repeat(2000)}` })).toEqual({});
});

test("whatever a form says, a sign-in stays with us", () => {
  const base = "https://id.example";
  const text = fc.string({ unit: fc.constantFrom("/", "\\", ":", "@", "?", "#", "&", "=", "\n", "é", "a") });
  fc.assert(
    fc.property(fc.option(text, { nil: "" }), text, (request, next) => {
      const destination = fields({ request, next });
      const step = new URL(onTheWay("/login", destination), base);
      expect(step.origin + step.pathname).toBe(`${base}/login`);
      expect(new URL(leadsTo(destination), base).origin).toBe(base);
      const again = destinationOf({ get: (name) => step.searchParams.get(name) ?? undefined });
      expect(leadsTo(again)).toBe(leadsTo(destination));
    }),
  );
});
