/** What somebody typed who looks for a credential: the whole of it, or its prefix and its last four characters. */
import { brand } from "../../latchkey.config";
import type { CredentialKind } from "../db/inventory-filter";
import { hashCredential, isWellFormed } from "../oauth/tokens";

const prefixes = { at: "access", rt: "refresh", pat: "personal", lt: "legacy", cs: "secret" } as const;

export type CredentialSearch =
  /** A whole one; from here on there is only its hash. */
  { hash: string } | { kind?: CredentialKind; last4: string } | { problem: string };

const HOW =
  "Paste a whole token or secret, or write its start and its last four characters, as in pat_…1a2b.";

/** @param brandPrefix the brand's word before every prefix */
export function parseCredentialSearch(
  typed: string,
  brandPrefix: string = brand.credentialPrefix,
): CredentialSearch {
  const text = typed.trim();
  if (isWellFormed(text, ["at", "rt", "pat", "lt", "cs"], brandPrefix)) return { hash: hashCredential(text) };
  const own = text.startsWith(brandPrefix) ? text.slice(brandPrefix.length) : text;
  const match = /^(?:(at|rt|pat|lt|cs)_)?(?:…|\.{3})?([0-9A-Za-z]{4})$/.exec(own);
  const [, prefix, last4] = match ?? [];
  if (last4 !== undefined) {
    const known = Object.entries(prefixes).find(([name]) => name === prefix);
    return { ...(known && { kind: known[1] }), last4 };
  }
  if (text === "") return { problem: HOW };
  return text.length > 20
    ? { problem: "This is no token or secret of ours: it is incomplete, mistyped, or somebody else's." }
    : { problem: HOW };
}

/** Can the last four characters be searched without saying whose? Those of mass-issued tokens have no index. */
export function needsNarrowing(kind: CredentialKind | undefined): boolean {
  return kind === "access" || kind === "refresh";
}

/** The start of a credential as lists show it. */
export function startOfCredential(kind: CredentialKind, last4: string): string {
  const [prefix] = Object.entries(prefixes).find(([, name]) => name === kind) ?? [""];
  return `${brand.credentialPrefix}${prefix}_…${last4}`;
}
