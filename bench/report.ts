/** Prints what was measured as a table that can go into docs/performance.md as it is. */
import os from "node:os";

/** One workload in one round. */
export interface Measured {
  answers: number;
  seconds: number;
  /** Answers a second. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** What the server used meanwhile. */
  cpuSeconds: number;
  /** What the server sent to its database meanwhile. */
  statements: number;
}

export interface Report {
  database: "embedded" | "postgresql";
  seconds: number;
  rounds: number;
  results: { target: "floor" | "exchange" | "bearer"; connections: number; rounds: Measured[] }[];
  /** The server's resident memory after the last round. */
  rssBytes: number;
  commit: string;
  problems: string[];
}

const titles = {
  floor: "floor: node:http + one prepared INSERT",
  exchange: "W4: code exchange, PKCE, Basic",
  bearer: "bearer check: GET /public/v1/me",
};

export function report({ database, seconds, rounds, results, rssBytes, commit, problems }: Report): void {
  const [cpu] = os.cpus();
  const rows = results.map(({ target, connections, rounds: measured }) => {
    const of = (value: (round: Measured) => number) => median(measured.map(value));
    const floor = results.find((other) => other.target === "floor" && other.connections === connections);
    // Each round against the floor of the same round, so that the machine's moods cancel out.
    const ratio = median(measured.map((round, i) => round.rate / (floor?.rounds[i]?.rate ?? Number.NaN)));
    const server = [
      of((round) => round.cpuSeconds).toFixed(2),
      of((round) => (round.cpuSeconds / round.answers) * 1e6).toFixed(0),
      of((round) => round.statements / round.answers).toFixed(2),
    ];
    return [
      titles[target],
      connections.toString(),
      of((round) => round.rate).toFixed(0),
      of((round) => round.p50).toFixed(2),
      of((round) => round.p99).toFixed(2),
      target === "floor" ? "1" : ratio.toFixed(2),
      ...(target === "floor" ? ["", "", ""] : server),
    ];
  });
  const head = ["", "connections", "req/s", "p50 ms", "p99 ms", "× floor", "CPU s", "CPU µs/req", "SQL/req"];
  const lines = [
    `${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${database}, Node ${process.versions.node}, ` +
      `${os.cpus().length} × ${cpu?.model.trim() ?? "unknown"}, load ${os.loadavg()[0]?.toFixed(1)}`,
    `Medians of ${rounds} interleaved rounds of ${seconds} s. Server memory afterwards: ${(rssBytes / 2 ** 20).toFixed(0)} MB.`,
    "",
    ...table([head, ...rows]),
    "",
    problems.length === 0
      ? "Every answer was checked: 2xx, distinct tokens, each in the database, as many rows as answers."
      : `NOT VALID:\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
  ];
  process.stdout.write(`\n${lines.join("\n")}\n`);
}

function table(rows: string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: string[]) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  const [head = [], ...rest] = rows;
  return [line(head), rule, ...rest.map(line)];
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
