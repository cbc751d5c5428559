/** A refused redirect URI beside the registered one, component by component: what differs, and where exactly. */
import { type RedirectRule, redirectMismatch } from "./redirect";
import { type Pieces, pieces } from "./redirect_uri";

const COMPONENTS: readonly (keyof Pieces)[] = ["scheme", "host", "port", "path", "query"];
const NO_PIECES: Pieces = { scheme: "", host: "", port: "", path: "", query: "" };

export interface ComponentDiff {
  component: keyof Pieces;
  received: string;
  registered: string;
  differs: boolean;
}

/** Each component of two URIs, as they are written; what cannot be taken apart is all path. */
export function redirectDiff(received: string, registered: string): ComponentDiff[] {
  const theirs = pieces(received) ?? { ...NO_PIECES, path: received };
  const ours = pieces(registered) ?? { ...NO_PIECES, path: registered };
  return COMPONENTS.map((component) => ({
    component,
    received: theirs[component],
    registered: ours[component],
    differs: theirs[component] !== ours[component],
  }));
}

export interface ChangedPart {
  /** What both begin with. */
  before: string;
  /** What the one has in between, and the other has not. */
  changed: string;
  /** What both end with. */
  after: string;
}

/** The part of `text` that `other` has not: between what both begin and what both end with. */
export function changedPart(text: string, other: string): ChangedPart {
  const most = Math.min(text.length, other.length);
  let start = 0;
  while (start < most && text[start] === other[start]) start += 1;
  let end = 0;
  while (end < most - start && text[text.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  return {
    before: text.slice(0, start),
    changed: text.slice(start, text.length - end),
    after: text.slice(text.length - end),
  };
}

/**
 * The registered URI that differs in the fewest components, or the redirect domain; of several the one that agrees
 * longest. Null when none is registered.
 */
export function nearestRedirect(rule: RedirectRule, uri: string): string | null {
  if (rule.match === "origin_path") return rule.domain;
  const distance = (registered: string) =>
    redirectDiff(uri, registered).filter(({ differs }) => differs).length;
  const ranked = rule.uris.toSorted(
    (one, other) =>
      distance(one) - distance(other) ||
      changedPart(uri, other).before.length - changedPart(uri, one).before.length,
  );
  return ranked[0] ?? null;
}

/**
 * What refused redirect URIs have in common: the components that differ from the nearest registered URI. Never repeats
 * what was received, which anybody can make up.
 */
export function summarizeRedirectMismatch(rule: RedirectRule, uri: string): string {
  const found = redirectMismatch(rule, uri);
  if (typeof found === "string") return found;
  return `redirect_uri differs from what is registered in its ${found.map(({ component }) => component).join(", ")}.`;
}
