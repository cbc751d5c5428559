/** The comparison: every subject under every workload, in interleaved rounds. */
import path from "node:path";
import { type Measurable, type Measured, measurable } from "./measure";
import { say } from "./process";
import type { Subject } from "./subject";
import { type Cell, cells, titles, type WorkloadName } from "./workloads";

/** What one subject did in one cell, round by round. */
export interface Result extends Cell {
  subject: Subject;
  rounds: Measured[];
}

const WARM_UP_CONNECTIONS = 16;

export interface Plan {
  seconds: number;
  rounds: number;
  only: readonly WorkloadName[];
  /** Of each workload, before the first round. */
  warmUpSeconds: number;
  databaseCpu: () => number | null;
}

/** How many seconds a workload is sent for at most, warm-up and profile included. */
export function secondsOf(workload: WorkloadName, { seconds, rounds, warmUpSeconds }: Plan): number {
  const perRound = cells.filter((cell) => cell.workload === workload).length;
  return warmUpSeconds + (rounds * perRound + 1) * seconds;
}

export async function compare(
  subjects: Subject[],
  plan: Plan,
): Promise<{ results: Result[]; all: Measurable[] }> {
  const all = subjects.map((subject) => measurable(subject, plan.databaseCpu));
  const takes = ({ subject }: Measurable, workload: WorkloadName) =>
    plan.only.includes(workload) && subject.takesPart.includes(workload);
  for (const one of all)
    for (const workload of new Set(one.subject.takesPart.filter((name) => plan.only.includes(name))))
      await one.run({ workload, connections: WARM_UP_CONNECTIONS }, plan.warmUpSeconds);

  const lines = cells.map((cell) => ({
    cell,
    results: all
      .filter((one) => takes(one, cell.workload))
      .map((one) => ({ one, result: { ...cell, subject: one.subject, rounds: [] as Measured[] } })),
  }));
  for (let round = 0; round < plan.rounds; round++) {
    for (const { cell, results } of lines) {
      if (results.length === 0) continue;
      say(`Round ${round + 1} of ${plan.rounds}: ${titles[cell.workload]}, ${cell.connections} connections`);
      // Each round begins with another subject, so that nobody always follows the same one.
      const turn = round % results.length;
      for (const { one, result } of [...results.slice(turn), ...results.slice(0, turn)])
        result.rounds.push(await one.run(cell, plan.seconds));
    }
  }
  return { results: lines.flatMap(({ results }) => results.map(({ result }) => result)), all };
}

/** One .cpuprofile of each workload of one subject. */
export async function profile(one: Measurable, folder: string, { seconds, only }: Plan): Promise<void> {
  for (const workload of one.subject.takesPart.filter((name) => only.includes(name))) {
    const connections = Math.max(
      ...cells.filter((cell) => cell.workload === workload).map((cell) => cell.connections),
    );
    const file = path.resolve(folder, `${workload}.cpuprofile`);
    await one.subject.profile(file, () => one.run({ workload, connections }, seconds));
    say(`Profile: ${file}`);
  }
}
