/** The networks a token may be used from: IPv4 and IPv6 addresses and prefixes (RFC 4632 §3.1, RFC 4291 §2.3). */
import ipaddr from "ipaddr.js";

/** How many one token may name. */
export const NETWORK_LIMIT = 20;

/** A network in its one writing, or what is wrong with it, in words. */
export type ParsedNetwork = { network: string } | { problem: string };

/** Reads an address (a network of one) or a prefix whose bits behind the mask are zero. */
export function parseNetwork(text: string): ParsedNetwork {
  const [written = "", bits, more] = text.split("/");
  const address = parseAddress(written);
  if (address === null || more !== undefined)
    return { problem: "is no IP address or network, as 203.0.113.0/24 and 2001:db8::/32 are" };
  const width = address.kind() === "ipv4" ? 32 : 128;
  const length = bits === undefined ? width : lengthOf(bits);
  if (length === null || length > width)
    return { problem: `needs a whole number from 1 to ${width} after the slash` };
  if (length === 0) return { problem: "is everywhere: leave the field empty for that" };
  const network = firstOf(address, length);
  // Not repaired: whoever writes 203.0.113.7/24 may have meant the one address.
  if (network !== plain(address))
    return { problem: `has bits behind the mask: ${network}/${length} is that network` };
  return { network: `${network}/${length}` };
}

/** Is the address in one of the networks? What is no address is in none. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (!isAddress(address)) return false;
  const caller = ipaddr.process(address); // ::ffff:203.0.113.7 is an IPv4 caller
  return networks.some((network) => {
    const [start, bits] = ipaddr.parseCIDR(network);
    return start.kind() === caller.kind() && caller.match(start, bits);
  });
}

/** Is it an address as a server tells its callers': four decimal numbers, or IPv6? */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(":") && ipaddr.IPv6.isValid(text));
}

/** An address without a zone; an IPv4 address in IPv6 writing would never match a caller. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (!isAddress(text) || text.includes("%")) return null;
  if (!text.includes(":")) return ipaddr.IPv4.parse(text);
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? null : address;
}

function lengthOf(bits: string): number | null {
  return /^(0|[1-9]\d{0,2})$/.test(bits) ? Number(bits) : null;
}

/** The first address of the network of that length an address is in. */
function firstOf(address: ipaddr.IPv4 | ipaddr.IPv6, length: number): string {
  const bytes = address.toByteArray().map((byte, at) => {
    const kept = Math.min(8, Math.max(0, length - at * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return plain(ipaddr.fromByteArray(bytes));
}

function plain(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return "toRFC5952String" in address ? address.toRFC5952String() : address.toString();
}
