import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchRedirectUri, type RedirectRule } from "../../lib/oauth/redirect";
import {
  changedPart,
  nearestRedirect,
  redirectDiff,
  summarizeRedirectMismatch,
} from "../../lib/oauth/redirect_diff";

const exact = (...uris: string[]): RedirectRule => ({ match: "exact", uris });
const differing = (received: string, registered: string) =>
  redirectDiff(received, registered)
    .filter(({ differs }) => differs)
    .map(({ component, received: theirs, registered: ours }) => [component, theirs, ours]);

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const uri = fc
  .record({
    host: label,
    port: fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined }),
    path: fc.array(label, { maxLength: 4 }),
    query: fc.option(label, { nil: undefined }),
  })
  .map(
    ({ host, port, path, query }) =>
      `https://${host}.example${port === undefined ? "" : `:${port}`}/${path.join("/")}${query === undefined ? "" : `?${query}`}`,
  );

describe("the components of two redirect URIs", () => {
  const registered = "https://app.example/callback";

  test.each([
    ["http://app.example/callback", ["scheme", "http", "https"]],
    ["https://evil.example/callback", ["host", "evil.example", "app.example"]],
    ["https://app.example:8443/callback", ["port", "8443", ""]],
    ["https://app.example/callback/", ["path", "/callback/", "/callback"]],
    ["https://app.example/callback?x=1", ["query", "?x=1", ""]],
  ])("%s differs in one", (received, difference) => {
    expect(differing(received, registered)).toEqual([difference]);
  });

  test("are five, whatever is compared", () => {
    fc.assert(
      fc.property(fc.oneof(uri, fc.string()), fc.oneof(uri, fc.string()), (one, other) => {
        expect(redirectDiff(one, other).map(({ component }) => component)).toEqual([
          ...["scheme", "host", "port", "path", "query"],
        ]);
      }),
    );
  });

  test("none differs if and only if the URIs are the same", () => {
    fc.assert(
      fc.property(uri, uri, (one, other) => {
        expect(differing(one, one)).toEqual([]);
        expect(differing(one, other).length === 0).toBe(one === other);
      }),
    );
  });

  test("comparing the other way round exchanges the sides", () => {
    fc.assert(
      fc.property(uri, uri, (one, other) => {
        const there = redirectDiff(one, other);
        const back = redirectDiff(other, one);
        expect(back.map(({ received, registered: ours }) => [ours, received])).toEqual(
          there.map(({ received, registered: ours }) => [received, ours]),
        );
      }),
    );
  });
});

describe("the part that differs", () => {
  test.each([
    ["/callback", "/callbacks", { before: "/callback", changed: "", after: "" }],
    ["/callbacks", "/callback", { before: "/callback", changed: "s", after: "" }],
    ["/cb/v2/x", "/cb/v1/x", { before: "/cb/v", changed: "2", after: "/x" }],
    ["same", "same", { before: "same", changed: "", after: "" }],
    ["aa", "aaa", { before: "aa", changed: "", after: "" }],
  ])("of %s beside %s is found", (text, other, part) => {
    expect(changedPart(text, other)).toEqual(part);
  });

  test("together with the rest is the whole, and the rest is what both have", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const { before, changed, after } = changedPart(text, other);
        expect(before + changed + after).toBe(text);
        expect(other.startsWith(before)).toBe(true);
        expect(other.endsWith(after)).toBe(true);
        expect(before.length + after.length).toBeLessThanOrEqual(other.length);
        if (text === other) expect(changed).toBe("");
      }),
    );
  });
});

describe("the nearest registered URI", () => {
  test("is the one that differs in the fewest components, then the one that agrees longest", () => {
    const rule = exact(
      "https://other.example/x",
      "https://app.example/login",
      "https://app.example/callback",
    );
    expect(nearestRedirect(rule, "https://app.example/callbacks")).toBe("https://app.example/callback");
    expect(nearestRedirect(exact(), "https://app.example/callback")).toBeNull();
    const domain: RedirectRule = { match: "origin_path", domain: "https://app.example/oauth" };
    expect(nearestRedirect(domain, "https://evil.example/")).toBe("https://app.example/oauth");
  });

  test("is one of those registered, and none differs in fewer", () => {
    fc.assert(
      fc.property(fc.array(uri, { minLength: 1, maxLength: 5 }), uri, (uris, asked) => {
        const nearest = nearestRedirect(exact(...uris), asked) ?? "";
        expect(uris).toContain(nearest);
        const fewest = Math.min(...uris.map((one) => differing(asked, one).length));
        expect(differing(asked, nearest)).toHaveLength(fewest);
      }),
    );
  });
});

describe("the summary of a mismatch", () => {
  test.each([
    ["https://app.example/other", "redirect_uri differs from what is registered in its path."],
    ["http://127.0.0.1/callback", "redirect_uri differs from what is registered in its scheme, host."],
    ["https://app.example/callback#x", "A fragment (#) is not allowed (RFC 6749 section 3.1.2)."],
  ])("of %s", (received, summary) => {
    expect(summarizeRedirectMismatch(exact("https://app.example/callback"), received)).toBe(summary);
  });

  test("never repeats what was received: strangers cannot make up a group of their own", () => {
    const marked = uri.map((one) => one.replace("https://", "https://zqzq"));
    fc.assert(
      fc.property(fc.array(uri, { maxLength: 3 }), marked, (uris, asked) => {
        if (matchRedirectUri(exact(...uris), asked)) return;
        expect(summarizeRedirectMismatch(exact(...uris), asked)).not.toContain("zqzq");
      }),
    );
  });
});
