/**
 * Challenges for passkeys (WebAuthn §13.4.3) that nothing has to be kept for until they are answered: random bytes and an
 * end, signed for what they are asked for and for whom. An answer is counted once by the write that takes it.
 */
import { limits } from "../../latchkey.config";
import type { Challenge } from "../db/passkeys";
import { after } from "../oauth/server";
import type { Runtime } from "./runtime";

/** What an answer does; one that was asked for something else does nothing. */
export type Ceremony =
  | { does: "sign in" }
  /** For this person alone. */
  | { does: "confirm" | "add"; userId: string };

const RANDOM_BYTES = 16;
const END_BYTES = 6;
const PURPOSE = "passkey challenge";

/** A new challenge, as bytes. */
export function newChallenge({ db, keys }: Pick<Runtime, "db" | "keys">, ceremony: Ceremony): Buffer {
  const end = Buffer.alloc(END_BYTES);
  end.writeUIntBE(after(db.now(), limits.passkeySeconds).getTime(), 0, END_BYTES);
  const drawn = Buffer.concat([db.random(RANDOM_BYTES), end]);
  const tag = keys.sign(PURPOSE, signed(ceremony, drawn));
  return Buffer.concat([drawn, Buffer.from(tag, "base64url")]);
}

/** The challenge of an answer, when it is one of ours for this, in time; null otherwise. */
export function readChallenge(
  { db, keys }: Pick<Runtime, "db" | "keys">,
  ceremony: Ceremony,
  value: string,
): Challenge | null {
  const bytes = Buffer.from(value, "base64url");
  if (bytes.length <= RANDOM_BYTES + END_BYTES) return null;
  const drawn = bytes.subarray(0, RANDOM_BYTES + END_BYTES);
  const tag = bytes.subarray(RANDOM_BYTES + END_BYTES).toString("base64url");
  if (!keys.verify(PURPOSE, signed(ceremony, drawn), tag)) return null;
  const expiresAt = new Date(drawn.readUIntBE(RANDOM_BYTES, END_BYTES));
  // As it is counted: what reads the same is the same.
  return expiresAt > db.now() ? { value: bytes.toString("base64url"), expiresAt } : null;
}

function signed(ceremony: Ceremony, drawn: Buffer): string {
  const who = ceremony.does === "sign in" ? "" : ceremony.userId;
  return `${ceremony.does} ${who} ${drawn.toString("base64url")}`;
}
