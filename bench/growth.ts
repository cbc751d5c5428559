/** Growth: the same server on two databases side by side, one with few tokens and one with many. */
import { compare, type Plan } from "./compare";
import { ourSubject } from "./comparison";
import type { Context } from "./context";
import { goalTable } from "./goals";
import { fillTokens } from "./latchkey/many-tokens";
import { startPostgres } from "./postgres";
import { say } from "./process";
import { heading, medians, print, ratio, resultTable, verdict } from "./report";
import type { Subject } from "./subject";

const FEW = 5000;
const MANY = 5_000_000;
const CONNECTIONS = 64;
const MUST = 0.85;
// A page's first change after a checkpoint writes all of it to the log: the first minute of every quarter of an hour,
// which a few seconds after a checkpoint would take for the rule.
const WARM_UP_SECONDS = 30;

export async function benchGrowth(context: Context): Promise<string[]> {
  const { options, folder, afterwards } = context;
  const postgres = await startPostgres(folder);
  afterwards(postgres.stop);
  const before = heading(postgres.description);
  const subjects: Subject[] = [];
  for (const tokens of [FEW, MANY]) {
    const url = await postgres.createDatabase(`tokens_${tokens}`);
    const subject = await ourSubject(context, { url }, { codes: 0, tokens: FEW / 2 });
    const more = tokens - subject.prepared;
    if (more > 0) {
      say(`Filling up to ${tokens} tokens…`);
      await fillTokens(url, more);
    }
    subjects.push({ ...subject, name: `${tokens.toLocaleString("en")} tokens`, prepared: tokens });
  }
  await postgres.checkpoint(); // what the fill has left is not written during a round
  const plan: Plan = {
    ...options,
    only: ["W1", "W2"],
    warmUpSeconds: WARM_UP_SECONDS,
    databaseCpu: postgres.cpuSeconds,
  };
  const { results, all } = await compare(subjects, plan);
  const problems = all.flatMap(({ checked }) => [...checked.problems]);
  const goals = (["W1", "W2"] as const).flatMap((workload) => {
    const [few, many] = results.filter((one) => one.workload === workload && one.connections === CONNECTIONS);
    if (!few || !many) return [];
    const reached = ratio(many, [few]);
    return {
      what: `${workload}, ${many.subject.name} against ${few.subject.name}`,
      must: `≥ ${MUST} ×`,
      reached: `${reached.toFixed(2)} ×`,
      holds: reached >= MUST,
    };
  });
  print([
    ...before,
    medians(options),
    "",
    ...resultTable(results),
    "",
    ...goalTable(goals),
    "",
    ...verdict(problems),
  ]);
  return problems;
}
