/** One measurement: a subject under one workload for some seconds, and what it cost. */
import { followed } from "./chain";
import { type Checked, checkAnswers, checkRows, startChecks } from "./check";
import type { Load, Loaded } from "./load";
import { startHelper, tell } from "./process";
import { ascending, percentile } from "./statistics";
import type { Subject } from "./subject";
import { type Cell, openRates, orders, requestsOf, type WorkloadName } from "./workloads";

export interface Measured {
  answers: number;
  /** Answers a second. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Processor time of the server's process, in seconds. */
  cpuSeconds: number;
  /** Processor time of the database's, in seconds; null where it cannot be seen. */
  databaseSeconds: number | null;
  /** Statements the server sent to its database. */
  statements: number;
  /** The server's resident memory afterwards. */
  rssBytes: number;
}

/** A subject with the requests it still has, and what its answers have shown. */
export interface Measurable {
  subject: Subject;
  checked: Checked;
  run(cell: Cell, seconds: number): Promise<Measured>;
}

const MOST_PER_SECOND = 20_000;
/** Of an open loop, not counted in its times: new connections, and a generator whose code is not compiled yet. */
const RAMP_SECONDS = 1;

/** @param databaseCpu processor time of the database so far, in seconds */
export function measurable(subject: Subject, databaseCpu: () => number | null): Measurable {
  const checked = startChecks();
  const requests = new Map<WorkloadName, string[]>();
  const requestsFor = (workload: WorkloadName) => {
    const there = requests.get(workload) ?? requestsOf(workload, subject.fixture, subject.paths);
    requests.set(workload, there);
    return there;
  };

  /** Codes are used once; chains go on from the last refresh token. */
  function use(workload: WorkloadName, { answers }: Loaded, given: number): void {
    const all = requestsFor(workload);
    if (orders[workload] === "once") {
      all.splice(0, answers.length);
      if (answers.length === given) checked.problems.add(`${subject.name}, ${workload}: the codes ran out`);
    }
    if (orders[workload] === "chain") {
      for (const { request, body } of answers) all[request] = followed(all[request] ?? "", body);
    }
  }

  return {
    subject,
    checked,
    async run({ workload, connections }, seconds) {
      // No more of them than can be sent: they travel to the generator.
      const requests = requestsFor(workload).slice(0, seconds * MOST_PER_SECOND);
      const before = await subject.read();
      const databaseBefore = databaseCpu();
      const perSecond = openRates[workload];
      const ramp = perSecond === undefined ? 0 : RAMP_SECONDS;
      const loaded = await load({
        port: subject.port,
        connections,
        seconds: seconds + ramp,
        requests,
        order: orders[workload],
        perSecond,
      });
      const databaseAfter = databaseCpu();
      const after = await subject.read();
      checkAnswers(checked, subject, workload, loaded);
      await checkRows(checked, subject);
      use(workload, loaded, requests.length);
      return {
        ...timesOf(loaded, ramp * (perSecond ?? 0)),
        cpuSeconds: after.cpuSeconds - before.cpuSeconds,
        databaseSeconds: databaseAfter === null ? null : databaseAfter - (databaseBefore ?? 0),
        statements: after.statements - before.statements,
        rssBytes: after.rssBytes,
      };
    },
  };
}

/** Runs the generator in a process of its own. */
export function load(work: Load): Promise<Loaded> {
  return tell<Loaded>(startHelper("load"), work);
}

/** @param ramp so many answers of the first are in no percentile */
function timesOf({ seconds, answers }: Loaded, ramp: number) {
  const sorted = ascending(answers.slice(ramp).map(({ milliseconds }) => milliseconds));
  return {
    answers: answers.length,
    rate: answers.length / seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
}
