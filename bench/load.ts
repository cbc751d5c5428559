/**
 * The load generator: a closed or an open loop over keep-alive connections, in a process of its own. On plain sockets,
 * because autocannon takes twice the processor time for each request, which two cores would take from the server.
 */
import { connect } from "node:net";
import { followed } from "./chain";
import { type Answer, statusOf, Tape } from "./tape";

/**
 * `cycle`: start over at the end. `once`: send each request once, and end early when there are none left. `chain`: each
 * connection has one request, and puts the refresh token of every answer into the next one.
 */
export type Order = "cycle" | "once" | "chain";

export interface Load {
  port: number;
  connections: number;
  /** No request is sent after this time; those in flight are waited for. */
  seconds: number;
  /** Whole HTTP/1.1 requests. */
  requests: string[];
  order: Order;
  /**
   * An open loop: so many requests a second are due, whatever the answers. Each is sent when it is due, or as soon as a
   * connection is free, and its time counts from when it was due: a server that falls behind is seen to. Without it, a
   * closed loop: each connection sends when it has its answer.
   */
  perSecond?: number;
  /** Only count the answers, where there are too many to keep. */
  countOnly?: boolean;
}

export interface Loaded {
  /** From the first request to the last answer. */
  seconds: number;
  /** In their order. Empty where they were only counted. */
  answers: Answer[];
  /** How many answers there were, by status. */
  statuses: Record<number, number>;
  /** Connections that ended with a request in flight, and why. */
  broken: string[];
}

/** Of one answer. */
const MOST_BYTES = 64 * 1024;

async function run(load: Load): Promise<Loaded> {
  const { port, connections, seconds, requests, order, perSecond, countOnly } = load;
  const bytes = requests.map((request) => Buffer.from(request, "latin1"));
  const tape = new Tape();
  const statuses: Record<number, number> = {};
  const broken: string[] = [];
  let sent = 0;
  const pace = perSecond === undefined ? closedLoop(seconds) : openLoop(seconds, perSecond, connections);

  /** The index of what this connection sends next. */
  const next = (connection: number): number | null => {
    if (order === "chain") return connection;
    return order === "once" && sent === bytes.length ? null : sent++ % bytes.length;
  };

  const connection = (index: number) =>
    new Promise<void>((resolve) => {
      const received = Buffer.alloc(MOST_BYTES);
      let filled = 0;
      let chained = requests[index] ?? "";
      let request: number | null = null;
      let at = 0;
      const read = (bytes: number, chunk: Uint8Array) => {
        if (filled + bytes > MOST_BYTES) throw new Error(`an answer of more than ${MOST_BYTES} bytes`);
        received.set(chunk.subarray(0, bytes), filled);
        filled += bytes;
        const text = received.toString("latin1", 0, filled);
        if (request === null || !isComplete(text)) return true;
        if (countOnly) {
          const status = statusOf(text);
          statuses[status] = (statuses[status] ?? 0) + 1;
        } else tape.write(request, performance.now() - at, received, filled);
        if (order === "chain") chained = followed(chained, text);
        request = null;
        pace.whenDue(send);
        return true;
      };
      // One buffer for all that comes on a connection: chunks of its own for each answer would be garbage.
      const socket = connect({
        port,
        host: "127.0.0.1",
        noDelay: true,
        onread: { buffer: Buffer.alloc(MOST_BYTES), callback: read },
      });
      const send = (due: number | null) => {
        request = due === null ? null : next(index);
        if (due === null || request === null) return socket.end();
        filled = 0;
        at = due;
        socket.write(order === "chain" ? chained : (bytes[request] ?? ""), "latin1");
      };
      socket.on("connect", () => pace.whenDue(send));
      socket.on("error", (error) => broken.push(error.message));
      socket.on("close", () => {
        if (request !== null) broken.push("closed before the answer");
        pace.leave(send);
        resolve();
      });
    });

  await Promise.all(Array.from({ length: connections }, (_, index) => connection(index)));
  const passed = (performance.now() - pace.start()) / 1000;
  const answers = tape.read();
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  return { seconds: passed, answers, statuses, broken };
}

/** @param due when the request was due, in milliseconds; null: there are no more */
type Send = (due: number | null) => void;

/** When requests are sent. */
interface Pace {
  start(): number;
  /** Has this connection, which is free, send as soon as a request is due. */
  whenDue(send: Send): void;
  /** This connection has ended. */
  leave(send: Send): void;
}

/** A connection that is free sends at once. */
function closedLoop(seconds: number): Pace {
  const start = performance.now();
  const end = start + seconds * 1000;
  return {
    start: () => start,
    whenDue(send) {
      const now = performance.now();
      send(now < end ? now : null);
    },
    leave() {},
  };
}

/** How often an open loop looks whether something is due, in milliseconds. */
const TICK_MS = 1;

/** Requests are due at even distances from when all connections stand; who was free first sends the next. */
function openLoop(seconds: number, perSecond: number, connections: number): Pace {
  const all = seconds * perSecond;
  const free: Send[] = [];
  let open = connections;
  let given = 0;
  let start = performance.now();
  let ticks: NodeJS.Timeout | null = null;
  const dueAt = (index: number) => start + (index * 1000) / perSecond;
  const give = () => {
    while (free.length > 0 && (given === all || dueAt(given) <= performance.now()))
      free.shift()?.(given === all ? null : dueAt(given++));
  };
  const begin = () => {
    if (ticks !== null || free.length < open) return;
    start = performance.now();
    ticks = setInterval(give, TICK_MS);
  };
  return {
    start: () => start,
    whenDue(send) {
      free.push(send);
      if (ticks === null) begin();
      else give();
    },
    leave(send) {
      const place = free.indexOf(send);
      if (place >= 0) free.splice(place, 1);
      open -= 1;
      if (open > 0) begin();
      else if (ticks !== null) clearInterval(ticks);
    },
  };
}

/** The servers send no chunked answers on these paths: what the headers promise is counted. */
function isComplete(text: string): boolean {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /^content-length: *(\d+)\r$/im.exec(text.slice(0, head + 1))?.[1];
  if (length === undefined) throw new Error(`an answer without content-length:\n${text}`);
  return text.length >= head + 4 + Number(length);
}

process.once("message", async (load: Load) => {
  process.send?.({ answer: await run(load) }, () => process.disconnect());
});
