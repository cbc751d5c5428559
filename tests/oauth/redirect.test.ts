import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  explainRedirectMismatch,
  matchRedirectUri,
  type RedirectRule,
  redirectDomainProblem,
} from "../../lib/oauth/redirect";
import {
  isLoopback,
  redirectHost,
  redirectOrigin,
  redirectUriProblem,
  withParams,
} from "../../lib/oauth/redirect_uri";

const exact = (...uris: string[]): RedirectRule => ({ match: "exact", uris });
const within = (domain: string): RedirectRule => ({ match: "origin_path", domain });

const CALLBACK = "https://yourapp.com/callback";

/** Attacks on an app registered as yourapp.com: none may match under any rule, and all but the last group are never valid. */
const MALFORMED: readonly (readonly [title: string, uri: string])[] = [
  ["an empty string", ""],
  ["no scheme", "yourapp.com/callback"],
  ["no scheme but a port, which looks like a private-use scheme", "yourapp.com:443/callback"],
  ["a scheme-relative URI", "//yourapp.com/callback"],
  ["a path", "/callback"],
  ["a host that is the user name of another", "https://yourapp.com@evil.com/callback"],
  ["a user name and password", "https://user:password@yourapp.com/callback"],
  ["an empty user name", "https://@yourapp.com/callback"],
  ["an encoded @ in the authority", "https://yourapp.com%40evil.com/callback"],
  ["a port that goes on as a host", "https://yourapp.com:443@evil.com/callback"],
  ["our host in the fragment of another", "https://evil.com#yourapp.com"],
  ["a fragment", "https://yourapp.com/callback#fragment"],
  ["an empty fragment", "https://yourapp.com/callback#"],
  ["a fragment inside the authority", "https://evil.com#@yourapp.com/callback"],
  ["a backslash before our host", "https://evil.com\\@yourapp.com/callback"],
  ["a backslash after the scheme", "https:\\\\yourapp.com/callback"],
  ["a backslash ending the host", "https://evil.com\\.yourapp.com/callback"],
  ["a backslash in the path", "https://yourapp.com/callback\\..\\admin"],
  ["one slash after the scheme", "https:/yourapp.com/callback"],
  ["no slash after the scheme", "https:yourapp.com/callback"],
  ["three slashes after the scheme", "https:///yourapp.com/callback"],
  ["a parent segment", "https://yourapp.com/callback/../admin"],
  ["a parent segment at the end", "https://yourapp.com/callback/.."],
  ["a current segment", "https://yourapp.com/./callback"],
  ["an encoded parent segment", "https://yourapp.com/callback/%2e%2e/admin"],
  ["an encoded parent segment in upper case", "https://yourapp.com/callback/%2E%2E"],
  ["a half-encoded parent segment", "https://yourapp.com/callback/.%2e/admin"],
  ["the other half-encoded parent segment", "https://yourapp.com/callback/%2e./admin"],
  ["an encoded current segment", "https://yourapp.com/%2e/callback"],
  ["a parent segment with a path parameter", "https://yourapp.com/callback/..;/admin"],
  ["an upper-case scheme", "HTTPS://yourapp.com/callback"],
  ["an upper-case host", "https://YourApp.com/callback"],
  ["http for https", "http://yourapp.com/callback"],
  ["a trailing dot in the host", "https://yourapp.com./callback"],
  ["an empty label in the host", "https://yourapp..com/callback"],
  ["an empty host", "https:///callback"],
  ["only a port", "https://:443/callback"],
  ["a colon without a port", "https://yourapp.com:/callback"],
  ["a port of zero", "https://yourapp.com:0/callback"],
  ["a port above 65535", "https://yourapp.com:65536/callback"],
  ["a port with leading zeros", "https://yourapp.com:0443/callback"],
  ["a port in words", "https://yourapp.com:https/callback"],
  ["a wildcard host", "https://*.yourapp.com/callback"],
  ["an encoded host", "https://yourapp%2ecom/callback"],
  ["an underscore in the host", "https://your_app.com/callback"],
  ["a non-ASCII host", "https://yourаpp.com/callback"],
  ["a full-width host", "https://ｙourapp.com/callback"],
  ["an ideographic full stop in the host", "https://yourapp。com/callback"],
  ["a soft hyphen in the host", "https://your\u00adapp.com/callback"],
  ["a broken punycode host", "https://xn--a/callback"],
  ["a non-ASCII path", "https://yourapp.com/cällback"],
  ["a lone surrogate", "https://yourapp.com/\ud800"],
  ["a NUL", "https://yourapp.com/callback\0"],
  ["a NUL inside the host", "https://yourapp.com\0.evil.com/callback"],
  ["an encoded NUL", "https://yourapp.com/callback%00"],
  ["a newline", "https://yourapp.com/callback\n"],
  ["a header injection", "https://yourapp.com/callback\r\nSet-Cookie: a=b"],
  ["an encoded header injection", "https://yourapp.com/callback%0d%0aSet-Cookie:a=b"],
  ["a newline inside the scheme, which browsers drop", "ht\ntps://yourapp.com/callback"],
  ["a tab inside the host, which browsers drop", "https://your\tapp.com/callback"],
  ["a leading space", " https://yourapp.com/callback"],
  ["a trailing space", "https://yourapp.com/callback "],
  ["a space in the host", "https://yourapp.com .evil.com/callback"],
  ["a quotation mark", 'https://yourapp.com/"onload='],
  ["angle brackets", "https://yourapp.com/<script>"],
  ["a curly bracket", "https://yourapp.com/{tenant}"],
  ["a lone %", "https://yourapp.com/100%"],
  ["% and one digit", "https://yourapp.com/%2"],
  ["% and no hexadecimal digits", "https://yourapp.com/%zz"],
  ["javascript:", "javascript:alert(document.domain)"],
  ["javascript: with our host as a comment", "javascript://yourapp.com/%250aalert(1)"],
  ["javascript: in mixed case", "JavaScript:alert(1)"],
  ["data:", "data:text/html,<script>alert(1)</script>"],
  ["data: without any forbidden character", "data:text/html;base64,PHNjcmlwdD4="],
  ["file:", "file:///etc/passwd"],
  ["blob:", "blob:https://yourapp.com/9115d58c-bcda-ff47-86e5-083e9a215304"],
  ["about:", "about:blank"],
  ["vbscript:", "vbscript:msgbox(1)"],
  ["ws:", "ws://yourapp.com/callback"],
  ["wss:", "wss://yourapp.com/callback"],
  ["ftp:", "ftp://yourapp.com/callback"],
  ["view-source:", "view-source:https://yourapp.com/callback"],
  ["urn:", "urn:ietf:wg:oauth:2.0:oob"],
  ["10 kB of path", `https://yourapp.com/${"a".repeat(10_000)}`],
  ["10 kB of query", `https://yourapp.com/callback?${"a=b&".repeat(2_500)}`],
  ["a code already in the query", "https://yourapp.com/callback?code=attackers"],
  ["an encoded code already in the query", "https://yourapp.com/callback?x=1&%63ode=attackers"],
  ["a state already in the query", "https://yourapp.com/callback?state"],
  ["an iss already in the query", "https://yourapp.com/callback?iss=https://evil.com"],
];

/** Well-formed URIs that belong to somebody else, or to another of our servers. */
const ELSEWHERE: readonly (readonly [title: string, uri: string])[] = [
  ["our host as a prefix of another", "https://yourapp.com.evil.com/callback"],
  ["our host without its dot", "https://yourappxcom/callback"],
  ["our host with letters after it", "https://yourapp.community/callback"],
  ["our host with letters before it", "https://notyourapp.com/callback"],
  ["a subdomain", "https://app.yourapp.com/callback"],
  ["www", "https://www.yourapp.com/callback"],
  ["the parent domain", "https://com/callback"],
  ["our host in the path of another", "https://evil.com/yourapp.com/callback"],
  ["our whole URI in the path of another", "https://evil.com/https://yourapp.com/callback"],
  ["our host in the query of another", "https://evil.com?yourapp.com/callback"],
  ["our whole URI in the query of another", "https://evil.com/?next=https://yourapp.com/callback"],
  ["another port", "https://yourapp.com:8443/callback"],
  ["the port of http", "https://yourapp.com:80/callback"],
  ["a punycode look-alike", "https://xn--yourpp-6ve.com/callback"],
  ["a private-use scheme named after our host", "yourapp.com:/callback"],
  ["an address", "https://203.0.113.7/callback"],
];

describe("a redirect domain: equal origin and whole path segments, never a string prefix", () => {
  const root = within("https://yourapp.com");
  const oauth = within("https://yourapp.com/oauth");

  test.each([
    "https://yourapp.com",
    "https://yourapp.com/",
    "https://yourapp.com/callback",
    "https://yourapp.com/a/b/c/",
    "https://yourapp.com/callback?tenant=7&next=%2Fhome",
    "https://yourapp.com?tenant=7",
    "https://yourapp.com:443/callback",
    "https://yourapp.com/a.b/..c/...",
    "https://yourapp.com/caf%C3%A9",
  ])("the domain https://yourapp.com takes %s", (uri) => {
    expect(redirectUriProblem(uri)).toBeNull();
    expect(matchRedirectUri(root, uri)).toBe(true);
  });

  test.each([...MALFORMED, ...ELSEWHERE])("refuses %s", (_, uri) => {
    expect(matchRedirectUri(root, uri)).toBe(false);
    expect(matchRedirectUri(within("https://yourapp.com/"), uri)).toBe(false);
    expect(matchRedirectUri(within("https://yourapp.com/callback"), uri)).toBe(false);
  });

  test.each([
    ["an empty segment", "https://yourapp.com//evil.com"],
    ["an empty segment further down", "https://yourapp.com/callback//x"],
    ["an encoded slash", "https://yourapp.com/callback/..%2fadmin"],
    ["an encoded backslash", "https://yourapp.com/callback/..%5Cadmin"],
    ["a doubly encoded parent segment", "https://yourapp.com/callback/%252e%252e/admin"],
    ["a doubly encoded slash", "https://yourapp.com/callback/..%252Fadmin"],
    ["a triply encoded slash", "https://yourapp.com/callback/..%25252fadmin"],
  ])("refuses %s, which servers behind the URI read differently", (_, uri) => {
    expect(matchRedirectUri(root, uri)).toBe(false);
    expect(explainRedirectMismatch(root, uri)).toMatch(/path/);
  });

  test.each(["https://yourapp.com/oauth", "https://yourapp.com/oauth/", "https://yourapp.com/oauth/a/b?x=1"])(
    "the domain https://yourapp.com/oauth takes %s, with or without its slash at the end",
    (uri) => {
      expect(matchRedirectUri(oauth, uri)).toBe(true);
      expect(matchRedirectUri(within("https://yourapp.com/oauth/"), uri)).toBe(true);
    },
  );

  test.each([
    ["a longer segment", "https://yourapp.com/oauthevil"],
    ["a longer segment with a dash", "https://yourapp.com/oauth-evil/callback"],
    ["a path parameter", "https://yourapp.com/oauth;x/callback"],
    ["another case", "https://yourapp.com/OAuth/callback"],
    ["an encoded spelling", "https://yourapp.com/%6fauth/callback"],
    ["the parent path", "https://yourapp.com/"],
    ["no path", "https://yourapp.com"],
    ["our path in the query", "https://yourapp.com/?/oauth/callback"],
    ["our path behind an empty segment", "https://yourapp.com//oauth/callback"],
    ["our path further down", "https://yourapp.com/x/oauth/callback"],
    ["a way out of the path", "https://yourapp.com/oauth/../admin"],
    ["an encoded way out of the path", "https://yourapp.com/oauth/%2e%2e/admin"],
    ["another host with the path", "https://evil.com/oauth/callback"],
  ])("the domain https://yourapp.com/oauth refuses %s", (_, uri) => {
    expect(matchRedirectUri(oauth, uri)).toBe(false);
  });

  test("a loopback domain keeps its port, its name and its scheme", () => {
    const loopback = within("http://localhost:4000");
    expect(matchRedirectUri(loopback, "http://localhost:4000/callback")).toBe(true);
    for (const uri of [
      "http://localhost:4001/callback",
      "http://localhost/callback",
      "https://localhost:4000/callback",
      "http://127.0.0.1:4000/callback",
      "http://localhost.evil.com:4000/callback",
    ]) {
      expect(matchRedirectUri(loopback, uri), uri).toBe(false);
    }
  });

  test("an explicit default port is the same origin on either side", () => {
    expect(matchRedirectUri(within("https://yourapp.com:443/oauth"), "https://yourapp.com/oauth/cb")).toBe(
      true,
    );
    expect(matchRedirectUri(within("https://yourapp.com:8443"), "https://yourapp.com/cb")).toBe(false);
  });

  test("a domain that could not have been registered matches nothing, not even itself", () => {
    for (const domain of ["", "https://", "yourapp.com", "https://yourapp.com?", "com.example.app:/cb"]) {
      expect(matchRedirectUri(within(domain), domain), domain).toBe(false);
    }
  });
});

describe("registering a redirect domain", () => {
  test.each([
    "https://yourapp.com",
    "https://yourapp.com/",
    "https://yourapp.com/oauth",
    "https://yourapp.com:8443",
    "http://localhost:3000",
    "http://127.0.0.1:3000/",
    "https://xn--bcher-kva.example",
  ])("takes %s", (domain) => {
    expect(redirectDomainProblem(domain)).toBeNull();
  });

  test.each(MALFORMED)("refuses %s", (_, domain) => {
    expect(redirectDomainProblem(domain)).not.toBeNull();
  });

  test.each([
    ["a query", "https://yourapp.com/?x=1", /query/],
    ["an empty query", "https://yourapp.com?", /query/],
    ["a private-use scheme", "com.example.app:/callback", /private-use/],
    ["an encoded slash", "https://yourapp.com/a%2fb", /encoded/],
    ["an empty segment", "https://yourapp.com//oauth", /empty segment/],
  ])("refuses %s and says why", (_, domain, why) => {
    expect(redirectDomainProblem(domain)).toMatch(why);
  });
});

describe("registering an exact redirect URI", () => {
  test.each([
    "https://yourapp.com",
    "https://yourapp.com/",
    "https://yourapp.com/callback?tenant=7",
    "https://yourapp.com/callback?",
    "https://yourapp.com:8443/callback",
    "https://xn--bcher-kva.example/callback",
    "https://127.0.0.1.nip.io/callback",
    "https://203.0.113.7/callback",
    "https://[2001:db8::1]:8443/callback",
    "http://localhost/callback",
    "http://localhost:3000/callback",
    "http://127.0.0.1:3000",
    "http://[::1]:3000/callback",
    "com.example.app:/callback",
    "com.example.app://callback/x",
    "https://yourapp.com/a//b/%2Fc/%252e%252e",
    `https://yourapp.com/${"a".repeat(1980)}`,
  ])("takes %s", (uri) => {
    expect(redirectUriProblem(uri)).toBeNull();
    expect(matchRedirectUri(exact(uri), uri)).toBe(true);
  });

  test.each(MALFORMED)("refuses %s", (_, uri) => {
    expect(redirectUriProblem(uri)).not.toBeNull();
  });

  test("refuses the 2001st character", () => {
    expect(redirectUriProblem(`https://yourapp.com/${"a".repeat(1981)}`)).toMatch(/2000/);
  });

  test.each([
    ["com.example.app:callback", /slash/],
    ["com..example:/callback", /scheme/],
    ["com.example.:/callback", /scheme/],
    ["Com.Example.App:/callback", /lower case/],
    ["com.example.app:/a/../b", /segments/],
    ["com.example.app://user@host/callback", /@/],
    ["com.example.app:/callback#x", /fragment/],
    ["myapp:/callback", /dot/],
    ["com.example.app://[/callback", /not valid/],
  ])("refuses the private-use URI %s", (uri, why) => {
    expect(redirectUriProblem(uri)).toMatch(why);
  });

  test.each([
    ["https://YourApp.com/", /host in lower case/],
    ["HTTPS://yourapp.com/", /scheme in lower case/],
    ["http://yourapp.com/", /https/],
    ["https://yourapp.com:99999/", /port/],
    ["https://bücher.example/", /xn--/],
    ["https://yourapp.com/?code=1", /code/],
  ])("tells the developer what is wrong with %s", (uri, why) => {
    expect(redirectUriProblem(uri)).toMatch(why);
  });

  test("every problem fits an error_description (RFC 6749 §5.2) and repeats nothing it was given", () => {
    for (const [, uri] of MALFORMED) {
      expect(redirectUriProblem(uri)).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(redirectUriProblem(uri)).not.toMatch(/yourapp|evil/);
    }
  });
});

describe("exact matching", () => {
  test.each([...MALFORMED, ...ELSEWHERE])("refuses %s", (_, uri) => {
    expect(matchRedirectUri(exact(CALLBACK, "https://yourapp.com", "https://yourapp.com/"), uri)).toBe(false);
  });

  test.each([
    ["a slash more", "https://yourapp.com/callback/"],
    ["a query more", "https://yourapp.com/callback?x=1"],
    ["an empty query more", "https://yourapp.com/callback?"],
    ["a default port", "https://yourapp.com:443/callback"],
    ["an encoded letter", "https://yourapp.com/%63allback"],
    ["another case", "https://yourapp.com/Callback"],
    ["the path below", "https://yourapp.com/callback/x"],
    ["the path above", "https://yourapp.com/"],
  ])("refuses %s: it compares characters, not meaning", (_, uri) => {
    expect(redirectUriProblem(uri)).toBeNull();
    expect(matchRedirectUri(exact(CALLBACK), uri)).toBe(false);
  });

  test("the empty path and / are different URIs", () => {
    expect(matchRedirectUri(exact("https://yourapp.com"), "https://yourapp.com/")).toBe(false);
    expect(matchRedirectUri(exact("https://yourapp.com/"), "https://yourapp.com")).toBe(false);
  });

  test("any of several registered URIs will do, and none matches none", () => {
    expect(matchRedirectUri(exact("https://a.example/cb", CALLBACK), CALLBACK)).toBe(true);
    expect(matchRedirectUri(exact(), CALLBACK)).toBe(false);
  });

  test("what could not have been registered does not match although it is stored", () => {
    for (const [, uri] of MALFORMED) expect(matchRedirectUri(exact(uri), uri), uri).toBe(false);
  });
});

describe("loopback redirect URIs (RFC 8252 §7.3)", () => {
  test.each(["http://localhost", "http://127.0.0.1", "http://[::1]"])("any port of %s matches", (origin) => {
    for (const registered of [`${origin}/cb?x=1`, `${origin}:3000/cb?x=1`]) {
      for (const used of [`${origin}/cb?x=1`, `${origin}:1/cb?x=1`, `${origin}:65535/cb?x=1`]) {
        expect(matchRedirectUri(exact(registered), used), `${registered} ${used}`).toBe(true);
      }
    }
  });

  test("everything but the port stays exact", () => {
    const rule = exact("http://127.0.0.1:3000/cb?x=1");
    for (const uri of [
      "http://127.0.0.1:4000/cb",
      "http://127.0.0.1:4000/cb?x=2",
      "http://127.0.0.1:4000/cb/?x=1",
      "http://127.0.0.1:4000/CB?x=1",
      "https://127.0.0.1:4000/cb?x=1",
      "http://localhost:4000/cb?x=1",
      "http://[::1]:4000/cb?x=1",
      "http://127.0.0.1:/cb?x=1",
      "http://127.0.0.1:0/cb?x=1",
      "http://127.0.0.1:99999/cb?x=1",
      "http://127.0.0.1:4000@evil.com/cb?x=1",
      "http://127.0.0.2:4000/cb?x=1",
    ]) {
      expect(matchRedirectUri(rule, uri), uri).toBe(false);
    }
  });

  test("the port of https on loopback stays exact, and of every other host", () => {
    expect(matchRedirectUri(exact("https://localhost:3000/cb"), "https://localhost:4000/cb")).toBe(false);
    expect(matchRedirectUri(exact("https://yourapp.com:3000/cb"), "https://yourapp.com:4000/cb")).toBe(false);
  });

  test.each([
    "http://2130706433/cb",
    "http://0x7f000001/cb",
    "http://0x7f.1/cb",
    "http://0177.0.0.1/cb",
    "http://127.1/cb",
    "http://127.0.0.1.nip.io/cb",
    "http://127.0.0.2/cb",
    "http://0.0.0.0/cb",
    "http://localhost./cb",
    "http://localhost.evil.com/cb",
    "http://LOCALHOST/cb",
    "http://ⓛocalhost/cb",
    "http://localhost@evil.com/cb",
    "http://evil.com#localhost",
    "http://[::]/cb",
    "http://[0:0:0:0:0:0:0:1]/cb",
    "http://[::ffff:127.0.0.1]/cb",
    "http://[::ffff:7f00:1]/cb",
    "http://[::1%25lo]/cb",
    "http://[::1/cb",
    "http://::1/cb",
    "http://[::1].evil.com/cb",
  ])("%s is not loopback, and http is not allowed for it", (uri) => {
    expect(isLoopback(uri)).toBe(false);
    expect(redirectUriProblem(uri)).not.toBeNull();
  });

  test("a host that merely starts with an address is an ordinary https host", () => {
    expect(isLoopback("https://127.0.0.1.nip.io/cb")).toBe(false);
    expect(redirectUriProblem("https://127.0.0.1.nip.io/cb")).toBeNull();
    expect(isLoopback("localhost.app:/cb")).toBe(false);
  });

  test.each(["http://localhost/", "http://127.0.0.1:8080/cb", "http://[::1]:1/", "https://localhost:3000/"])(
    "%s is loopback",
    (uri) => {
      expect(isLoopback(uri)).toBe(true);
    },
  );
});

describe("private-use schemes (RFC 8252 §7.1)", () => {
  test("match exactly or not at all", () => {
    const rule = exact("com.example.app:/callback");
    expect(matchRedirectUri(rule, "com.example.app:/callback")).toBe(true);
    for (const uri of [
      "com.example.app:/callback/",
      "com.example.app://callback",
      "com.example.app:///callback",
      "com.example.app2:/callback",
      "com.example:/callback",
      "com.example.app:/callback?x",
    ]) {
      expect(matchRedirectUri(rule, uri), uri).toBe(false);
      expect(explainRedirectMismatch(rule, uri)).toMatch(/received/);
    }
  });
});

describe("explaining a mismatch to the app's owner", () => {
  test.each([
    [
      "http://localhost:3000/callback",
      "scheme: received http, registered https; host: received localhost, registered yourapp.com; port: received 3000, registered (none).",
    ],
    ["https://yourapp.com.evil.com/callback", "host: received yourapp.com.evil.com, registered yourapp.com."],
    ["https://yourapp.com:8443/callback", "port: received 8443, registered (none)."],
    ["https://yourapp.com/callback/", "path: received /callback/, registered /callback."],
    ["https://yourapp.com/callback?a=b", "query: received ?a=b, registered (none)."],
    ["https://yourapp.com/callback#x", "A fragment (#) is not allowed (RFC 6749 section 3.1.2)."],
    [CALLBACK, "The redirect URI matches."],
  ])("%s: %s", (uri, explanation) => {
    expect(explainRedirectMismatch(exact(CALLBACK), uri)).toBe(explanation);
  });

  test("compares with the nearest registered URI", () => {
    const rule = exact("http://localhost:3000/x", "https://yourapp.com/callbacks", "com.example.app:/cb");
    expect(explainRedirectMismatch(rule, CALLBACK)).toBe("path: received /callback, registered /callbacks.");
  });

  test("says when nothing is registered", () => {
    expect(explainRedirectMismatch(exact(), CALLBACK)).toBe("No redirect URI is registered.");
  });

  test.each([
    ["https://yourapp.com/other/x?y=1", "path: received /other/x, registered /oauth."],
    ["https://app.yourapp.com/oauth/x", "host: received app.yourapp.com, registered yourapp.com."],
    ["https://yourapp.com:444/oauth", "port: received 444, registered 443."],
    ["https://yourapp.com/oauth/%2f", "The path must not contain encoded dots, slashes or backslashes."],
  ])("under a redirect domain, %s: %s", (uri, explanation) => {
    expect(explainRedirectMismatch(within("https://yourapp.com:443/oauth"), uri)).toBe(explanation);
  });
});

describe("what is derived from a redirect URI", () => {
  test.each([
    ["https://yourapp.com/cb", "https://yourapp.com", "yourapp.com"],
    ["https://yourapp.com:443/cb", "https://yourapp.com", "yourapp.com"],
    ["https://yourapp.com:8443/cb?x", "https://yourapp.com:8443", "yourapp.com:8443"],
    ["http://localhost:3000/cb", "http://localhost:3000", "localhost:3000"],
    ["https://xn--bcher-kva.example/", "https://xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["com.example.app:/cb", "com.example.app:", "com.example.app"],
    ["com.example.app://host/cb", "com.example.app:", "com.example.app"],
    // CSP has no syntax for IPv6 addresses; Chromium ignores http://[::1]:3000 and blocks the form.
    ["http://[::1]:3000/cb", "http://*:3000", "[::1]:3000"],
  ])("%s: form-action %s, shown as %s", (uri, origin, host) => {
    expect(redirectOrigin(uri)).toBe(origin);
    expect(redirectHost(uri)).toBe(host);
  });

  test("nothing is derived from a URI that is refused, so nothing can be injected into a CSP", () => {
    for (const [, uri] of [...MALFORMED, ["", "https://a.example; script-src *"] as const]) {
      expect(redirectOrigin(uri)).toBe("");
      expect(redirectHost(uri)).toBe("");
    }
  });
});

describe("withParams (RFC 6749 §3.1.2)", () => {
  test.each([
    ["https://a.example", "https://a.example?code=x"],
    ["https://a.example/cb", "https://a.example/cb?code=x"],
    ["https://a.example/cb?", "https://a.example/cb?code=x"],
    ["https://a.example/cb?a=%41+b&c", "https://a.example/cb?a=%41+b&c&code=x"],
    ["https://a.example/cb?a=1&", "https://a.example/cb?a=1&code=x"],
    ["https://a.example/cb?a=?", "https://a.example/cb?a=?&code=x"],
    ["https://a.example/cb??", "https://a.example/cb??&code=x"],
    ["com.example.app:/cb", "com.example.app:/cb?code=x"],
  ])("%s becomes %s", (uri, expected) => {
    expect(withParams(uri, [["code", "x"]])).toBe(expected);
  });

  test("leaves the URI alone when there is nothing to add", () => {
    expect(withParams("https://a.example/cb?", [])).toBe("https://a.example/cb?");
  });

  test("writes a space as %20, which every URI parser reads", () => {
    expect(withParams("https://a.example/cb", [["state", "a b+c"]])).toBe(
      "https://a.example/cb?state=a%20b%2Bc",
    );
  });

  test("the result has the old query byte for byte, then the new parameters unchanged", () => {
    const text = fc.string({ unit: "binary" });
    const query = fc.option(fc.webQueryParameters(), { nil: undefined });
    const params = fc.array(fc.tuple(text, text), { minLength: 1 });
    fc.assert(
      fc.property(query, params, (old, added) => {
        const uri = old === undefined ? CALLBACK : `${CALLBACK}?${old}`;
        const result = withParams(uri, added);
        expect(result.startsWith(uri)).toBe(true);
        const before = [...new URLSearchParams(`&${old ?? ""}`)];
        expect([...new URL(result).searchParams]).toEqual([...before, ...added]);
        const state = /[?&]([^&]*)$/.exec(result)?.[1] ?? "";
        expect(decodeURIComponent(state)).toBe(added.at(-1)?.join("="));
      }),
    );
  });
});

describe("properties of matching", () => {
  const label = fc.string({ unit: fc.constantFrom(..."abz09"), minLength: 1, maxLength: 6 });
  const host = fc.oneof(
    fc.constantFrom("localhost", "127.0.0.1", "[::1]", "yourapp.com"),
    fc.tuple(label, label).map(([name, tld]) => `${name}.${tld}x`),
  );
  const port = fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined });
  const path = fc.array(label, { maxLength: 3 }).map((segments) => segments.map((s) => `/${s}`).join(""));
  const query = fc.constantFrom("", "?", "?x=1", "?x=%20&y");
  const uris = fc
    .tuple(fc.constantFrom("http", "https"), host, port, path, query)
    .map(([s, h, p, pa, q]) => `${s}://${h}${p === undefined ? "" : `:${p}`}${pa}${q}`)
    .filter((uri) => redirectUriProblem(uri) === null);
  const domains = uris.map((uri) => uri.replace(/\?.*/, ""));

  /** Registered URIs, bent: pieces that parsers quarrel about are put in, or characters taken out. */
  const trick = fc.oneof(
    fc.constantFrom(
      "@",
      "\\",
      "/",
      "//",
      "#",
      "?",
      ".",
      "..",
      "%2e",
      "%2f",
      "%00",
      ":",
      ":80",
      ":443",
      "evil.com",
    ),
    fc.constantFrom("\n", "\t", "\0", "%0a", "。", "é", "xn--", "[", "]", ";", " ", "&code=1", "x", "0"),
    fc.string({ unit: "binary", maxLength: 3 }),
  );
  const bent = (uri: fc.Arbitrary<string>) =>
    fc
      .tuple(uri, fc.array(fc.tuple(fc.nat(60), trick, fc.nat(2)), { maxLength: 3 }))
      .map(([start, edits]) =>
        edits.reduce((s, [at, piece, drop]) => s.slice(0, at) + piece + s.slice(at + drop), start),
      );

  const cases = fc.oneof(
    uris.chain((uri) =>
      fc.record({
        rule: fc.constant(exact(uri)),
        registered: fc.constant(uri),
        used: bent(fc.constant(uri)),
      }),
    ),
    domains.chain((domain) =>
      fc.record({
        rule: fc.constant(within(domain)),
        registered: fc.constant(domain),
        used: bent(fc.constant(domain)),
      }),
    ),
  );
  const runs = { numRuns: 3000 };

  test("whatever matches has the registered origin by the browser's parser, save a loopback port", () => {
    fc.assert(
      fc.property(cases, ({ rule, registered, used }) => {
        if (!matchRedirectUri(rule, used)) return;
        const ours = new URL(registered);
        const theirs = new URL(used);
        const anyPort = rule.match === "exact" && ours.protocol === "http:";
        if (!anyPort) expect(theirs.origin).toBe(ours.origin);
        expect([theirs.protocol, theirs.hostname]).toEqual([ours.protocol, ours.hostname]);
        expect(theirs.pathname.startsWith(ours.pathname.replace(/\/$/, ""))).toBe(true);
      }),
      runs,
    );
  });

  test("whatever matches has no @, backslash, control, non-ASCII character or fragment", () => {
    fc.assert(
      fc.property(cases, ({ rule, used }) => {
        if (matchRedirectUri(rule, used)) expect(used).toMatch(/^[!"$-?A-[\]-~]+$/);
      }),
      runs,
    );
  });

  test("the browser's parser changes nothing in what matches but an empty path and a default port", () => {
    fc.assert(
      fc.property(cases, ({ rule, used }) => {
        if (!matchRedirectUri(rule, used)) return;
        const plain = used
          .replace(/^(https:\/\/[^/?]*):443(?![0-9])/, "$1")
          .replace(/^(http:\/\/[^/?]*):80(?![0-9])/, "$1");
        expect(new URL(used).href.replaceAll("%27", "'")).toBe(
          plain.replace(/^([^/]*\/\/[^/?]*)(\?|$)/, "$1/$2").replaceAll("%27", "'"),
        );
      }),
      runs,
    );
  });

  test("whatever is registered matches itself", () => {
    fc.assert(fc.property(uris, (uri) => matchRedirectUri(exact(uri), uri)));
    fc.assert(fc.property(domains, (domain) => matchRedirectUri(within(domain), domain)));
  });

  test("VSY-07 a domain takes every path below it and no sibling that merely starts alike", () => {
    fc.assert(
      fc.property(domains, label, query, (domain, segment, rest) => {
        const base = domain.replace(/\/$/, "");
        expect(matchRedirectUri(within(domain), `${base}/${segment}${rest}`)).toBe(true);
        expect(matchRedirectUri(within(`${base}/cb`), `${base}/cb${segment}${rest}`)).toBe(false);
      }),
    );
  });

  test("no single-character change of an exact URI matches, save in the digits of a loopback port", () => {
    const character = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      fc.constantFrom(..."/.:0?#@%a"),
    );
    const edit = fc.constantFrom("replace", "insert", "delete");
    fc.assert(
      fc.property(uris, fc.nat(80), character, edit, (uri, at, added, kind) => {
        const changed =
          uri.slice(0, at) + (kind === "delete" ? "" : added) + uri.slice(kind === "insert" ? at : at + 1);
        fc.pre(changed !== uri);
        const withoutPort = (value: string) =>
          value.replace(/^(http:\/\/[^/?]*?):[1-9][0-9]{0,4}(?=[/?]|$)/, "$1");
        const portOnly = uri.startsWith("http:") && withoutPort(changed) === withoutPort(uri);
        if (!portOnly) expect(matchRedirectUri(exact(uri), changed), changed).toBe(false);
      }),
      runs,
    );
  });

  test("a mismatch is always explained", () => {
    fc.assert(
      fc.property(cases, ({ rule, used }) => {
        const explanation = explainRedirectMismatch(rule, used);
        expect(explanation).toMatch(/^[A-Za-z].*\.$/s);
        expect(explanation === "The redirect URI matches.").toBe(matchRedirectUri(rule, used));
      }),
    );
  });

  test("nothing throws, whatever the input", () => {
    const anything = fc.oneof(fc.string({ unit: "binary" }), fc.webUrl({ withFragments: true }), bent(uris));
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        for (const rule of [exact(one), within(one)]) {
          matchRedirectUri(rule, other);
          matchRedirectUri(rule, one);
          explainRedirectMismatch(rule, other);
        }
        for (const read of [
          redirectUriProblem,
          redirectDomainProblem,
          redirectOrigin,
          redirectHost,
          isLoopback,
        ])
          read(one);
        withParams(one, [["code", other]]);
      }),
      runs,
    );
  });

  test.each(["a", "/", "/.", "%25", "%2e", "?", "&", ":", "@", "[", ".", "https://", "-", "\0"])(
    "10 kB and 1 MB of %j cost linear time",
    (unit) => {
      for (const size of [10_000, 1_000_000]) {
        for (const uri of [
          unit.repeat(size / unit.length),
          `https://yourapp.com/${unit.repeat(size / unit.length)}`,
        ]) {
          const started = performance.now();
          for (const rule of [exact(CALLBACK), exact(uri), within("https://yourapp.com"), within(uri)]) {
            expect(matchRedirectUri(rule, uri)).toBe(false);
            explainRedirectMismatch(rule, uri);
          }
          withParams(uri, [["code", "x"]]);
          expect(performance.now() - started).toBeLessThan(1000);
        }
      }
    },
  );

  test.each(["a", "/", "/..x", "%25", "&", "&%25", ".", ";", "-", "a."])(
    "the longest URI that is read at all, full of %j, is read in a few milliseconds",
    (unit) => {
      for (const start of [
        "https://yourapp.com/",
        "https://a",
        "https://yourapp.com?",
        "com.example.app:/",
        "a.b",
      ]) {
        const uri = (start + unit.repeat(2000)).slice(0, 2000 - ((2000 - start.length) % unit.length));
        const started = performance.now();
        for (const rule of [exact(CALLBACK), within("https://yourapp.com")])
          explainRedirectMismatch(rule, uri);
        expect(performance.now() - started).toBeLessThan(200);
      }
    },
  );
});
