/** Query strings and form bodies: strict `application/x-www-form-urlencoded`, both ways. */

/** Why the bytes were refused: a sentence for the developer that never repeats what was received. */
export type ParamsProblem = { problem: string };

/** The parameters that were sent with a value, by their case-sensitive name. */
export type Params = ReadonlyMap<string, string>;

// `ignoreBOM` keeps a byte order mark as the character it is: nothing is dropped on the way in.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const NOT_UTF8: ParamsProblem = { problem: "The parameters are not valid UTF-8." };
const NOT_ENCODED: ParamsProblem = {
  problem:
    "The parameters are not valid application/x-www-form-urlencoded UTF-8: check the percent-encoding.",
};
const HAS_NUL: ParamsProblem = { problem: "The parameters contain a NUL character." };

/** Decodes UTF-8 and refuses (null) what is not UTF-8, where `Buffer.toString` would put U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Decodes one form-encoded name or value (RFC 6749 appendix B): `+` is a space, `%xx` a UTF-8 byte.
 * Returns null for invalid percent-encoding and for bytes that are not UTF-8.
 */
export function decodeFormComponent(encoded: string): string | null {
  if (!/[%+]/.test(encoded)) return encoded;
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    return null;
  }
}

/**
 * Reads a query string (without its `?`) or a form body, in time linear to its length.
 *
 * `params` holds what was sent with a value; RFC 6749 §3.1 and §3.2 treat a parameter without one as omitted.
 * `repeated` names what was sent more than once, which §3.1 and §3.2 forbid; `params` keeps its first value.
 * The caller refuses: only it knows which names must be proven before an error may be redirected. A repetition
 * counts even when one of the two is empty, because software in front of us may have read the other one.
 *
 * @param encoded the raw bytes, or a string whose raw characters were already decoded as UTF-8
 */
export function parseParams(
  encoded: string | Uint8Array,
): { params: Params; repeated: ReadonlySet<string> } | ParamsProblem {
  const text = typeof encoded === "string" ? encoded : decodeUtf8(encoded);
  // With the `u` flag a surrogate matches only when it stands alone.
  if (text === null || /[\uD800-\uDFFF]/u.test(text)) return NOT_UTF8;
  const params = new Map<string, string>();
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const { name, value } = decodePair(pair);
    if (name === null || value === null) return NOT_ENCODED;
    if (name.includes("\0") || value.includes("\0")) return HAS_NUL;
    if (seen.has(name)) repeated.add(name);
    else if (value !== "") params.set(name, value);
    seen.add(name);
  }
  return { params, repeated };
}

function decodePair(pair: string): { name: string | null; value: string | null } {
  const equals = pair.indexOf("=");
  if (equals < 0) return { name: decodeFormComponent(pair), value: "" };
  return {
    name: decodeFormComponent(pair.slice(0, equals)),
    value: decodeFormComponent(pair.slice(equals + 1)),
  };
}

/** Form-encodes names and values (RFC 6749 appendix B): the inverse of {@link parseParams}. */
export function encodeParams(entries: Iterable<readonly [string, string]>): string {
  const encoded = new URLSearchParams();
  for (const [name, value] of entries) encoded.append(name, value);
  return encoded.toString();
}
