/**
 * A server process without Next that may be killed at any moment: the fast lane on a port, and a line to its parent for
 * what only the process that owns the database can do.
 */
import http from "node:http";
import { serveFastLane } from "../../../lib/server/http";
import { startRuntime } from "../../../lib/server/runtime";
import { databaseFacts } from "../../support/databases";
import { codeFor } from "../../support/world";
import type { Order } from "./process";

// What the load may ask for is not limited here: that is another test's.
const none = { requests: 1e9, seconds: 60 };
const rt = await startRuntime({
  rateLimits: { token: none, app: none },
  clientLimits: { clientFailures: none, addressFailures: none, issues: none },
});
// A busy machine may take longer to start a server again than a client waits with its retry.
rt.as.refreshReplaySeconds = 600;
const facts = databaseFacts(rt.db);
const server = http.createServer((req, res) => void serveFastLane(rt, req, res));

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case "app":
      return facts.addApp(order.app);
    case "user":
      return facts.addUser();
    case "codes":
      return codes(order);
    case "query":
      return (await rt.db.pool.query(order.sql)).rows;
  }
}

/** One after the other: they are of one consent, whose row each of them locks. */
async function codes({ app, userId, count }: Extract<Order, { do: "codes" }>): Promise<string[]> {
  const made: string[] = [];
  while (made.length < count) made.push(await codeFor(rt, app, userId));
  return made;
}

process.on("message", ({ id, order }: { id: number; order: Order }) => {
  obey(order).then(
    (answer) => process.send?.({ id, answer }),
    (error) => process.send?.({ id, error: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => process.send?.({ id: 0, answer: server.address() }));
