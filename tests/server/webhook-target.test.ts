/** Where webhooks may be sent: what the server must never be made to call. */
import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findTarget, isPublicAddress, readTarget, type TargetRules } from "../../lib/server/webhook-target";

const rules = (addresses: Record<string, string[]> = {}, allowPrivate = false): TargetRules => ({
  allowPrivate,
  resolve: async (hostname) =>
    (addresses[hostname] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
});
const refusal = async (url: string, given = rules()) => {
  const target = await findTarget(url, given);
  return "refused" in target ? target.refused : null;
};

describe("a URL", () => {
  test.each([
    ["", /Enter a URL/],
    ["hooks.example.com", /Enter a URL/],
    ["ftp://hooks.example.com/", /Enter a URL/],
    ["javascript:alert(1)", /Enter a URL/],
    ["https://", /Enter a URL/],
    [`https://hooks.example.com/${"x".repeat(1000)}`, /Enter a URL/],
    ["http://hooks.example.com/", /https:/],
    ["https://user@hooks.example.com/", /user name and password/],
    ["https://user:pass@hooks.example.com/", /user name and password/],
    ["https://hooks.example.com/#part", /#/],
    ["https://hooks.example.com\\@127.0.0.1/", /backslashes/],
    ["https://hooks.example.com/\u0000", /control characters/],
    ["https://hooks.exa mple.com/", /Enter a URL|spaces/],
  ])("%j is refused", async (url, problem) => {
    expect(await refusal(url, rules({ "hooks.example.com": ["8.8.8.8"] }))).toMatch(problem);
  });

  test("with https, a public address, and whatever port, path and query is taken", async () => {
    const target = await findTarget(
      "https://hooks.example.com:8443/a?b=c",
      rules({ "hooks.example.com": ["8.8.8.8", "2606:4700::1111"] }),
    );
    expect(target).toMatchObject({
      addresses: [{ address: "8.8.8.8" }, { address: "2606:4700::1111" }],
    });
  });

  test("whose name has no address is refused", async () => {
    expect(await refusal("https://nowhere.example/")).toMatch(/no address/);
  });

  test.each([
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://134744072/",
    "https://8.8.2056/",
    "https://8.8.8.8./",
    "https://⑧.⑧.⑧.⑧/",
  ])("%s hides an address and is refused, whichever it is", async (url) => {
    expect(await refusal(url)).toMatch(/four numbers/);
  });
});

const inside = [
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "100.64.0.1",
  "100.100.100.200",
  "127.0.0.1",
  "127.255.255.254",
  "168.63.129.16",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.192",
  "192.168.1.1",
  "198.18.0.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::127.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:169.254.169.254",
  "64:ff9b::7f00:1",
  "64:ff9b:1::a00:1",
  "2002:7f00:1::",
  "2001:0:7f00:1::",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "100::1",
  "5f00::1",
  "localhost",
  "",
];

describe("an address inside", () => {
  test.each(inside)("%j is none that anybody can call", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each([
    "10.0.0.1",
    "169.254.169.254",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[fd00:ec2::254]",
  ])("%s is refused in a URL before anything is resolved", (host) => {
    expect(readTarget(`https://${host}/`, { allowPrivate: false })).toEqual({
      refused: "This address is not on the public internet.",
    });
  });

  test("is refused behind a name, also when the name has public ones beside it", async () => {
    for (const address of inside.filter((one) => /[.:]/.test(one)))
      for (const all of [[address], ["8.8.8.8", address], [address, "8.8.8.8"]])
        expect(
          await refusal("https://hooks.example.com/", rules({ "hooks.example.com": all })),
          address,
        ).toBe("This address is not on the public internet.");
  });

  const ipv4 = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 255 })));
  const isInside = ([a = 0, b = 0]: number[]) =>
    [0, 10, 127].includes(a) ||
    a >= 224 ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 198 && (b === 18 || b === 19));

  test("is never taken for a public one, in whichever of the forms that stand for an IPv4 address", () => {
    const prefix = fc.constantFrom(
      [10],
      [127],
      [169, 254],
      [192, 168],
      [172, 20],
      [100, 99],
      [0],
      [224],
      [255],
    );
    fc.assert(
      fc.property(ipv4, prefix, (drawn, start) => {
        const bytes = [...start, ...drawn].slice(0, 4);
        expect(isInside(bytes)).toBe(true);
        const dotted = bytes.join(".");
        const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
        const groups = `${hex.slice(0, 4)}:${hex.slice(4)}`;
        const forms = [
          dotted,
          `::ffff:${dotted}`,
          `::ffff:${groups}`,
          `::${groups}`,
          `64:ff9b::${groups}`,
          `64:ff9b:1::${groups}`,
          `2002:${groups}::1`,
          `2001:0:${groups}::1`,
          `::ffff:0:${groups}`,
        ];
        for (const form of forms) expect(isPublicAddress(form), form).toBe(false);
        // However a URL writes it: dotted, as one number, in hexadecimal, in octal, with fewer parts.
        const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
        const octal = bytes.map((byte) => `0${byte.toString(8)}`).join(".");
        const [a, b, c, d] = bytes;
        const short = `${a}.${((b ?? 0) << 16) + ((c ?? 0) << 8) + (d ?? 0)}`;
        for (const host of [dotted, value, `0x${hex}`, octal, short, `[::ffff:${dotted}]`])
          expect(readTarget(`https://${host}/`, { allowPrivate: false })).toHaveProperty("refused");
      }),
    );
  });

  test("whatever is drawn, a URL that is taken names nothing inside", () => {
    const part = fc.oneof(
      fc.string({ unit: fc.constantFrom(..."0123456789abcdefx.:[]@/\\%#?"), maxLength: 24 }),
      ipv4.map((bytes) => bytes.join(".")),
    );
    fc.assert(
      fc.property(part, (host) => {
        const target = readTarget(`https://${host}`, { allowPrivate: false });
        if ("refused" in target) return;
        const bare = target.url.hostname.replace(/^\[|\]$/g, "");
        if (isIP(bare) !== 0) expect(isPublicAddress(bare), host).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("a public address is one", () => {
    fc.assert(
      fc.property(ipv4, (bytes) => {
        const [a = 0, b = 0, c = 0] = bytes;
        const isSpecial = isInside(bytes) || (a === 192 && b <= 88) || a === 198 || a === 203 || a === 168;
        if (isSpecial || (a === 192 && (b === 31 || b === 52 || b === 175)) || c < 0) return;
        expect(isPublicAddress(bytes.join("."))).toBe(true);
      }),
    );
  });
});

describe("with WEBHOOK_ALLOW_PRIVATE", () => {
  const allowed = rules({ "hooks.example.com": ["10.0.0.7"], "here.example.com": ["127.0.0.1"] }, true);
  test("private addresses are taken, and plain http by this machine alone", async () => {
    expect(await refusal("https://hooks.example.com/", allowed)).toBeNull();
    expect(await refusal("http://here.example.com:3001/", allowed)).toBeNull();
    expect(await refusal("http://127.0.0.1:3001/", allowed)).toBeNull();
    expect(await refusal("http://hooks.example.com/", allowed)).toMatch(/this machine alone/);
    expect(await refusal("https://user:pass@hooks.example.com/", allowed)).toMatch(/user name/);
  });
});
