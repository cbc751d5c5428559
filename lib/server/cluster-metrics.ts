/** The figures of all processes of one server, whichever of them is asked. */
import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry } from "prom-client";
import { registry } from "./metrics";
import { type FromPrimary, onPrimary, readFromWorker, tellPrimary } from "./worker-messages";

/** Longer than the primary waits for a worker that does not answer, in milliseconds. */
const WITHIN_MS = 6_000;

const asked = new Map<number, (text: string | null) => void>();
let last = 0;

/** In the primary: gathers what its workers count, whenever one of them asks. */
export function answerScrapes(): void {
  const all = new AggregatorRegistry();
  cluster.on("message", async (worker: Worker, message: unknown) => {
    const said = readFromWorker(message);
    if (said?.type !== "scrape") return;
    // Rejects when a worker died meanwhile.
    const text = await all.clusterMetrics().catch(() => null);
    if (worker.isConnected()) worker.send({ type: "scraped", id: said.id, text } satisfies FromPrimary);
  });
}

/** In a worker: hands over its figures, and hears those of all. */
export function joinScrapes(): void {
  AggregatorRegistry.setRegistries(registry);
  new AggregatorRegistry(); // listens to the primary's
  onPrimary((said) => {
    if (said.type === "scraped") asked.get(said.id)?.(said.text);
  });
}

/** The figures of all processes in Prometheus' own format; of this one alone when the others' cannot be had. */
export async function scrape(): Promise<string> {
  const all = cluster.isWorker ? await askPrimary() : null;
  return all ?? registry.metrics();
}

async function askPrimary(): Promise<string | null> {
  last += 1;
  const id = last;
  let timer: NodeJS.Timeout | undefined;
  const text = await new Promise<string | null>((resolve) => {
    asked.set(id, resolve);
    timer = setTimeout(() => resolve(null), WITHIN_MS);
    void tellPrimary({ type: "scrape", id });
  });
  clearTimeout(timer);
  asked.delete(id);
  return text;
}
