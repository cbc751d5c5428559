/**
 * A tally for each key that is full at some number and forgets by itself: in this process, or in a Redis that several
 * share. Time is the machine's own, which is what rate-limiter-flexible and Redis know, not the runtime's.
 */
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import { askShared, type Redis } from "./redis";

export interface Tally {
  isFull(key: string): Promise<boolean>;
  /** Counts one more. From the one that fills it, it stays full for its whole time. @returns whether it is full */
  add(key: string): Promise<boolean>;
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
    isFull: async (key) => {
      const counted = await ask((tallies) => tallies.get(key));
      return counted !== null && counted.consumedPoints >= full;
    },
    add: async (key) => {
      const { consumedPoints } = await ask((tallies) => tallies.penalty(key));
      if (consumedPoints < full) return false;
      await ask((tallies) => tallies.block(key, seconds));
      return true;
    },
    clear: async (key) => {
      await ask((tallies) => tallies.delete(key));
    },
  };
}
