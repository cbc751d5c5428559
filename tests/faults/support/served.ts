/** A server as server.ts makes it, with a stand-in for Next's pages. `close` leaves its runtime open. */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { limits } from "../../../latchkey.config";
import { serveFastLane } from "../../../lib/server/http";
import { createLanes } from "../../../lib/server/lanes";
import { servePage } from "../../../lib/server/pages";
import { hardenServer, timeouts } from "../../../lib/server/timeouts";
import type { TestServer } from "../../support/runtime";

export interface Served extends TestServer {
  port: number;
  server: http.Server;
}

/** @param options others than the server's own: limits, and how long a connection may take */
export async function serve(
  test: TestServer,
  options: { inFlight?: Partial<typeof limits.inFlight>; timeouts?: Partial<typeof timeouts> } = {},
): Promise<Served> {
  const { rt } = test;
  const lanes = createLanes({ ...limits.inFlight, ...options.inFlight });
  /** A page reads what was uploaded, and asks the database a few times, one after the other. */
  const page = async (req: http.IncomingMessage, res: http.ServerResponse) => {
    try {
      req.resume();
      if (req.method === "POST") await once(req, "end");
      for (let question = 0; question < 8; question++) await rt.db.prisma.user.count();
      res.setHeader("content-type", "text/html");
      res.end("<h1>Developer apps</h1>");
    } catch {
      res.statusCode = 500;
      res.end("<h1>Something went wrong</h1>");
    }
  };
  const server = http.createServer({ ...timeouts, ...options.timeouts }, async (req, res) => {
    if (!(await serveFastLane(rt, req, res, lanes))) await servePage(rt, req, res, page, lanes);
  });
  server.keepAliveTimeout = 65_000;
  hardenServer(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4096, resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { ...test, url: `http://127.0.0.1:${port}`, port, server, close };
}
