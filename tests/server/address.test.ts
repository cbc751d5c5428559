import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, networkOf } from "../../lib/server/address";

describe("the address of a request", () => {
  test.each<[string | undefined, string | undefined, number, string]>([
    ["203.0.113.7", undefined, 0, "203.0.113.7"],
    ["::ffff:203.0.113.7", undefined, 0, "203.0.113.7"],
    ["fe80::1%eth0", undefined, 0, "fe80::1"],
    [undefined, undefined, 0, ""],
    // Nobody is believed who was not named.
    ["203.0.113.7", "10.0.0.1", 0, "203.0.113.7"],
    ["10.9.9.9", "198.51.100.1", 1, "198.51.100.1"],
    // What stands left of the proxy's own entry is the caller's invention.
    ["10.9.9.9", "127.0.0.1, 198.51.100.1", 1, "198.51.100.1"],
    ["10.9.9.9", "127.0.0.1, 198.51.100.1, 10.8.8.8", 2, "198.51.100.1"],
    // Fewer entries than proxies: it came past one of them.
    ["10.9.9.9", "127.0.0.1", 2, "10.9.9.9"],
    ["10.9.9.9", undefined, 1, "10.9.9.9"],
    ["10.9.9.9", "unknown", 1, "10.9.9.9"],
    ["10.9.9.9", "'; DROP TABLE users", 1, "10.9.9.9"],
    ["10.9.9.9", "198.51.100.1:4711", 1, "198.51.100.1"],
    ["10.9.9.9", "[2001:db8::1]:4711", 1, "2001:db8::1"],
    ["10.9.9.9", "2001:db8::1", 1, "2001:db8::1"],
    ["10.9.9.9", "", 1, "10.9.9.9"],
  ])("of the socket %s with X-Forwarded-For %j behind %i proxies is %s", (socket, forwarded, trusted, is) => {
    expect(addressOf(socket, forwarded, trusted)).toBe(is);
  });

  test("behind one proxy is what that proxy wrote, whatever the caller sent along", () => {
    fc.assert(
      fc.property(fc.string(), (invented) => {
        expect(addressOf("10.9.9.9", `${invented}, 198.51.100.1`, 1)).toBe("198.51.100.1");
      }),
    );
  });
});

describe("the network of an address", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:0002::9", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["1:2:3::4:192.0.2.1", "1:2:3:0::/64"],
    ["", ""],
  ])("of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  test("is the same for all addresses of a /64, however they are written", () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const address = groups.join(":");
        const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
        expect(networkOf(short)).toBe(networkOf(address));
        expect(networkOf(address)).toBe(`${groups.slice(0, 4).join(":")}::/64`);
      }),
    );
  });
});
