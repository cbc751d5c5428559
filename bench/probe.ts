/** Loaded into every measured server by `--import`: says what it has used so far, and profiles it when asked to. */
import { writeFile } from "node:fs/promises";
import { Session } from "node:inspector/promises";
import pg from "pg";

export interface Reading {
  /** Statements sent to the database, Prisma's included. */
  statements: number;
  /** User and system, in seconds. */
  cpuSeconds: number;
  rssBytes: number;
  /** Of those, what JavaScript objects take, dead ones that are not yet collected included. */
  heapBytes: number;
  /** Buffers and other memory that JavaScript objects hold outside the heap. */
  externalBytes: number;
}

export type Question =
  | { ask: "reading"; collected?: boolean }
  | { ask: "profile" }
  | { ask: "save profile"; file: string };

let statements = 0;
const query: (...args: unknown[]) => unknown = pg.Client.prototype.query;
Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...args: unknown[]) {
    statements++;
    return query.apply(this, args);
  },
});

const session = new Session();

async function answer(question: Question): Promise<Reading | null> {
  if (question.ask === "profile") {
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: 500 });
    await session.post("Profiler.start");
    return null;
  }
  if (question.ask === "save profile") {
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    await writeFile(question.file, JSON.stringify(profile));
    return null;
  }
  const { user, system } = process.cpuUsage();
  if (question.collected) {
    session.connect();
    await session.post("HeapProfiler.collectGarbage");
    session.disconnect();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const cpuSeconds = (user + system) / 1e6;
  return { statements, cpuSeconds, rssBytes: rss, heapBytes: heapUsed, externalBytes: external };
}

process.on("message", async (question: object) => {
  if (isQuestion(question)) process.send?.({ answer: await answer(question) });
});
// When the bench is gone, the server goes, too.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));

/** A server of the bench's own gets other messages, too. */
function isQuestion(message: object): message is Question {
  return "ask" in message;
}
