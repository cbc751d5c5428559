/** What the processes of one server say to each other. */
import cluster from "node:cluster";
import { z } from "zod";

const fromWorker = z.discriminatedUnion("type", [
  /** It serves. */
  z.object({ type: z.literal("ready") }),
  /** It could not start; the line is for the operator. */
  z.object({ type: z.literal("failed"), line: z.string() }),
  /** Somebody wants the figures of all. */
  z.object({ type: z.literal("scrape"), id: z.number() }),
]);
const fromPrimary = z.discriminatedUnion("type", [
  z.object({ type: z.literal("stop") }),
  /** The figures of all, in Prometheus' own format; null when they could not be had. */
  z.object({ type: z.literal("scraped"), id: z.number(), text: z.string().nullable() }),
]);

export type FromWorker = z.infer<typeof fromWorker>;
export type FromPrimary = z.infer<typeof fromPrimary>;

/** @returns null for what others say over the same channel */
export function readFromWorker(message: unknown): FromWorker | null {
  return fromWorker.safeParse(message).data ?? null;
}

/** Tells the primary; resolves when it is on its way. In a process without one, nothing happens. */
export function tellPrimary(message: FromWorker): Promise<void> {
  const { worker } = cluster;
  if (!worker?.isConnected()) return Promise.resolve();
  return new Promise((resolve) => worker.send(message, () => resolve()));
}

/** Hears the primary. */
export function onPrimary(hear: (message: FromPrimary) => void): void {
  process.on("message", (message) => {
    const { data } = fromPrimary.safeParse(message);
    if (data) hear(data);
  });
}
