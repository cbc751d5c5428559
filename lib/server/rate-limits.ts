/**
 * Counts API calls by token and by app: in this process, or in a Redis that several share. The windows follow the
 * machine's own clock, which is what rate-limiter-flexible and Redis know, not the runtime's.
 */
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import type { RateLimit } from "../../latchkey.config";
import { askShared, type Redis } from "./redis";

/** Which limits there are, and what a call is counted by. */
export type RateLimitTable = Record<"token" | "app", RateLimit>;

export interface Counted {
  allowed: boolean;
  /** When there is room again, in seconds. */
  resetSeconds: number;
  /** For the answer, refused or not (draft-ietf-httpapi-ratelimit-headers). */
  headers: Record<string, string>;
}

export interface RateLimits {
  /**
   * Counts one call of somebody whose token was found good.
   * @param tokenHash SHA-256 of the token
   * @param client_id the app it was issued to, if one
   */
  count(tokenHash: string, client_id: string | undefined): Promise<Counted>;
}

/** @param redis null: each process counts for itself */
export function createRateLimits(table: RateLimitTable, redis: Redis | null): RateLimits {
  const token = createCounter("token", table.token, redis);
  const app = createCounter("app", table.app, redis);
  return {
    async count(tokenHash, client_id) {
      const byToken = await token.count(tokenHash);
      if (client_id === undefined) return counted([token], [byToken]);
      // What a token has too much is not taken from the others of its app.
      if (!byToken.allowed) return counted([token, app], [byToken]);
      return counted([token, app], [byToken, await app.count(client_id)]);
    },
  };
}

interface Standing {
  name: string;
  allowed: boolean;
  remaining: number;
  resetSeconds: number;
}

interface Counter {
  /** As `RateLimit-Policy` tells it. */
  policy: string;
  count(key: string): Promise<Standing>;
}

function createCounter(name: string, { requests, seconds }: RateLimit, redis: Redis | null): Counter {
  const options = { points: requests, duration: seconds, keyPrefix: `latchkey:calls:${name}` };
  // A key leaves memory with the end of its window: there are never more than tokens in use.
  const own = new RateLimiterMemory(options);
  const shared =
    redis &&
    new RateLimiterRedis({
      ...options,
      storeClient: redis.client,
      useRedisPackage: true,
      // What is used up is known here until its window ends, so that a flood does not reach Redis.
      inMemoryBlockOnConsumed: requests,
    });
  const consume = (key: string) =>
    askShared(redis, { shared, own }, (limiter: RateLimiterAbstract) => taken(limiter, key));
  return {
    policy: `"${name}";q=${requests};w=${seconds}`,
    async count(key) {
      const { allowed, result } = await consume(key);
      const resetSeconds = Math.max(1, Math.ceil(result.msBeforeNext / 1000));
      return { name, allowed, remaining: result.remainingPoints, resetSeconds };
    },
  };
}

/** The library rejects with its result where there is no room, and with an error where it could not count. */
async function taken(limiter: RateLimiterAbstract, key: string) {
  try {
    return { allowed: true, result: await limiter.consume(key) };
  } catch (result) {
    if (result instanceof RateLimiterRes) return { allowed: false, result };
    throw result;
  }
}

function counted(policies: Counter[], standings: Standing[]): Counted {
  const refused = standings.find(({ allowed }) => !allowed);
  const resetSeconds = refused?.resetSeconds ?? 0;
  return {
    allowed: refused === undefined,
    resetSeconds,
    headers: {
      "ratelimit-policy": policies.map(({ policy }) => policy).join(", "),
      ratelimit: standings
        .map(({ name, remaining, resetSeconds: left }) => `"${name}";r=${remaining};t=${left}`)
        .join(", "),
      ...(refused && { "retry-after": String(resetSeconds) }),
    },
  };
}
