import { describe, expect, test } from "vitest";
import {
  dayRange,
  lifetimeOptions,
  parseReplacementForm,
  parseTokenForm,
  type TokenLink,
  type TokenMaker,
  tokenFromLink,
} from "../../lib/server/token-form";

const now = new Date("2026-01-31T10:00:00Z");
const maker: TokenMaker = {
  scopes: ["read", "write"],
  companyIds: ["northwind", "quarry"],
  endless: false,
  now,
};
const good = { name: "Laptop", scope: "read", company: "all", expiration: "30", expiresOn: "" };

type Changes = Record<string, string | string[] | File | undefined>;

function form(changes: Changes = {}): FormData {
  const data = new FormData();
  for (const [field, value] of Object.entries<Changes[string]>({ ...good, ...changes }))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) data.append(field, one);
  return data;
}

const inputOf = (changes: Changes = {}, by = maker) => {
  const parsed = parseTokenForm(form(changes), by);
  return parsed.ok ? parsed.input : parsed.errors;
};
const errorsOf = (changes: Changes, by = maker) => {
  const parsed = parseTokenForm(form(changes), by);
  return parsed.ok ? {} : parsed.errors;
};

describe("the token form", () => {
  test("becomes a token for all companies or for one", () => {
    expect(inputOf({ scope: ["write", "read"] })).toEqual({
      name: "Laptop",
      scopes: ["read", "write"],
      companyId: null,
      allCompanies: true,
      expiresAt: new Date("2026-03-02T10:00:00Z"),
      allowedAddresses: [],
    });
    expect(inputOf({ company: "quarry" })).toMatchObject({ companyId: "quarry", allCompanies: false });
  });

  test("of somebody without a company becomes a token without one, and asks nothing about it", () => {
    const alone = { ...maker, companyIds: [] };
    expect(inputOf({ company: undefined }, alone)).toMatchObject({ companyId: null, allCompanies: false });
    expect(errorsOf({ company: "all" }, alone)).toHaveProperty("company");
    expect(errorsOf({ company: "northwind" }, alone)).toHaveProperty("company");
  });

  test.each([
    ["7", "2026-02-07T10:00:00Z"],
    ["30", "2026-03-02T10:00:00Z"],
    ["60", "2026-04-01T10:00:00Z"],
    ["90", "2026-05-01T10:00:00Z"],
    ["365", "2027-01-31T10:00:00Z"],
  ])("with a lifetime of %s days ends at %s", (expiration, end) => {
    expect(inputOf({ expiration })).toMatchObject({ expiresAt: new Date(end) });
  });

  test.each([
    ["today", "2026-01-31"],
    ["tomorrow", "2026-02-01"],
    ["a year from now", "2027-01-31"],
  ])("with a date ends when that day is over: %s", (_, expiresOn) => {
    const expiresAt = new Date(`${expiresOn}T23:59:59.999Z`);
    expect(inputOf({ expiration: "custom", expiresOn })).toMatchObject({ expiresAt });
    expect(expiresAt > now).toBe(true);
  });

  test.each([
    ["yesterday", "2026-01-30", /over/],
    ["more than a year from now", "2027-02-01", /within one year/],
    ["none", "", /Enter a date/],
    ["words", "next week", /Enter a date/],
    ["a day that does not exist", "2026-02-30", /Enter a date/],
    ["a moment", "2026-02-03T10:00", /Enter a date/],
    ["a far year", "12026-02-03", /Enter a date/],
  ])("refuses as a date: %s", (_, expiresOn, reason) => {
    const errors = errorsOf({ expiration: "custom", expiresOn });
    expect(errors).toEqual({ expiresOn: expect.stringMatching(reason) });
  });

  test("says which days there are to choose from, on a leap day, too", () => {
    expect(dayRange(now)).toEqual({ min: "2026-01-31", max: "2027-01-31" });
    expect(dayRange(new Date("2028-02-29T23:59:59Z"))).toEqual({ min: "2028-02-29", max: "2029-03-01" });
  });

  test("looks at the date only when a date was chosen", () => {
    expect(errorsOf({ expiresOn: "nonsense" })).toEqual({});
  });

  test("allows a token without an end only where the installation does", () => {
    expect(errorsOf({ expiration: "never" })).toEqual({ expiration: "Tokens must expire here." });
    expect(inputOf({ expiration: "never" }, { ...maker, endless: true })).toMatchObject({ expiresAt: null });
    const labels = (endless: boolean) => lifetimeOptions(endless).map(({ label }) => label);
    expect(labels(false)).toEqual(["7 days", "30 days", "60 days", "90 days", "1 year", "Custom date"]);
    expect(labels(true)).toEqual([...labels(false), "No expiration"]);
  });

  test.each<[string, Changes, string]>([
    ["no name", { name: undefined }, "name"],
    ["a name of blanks", { name: "  \t " }, "name"],
    ["a name of 61 characters", { name: "a".repeat(61) }, "name"],
    ["a name that turns the direction of what follows", { name: "Laptop\u202e" }, "name"],
    ["two names", { name: ["a", "b"] }, "name"],
    ["a file as a name", { name: new File(["x"], "x") }, "name"],
    ["no scope", { scope: undefined }, "scopes"],
    ["a scope outside the catalogue", { scope: ["read", "everything"] }, "scopes"],
    ["a scope the person does not hold", { scope: ["read", "admin"] }, "scopes"],
    ["scopes in one word", { scope: "read write" }, "scopes"],
    ["a file as a scope", { scope: new File(["read"], "read") }, "scopes"],
    ["another person's company", { company: "fabrikam" }, "company"],
    ["no company", { company: undefined }, "company"],
    ["two companies", { company: ["northwind", "quarry"] }, "company"],
    ["a lifetime that is not offered", { expiration: "3650" }, "expiration"],
    ["a lifetime of no days", { expiration: "0" }, "expiration"],
    ["no lifetime", { expiration: undefined }, "expiration"],
  ])("refuses %s, and says so at its field", (_, changes, field) => {
    expect(Object.keys(errorsOf(changes))).toEqual([field]);
  });

  test("says everything that is wrong at once, and keeps what was typed", () => {
    const wrong = { name: "", scope: ["write", "admin"], expiration: "custom", expiresOn: "soon" };
    const parsed = parseTokenForm(form(wrong), maker);
    expect(parsed).toMatchObject({
      ok: false,
      errors: {
        name: "Give the token a name.",
        scopes: "One of these is not yours to give.",
        expiresOn: expect.any(String),
      },
      typed: { name: "", scopes: ["write"], company: "all", expiration: "custom", expiresOn: "soon" },
    });
  });

  test("gives administrators what they hold", () => {
    const admin = { ...maker, scopes: ["read", "write", "admin"] };
    expect(inputOf({ scope: ["admin"] }, admin)).toMatchObject({ scopes: ["admin"] });
  });
});

describe("the networks of a token", () => {
  test("are one a line, in their one writing, each once", () => {
    const addresses = " 203.0.113.7\r\n\r\n2001:DB8::/32\n203.0.113.7/32 \n";
    expect(inputOf({ addresses })).toMatchObject({ allowedAddresses: ["203.0.113.7/32", "2001:db8::/32"] });
  });

  test.each([
    ["no network", "203.0.113.0/24\nhome", "“home” is no IP address"],
    ["a network with bits behind the mask", "203.0.113.7/24", "203.0.113.0/24"],
    ["everywhere", "0.0.0.0/0", "leave the field empty"],
    ["more than twenty", Array.from({ length: 21 }, (_, at) => `10.0.0.${at}`).join("\n"), "At most 20"],
  ])("are refused with the line that is wrong: %s", (_, addresses, problem) => {
    expect(errorsOf({ addresses }).addresses).toContain(problem);
  });
});

describe("a link that opens the form filled in", () => {
  const from = (link: TokenLink, by = maker) => tokenFromLink(link, by);

  test("gives name, scopes, end and company", () => {
    const link = { name: "Night export", scopes: "read,write", expiration: "30", company: "quarry" };
    expect(from(link)).toEqual({ ...link, scopes: ["read", "write"] });
    expect(from({ scopes: "write read", expiration: "never" }, { ...maker, endless: true })).toEqual({
      scopes: ["read", "write"],
      expiration: "never",
    });
  });

  test.each<[string, TokenLink]>([
    ["nothing", {}],
    ["a scope the person does not hold", { scopes: "admin" }],
    ["a company of somebody else", { company: "fabrikam" }],
    ["an end that is not offered", { expiration: "3650" }],
    ["a token without an end where they must have one", { expiration: "never" }],
    ["a day, which it cannot name", { expiration: "custom" }],
    ["a name that turns the direction of what follows", { name: "Laptop\u202e" }],
    ["a name with a NUL", { name: "Lap\0top" }],
    ["a name that is too long", { name: "a".repeat(61) }],
    ["everything twice", { name: ["a", "b"], scopes: ["read", "write"], expiration: ["7", "30"] }],
    ["words that are none of its own", { value: "pat_x", submit: "1", addresses: "10.0.0.1" }],
  ])("is as if it was not there where it asks for %s", (_, link) => {
    expect(from(link)).toBeNull();
  });
});

describe("the form of a replacement", () => {
  const replacementOf = (changes: Changes, by = maker) =>
    parseReplacementForm(form({ overlap: "3600", ...changes }), by);

  test("says how long the old token stays and when the new one ends", () => {
    expect(replacementOf({})).toEqual({
      ok: true,
      replacement: { overlapSeconds: 3600, expiresAt: new Date("2026-03-02T10:00:00Z") },
    });
  });

  test.each<[string, Changes, string]>([
    ["an overlap that is not offered", { overlap: "31536000" }, "overlap"],
    ["no overlap", { overlap: undefined }, "overlap"],
    ["two overlaps", { overlap: ["0", "3600"] }, "overlap"],
    ["an end that is not offered", { expiration: "3650" }, "expiration"],
    ["no end where there must be one", { expiration: "never" }, "expiration"],
    ["a day", { expiration: "custom", expiresOn: "2026-02-10" }, "expiration"],
  ])("is refused with %s", (_, changes, field) => {
    const parsed = replacementOf(changes);
    expect(parsed.ok ? [] : Object.keys(parsed.errors)).toEqual([field]);
  });
});
