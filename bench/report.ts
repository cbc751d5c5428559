/** Prints what was measured as tables that can go into docs/performance.md as they are. */
import { execFileSync } from "node:child_process";
import os from "node:os";
import type { Result } from "./compare";
import type { Measured } from "./measure";
import { median } from "./statistics";
import { table } from "./table";
import { titles } from "./workloads";

const MEGABYTE = 2 ** 20;

/** The median over the rounds of something. */
export function of({ rounds }: Result, value: (round: Measured) => number): number {
  return median(rounds.map(value));
}

/** Our rate by the rate of the fastest of the others in the same round, so that the machine's moods cancel out. */
export function ratio(ours: Result, others: Result[]): number {
  return median(
    ours.rounds.map(
      ({ rate }, i) => rate / Math.max(...others.map(({ rounds }) => rounds[i]?.rate ?? Number.NaN)),
    ),
  );
}

/** What others did in the same cell as this one. */
export function peersOf(result: Result, results: Result[]): Result[] {
  return results.filter(
    ({ workload, connections, subject }) =>
      workload === result.workload && connections === result.connections && subject.role === "peer",
  );
}

/** What the floor did with as many connections. */
export function floorOf({ connections }: Result, results: Result[]): Result[] {
  return results.filter((other) => other.workload === "floor" && other.connections === connections);
}

/** One line for each subject in each cell. */
export function resultTable(results: Result[]): string[] {
  const head = [
    "",
    "conn.",
    "server",
    "req/s",
    "p50 ms",
    "p99 ms",
    "× best peer",
    "× floor",
    "CPU µs",
    "db CPU µs",
    "SQL",
    "RSS MB",
  ];
  const rows = results.map((result) => {
    const peers = peersOf(result, results);
    const floor = floorOf(result, results);
    const perAnswer = (seconds: (round: Measured) => number) =>
      of(result, (round) => (seconds(round) / round.answers) * 1e6);
    return [
      titles[result.workload],
      result.connections.toString(),
      result.subject.name,
      of(result, (round) => round.rate).toFixed(0),
      of(result, (round) => round.p50).toFixed(2),
      of(result, (round) => round.p99).toFixed(2),
      result.subject.role === "ours" && peers.length > 0 ? ratio(result, peers).toFixed(2) : "",
      floor.length > 0 && result.subject.role !== "floor" ? ratio(result, floor).toFixed(2) : "",
      perAnswer((round) => round.cpuSeconds).toFixed(0),
      result.rounds.some((round) => round.databaseSeconds === null)
        ? ""
        : perAnswer((round) => round.databaseSeconds ?? Number.NaN).toFixed(0),
      of(result, (round) => round.statements / round.answers).toFixed(2),
      Math.max(...result.rounds.map(({ rssBytes }) => rssBytes / MEGABYTE)).toFixed(0),
    ];
  });
  return table([head, ...rows], [0, 2]);
}

/** When, where and on what. */
export function heading(database: string): string[] {
  const [cpu] = os.cpus();
  const model = cpu?.model.trim() ?? "unknown";
  return [
    `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC, commit ${commit()}, Node ${process.versions.node}, ` +
      `${os.cpus().length} × ${model}, load ${os.loadavg()[0]?.toFixed(1)} before`,
    `Database: ${database}`,
  ];
}

/** How the table's figures came about. */
export function medians({ rounds, seconds }: { rounds: number; seconds: number }): string {
  return `Medians of ${rounds} interleaved rounds of ${seconds} s.`;
}

/** The last lines of every report. @param problems what was wrong with the answers */
export function verdict(problems: string[]): string[] {
  return problems.length === 0
    ? ["Every answer was checked: 200, distinct tokens, each in the database, as many rows as answers."]
    : ["NOT VALID:", ...problems.map((problem) => `- ${problem}`)];
}

export function print(lines: string[]): void {
  process.stdout.write(`\n${lines.join("\n")}\n`);
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") ? " with changes" : "");
  } catch {
    return "unknown";
  }
}
