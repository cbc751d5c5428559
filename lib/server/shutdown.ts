/** A clean end: requests in flight finish, the database closes, exit 0. */
import type { Server } from "node:http";
import type { Log } from "./log";

/** How long requests in flight may take to finish, in milliseconds. */
export const GRACE_MS = 10_000;
/** A terminal sends Ctrl-C to us and to `npm start`, which passes it on: signals this close are one, in milliseconds. */
const ECHO_MS = 500;

/**
 * Hears SIGINT and SIGTERM.
 * @param stop what the first one does
 * @param hurry what a later one does
 */
export function onStopSignal(stop: (signal: string) => void, hurry: () => void): void {
  let since: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (since !== undefined && performance.now() - since > ECHO_MS) hurry();
      if (since !== undefined) return;
      since = performance.now();
      stop(signal);
    });
}

/**
 * Ends the process on SIGINT and SIGTERM; a second signal ends it at once.
 * @param close what is to be closed once no request is left
 * @returns what a signal does, for other ways to be told to stop
 */
export function stopGracefully(server: Server, log: Log, close: () => Promise<void>): () => void {
  let isStopping = false;
  const stop = async (why: object) => {
    if (isStopping) return;
    isStopping = true;
    log.info(why, "stopping");
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
  onStopSignal(
    (signal) => void stop({ signal }),
    () => process.exit(1),
  );
  return () => void stop({});
}
