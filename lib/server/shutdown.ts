/** A clean end: requests in flight finish, the database closes, exit 0. */
import type { Server } from "node:http";
import type { Log } from "./log";

/** How long requests in flight may take to finish, in milliseconds. */
const GRACE_MS = 10_000;
/** A terminal sends Ctrl-C to us and to `npm start`, which passes it on: signals this close are one, in milliseconds. */
const ECHO_MS = 500;

/**
 * Ends the process on SIGINT and SIGTERM; a second signal ends it at once.
 * @param close what is to be closed once no request is left
 */
export function stopGracefully(server: Server, log: Log, close: () => Promise<void>): void {
  let since: number | undefined;
  const stop = async (signal: string) => {
    if (since !== undefined) {
      if (performance.now() - since > ECHO_MS) process.exit(1);
      return;
    }
    since = performance.now();
    log.info({ signal }, "stopping");
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    // A keep-alive connection that was busy becomes idle after its answer.
    const idle = setInterval(() => server.closeIdleConnections(), 100);
    const impatient = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    await closed;
    clearInterval(idle);
    clearTimeout(impatient);
    try {
      await close();
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, "the database did not close");
      process.exit(1);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(signal));
}
