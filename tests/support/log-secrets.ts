/** What no log may hold: anything shaped like a credential, and whatever was sent as one. */
import type { IncomingMessage } from "node:http";

const shapes: readonly RegExp[] = [
  // A prefix and 36 characters of base62, of which a log that cuts lines may keep less.
  /\b(?:at|rt|pat|lt|cs|ac)_[0-9A-Za-z]{20,}/,
  // What webhooks are signed with.
  /\bwhsec_[0-9A-Za-z+/]{20,}/,
  // next-auth's encrypted cookie: the header {"alg":"dir",…}.
  /\beyJhbGciOiJkaXIi[\w.-]*/,
  // With a digit or a padding: "Basic Authorization" is a word of ours.
  /\b(?:Basic|Bearer) (?=\S*[\d=])[0-9A-Za-z+/._~-]{12,}=*/,
  /"(?:authorization|cookie|set-cookie|password|client_secret|code_verifier)":"(?!\[)[^"]+"/i,
];

/** Fields of a form that are, or may be, a secret. */
const fields = [
  "password",
  "client_secret",
  "code",
  "code_verifier",
  "token",
  "access_token",
  "refresh_token",
  "link",
];
/** What is shorter may well be a word of the log. */
const MIN_LENGTH = 12;

/** @returns what of this text is a secret; nothing for a clean one */
export function secretsIn(text: string, sent: Iterable<string> = []): string[] {
  const shaped = shapes.flatMap((shape) => shape.exec(text)?.[0] ?? []);
  return [...shaped, ...[...sent].filter((value) => text.includes(value))];
}

/** Remembers what a request carries as credentials: in its headers, its query and its body. */
export function collectSecrets(request: IncomingMessage, sent: Set<string>): void {
  const keep = (value: string | null | undefined) => {
    if (value && value.length >= MIN_LENGTH) sent.add(value);
  };
  const { authorization, cookie } = request.headers;
  keep(authorization?.replace(/^\w+ +/, ""));
  for (const pair of cookie?.split(";") ?? []) keep(pair.slice(pair.indexOf("=") + 1).trim());
  const keepForm = (encoded: string) => {
    const form = new URLSearchParams(encoded);
    for (const name of fields) for (const value of form.getAll(name)) keep(value);
  };
  keepForm(request.url?.split("?", 2)[1] ?? "");
  if (!request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return;
  const chunks: Buffer[] = [];
  // Listening to "data" would begin the flow before the server is ready for it; so what it emits is watched.
  const emit = request.emit.bind(request);
  request.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event === "data" && Buffer.isBuffer(args[0])) chunks.push(args[0]);
    if (event === "end") keepForm(Buffer.concat(chunks).toString());
    return emit(event, ...args);
  };
}
