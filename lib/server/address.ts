/** Who is calling: the address of a request, also behind proxies, and the network it counts for. */
import { isIP } from "node:net";

/**
 * The caller's address.
 * @param socket the address of the connection
 * @param forwarded the X-Forwarded-For header; each proxy adds the address it was called from at its right end
 * @param trusted how many proxies of our own there are; what stands further left was written by strangers
 */
export function addressOf(
  socket: string | undefined,
  forwarded: string | undefined,
  trusted: number,
): string {
  const direct = plain(socket ?? "");
  if (trusted === 0 || forwarded === undefined) return direct;
  const caller = plain(forwarded.split(",").at(-trusted)?.trim() ?? "");
  return isIP(caller) > 0 ? caller : direct;
}

/** Without a port, brackets, a zone or the IPv6 writing of an IPv4 address. */
function plain(address: string): string {
  if (isIP(address) === 4) return address;
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, "$1");
  return bare.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
}

/** What counters count by: an IPv4 address, and of IPv6 the /64, all of which one subscriber has (RFC 6177 §2). */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = Array.from(
    { length: tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length) },
    () => 0,
  );
  const whole = [...front, ...zeros, ...back].slice(0, 4);
  return `${whole.map((group) => group.toString(16)).join(":")}::/64`;
}

function groups(part: string): number[] {
  if (part === "") return [];
  // The last of them may be an IPv4 address, which is two; of a /64 it is never a part.
  return part.split(":").flatMap((group) => (group.includes(".") ? [0, 0] : [Number.parseInt(group, 16)]));
}
