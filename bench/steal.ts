/** What a virtual machine's host took away: processor time that was wanted here and given to other guests. */
import { readFileSync } from "node:fs";

interface Times {
  /** Worked, for whomever. */
  busy: number;
  stolen: number;
}

/** Starts counting. @returns says, in a line for the report, how much was stolen since; no line where it cannot be seen */
export function watchSteal(): () => string[] {
  const before = times();
  return () => {
    const now = times();
    if (!before || !now) return [];
    const stolen = now.stolen - before.stolen;
    const wanted = now.busy - before.busy + stolen;
    const share = wanted === 0 ? 0 : (100 * stolen) / wanted;
    return [`Of the processor time wanted meanwhile, the host gave ${share.toFixed(1)} % to others (steal).`];
  };
}

/** From /proc/stat (Linux): user, nice, system, idle, iowait, irq, softirq, steal. */
function times(): Times | null {
  try {
    const [first = ""] = readFileSync("/proc/stat", "utf8").split("\n");
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = first
      .replace(/^cpu +/, "")
      .split(" ")
      .map(Number);
    return { busy: user + nice + system + irq + softirq, stolen };
  } catch {
    return null;
  }
}
