/** What the product promises, and whether it was reached. */
import type { Result } from "./compare";
import { floorOf, of, peersOf, ratio } from "./report";
import { table } from "./table";
import { openRates, type WorkloadName } from "./workloads";

/** What is asked of what, what was found, and whether that is enough. */
export interface Reached {
  what: string;
  must: string;
  reached: string;
  /** Null: told beside a goal, and none itself. */
  holds: boolean | null;
}

export function goalTable(goals: Reached[]): string[] {
  const rows = goals.map(({ what, must, reached, holds }) => [what, must, reached, word(holds)]);
  return table([["", "must reach", "reached", ""], ...rows], [0, 1, 2, 3]);
}

function word(holds: boolean | null): string {
  if (holds === null) return "";
  return holds ? "yes" : "NO";
}

/** Workload, connections, how many times the rate of the fastest peer. */
const timesBestPeer: [WorkloadName, number, number][] = [
  ["W1", 64, 2],
  ["W2", 64, 1.5],
  ["W3", 16, 2],
  ["W4", 16, 2],
];
/** One connection may take this much longer than one INSERT for each request. */
const FLOOR_FACTOR = 1.5;
const BEARER_MS = 5;
const RSS_MB = 350;

/** The goals that a comparison has something to say about: not all workloads may have been measured. */
export function goalsOf(results: Result[]): Reached[] {
  const ours = (workload: WorkloadName, connections: number) =>
    results.find(
      (one) => one.workload === workload && one.connections === connections && one.subject.role === "ours",
    );
  const goals: Reached[] = [];
  for (const [workload, connections, times] of timesBestPeer) {
    const result = ours(workload, connections);
    const peers = result ? peersOf(result, results) : [];
    if (!result || peers.length === 0) continue;
    const reached = ratio(result, peers);
    goals.push({
      what: `${workload}, ${connections} connections`,
      must: `≥ ${times} × the fastest peer`,
      reached: `${reached.toFixed(2)} ×`,
      holds: reached >= times,
    });
  }
  const paced = ours("paced", 64);
  if (paced) {
    const p99 = of(paced, (round) => round.p99);
    goals.push({
      what: `bearer check, 64 connections, ${openRates.paced}/s (open loop)`,
      must: `p99 < ${BEARER_MS} ms`,
      reached: `${p99.toFixed(2)} ms`,
      holds: p99 < BEARER_MS,
    });
  }
  const bearer = ours("bearer", 64);
  if (bearer) {
    const rate = of(bearer, (round) => round.rate).toFixed(0);
    goals.push({
      what: "the same at 64 connections as fast as it goes (closed loop)",
      must: "told beside it",
      reached: `p99 ${of(bearer, (round) => round.p99).toFixed(2)} ms at ${rate}/s`,
      holds: null,
    });
  }
  const single = ours("W1", 1);
  const floor = single ? floorOf(single, results) : [];
  if (single && floor.length > 0) {
    const slower = 1 / ratio(single, floor);
    goals.push({
      what: "W1, 1 connection",
      must: `≤ ${FLOOR_FACTOR} × the time of the floor`,
      reached: `${slower.toFixed(2)} ×`,
      holds: slower <= FLOOR_FACTOR,
    });
  }
  const loaded = ours("W1", 64);
  if (loaded) {
    const rss = Math.max(...loaded.rounds.map(({ rssBytes }) => rssBytes)) / 2 ** 20;
    goals.push({
      what: "memory after W1",
      must: `≤ ${RSS_MB} MB`,
      reached: `${rss.toFixed(0)} MB`,
      holds: rss <= RSS_MB,
    });
  }
  return goals;
}
