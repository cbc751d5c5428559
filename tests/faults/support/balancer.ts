/**
 * A balancer of a few lines: each request goes to the next server, whoever sent it and whatever came before. One that
 * failed is left alone for a while, as by `max_fails=1 fail_timeout=5s` of nginx.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";

const FAIL_TIMEOUT_MS = 5_000;

export interface Balancer {
  url: string;
  /** How many requests each of the servers has answered. */
  answered: readonly number[];
  /** From now on to these. */
  serve(targets: readonly string[]): void;
  close(): Promise<void>;
}

export async function startBalancer(): Promise<Balancer> {
  const agent = new http.Agent({ keepAlive: true });
  const answered: number[] = [];
  let targets: readonly string[] = [];
  let turn = 0;
  const failedAt = new Map<string, number>();
  const hasFailed = (target: string) =>
    performance.now() - (failedAt.get(target) ?? Number.NEGATIVE_INFINITY) < FAIL_TIMEOUT_MS;

  /** The next one that has not just failed; any, where all have. */
  function next(): number {
    for (const _ of targets) {
      turn += 1;
      const at = turn % targets.length;
      if (!hasFailed(targets[at] ?? "")) return at;
    }
    return turn % targets.length;
  }

  /** @param left how many servers may still be tried: only while nothing was sent */
  function pass(req: http.IncomingMessage, res: http.ServerResponse, body: Buffer, left: number) {
    const at = next();
    const headers = { ...req.headers, "x-forwarded-for": "203.0.113.7" };
    const onward = http.request(new URL(req.url ?? "/", targets[at]), { method: req.method, headers, agent });
    onward.on("response", (response) => {
      answered[at] = (answered[at] ?? 0) + 1;
      res.writeHead(response.statusCode ?? 502, response.headers);
      response.on("error", () => res.destroy()).pipe(res);
    });
    onward.on("error", (error) => {
      failedAt.set(targets[at] ?? "", performance.now());
      if ("code" in error && error.code === "ECONNREFUSED" && left > 1) pass(req, res, body, left - 1);
      else if (res.headersSent) res.destroy();
      else res.writeHead(502, { "content-type": "application/json" }).end("{}");
    });
    onward.end(body);
  }

  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => pass(req, res, Buffer.concat(chunks), targets.length));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answered,
    serve(servers) {
      targets = servers;
      failedAt.clear();
      answered.splice(0, answered.length, ...servers.map(() => 0));
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
