/** The modes that go through the table of workloads: beside the peers on PostgreSQL, or alone on the embedded database. */
import path from "node:path";
import { compare, type Plan, profile, secondsOf } from "./compare";
import type { Context } from "./context";
import { goalsOf, goalTable } from "./goals";
import { readOutcome } from "./latchkey/outcome";
import { prepare } from "./latchkey/prepare";
import { startLatchkey } from "./latchkey/server";
import type { Measurable } from "./measure";
import { startPostgres } from "./postgres";
import { say } from "./process";
import { heading, medians, print, resultTable, verdict } from "./report";
import { watchSteal } from "./steal";
import { countRows, peers, type Subject, startPeer } from "./subject";
import type { Amounts, WorkloadName } from "./workloads";

/** More exchanges a second than a server answers, so that codes last to the end of a run. */
const CODES_PER_SECOND = { ours: 12_000, peer: 4000, embedded: 4000 };
const TOKENS = 5000;
const WARM_UP_SECONDS = 2;
const OURS: readonly WorkloadName[] = ["W1", "W2", "W3", "W4", "bearer", "paced"];

export async function benchComparison(context: Context): Promise<string[]> {
  const { options, folder, afterwards } = context;
  const postgres = await startPostgres(folder);
  afterwards(postgres.stop);
  const before = heading(postgres.description);
  const steal = watchSteal();
  const plan: Plan = { ...options, warmUpSeconds: WARM_UP_SECONDS, databaseCpu: postgres.cpuSeconds };

  const subjects: Subject[] = [];
  const url = await postgres.createDatabase("latchkey");
  const ours = await ourSubject(context, { url }, amountsOf(plan, CODES_PER_SECOND.ours));
  subjects.push(ours);
  for (const entry of peers) {
    if (!entry.takesPart.some((workload) => options.only.includes(workload))) continue;
    say(`Preparing ${entry.name}…`);
    const peer = await startPeer(entry, postgres, amountsOf(plan, CODES_PER_SECOND.peer));
    afterwards(peer.stop);
    subjects.push(peer);
  }

  const { results, all } = await compare(subjects, plan);
  const own = all.find(({ subject }) => subject === ours);
  if (own && options.profile) await profile(own, options.profile, plan);
  await ours.stop();
  if (own) await checkOutcome(own, { url });
  const problems = all.flatMap(({ checked }) => [...checked.problems]);
  print([
    ...before,
    medians(options),
    ...steal(),
    "",
    ...resultTable(results),
    "",
    ...goalTable(goalsOf(results)),
    "",
    ...verdict(problems),
  ]);
  return problems;
}

/** Our server alone. Its processor time has the database's in it, which runs in its process. */
export async function benchEmbedded(context: Context): Promise<string[]> {
  const { options, folder } = context;
  const before = heading("embedded");
  const steal = watchSteal();
  const plan: Plan = { ...options, warmUpSeconds: WARM_UP_SECONDS, databaseCpu: () => null };
  const location = { folder: path.join(folder, "data", "database") };
  const ours = await ourSubject(context, location, amountsOf(plan, CODES_PER_SECOND.embedded));
  const { results, all } = await compare([ours], plan);
  const [own] = all;
  if (own && options.profile) await profile(own, options.profile, plan);
  await ours.stop();
  if (own) await checkOutcome(own, location);
  const problems = all.flatMap(({ checked }) => [...checked.problems]);
  print([...before, medians(options), ...steal(), "", ...resultTable(results), "", ...verdict(problems)]);
  return problems;
}

/** Our server, prepared and started. */
export async function ourSubject(
  { folder, afterwards }: Context,
  location: { url: string } | { folder: string },
  amounts: Amounts,
): Promise<Subject> {
  say("Preparing apps, users, consents, tokens and codes…");
  const fixture = await prepare(location, amounts);
  const url = "url" in location ? location.url : undefined;
  const server = await startLatchkey(folder, url);
  afterwards(server.stop);
  return {
    ...server,
    name: "latchkey",
    role: "ours",
    takesPart: OURS,
    fixture,
    prepared: fixture.tokens.length + fixture.bearers.length,
    paths: { token: "/oauth/token", introspect: "/oauth/introspect" },
    issued: url === undefined ? null : () => countRows(url, "SELECT count(*)::int AS count FROM tokens"),
  };
}

/** Looks every answered token up, and counts what was used up. */
async function checkOutcome(
  { subject, checked }: Measurable,
  location: { url: string } | { folder: string },
) {
  const { accessTokens, consumed, problems } = checked;
  const outcome = await readOutcome(location, [...accessTokens]);
  const same = (what: string, answered: number, there: number) =>
    answered === there || problems.add(`${answered} ${what} by the answers, ${there} by the database`);
  same("tokens found", accessTokens.size, outcome.found);
  same("tokens issued", accessTokens.size, outcome.issued - subject.prepared);
  same("codes and refresh tokens used", consumed, outcome.consumed);
}

function amountsOf(plan: Plan, codesPerSecond: number): Amounts {
  return { tokens: TOKENS, codes: plan.only.includes("W4") ? secondsOf("W4", plan) * codesPerSecond : 0 };
}
