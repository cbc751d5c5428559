/** Texts, credentials and headers that have broken other servers. */
import fc from "fast-check";

/** Texts that have broken other servers. */
const notorious = [
  ...[
    "",
    " ",
    "\0",
    "a\0b",
    "%00",
    "%",
    "%zz",
    "%c0%af",
    "+",
    "&",
    "=",
    ";",
    "\r\nSet-Cookie: a=b",
    "\u{1F4A5}",
    "\ufeff",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "null",
    "undefined",
    "NaN",
    "true",
    "[]",
    "{}",
  ],
  ...["0", "-1", "1e999", "9007199254740993", "2147483648", "1.5", "0x10", "1e21", "\u0661"],
  ...["' OR 1=1 --", "$1", "\\", '"', "`", "#{1}", "../../etc/passwd", "..%2f", "/", "//", "C:\\"],
  ...["<script>alert(1)</script>", "javascript:alert(1)", "http://[::1", "https://app.example/callback#x"],
  ...[
    "https://app.example@evil.example/",
    "http://localhost:99999/",
    "urn:ietf:wg:oauth:2.0:oob",
    "//evil.example",
  ],
  ...[
    "at_",
    `at_${"a".repeat(33)}`,
    "a".repeat(600),
    "a".repeat(7000),
    "\u0130".repeat(300),
    "\ud800",
    "é".normalize("NFD"),
  ],
  ...["plain", "S256", "code token", "none", "admin", "read read", "authorization_code", "urn:x", "*/*"],
];
export const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...notorious) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);
const names = [
  ...[
    "grant_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "client_id",
    "client_secret",
    "refresh_token",
    "scope",
  ],
  ...[
    "token",
    "state",
    "code_challenge",
    "code_challenge_method",
    "response_type",
    "request",
    "decision",
    "company",
  ],
  ...["snapshot", "email", "password", "username", "next", "limit", "cursor", "after", "resource", "prompt"],
];
export const name = fc.oneof(fc.constantFrom(...names), text);

/** A JSON text: also what JSON.stringify never makes. */
export const jsonText = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom(
    ...[
      '{"__proto__":{"name":"x"}}',
      '{"name":"a","name":"b","workspace_id":"c"}',
      '{"constructor":{"prototype":{}}}',
    ],
    ...[
      "[".repeat(8000),
      `${"[".repeat(4000)}${"]".repeat(4000)}`,
      '{"name":'.repeat(1500),
      '{"name":1e999}',
      '{"name":"\\ud800"}',
    ],
    ...[
      '{"name":"\\u0000","workspace_id":"x"}',
      `{"name":"${"x".repeat(15_000)}"}`,
      "nul",
      "",
      "\ufeff{}",
      '"text"',
      "-0",
    ],
  ),
);

/** Credentials broken in every way there is a test for, and in others. */
const authorization = fc.oneof(
  text.map((credentials) => `Basic ${Buffer.from(credentials).toString("base64")}`),
  fc.tuple(text, text).map(([id, secret]) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => `Basic ${Buffer.from(bytes).toString("base64")}`),
  text.map((credentials) => `Basic ${credentials}`),
  text.map((token) => `Bearer ${token}`),
  fc.constantFrom(
    "Basic",
    "Basic ",
    "basic Og==",
    "BASIC Og==",
    "Basic =",
    "Bearer",
    "Bearer  a",
    "Digest x",
    "Basic Og==, Bearer a",
  ),
);
export const header = fc.oneof(
  fc.tuple(fc.constant("authorization"), authorization),
  fc.tuple(
    fc.constantFrom(
      "cookie",
      "origin",
      "sec-fetch-site",
      "accept",
      "host",
      "referer",
      "x-forwarded-for",
      "user-agent",
    ),
    text,
  ),
  fc.tuple(
    fc.constant("content-type"),
    fc.constantFrom(
      "",
      "application/json",
      "application/x-www-form-urlencoded; charset=utf-16",
      "text/plain",
      "/",
      ";=;",
      "multipart/form-data; boundary=",
      "application/json;".repeat(200),
    ),
  ),
  fc.tuple(
    fc.constant("cookie"),
    text.map((value) => `latchkey.session=${value}`),
  ),
);
