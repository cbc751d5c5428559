/**
 * The password of a service account, for the password grant. Guessing is stopped here, as RFC 6749 §4.3.2 asks ("MUST
 * protect the endpoint against brute force attacks").
 */
import { limits } from "../../latchkey.config";
import type { Database } from "../db/database";
import { findServiceCredentials } from "../db/service-accounts";
import type { CheckServiceAccount } from "../oauth/server";
import type { Log } from "./log";
import type { Passwords } from "./password";
import type { Redis } from "./redis";
import { isServiceUsername } from "./service-account-form";
import { createTally } from "./tally";

export interface ServiceAccountCheckOptions {
  db: Database;
  passwords: Passwords;
  log: Log;
  /** Hears which API Key's account signed in. */
  used(apiKey: string): void;
  /** Null: this process counts for itself. */
  redis: Redis | null;
}

const { fromOneAddress, fromAnywhere, lockSeconds } = limits.servicePassword;
/** How long an address that knew the password stays out of a lock that others caused. */
const knownSeconds = 7 * 24 * 60 * 60;
/** No username is longer; what is, need not be kept whole to be counted. */
const keyLength = 64;

/**
 * Whoever is not there, is a person, or is suspended costs what a wrong password costs: the same answer, the same time,
 * the same counts. A lock ends by itself, and does not reach an address the account signs in from.
 */
export function serviceAccountCheck(options: ServiceAccountCheckOptions): CheckServiceAccount {
  const { db, passwords, log, used, redis } = options;
  const here = createTally("password:here", { full: fromOneAddress, seconds: lockSeconds }, redis);
  const anywhere = createTally("password:anywhere", { full: fromAnywhere, seconds: lockSeconds }, redis);
  const known = createTally("password:known", { full: 1, seconds: knownSeconds }, redis);
  const inTurn = oneAfterTheOther();

  const isLocked = async (account: string, from: string) => {
    if (await here.isFull(from)) return true;
    return (await anywhere.isFull(account)) && !(await known.isFull(from));
  };

  return ({ username, password }, address) => {
    const account = username.toLowerCase().slice(0, keyLength);
    const from = `${account} ${address}`;
    return inTurn(account, async () => {
      if (await isLocked(account, from)) return { refused: "locked" };
      const found = isServiceUsername(account) ? await findServiceCredentials(db, account) : null;
      const matches = await passwords.verify(password, found?.passwordHash ?? null);
      if (!found || !matches) {
        const locks = [await here.add(from), await anywhere.add(account)].includes(true);
        if (found && locks)
          log.warn({ user: found.id, address }, "too many wrong passwords: locked for a while");
        return { refused: "wrong" };
      }
      await here.clear(from);
      await known.add(from);
      if (found.apiKey !== null) used(found.apiKey);
      return { userId: found.id };
    });
  };
}

/** Runs the jobs of one key one after the other, so that guesses sent at once meet the lock the first of them cause. */
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
