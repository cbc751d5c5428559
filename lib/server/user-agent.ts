/**
 * Browsers and programs in words. A user agent is whatever somebody sent: nothing of it is repeated but the name of a
 * browser or a system that is known, the one word a program calls itself, and a version.
 */
import Bowser from "bowser";

/** The names that may be shown; bowser makes names of unknown text out of the text itself. Two are not on its own list. */
const browsers = new Set<string>([...Object.values(Bowser.BROWSER_MAP), "Miui", "Opera Touch"]);
const systems = new Set<string>(Object.values(Bowser.OS_MAP));

/** Longest answer about a program, in characters. */
const LIMIT = 40;

/** RFC 9110 §10.1.5: a product is a token and, mostly, its version. */
const PRODUCT = /^([\w!#$%&'*+.^`|~-]{1,64})(?:\/v?(\d{1,6}))?/;

/** @param unknown what to call a browser that nobody knows @returns "Firefox on Linux" */
export function browserInWords(userAgent: string, unknown: string): string {
  const { browser, system } = read(userAgent);
  return on(browser ?? unknown, system);
}

export interface Device {
  /** "Firefox 143 on Linux" */
  text: string;
  isPhone: boolean;
}

export function deviceInWords(userAgent: string): Device {
  const { browser, version, system, isPhone } = read(userAgent);
  if (browser === null) return { text: on("Unknown browser", system), isPhone };
  return { text: on(version === "" ? browser : `${browser} ${version}`, system), isPhone };
}

/** @returns "Firefox on Windows", "curl 8"; null for none, and for one without a word to call it by */
export function agentInWords(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const words = userAgent.startsWith("Mozilla/")
    ? browserInWords(userAgent, "a browser")
    : programInWords(userAgent);
  return words && words.length > LIMIT ? `${words.slice(0, LIMIT - 1)}…` : words;
}

function programInWords(userAgent: string): string | null {
  const [, name, version] = PRODUCT.exec(userAgent) ?? [];
  if (!name) return null;
  return version === undefined ? name : `${name} ${version}`;
}

function on(browser: string, system: string | null): string {
  return system === null ? browser : `${browser} on ${system}`;
}

function read(userAgent: string) {
  // The parser throws for an empty one.
  const { browser, os, platform } = Bowser.parse(userAgent || " ");
  return {
    browser: browser.name && browsers.has(browser.name) ? browser.name : null,
    version: /^\d{1,4}/.exec(browser.version ?? "")?.[0] ?? "",
    system: os.name && systems.has(os.name) ? os.name : null,
    isPhone: platform.type === "mobile" || platform.type === "tablet",
  };
}
