/** The server: one process, one database handle, one HTTP server with the fast lane in front of Next. */
import { createServer } from "node:http";
import next from "next";
import { MigrationMismatch } from "./lib/db/migrate";
import { EnvError } from "./lib/server/env";
import { serveFastLane } from "./lib/server/http";
import { DataDirTaken } from "./lib/server/lock";
import { isRunning, runtime, startRuntime } from "./lib/server/runtime";
import { stopGracefully } from "./lib/server/shutdown";
import { demoPassword, demoPeople, seedDemo } from "./prisma/seed";

async function main(): Promise<void> {
  const rt = await startRuntime();
  const { env, log } = rt;
  if (env.demo) await seedDemo(rt.db, rt.passwords.hash);

  const app = next({ dev: false, dir: process.cwd(), hostname: env.host, port: env.port });
  let pages: Promise<ReturnType<typeof app.getRequestHandler>>;
  const server = createServer((req, res) => {
    serveFastLane(rt, req, res)
      .then((served) => (served ? undefined : pages.then((handle) => handle(req, res))))
      .catch((error) => {
        log.error({ err: error, path: req.url?.split("?", 1)[0] }, "request failed");
        if (!res.headersSent) res.writeHead(500, { "content-type": "text/plain" });
        res.end("Something went wrong.");
      });
  });
  // Longer than a balancer keeps its connections, so that it is never the server that closes one under a request.
  server.keepAliveTimeout = 65_000;
  stopGracefully(server, log, async () => {
    await pages; // what has not begun cannot be closed
    await app.close();
    await rt.close();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(env.port, env.host, resolve);
  });
  // After the port is ours, so that a busy one is known before Next has begun; a page asked for meanwhile waits.
  pages = app.prepare().then(() => app.getRequestHandler());
  await pages;
  announce(env.issuer, env.demo, env.databaseUrl === undefined);
}

function announce(issuer: string, demo: boolean, embedded: boolean): void {
  const lines = [`Latchkey is ready at ${issuer}`, embedded ? "Database: embedded" : "Database: PostgreSQL"];
  if (demo) {
    lines.push("", `Demo sign-ins, all with the password ${demoPassword}:`);
    for (const { email, says } of demoPeople) lines.push(`  ${email.padEnd(24)} ${says}`);
  }
  process.stdout.write(`\n${lines.join("\n")}\n\n`);
}

/** One clear line for what the operator can mend; a stack only for what is ours. */
function explain(error: unknown): string {
  if (error instanceof EnvError) return `Wrong setting: ${error.message}`;
  if (error instanceof DataDirTaken || error instanceof MigrationMismatch) return error.message;
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `The port is in use: ${error.message}. Choose another with PORT.`;
  if (code === "EACCES") return `Not allowed: ${error.message}`;
  if (code === "ECONNREFUSED") return "The database of DATABASE_URL does not answer.";
  return error.stack ?? error.message;
}

main().catch(async (error) => {
  process.stderr.write(`${explain(error)}\n`);
  if (isRunning()) await runtime().close();
  process.exit(1);
});
