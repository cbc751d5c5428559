/** Whether the answers were right: looked at between the rounds and after them, never in the timed loop. */
import type { Loaded } from "./load";
import type { Subject } from "./subject";
import type { Answer } from "./tape";
import type { Fixture, WorkloadName } from "./workloads";

/** What a subject's answers have shown so far. */
export interface Checked {
  /** Every access token it answered. */
  accessTokens: Set<string>;
  /** How many codes and refresh tokens were taken. */
  consumed: number;
  problems: Set<string>;
}

type Body = Record<string, unknown>;

/** What is wrong with one answer; null when nothing is. */
const wrong: Record<WorkloadName, (body: Body, answer: Answer, fixture: Fixture) => string | null> = {
  floor: (body) => tokens(body, false),
  W1: (body) => tokens(body, false),
  W2: ({ active, client_id }, { request }, { tokens: live }) =>
    active === true && client_id === live[request]?.client_id ? null : "not alive, or somebody else's",
  W3: (body) => tokens(body, true),
  W4: (body) => tokens(body, true),
  bearer: sameUser,
  paced: sameUser,
};

function sameUser({ id }: Body, { request }: Answer, { bearers }: Fixture): string | null {
  return id === bearers[request]?.userId ? null : "somebody else's answer";
}

const issues: readonly WorkloadName[] = ["floor", "W1", "W3", "W4"];

export function startChecks(): Checked {
  return { accessTokens: new Set(), consumed: 0, problems: new Set() };
}

/** Looks at every answer of one measurement. */
export function checkAnswers(
  checked: Checked,
  subject: Subject,
  workload: WorkloadName,
  loaded: Loaded,
): void {
  const say = (problem: string) => checked.problems.add(`${subject.name}, ${workload}: ${problem}`);
  for (const problem of loaded.broken) say(problem);
  if (loaded.answers.length === 0) say("no answers");
  for (const answer of loaded.answers) {
    if (answer.status !== 200) {
      say(`${answer.status} ${answer.body.slice(0, 200)}`);
      continue;
    }
    const body: Body = JSON.parse(answer.body);
    const problem = wrong[workload](body, answer, subject.fixture);
    if (problem !== null) say(problem);
    if (!issues.includes(workload)) continue;
    const token = String(body.access_token);
    if (checked.accessTokens.has(token)) say("one access token twice");
    checked.accessTokens.add(token);
    if (workload === "W3" || workload === "W4") checked.consumed++;
  }
}

/** The database must have grown by as many access tokens as were answered since the start. */
export async function checkRows(checked: Checked, subject: Subject): Promise<void> {
  if (subject.issued === null) return;
  const rows = (await subject.issued()) - subject.prepared;
  const answered = checked.accessTokens.size;
  if (rows !== answered)
    checked.problems.add(`${subject.name}: ${answered} tokens were answered, ${rows} are in its database`);
}

function tokens({ access_token, token_type, refresh_token }: Body, refreshes: boolean): string | null {
  if (typeof access_token !== "string" || !/^bearer$/i.test(String(token_type))) return "no access token";
  return refreshes && typeof refresh_token !== "string" ? "no refresh token" : null;
}
