/** The Redis of REDIS_URL: asked for what several instances share, done without whenever it does not answer. */
import type * as library from "@redis/client";
import type { Log } from "./log";

/** How long an answer may take, in milliseconds: in the same network it takes one. */
const PATIENCE_MS = 500;
/** For how long nobody asks a Redis that has not answered, in milliseconds. */
const QUIET_MS = 1000;
/** How long the start waits for a Redis that cannot be reached, in milliseconds. */
const CONNECT_MS = 2000;

type Client = ReturnType<typeof library.createClient>;

export interface Redis {
  client: Client;
  /** @returns the answer; null when Redis cannot be reached or takes too long */
  ask<Answer>(question: () => Promise<Answer>): Promise<Answer | null>;
  close(): void;
}

async function openClient(url: string): Promise<Client> {
  // Here, not above: it takes a start 0.15 s to load, and most have no Redis.
  const { createClient } = await import("@redis/client");
  return createClient({
    url,
    // A command that cannot be sent now is of no use later.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 2000),
    },
  });
}

/** Connects, and goes on trying where it cannot: a Redis that is away never stops the start, nor a request. */
export async function connectRedis(url: string, log: Log): Promise<Redis> {
  const client = await openClient(url);
  let isAway = false;
  let isTried = false;
  let quietUntil = 0;
  // One line when it goes and one when it is back, however many requests there are in between.
  const away = (error: unknown) => {
    if (!isAway) log.warn({ err: error }, "Redis does not answer: this instance counts for itself meanwhile");
    isAway = true;
    quietUntil = performance.now() + QUIET_MS;
  };
  const back = () => {
    if (isAway) log.info("Redis answers again");
    isAway = false;
    quietUntil = 0;
  };
  client.on("error", away);
  client.on("ready", back);

  const tried = new Promise<void>((resolve) => {
    client.once("ready", resolve);
    client.once("error", () => resolve());
  });
  // Ends by an error only when the client is closed while it is still trying.
  client.connect().catch(() => {});
  await tried;

  return {
    client,
    async ask(question) {
      if (!client.isReady) return null;
      // While it is away one call at a time finds out whether it still is; the others do not wait.
      const isTrial = isAway;
      if (isTrial && (isTried || performance.now() < quietUntil)) return null;
      isTried = isTrial;
      try {
        const answer = await inTime(question());
        back();
        return answer;
      } catch (error) {
        away(error);
        return null;
      } finally {
        if (isTrial) isTried = false;
      }
    },
    close: () => client.destroy(),
  };
}

/** The client's own time limit ends where a command is written; a Redis that hangs has read it. */
async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Error(`no answer in ${PATIENCE_MS} ms`));
    // After a turn that reads what has come: where this process was busy for so long, the answer may be here already.
    timer = setTimeout(() => setImmediate(giveUp), PATIENCE_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks what Redis shares, or this process's own where there is no Redis or none that answers. */
export async function askShared<Counter, Answer>(
  redis: Redis | null,
  { shared, own }: { shared: Counter | null; own: Counter },
  question: (counter: Counter) => Promise<Answer>,
): Promise<Answer> {
  const answer = redis && shared && (await redis.ask(() => question(shared)));
  return answer ?? question(own);
}
