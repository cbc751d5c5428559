/**
 * Where webhooks may be sent. Whoever registers an endpoint chooses an address that this server then calls, from inside:
 * so it must be one that anybody could call from outside (OWASP, "Server-Side Request Forgery"). The name is resolved
 * here, every address it has is checked, and the connection is made to those and no others.
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Every address of a name. @throws Error when it has none */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface TargetRules {
  /** WEBHOOK_ALLOW_PRIVATE: any address, and http to this machine. */
  allowPrivate: boolean;
  resolve: Resolve;
}

export type Target =
  | { url: URL; addresses: readonly ResolvedAddress[] }
  /** In words for the app's developer. */
  | { refused: string };

const URL_LENGTH = 1000;
/** A name that takes longer to find has no address, in milliseconds. */
const RESOLVE_MS = 5_000;
const NOT_PUBLIC = "This address is not on the public internet.";
/** Public by number, but a cloud's own: Azure answers every virtual machine's questions here. */
const CLOUD_ADDRESSES = ["168.63.129.16"];

/** As the operating system resolves names, since the connection would have been made so. */
export const resolveByName: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true });

/** What an endpoint's URL looks like, before its name is resolved. */
export function readTarget(text: string, { allowPrivate }: Pick<TargetRules, "allowPrivate">): Target {
  const url = text.length <= URL_LENGTH && URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "")
    return { refused: "Enter a URL such as https://example.com/webhooks." };
  if (/[\s\\\p{Cc}]/u.test(text))
    return { refused: "A URL has no spaces, backslashes or control characters." };
  if (url.username !== "" || url.password !== "")
    return { refused: "Leave user name and password out: the signature proves who sent it." };
  if (url.hash !== "" || text.includes("#"))
    return { refused: "Leave out what begins with #: it is not sent." };
  if (url.protocol === "http:" && !allowPrivate) return { refused: "The URL must begin with https://." };
  // The URL standard reads 0x7f.1, 0177.0.0.1 and 2130706433 as 127.0.0.1: who writes so hides something.
  const written = /^https?:\/\/\[?([^/?#\]]*?)\]?(?::\d*)?(?:[/?]|$)/i.exec(text)?.[1] ?? "";
  if (isIP(bare(url.hostname)) === 4 && written !== url.hostname)
    return { refused: "Write the address as four numbers from 0 to 255, or use a name." };
  if (isIP(bare(url.hostname)) !== 0 && !allowPrivate && !isPublicAddress(bare(url.hostname)))
    return { refused: NOT_PUBLIC };
  return { url, addresses: [] };
}

/**
 * The same with the addresses to connect to, each of them checked: asked when an endpoint is saved and again at every
 * attempt, because whoever owns the name can point it elsewhere meanwhile (DNS rebinding).
 */
export async function findTarget(text: string, rules: TargetRules): Promise<Target> {
  const target = readTarget(text, rules);
  if ("refused" in target) return target;
  const { url } = target;
  const addresses = await addressesOf(bare(url.hostname), rules.resolve);
  if (addresses.length === 0) return { refused: `There is no address for ${url.hostname}.` };
  if (!rules.allowPrivate && !addresses.every(({ address }) => isPublicAddress(address)))
    return { refused: NOT_PUBLIC };
  if (url.protocol === "http:" && !addresses.every(({ address }) => isLoopback(address)))
    return { refused: "Plain http is for this machine alone: the URL must begin with https://." };
  return { url, addresses };
}

async function addressesOf(hostname: string, resolve: Resolve): Promise<readonly ResolvedAddress[]> {
  const family = isIP(hostname);
  if (family !== 0) return [{ address: hostname, family }];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<[]>((settle) => {
    timer = setTimeout(() => settle([]), RESOLVE_MS);
  });
  const found = await Promise.race([resolve(hostname).catch(() => []), late]);
  clearTimeout(timer);
  return found;
}

/** An IPv6 address stands in brackets in a URL. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Is this an address that anybody can call from anywhere? What cannot be read is none. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address); // an IPv4 address in IPv6 is that IPv4 address
  if (parsed.range() !== "unicast" || CLOUD_ADDRESSES.includes(parsed.toString())) return false;
  // RFC 4291 §2.4 with IANA's registry: of IPv6, 2000::/3 is what has been given out; the rest holds ways to old addresses.
  return parsed.kind() === "ipv4" || (parsed.toByteArray()[0] ?? 0) >> 5 === 0b001;
}

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}
