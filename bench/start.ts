/** A start: how long `npm start` takes until it answers, where everything is installed, built and filled. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import type { Context } from "./context";
import { goalTable } from "./goals";
import { startPostgres } from "./postgres";
import { freePort, productionEnv, until } from "./process";
import { heading, print, verdict } from "./report";
import { median } from "./statistics";
import { table } from "./table";

const STARTS = 5;
const MAX_SECONDS = 5;

export async function benchStart({ folder, afterwards }: Context): Promise<string[]> {
  const postgres = await startPostgres(folder);
  afterwards(postgres.stop);
  const before = heading(postgres.description);
  const url = await postgres.createDatabase("latchkey");
  const places: { name: string; env: Record<string, string> }[] = [
    { name: "embedded", env: { DATA_DIR: path.join(folder, "embedded") } },
    { name: "PostgreSQL", env: { DATA_DIR: path.join(folder, "data"), DATABASE_URL: url } },
  ];
  const problems: string[] = [];
  const measured: { name: string; first: number; seconds: number[] }[] = [];
  for (const { name, env } of places) {
    const settings = { ...env, AUTH_SECRET: randomBytes(32).toString("base64url"), DEMO: "1" };
    const once = async () => {
      const { seconds, code } = await startOnce(settings);
      if (code !== 0) problems.push(`${name}: it ended with ${code}`);
      return seconds;
    };
    const first = await once();
    const seconds: number[] = [];
    while (seconds.length < STARTS) seconds.push(await once());
    measured.push({ name, first, seconds });
  }
  const middle = Math.max(...measured.map(({ seconds }) => median(seconds)));
  print([
    ...before,
    `\`npm start\` until /readyz says so, built: the first one makes the database and the demo; then ${STARTS} more.`,
    "",
    ...table([
      ["database", "first s", "median s", "longest s"],
      ...measured.map(({ name, first, seconds }) => [
        name,
        ...[first, median(seconds), Math.max(...seconds)].map((one) => one.toFixed(2)),
      ]),
    ]),
    "",
    ...goalTable([
      {
        what: "second start",
        must: `< ${MAX_SECONDS} s`,
        reached: `${middle.toFixed(2)} s`,
        holds: middle < MAX_SECONDS,
      },
    ]),
    "",
    ...(problems.length > 0 ? verdict(problems) : ["Every start answered and ended with 0 at SIGTERM."]),
  ]);
  return problems;
}

/** @returns how long it took until it answered, and what it ended with */
async function startOnce(
  settings: Record<string, string>,
): Promise<{ seconds: number; code: number | null }> {
  const port = String(await freePort());
  const env = { ...productionEnv(), ...settings, PORT: port, ISSUER_URL: `http://localhost:${port}` };
  const began = performance.now();
  const args = ["start", "--silent", "--", "--no-env-file"];
  // A group of its own, so that a signal reaches the server and not npm alone.
  const child = spawn("npm", args, { env, stdio: ["ignore", "ignore", "inherit"], detached: true });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the server ended early, with ${child.exitCode}`);
    return (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.status === 200;
  });
  const seconds = (performance.now() - began) / 1000;
  if (child.pid) process.kill(-child.pid, "SIGTERM");
  return { seconds, code: await ended };
}
