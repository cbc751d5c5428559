/**
 * Wrong passwords lead to a wait, at the sign-in and at the password grant (RFC 6749 §4.3.2: "MUST protect the endpoint
 * against brute force attacks"), and no stranger can make the owner of an account wait for long: a device or an address
 * that knew the password before has a budget of its own (OWASP, "device cookies"), and what all others share never grows
 * beyond a minute.
 */
import { createHash } from "node:crypto";
import { limits } from "../../latchkey.config";
import { networkOf } from "./address";
import type { Redis } from "./redis";
import { createTally } from "./tally";

export interface Attempt {
  /** The name as it was typed. Whether somebody has it makes no difference to any count. */
  account: string;
  /** The caller's address. */
  address: string;
  /** The device as its cookie proves it; null where it has not signed this account in before. */
  device: string | null;
}

export type Outcome<Who> =
  | { outcome: "right"; who: Who }
  /** `locks` on the one that fills the budget. */
  | { outcome: "wrong"; locks: boolean }
  /** The password was not even compared. */
  | { outcome: "wait"; seconds: number };

/** What the page of a form has to say about an attempt that failed. @param wrong its word for a wrong password or code */
export function problemOf(
  attempt: { outcome: "wrong" } | { outcome: "wait"; seconds: number },
  wrong: string,
): Record<string, string> {
  return attempt.outcome === "wait" ? { error: "wait", seconds: String(attempt.seconds) } : { error: wrong };
}

export interface Lockout {
  /** Runs the check of a password, unless it has to wait. @param check null for a wrong password */
  attempt<Who>(attempt: Attempt, check: () => Promise<Who | null>): Promise<Outcome<Who>>;
}

const { fromOneAddress, fromAnywhere, ofOneAddress, lockSeconds, longestDelaySeconds } = limits.passwords;
/** How long an address that knew the password stays out of a wait that others caused. */
const knownSeconds = 7 * 24 * 60 * 60;
/** How long wrong guesses from anywhere are remembered. */
const daySeconds = 24 * 60 * 60;

/** @param redis null: this process counts for itself */
export function createLockout(redis: Redis | null): Lockout {
  const budget = createTally("guesses:budget", { full: fromOneAddress, seconds: lockSeconds }, redis);
  const known = createTally("guesses:known", { full: 1, seconds: knownSeconds }, redis);
  const ofAccount = createTally("guesses:account", { full: fromAnywhere, seconds: daySeconds }, redis);
  const ofAddress = createTally("guesses:address", { full: ofOneAddress, seconds: lockSeconds }, redis);
  const delayed = createTally("guesses:delay", { full: 1, seconds: longestDelaySeconds }, redis);
  const inTurn = oneAfterTheOther();

  /** One more wrong guess of a stranger; beyond the limit each doubles the time until the next is looked at. */
  const delay = async (tally: typeof ofAccount, key: string, limit: number) => {
    const beyond = (await tally.count(key)) - limit;
    if (beyond >= 0) await delayed.fill(key, Math.min(longestDelaySeconds, 2 ** beyond));
  };

  return {
    async attempt({ account, address, device }, check) {
      const name = digest(account.toLowerCase());
      const network = networkOf(address);
      const pair = `${name} ${network}`;
      const own = device === null ? pair : `${name} device ${device}`;
      const run = async () => {
        const isKnown = device !== null || (await known.fullFor(pair)) > 0;
        const strangers = isKnown ? [] : [delayed.fullFor(name), delayed.fullFor(network)];
        const seconds = Math.max(...(await Promise.all([budget.fullFor(own), ...strangers])));
        if (seconds > 0) return { outcome: "wait", seconds } as const;
        const who = await check();
        if (who !== null) {
          await Promise.all([budget.clear(own), known.fill(pair, knownSeconds)]);
          return { outcome: "right", who } as const;
        }
        if (!isKnown)
          await Promise.all([delay(ofAccount, name, fromAnywhere), delay(ofAddress, network, ofOneAddress)]);
        return { outcome: "wrong", locks: await budget.add(own) } as const;
      };
      // Guesses sent at once meet the wait that the first of them cause. A known device does not queue with strangers.
      return inTurn(device === null ? name : own, run);
    },
  };
}

/** Names are counted, not kept: what was typed may be a password. */
function digest(account: string): string {
  return createHash("sha256").update(account).digest("base64url").slice(0, 22);
}

/** Runs the jobs of one key one after the other. */
function oneAfterTheOther() {
  const last = new Map<string, Promise<unknown>>();
  return <Result>(key: string, job: () => Promise<Result>): Promise<Result> => {
    const turn = (last.get(key) ?? Promise.resolve()).then(job, job);
    last.set(key, turn);
    const leave = () => {
      if (last.get(key) === turn) last.delete(key);
    };
    turn.then(leave, leave);
    return turn;
  };
}
