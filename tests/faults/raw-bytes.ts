/** Bytes that are no request, or nearly one: what strangers send to an open port. */
import fc from "fast-check";
import { plan } from "./fuzz-mutations";
import { encoded, rawBytes, spliced } from "./fuzz-send";
import type { Supplies } from "./fuzz-world";

type MakeBytes = (supplies: Supplies) => Buffer;

const HEAD = "POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n";
const chunked = (body: string) => `${HEAD}transfer-encoding: chunked\r\n\r\n${body}`;
const healthz = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

/** Each is a message some parser was once wrong about. */
const crafted: readonly string[] = [
  ...[
    "",
    "\r\n",
    "\0",
    "GET /healthz\r\n",
    "GET /healthz\r\n\r\n",
    "GET /healthz HTTP/3.0\r\nhost: x\r\n\r\n",
    "GET /healthz HTTP/1.2\r\n\r\n",
  ],
  ...[
    "GET  /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
    " GET /healthz HTTP/1.1\r\n\r\n",
    "GET\t/healthz\tHTTP/1.1\r\nhost: x\r\n\r\n",
  ],
  ...[
    "GET /healthz HTTP/1.1\nhost: x\n\n",
    "GET /healthz HTTP/1.1\r\n\r\n",
    "GET /healthz HTTP/1.0\r\n\r\n",
    "FOO /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
  ],
  ...[
    "GET http://evil.example/healthz HTTP/1.1\r\nhost: x\r\n\r\n",
    "CONNECT evil.example:443 HTTP/1.1\r\nhost: x\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n",
  ],
  ...[
    "GET * HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /%00 HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /public/v1/projects/\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET ?x HTTP/1.1\r\nhost: x\r\n\r\n",
  ],
  ...[
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "HELP\r\nQUIT\r\n",
    "*1\r\n$4\r\nPING\r\n",
  ],
  ...[
    "GET /healthz HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nhost: x\r\nx : y\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nhost: x\r\n: y\r\n\r\n",
  ],
  ...[
    "GET /healthz HTTP/1.1\r\nhost: x\r\nx: a\r\n b\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nhost: x\r\nx: \xff\xfe\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
  ],
  ...[
    `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(100_000)}\r\n\r\n`,
    `GET /${"a".repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
  ],
  ...[
    `GET /healthz HTTP/1.1\r\nhost: x\r\n${"x: y\r\n".repeat(3000)}\r\n`,
    `GET /oauth/authorize HTTP/1.1\r\nhost: x\r\ncookie: ${"a=b; ".repeat(2500)}\r\n\r\n`,
  ],
  ...[
    `${HEAD}content-length: 5\r\n\r\na=1`,
    `${HEAD}content-length: 1\r\n\r\na=1&b=2`,
    `${HEAD}content-length: -1\r\n\r\n`,
    `${HEAD}content-length: 1e3\r\n\r\n`,
  ],
  ...[
    `${HEAD}content-length: 99999999999999999999\r\n\r\n`,
    `${HEAD}content-length: 3\r\ncontent-length: 4\r\n\r\na=1`,
    `${HEAD}content-length: 0x10\r\n\r\n`,
  ],
  ...[
    `${HEAD}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n`,
    `${HEAD}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
    `${HEAD}transfer-encoding: gzip\r\n\r\nxx`,
  ],
  ...[
    chunked("3\r\na=1\r\n"),
    chunked("zz\r\na=1\r\n"),
    chunked("-1\r\n"),
    chunked("ffffffffffffffff\r\n"),
    chunked("3;x=y\r\na=1\r\n0\r\n\r\n"),
    chunked("3\r\na=1x\r\n0\r\n\r\n"),
  ],
  ...[
    chunked("0\r\ntrailer: x\r\n\r\n"),
    chunked(`0\r\n${"t: x\r\n".repeat(2000)}\r\n`),
    chunked(`${"1\r\na\r\n".repeat(3000)}0\r\n\r\n`),
    chunked(`5000\r\n${"a".repeat(0x5000)}\r\n0\r\n\r\n`),
  ],
  ...[
    `${HEAD}expect: 100-continue\r\ncontent-length: 3\r\n\r\na=1`,
    `${HEAD}expect: 200-maybe\r\ncontent-length: 3\r\n\r\na=1`,
    `${HEAD}content-encoding: gzip\r\ncontent-length: 3\r\n\r\na=1`,
  ],
  ...[
    "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAA\r\n\r\n",
  ],
  ...[
    healthz.repeat(50),
    `${healthz}${chunked("0\r\n\r\n")}${healthz}`,
    `${chunked("zz\r\n")}${healthz}`,
    `${healthz}garbage${healthz}`,
  ],
];

const anySplice = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(30),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc
      .constantFrom("\r\n", "\n", "\r\n\r\n", "\0", " ", ":", "HTTP/1.1", "chunked")
      .map((text) => Buffer.from(text)),
  ),
});

/** Bytes for a connection of their own. */
export const bytes: fc.Arbitrary<MakeBytes> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom(...crafted).map(
      (text): MakeBytes =>
        () =>
          Buffer.from(text, "latin1"),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 400 }).map(
      (noise): MakeBytes =>
        () =>
          Buffer.from(noise),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(plan, fc.array(anySplice, { minLength: 1, maxLength: 3 })).map(
      ([{ make, splices }, more]): MakeBytes =>
        (supplies) =>
          more.reduce(spliced, rawBytes(encoded(make(supplies), splices))),
    ),
  },
  {
    weight: 1, // several on one connection
    arbitrary: fc.array(plan, { minLength: 2, maxLength: 6 }).map(
      (plans): MakeBytes =>
        (supplies) =>
          Buffer.concat(plans.map(({ make, splices }) => rawBytes(encoded(make(supplies), splices)))),
    ),
  },
);

/** One of each of the crafted ones, for a test that shall miss none. */
export const craftedBytes: readonly Buffer[] = crafted.map((text) => Buffer.from(text, "latin1"));
