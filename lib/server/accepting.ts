/**
 * Lets connections in before requests are worked on. Node takes one new connection a turn of its event loop: with every
 * turn full of work, somebody who comes while thousands of others do would wait for minutes to be let in at all.
 */
import type { Server } from "node:http";

/** For how long requests wait for connections at most, in milliseconds: thousands are let in meanwhile. */
const AT_MOST_MS = 1000;

let isAccepting = false;
let cameThisTurn = false;
let since = 0;
let waiting: (() => void)[] = [];

/** Follows the connections of this process's server. */
export function followConnections(server: Server): void {
  server.on("connection", () => {
    cameThisTurn = true;
    if (isAccepting) return;
    isAccepting = true;
    since = performance.now();
    setImmediate(look);
  });
}

/** @returns null when no connection is waiting, as is nearly always; otherwise what resolves when they are let in */
export function connectionsFirst(): Promise<void> | null {
  return isAccepting ? new Promise((resolve) => waiting.push(resolve)) : null;
}

function look(): void {
  if (cameThisTurn && performance.now() - since < AT_MOST_MS) {
    cameThisTurn = false;
    setImmediate(look);
    return;
  }
  isAccepting = false;
  const released = waiting;
  waiting = [];
  for (const resolve of released) resolve();
}
