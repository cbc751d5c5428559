/** The server: a process with one database handle and one HTTP server, or a primary that keeps several of them. */
import cluster from "node:cluster";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runCluster } from "./lib/server/cluster";
import { joinScrapes } from "./lib/server/cluster-metrics";
import { type Env, readEnv } from "./lib/server/env";
import { explain } from "./lib/server/explain";
import { serveFastLane } from "./lib/server/http";
import { createLog } from "./lib/server/log";
import { servePage } from "./lib/server/pages";
import { isRunning, runtime, startRuntime } from "./lib/server/runtime";
import { firstAdminAddress } from "./lib/server/setup";
import { stopGracefully } from "./lib/server/shutdown";
import { hardenServer, timeouts } from "./lib/server/timeouts";
import { onPrimary, tellPrimary } from "./lib/server/worker-messages";
import { demoPassword, demoPeople, seedDemo } from "./prisma/seed";

// What outlived its request by a little is collected before the heap has grown by half, not when it has doubled and more.
setFlagsFromString("--heap-growing-percent=50");
// V8 puts what is made by code whose objects once lived long among the old ones at once. A start makes that so of node:http
// and pg, and then all that a request made lives, in the old ones' hands, until the next full collection.
setFlagsFromString("--no-allocation-site-pretenuring");

async function main(): Promise<void> {
  const env = readEnv(process.env);
  if (cluster.isPrimary && env.webConcurrency > 1) return lead(env);
  await serve(env);
}

/** Prepares the database once, and has the workers serve. */
async function lead(env: Env): Promise<void> {
  const log = createLog(env.logLevel);
  const rt = await startRuntime({ env, log });
  if (env.demo) await seedDemo(rt.db, rt.passwords.hash);
  const setup = await firstAdminAddress(rt);
  await rt.close();
  if (!env.redisUrl) log.warn("without REDIS_URL, each of the processes counts for itself");
  process.exitCode = await runCluster({
    count: env.webConcurrency,
    script: fileURLToPath(import.meta.url),
    log,
    onReady: () => announce(env, setup),
    onHopeless: (line) => process.stderr.write(`${line}\n`),
  });
  process.exit();
}

/** Serves until it is told to stop. */
async function serve(env: Env): Promise<void> {
  const rt = await startRuntime({ env, isMigrated: cluster.isWorker });
  const { log } = rt;
  if (env.demo && cluster.isPrimary) await seedDemo(rt.db, rt.passwords.hash);
  // Before the port is open: whoever is answered may end this process at once, and the database with it.
  const setup = cluster.isPrimary ? await firstAdminAddress(rt) : null;

  // Only where it is needed: a primary serves no pages.
  const { default: next } = await import("next");
  const app = next({ dev: false, dir: process.cwd(), hostname: env.host, port: env.port });
  let pages: Promise<ReturnType<typeof app.getRequestHandler>>;
  const server = createServer(timeouts, (req, res) => {
    serveFastLane(rt, req, res)
      .then(async (served) => {
        if (!served) await servePage(rt, req, res, await pages);
      })
      .catch((error) => {
        log.error({ err: error, path: req.url?.split("?", 1)[0] }, "request failed");
        if (!res.headersSent) res.writeHead(500, { "content-type": "text/plain" });
        res.end("Something went wrong.");
      });
  });
  // Longer than a balancer keeps its connections, so that it is never the server that closes one under a request.
  server.keepAliveTimeout = 65_000;
  hardenServer(server);
  const stop = stopGracefully(server, log, async () => {
    await pages; // what has not begun cannot be closed
    await app.close();
    await rt.close();
  });
  if (cluster.isWorker) {
    joinScrapes();
    onPrimary(({ type }) => {
      if (type === "stop") stop();
    });
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(env.port, env.host, resolve);
  });
  // After the port is ours, so that a busy one is known before Next has begun; a page asked for meanwhile waits.
  pages = app.prepare().then(() => app.getRequestHandler());
  await pages;
  rt.courier.start();
  await tellPrimary({ type: "ready" });
  if (cluster.isPrimary) announce(env, setup);
}

/** @param setup where the first administrator is made; null where there is one */
function announce({ issuer, demo, databaseUrl, smtpUrl, dataDir }: Env, setup: string | null): void {
  const lines = [
    `Latchkey is ready at ${issuer}`,
    databaseUrl === undefined ? "Database: embedded" : "Database: PostgreSQL",
  ];
  if (smtpUrl === undefined)
    lines.push(`Letters land in ${path.join(dataDir, "outbox")}: SMTP_URL is not set`);
  if (demo) {
    lines.push("", `Demo sign-ins, all with the password ${demoPassword}:`);
    for (const { email, says } of demoPeople) lines.push(`  ${email.padEnd(24)} ${says}`);
  }
  if (setup !== null)
    lines.push(
      "",
      "Nobody administers this installation yet. This link makes the first one, once, within 24 hours:",
      `  ${setup}`,
    );
  process.stdout.write(`\n${lines.join("\n")}\n\n`);
}

main().catch(async (error) => {
  const line = explain(error);
  if (cluster.isWorker) await tellPrimary({ type: "failed", line });
  else process.stderr.write(`${line}\n`);
  if (isRunning()) await runtime().close();
  process.exit(1);
});
