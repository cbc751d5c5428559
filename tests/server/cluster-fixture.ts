/** A server of several processes without the rest: its primary, or a worker that answers with its process id. */
import cluster from "node:cluster";
import http from "node:http";
import pino from "pino";
import { runCluster } from "../../lib/server/cluster";
import { joinScrapes, scrape } from "../../lib/server/cluster-metrics";
import { metrics } from "../../lib/server/metrics";
import { stopGracefully } from "../../lib/server/shutdown";
import { onPrimary, tellPrimary } from "../../lib/server/worker-messages";

const [, script = ""] = process.argv;
const { COUNT, PORT, BROKEN } = process.env;
const log = pino({ base: null });

async function lead(): Promise<void> {
  const code = await runCluster({
    count: Number(COUNT),
    script,
    log,
    onReady: () => process.stdout.write("ready\n"),
    onHopeless: (line) => process.stderr.write(`${line}\n`),
  });
  process.exit(code);
}

async function serve(): Promise<void> {
  const server = http.createServer(async (req, res) => {
    metrics.answered("/", 200);
    if (req.url === "/die") process.exit(7);
    if (req.url === "/kill") process.kill(process.pid, "SIGKILL");
    if (req.url === "/metrics") res.end(await scrape());
    else if (req.url === "/slow") setTimeout(() => res.end("slow"), 700);
    else res.end(String(process.pid));
  });
  const stop = stopGracefully(server, log, async () => {});
  joinScrapes();
  onPrimary(({ type }) => {
    if (type === "stop") stop();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(PORT), "127.0.0.1", resolve);
  });
  await tellPrimary({ type: "ready" });
}

async function fail(line: string): Promise<never> {
  await tellPrimary({ type: "failed", line });
  process.exit(1);
}

if (cluster.isPrimary) await lead();
else if (BROKEN === "told") await fail("The port is in use.");
else if (BROKEN === "silent") process.exit(3);
else await serve().catch((error) => fail(String(error)));
