/** The primary of several processes: starts the workers, replaces those that die, and ends when all have ended. */
import cluster, { type Worker } from "node:cluster";
import { answerScrapes } from "./cluster-metrics";
import type { Log } from "./log";
import { GRACE_MS, onStopSignal } from "./shutdown";
import { type FromPrimary, readFromWorker } from "./worker-messages";

/** A worker that lived shorter than this, in milliseconds, died at once: its place is filled later and later. */
const SOON_MS = 10_000;
const LATEST_MS = 10_000;
/** Starts in a row that may fail while nobody serves. */
const FAILED_STARTS = 5;

export interface ClusterOptions {
  /** How many workers. */
  count: number;
  /** The file a worker runs. It says "ready" when it serves, "failed" when it cannot, and ends at "stop". */
  script: string;
  log: Log;
  /** Hears, once, that all of them serve. */
  onReady(): void;
  /** Hears why it gives up, in one line. */
  onHopeless(line: string): void;
}

/** Runs until it is told to stop or gives up. @returns the exit code, when the last worker has ended */
export function runCluster({ count, script, log, onReady, onHopeless }: ClusterOptions): Promise<number> {
  const alive = new Set<Worker>();
  const servingSince = new Map<Worker, number>();
  let hasServed = false;
  let deaths = 0;
  let line: string | undefined;
  let exitCode: number | null = null;

  cluster.setupPrimary({ exec: script, args: [] });
  answerScrapes();

  return new Promise((resolve) => {
    const start = () => {
      if (exitCode === null) alive.add(cluster.fork());
    };

    const stop = (code: number) => {
      if (exitCode !== null) return;
      exitCode = code;
      for (const worker of alive) {
        // One that has not begun to listen to us ends by the signal itself.
        if (servingSince.has(worker) && worker.isConnected())
          worker.send({ type: "stop" } satisfies FromPrimary);
        else worker.process.kill("SIGTERM");
      }
      setTimeout(kill, GRACE_MS * 1.5).unref();
      if (alive.size === 0) resolve(code);
    };

    const kill = () => {
      exitCode = 1;
      for (const worker of alive) worker.process.kill("SIGKILL");
    };

    const giveUp = (what: string) => {
      onHopeless(line ?? what);
      stop(1);
    };

    /** @param how for the log: exit code or signal */
    const replace = (worker: Worker, how: Record<string, unknown>) => {
      const since = servingSince.get(worker);
      const lasted = since !== undefined && performance.now() - since >= SOON_MS;
      deaths = lasted ? 0 : deaths + 1;
      if (!hasServed) return giveUp(`A worker ended before it served: ${JSON.stringify(how)}.`);
      const nobodyServes = [...alive].every((other) => !servingSince.has(other));
      if (nobodyServes && since === undefined && deaths >= FAILED_STARTS)
        return giveUp(`No worker serves, and ${deaths} in a row died at once.`);
      const delay = deaths <= 1 ? 0 : Math.min(250 * 2 ** (deaths - 2), LATEST_MS);
      log.error({ worker: worker.process.pid, ...how, line, delay }, "a worker ended: another one starts");
      setTimeout(start, delay);
    };

    cluster.on("message", (worker: Worker, message: unknown) => {
      const said = readFromWorker(message);
      if (said?.type === "failed") line = said.line;
      if (said?.type !== "ready") return;
      servingSince.set(worker, performance.now());
      line = undefined;
      if (hasServed || servingSince.size < count) return;
      hasServed = true;
      onReady();
    });

    cluster.on("exit", (worker: Worker, code: number | null, signal: string | null) => {
      alive.delete(worker);
      if (exitCode === null) replace(worker, signal ? { signal } : { code });
      else if (code !== 0 && servingSince.has(worker)) exitCode = 1;
      servingSince.delete(worker);
      if (exitCode !== null && alive.size === 0) resolve(exitCode);
    });

    onStopSignal((signal) => {
      log.info({ signal }, "stopping");
      stop(0);
    }, kill);
    for (let at = 0; at < count; at += 1) start();
  });
}
