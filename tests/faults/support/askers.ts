/** Askers who go on whatever they are told, and remember what each answer was and how long it took. */
import { setTimeout as wait } from "node:timers/promises";

export interface Told {
  status: number;
  /** RFC 9110 §10.2.3; null where the answer does not say. */
  retryAfter: string | null;
  error: string | undefined;
  accessToken: string | undefined;
  /** When it was asked, and how long the answer took, in milliseconds. */
  at: number;
  ms: number;
}

export interface Askers {
  told: Told[];
  /** The longest this machine kept us from running while they asked, in milliseconds: no fault of the server's. */
  readonly lag: number;
  /** Lets each of them hear its last answer. */
  stop(): Promise<void>;
}

/**
 * @param count how many ask at once
 * @param ask one request; what it throws is no answer at all and ends the test
 */
export function startAskers(count: number, ask: () => Promise<Response>): Askers {
  const told: Told[] = [];
  let isOver = false;
  let lag = 0;
  const goOn = async () => {
    while (!isOver) {
      const at = performance.now();
      const response = await ask();
      const body = await response.json();
      told.push({
        ...{ status: response.status, retryAfter: response.headers.get("retry-after") },
        ...{ error: body.error, accessToken: body.access_token },
        ...{ at, ms: performance.now() - at },
      });
      await wait(5);
    }
  };
  const watchLag = async () => {
    while (!isOver) {
      const at = performance.now();
      await wait(20);
      lag = Math.max(lag, performance.now() - at - 20);
    }
  };
  const all = Promise.all([watchLag(), ...Array.from({ length: count }, goOn)]);
  all.catch(() => {}); // `stop` tells
  return {
    told,
    get lag() {
      return lag;
    },
    async stop() {
      isOver = true;
      await all;
    },
  };
}
