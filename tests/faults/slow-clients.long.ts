/** Ten thousand connections that wait for their next request, and what they cost everybody else: memory. */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientToken } from "../support/credentials";
import { startTestServer, type TestServer } from "../support/runtime";
import { type Served, serve } from "./support/served";

const IDLERS = 10_000;

let ground: TestServer;
let served: Served;
beforeAll(async () => {
  ground = await startTestServer();
  served = await serve(ground);
});
afterAll(async () => {
  await served?.close();
  await ground?.close();
});

test("10,000 idle connections: others are served as before, and they end by themselves", async () => {
  const most = execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim();
  expect(most === "unlimited" || Number(most) > IDLERS + 500, `ulimit -n is ${most}`).toBe(true);
  const app = await served.facts.addApp({ preset: "machine" });
  const before = process.memoryUsage().rss;
  const file = fileURLToPath(new URL("./support/idlers.mjs", import.meta.url));
  const idlers = fork(file, [String(served.port), String(IDLERS)], { execArgv: [] });
  await once(idlers, "message");
  expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  const times: number[] = [];
  for (let again = 0; again < 50; again++) {
    const from = performance.now();
    await clientToken(served.url, app);
    times.push(performance.now() - from);
  }
  expect(times.sort((a, b) => a - b)[25]).toBeLessThan(200);
  const { pool } = served.rt.db;
  expect([pool.waitingCount, pool.totalCount - pool.idleCount]).toEqual([0, 0]);
  await wait(75_000); // keepAliveTimeout is 65 seconds
  idlers.send("how many?");
  const [{ closed }] = await once(idlers, "message");
  idlers.disconnect();
  expect(closed).toBe(IDLERS);
});
