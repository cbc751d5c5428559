import { describe, expect, test } from "vitest";
import { auditQuery, toSearch } from "../../lib/server/audit-query";

const days = { from: "2026-03-01", to: "2026-03-02" };
const moments = { from: new Date("2026-03-01T00:00:00.000Z"), to: new Date("2026-03-03T00:00:00.000Z") };

test("the filters of an audit log are read from an address, the last day to its end", () => {
  const written = {
    person: "Ada@Example.test",
    app: "My app",
    company: "Fabrikam",
    action: "secret.*",
    ...days,
  };
  const asked = auditQuery.installation.parse({ ...written, person: " Ada@Example.test " });
  expect(asked).toEqual(written);
  expect(toSearch(asked)).toEqual({ ...written, ...moments });
});

test("those of a company's log too: links name people and apps by their id, an address is in lower case", () => {
  const linked = { actor: "abc", app: "def", action: "secret.rotated", ...days };
  const asked = auditQuery.company.parse({ ...linked, person: " ADA@Example.test " });
  expect(asked).toEqual({ ...linked, person: "ada@example.test" });
  expect(toSearch(asked)).toEqual({ ...asked, ...moments });
  expect(auditQuery.company.parse({ app: "My app", company: "another" })).toEqual({});
});

describe.each(["installation", "company"] as const)("in the %s log", (log) => {
  test("what cannot be read filters nothing and fails nothing", () => {
    const wrong = {
      actor: "a b",
      person: "\0",
      app: ["one", "two"],
      company: "x".repeat(300),
      action: "'; DROP TABLE audit_events; --",
      from: "2026-02-30",
      to: "yesterday",
    };
    expect(toSearch(auditQuery[log].parse(wrong))).toEqual({});
    for (const year of ["0000", "9999"])
      expect(auditQuery[log].parse({ from: `${year}-01-01`, to: `${year}-12-31` })).toEqual({});
    expect(auditQuery[log].parse({})).toEqual({});
  });
});
