/** The command line of `npm run bench`. */
import { parseArgs } from "node:util";
import { cells, type WorkloadName } from "./workloads";

export interface Options {
  /** Of one measurement. */
  seconds: number;
  rounds: number;
  only: WorkloadName[];
  /** Folder for .cpuprofile files; null: none. */
  profile: string | null;
  mode: "compare" | "growth" | "memory" | "pages" | "lists" | "start";
  /** Of `--memory`. */
  minutes: number;
  /** Our server alone, on the embedded database. */
  embedded: boolean;
}

/** @throws Error that names what is wrong */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string" },
      rounds: { type: "string" },
      only: { type: "string" },
      profile: { type: "string" },
      quick: { type: "boolean", default: false },
      growth: { type: "boolean", default: false },
      memory: { type: "string" },
      pages: { type: "boolean", default: false },
      lists: { type: "boolean", default: false },
      start: { type: "boolean", default: false },
      embedded: { type: "boolean", default: false },
    },
  });
  const modes = (["growth", "memory", "pages", "lists", "start"] as const).filter((mode) => values[mode]);
  if (modes.length > 1) throw new Error(`choose one of ${modes.map((mode) => `--${mode}`).join(" and ")}`);
  return {
    seconds: positive("seconds", values.seconds ?? (values.quick ? "2" : "5")),
    rounds: positive("rounds", values.rounds ?? (values.quick ? "1" : "3")),
    only: values.only === undefined ? names : values.only.split(",").map(workload),
    profile: values.profile ?? null,
    mode: modes[0] ?? "compare",
    minutes: positive("memory", values.memory ?? "10"),
    embedded: values.embedded,
  };
}

const names = [...new Set(cells.map(({ workload }) => workload))];

function workload(name: string): WorkloadName {
  const known = names.find((one) => one === name.trim());
  if (known === undefined) throw new Error(`--only knows ${names.join(", ")}, not ${name}`);
  return known;
}

function positive(name: string, given: string): number {
  const value = Number(given);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} must be a whole number above 0`);
}
