import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWithin, parseNetwork } from "../../lib/oauth/networks";

const networkOf = (text: string) => {
  const parsed = parseNetwork(text);
  return "network" in parsed ? parsed.network : null;
};
const v4 = fc.ipV4();
const v6 = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .filter(([first]) => first !== 0) // ::ffff:… is IPv4
  .map((groups) => groups.map((group) => group.toString(16)).join(":"));

describe("a network", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7/32"],
    ["203.0.113.0/24", "203.0.113.0/24"],
    ["2001:DB8:0:0::/32", "2001:db8::/32"],
    ["::1", "::1/128"],
    ["128.0.0.0/1", "128.0.0.0/1"],
  ])("%s is %s", (text, network) => {
    expect(networkOf(text)).toBe(network);
  });

  test.each([
    ...["", "home", "203.0.113", "203.0.113.256", "010.0.0.1", "0x7f.0.0.1", "2130706433", "203.0.113.7/"],
    ...["203.0.113.0/33", "203.0.113.0/024", "203.0.113.0/-1", "203.0.113.0/24/24", "203.0.113.0/ 24"],
    ...["203.0.113.7/24", "0.0.0.0/0", "::/0", "2001:db8::1/32", "2001:db8::/129", "fe80::1%eth0"],
    ...["::ffff:203.0.113.7", "2001:db8", "::1::", "203.0.113.7\0", "203.0.113.7,10.0.0.1"],
  ])("%j is refused with a reason", (text) => {
    expect(parseNetwork(text)).toEqual({ problem: expect.stringMatching(/\w/) });
  });

  test("is read the same again, whatever was read", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          v4,
          v6,
          fc.tuple(v4, fc.nat(40)).map(([a, n]) => `${a}/${n}`),
        ),
        (text) => {
          const network = networkOf(text);
          if (network !== null) expect(networkOf(network)).toBe(network);
        },
      ),
    );
  });

  test("of one address holds that address and no other", () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), fc.oneof(v4, v6), (one, other) => {
        const network = networkOf(one);
        expect(network).not.toBeNull();
        expect(isWithin(one, [network ?? ""])).toBe(true);
        expect(isWithin(other, [network ?? ""])).toBe(networkOf(other) === network);
      }),
    );
  });

  test("of some bits holds what begins with them, as counted by hand", () => {
    const number = (address: string) =>
      address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
    fc.assert(
      fc.property(v4, v4, fc.integer({ min: 1, max: 32 }), (first, caller, bits) => {
        const shift = BigInt(32 - bits);
        const start = (number(first) >> shift) << shift;
        const written = [24n, 16n, 8n, 0n].map((at) => (start >> at) & 255n).join(".");
        const network = networkOf(`${written}/${bits}`);
        expect(network).toBe(`${written}/${bits}`);
        expect(isWithin(caller, [network ?? ""])).toBe(number(caller) >> shift === start >> shift);
        expect(isWithin(`::ffff:${caller}`, [network ?? ""])).toBe(isWithin(caller, [network ?? ""]));
      }),
    );
  });

  test("holds nothing that is no address", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(networkOf(text) === null);
        expect(isWithin(text, ["128.0.0.0/1"])).toBe(false);
      }),
    );
  });
});
