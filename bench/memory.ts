/** Memory: the server's, every ten seconds, while it issues tokens to clients at 64 connections. */
import { ourSubject } from "./comparison";
import type { Context } from "./context";
import { goalTable } from "./goals";
import { load } from "./measure";
import { startPostgres } from "./postgres";
import type { Reading } from "./probe";
import { say } from "./process";
import { heading, print, verdict } from "./report";
import { slope } from "./statistics";
import { countRows } from "./subject";
import { table } from "./table";
import { requestsOf } from "./workloads";

const EVERY_SECONDS = 10;
const CONNECTIONS = 64;
const MAX_MB = 350;
/** Before it the heap still finds its size. */
const SETTLED_AFTER = 0.3;
/** Megabytes a minute; what is left of the garbage collector's tides over some minutes. */
const STABLE_SLOPE = 2;

interface Point {
  minutes: number;
  reading: Reading;
  rate: number;
}

const megabytes = (bytes: number): number => bytes / 2 ** 20;

export async function benchMemory(context: Context): Promise<string[]> {
  const { options, folder, afterwards } = context;
  const postgres = await startPostgres(folder);
  afterwards(postgres.stop);
  const before = heading(postgres.description);
  const url = await postgres.createDatabase("latchkey");
  const ours = await ourSubject(context, { url }, { codes: 0, tokens: 100 });
  const requests = requestsOf("W1", ours.fixture, ours.paths);

  const problems: string[] = [];
  const points: Point[] = [];
  let answered = 0;
  const first = await ours.read(true);
  const start = performance.now();
  const passed = () => (performance.now() - start) / 60_000;
  while (passed() < options.minutes) {
    const loaded = await load({
      port: ours.port,
      connections: CONNECTIONS,
      seconds: EVERY_SECONDS,
      requests,
      order: "cycle",
      countOnly: true,
    });
    const { 200: good = 0, ...others } = loaded.statuses;
    if (Object.keys(others).length > 0) problems.push(`other answers: ${JSON.stringify(others)}`);
    problems.push(...loaded.broken);
    answered += good;
    points.push({ minutes: passed(), reading: await ours.read(), rate: good / loaded.seconds });
    say(`${passed().toFixed(1)} of ${options.minutes} minutes, ${answered} tokens`);
  }
  const last = await ours.read(true);
  const rows = (await countRows(url, "SELECT count(*)::int AS count FROM tokens")) - ours.prepared;
  if (rows !== answered) problems.push(`${answered} tokens were answered, ${rows} are in the database`);

  const max = Math.max(...points.map(({ reading }) => megabytes(reading.rssBytes)));
  const settled = points.slice(Math.floor(points.length * SETTLED_AFTER));
  const growth = slope(
    settled.map(({ minutes, reading }) => ({ x: minutes, y: megabytes(reading.rssBytes) })),
  );
  print([
    ...before,
    `W1 at ${CONNECTIONS} connections for ${options.minutes} minutes, ${answered} tokens. Alive on the heap before ` +
      `${megabytes(first.heapBytes).toFixed(1)} MB, afterwards ${megabytes(last.heapBytes).toFixed(1)} MB.`,
    "",
    ...table([
      ["minute", "RSS MB", "heap MB", "external MB", "req/s"],
      ...points.map(({ minutes, reading, rate }) => [
        minutes.toFixed(1),
        ...[reading.rssBytes, reading.heapBytes, reading.externalBytes].map((bytes) =>
          megabytes(bytes).toFixed(0),
        ),
        rate.toFixed(0),
      ]),
    ]),
    "",
    ...goalTable([
      {
        what: "memory under W1",
        must: `≤ ${MAX_MB} MB`,
        reached: `${max.toFixed(0)} MB`,
        holds: max <= MAX_MB,
      },
      {
        what: "slope after the first 30 %",
        must: `< ${STABLE_SLOPE} MB a minute`,
        reached: `${growth.toFixed(2)} MB a minute`,
        holds: growth < STABLE_SLOPE,
      },
    ]),
    "",
    ...verdict(problems),
  ]);
  return problems;
}
