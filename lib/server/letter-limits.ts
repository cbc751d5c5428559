/** How many letters strangers can have sent: from one address, and to one mailbox whether or not anybody has it. */
import { createHash } from "node:crypto";
import { limits } from "../../latchkey.config";
import { networkOf } from "./address";
import type { Redis } from "./redis";
import { createTally, type Tally } from "./tally";

export interface LetterLimits {
  /** Counts one more that is asked for from this address. @returns 0, or how many seconds it has to wait instead */
  ask(address: string): Promise<number>;
  /** Counts one more to this mailbox. @returns whether it may still be sent */
  send(email: string): Promise<boolean>;
}

const { fromOneAddress, toOneMailbox, seconds } = limits.letters;

/** @param redis null: this process counts for itself */
export function createLetterLimits(redis: Redis | null): LetterLimits {
  const asked = createTally("letters:address", { full: fromOneAddress, seconds }, redis);
  const sent = createTally("letters:mailbox", { full: toOneMailbox, seconds }, redis);
  return {
    ask: (address) => count(asked, networkOf(address)),
    send: async (email) => (await count(sent, digest(email.toLowerCase()))) === 0,
  };
}

/** @returns 0 when one more was counted, otherwise for how long there is no room */
async function count(tally: Tally, key: string): Promise<number> {
  const full = await tally.fullFor(key);
  if (full === 0) await tally.add(key);
  return full;
}

/** Mailboxes are counted, not kept. */
function digest(email: string): string {
  return createHash("sha256").update(email).digest("base64url").slice(0, 22);
}
