/**
 * A tally for each key that is full at some number and forgets by itself: in this process, or in a Redis that several
 * share. Time is the machine's own, which is what rate-limiter-flexible and Redis know, not the runtime's.
 */
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import { askShared, type Redis } from "./redis";

export interface Tally {
  /** For how many more seconds it is full, rounded up; 0 when it is not. */
  fullFor(key: string): Promise<number>;
  /** Counts one more. From the one that fills it, it stays full for its whole time. @returns whether it is full */
  add(key: string): Promise<boolean>;
  /** Counts one more and never fills. @returns how many there were in this time */
  count(key: string): Promise<number>;
  /** Makes it full for so many seconds. */
  fill(key: string, seconds: number): Promise<void>;
  clear(key: string): Promise<void>;
}

/**
 * @param full at which number it is full
 * @param seconds how long it stays full, and after how long it forgets what did not fill it
 * @param redis null: each process counts for itself
 */
export function createTally(
  name: string,
  { full, seconds }: { full: number; seconds: number },
  redis: Redis | null,
): Tally {
  const options = { points: full, duration: seconds, keyPrefix: `latchkey:${name}` };
  const own = new RateLimiterMemory(options);
  const shared =
    redis && new RateLimiterRedis({ ...options, storeClient: redis.client, useRedisPackage: true });
  const ask = <Answer>(question: (tallies: RateLimiterAbstract) => Promise<Answer>): Promise<Answer> =>
    askShared(redis, { shared, own }, question);

  return {
    fullFor: async (key) => {
      const counted = await ask((tallies) => tallies.get(key));
      if (counted === null || counted.consumedPoints < full) return 0;
      return Math.max(1, Math.ceil(counted.msBeforeNext / 1000));
    },
    add: async (key) => {
      const { consumedPoints } = await ask((tallies) => tallies.penalty(key));
      if (consumedPoints < full) return false;
      await ask((tallies) => tallies.block(key, seconds));
      return true;
    },
    count: async (key) => (await ask((tallies) => tallies.penalty(key))).consumedPoints,
    fill: async (key, time) => {
      await ask((tallies) => tallies.block(key, time));
    },
    clear: async (key) => {
      await ask((tallies) => tallies.delete(key));
    },
  };
}
