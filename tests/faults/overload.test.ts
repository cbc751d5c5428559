/** More requests than one process can work on: it says so, to everybody and in time, and pages still come. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { databases } from "../support/databases";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic, encode } from "../support/world";
import { type Served, serve } from "./support/served";

const CROWD = 2000;

let served: Served | undefined;
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0)) await undo();
  await served?.close();
});

interface Crowd {
  stop(): Promise<{
    answered: number;
    statuses: Record<string, number>;
    failures: Record<string, number>;
    slowestMs: number;
  }>;
}

interface Cost {
  ms: number;
  /** What this process could work meanwhile, the crowd included: on a machine busy with other things, much less. */
  cpuMs: number;
}

/** How long a page takes. */
async function costOf(page: string): Promise<Cost> {
  const from = { at: performance.now(), cpu: process.cpuUsage() };
  const response = await fetch(page);
  await response.text();
  expect(response.status).toBe(200);
  const { user, system } = process.cpuUsage(from.cpu);
  return { ms: performance.now() - from.at, cpuMs: (user + system) / 1000 };
}

/** Resolves when all of them are connected. */
async function gather(port: number, request: string): Promise<Crowd> {
  const file = new URL("./support/crowd.mjs", import.meta.url);
  const worker = new Worker(file, { workerData: { port, count: CROWD, request } });
  cleanUp.push(() => worker.terminate());
  await once(worker, "message");
  return {
    async stop() {
      worker.postMessage("stop");
      const [result] = await once(worker, "message");
      return result;
    },
  };
}

test("there are file descriptors enough for this test: a connection needs two", () => {
  const most = execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim();
  expect(most === "unlimited" || Number(most) > 2 * CROWD + 500, `ulimit -n is ${most}`).toBe(true);
});

describe.each(databases)("on $name", ({ create }) => {
  let ground: TestServer;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const place = await create();
    drop = place.drop;
    ground = await startTestServer(place.location);
  });
  afterAll(async () => {
    await ground?.close();
    await drop?.();
  });

  test("2,000 connections: some are served, the others told when to come back, and pages answer meanwhile", async () => {
    served = await serve(ground);
    const app = await served.facts.addApp({ preset: "machine" });
    const form = encode({ grant_type: "client_credentials" });
    const crowd = await gather(
      served.port,
      `POST /oauth/token HTTP/1.1\r\nHost: here\r\nAuthorization: ${basic(app)}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`,
    );
    const pages: Cost[] = [];
    const until = performance.now() + 5000;
    while (performance.now() < until || pages.length < 3) {
      pages.push(await costOf(`${served.url}/settings/api-access/apps`));
      expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
      await wait(50);
    }
    const { answered, statuses, failures, slowestMs } = await crowd.stop();
    expect(failures).toEqual({});
    expect(Object.keys(statuses).sort()).toEqual(["200", "503"]);
    expect(answered).toBeGreaterThan(CROWD);
    expect(slowestMs).toBeLessThan(15_000); // no client gives up so soon
    for (const { ms, cpuMs } of pages) expect(Math.min(ms, cpuMs)).toBeLessThan(2000);
    expect(served.log.filter((line) => JSON.parse(line).level >= 40)).toEqual([]);
  }, 60_000);

  test("each lane has its own room: machines never take a person's", async () => {
    served = await serve(ground, { inFlight: { machine: 0, person: 1, page: 1 } });
    const { url, facts } = served;
    const app = await facts.addApp();
    const token = await fetch(`${url}/oauth/token`, {
      method: "POST",
      headers: { authorization: basic(app) },
    });
    expect([token.status, token.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await token.json()).toEqual({
      error: "temporarily_unavailable",
      error_description: "too many requests at once; try again in a moment",
    });
    for (const path of ["/healthz", "/readyz", "/logos/none", "/login"])
      expect([path, (await fetch(url + path)).status]).toEqual([path, path.startsWith("/logos") ? 404 : 200]);
  });

  test("a full lane of people says so on a page", async () => {
    served = await serve(ground, { inFlight: { person: 0, page: 0 } });
    for (const path of ["/oauth/authorize", "/settings/api-access/apps"]) {
      const page = await fetch(served.url + path);
      expect([page.status, page.headers.get("retry-after")]).toEqual([503, "2"]);
      expect(await page.text()).toContain("Back in a moment");
    }
    expect((await fetch(`${served.url}/_next/static/x.css`)).status).toBe(200);
  });
});
