// WEB_CONCURRENCY: several processes of one server, as `npm start` starts them.

import { readFileSync } from "node:fs";
import { request } from "node:http";
import { end, type Launched, launch, makePlace } from "./support/server.ts";
import { expect, people, test } from "./support/test.ts";
import { enter } from "./support/visitor.ts";

const PROCESSES = 3;
const several = { WEB_CONCURRENCY: String(PROCESSES) };

test("WEB_CONCURRENCY gives PostgreSQL several processes, and an embedded database a clear refusal", async ({
  database,
}) => {
  test.setTimeout(120_000);
  const place = await makePlace(database);
  const started: Launched[] = [];
  const start = (inTerminal = false) => {
    const server = launch(place, several, inTerminal);
    started.push(server);
    return server;
  };
  try {
    const server = start();
    if (database === "embedded") {
      expect(await server.ended).toBe(1);
      const [line, ...more] = server.log().trim().split("\n");
      expect(line).toMatch(/^Wrong setting: WEB_CONCURRENCY: .*DATABASE_URL/);
      expect(more).toEqual([]);
      return;
    }
    await expect.poll(server.log, { timeout: 30_000 }).toContain(`ready at ${place.url}`);
    const workers = childrenOf(server.pid);
    expect(workers).toHaveLength(PROCESSES);

    // Every process knows the sign-in, and renders pages.
    const { cookie } = await enter(place.url, people.owner);
    const pages = () =>
      Promise.all(
        Array.from({ length: 12 }, () => pageStatus(`${place.url}/settings/api-access/apps`, cookie)),
      );
    expect(await pages()).toEqual(Array(12).fill(200));
    const figures = await (await fetch(`${place.url}/metrics`)).text();
    expect(figures).toMatch(/^latchkey_requests_total\{endpoint="pages",status="2xx"\} 12$/m);

    process.kill(workers[0] ?? 0, "SIGKILL");
    await expect.poll(() => childrenOf(server.pid).filter((pid) => !workers.includes(pid))).toHaveLength(1);
    await expect.poll(pages).toEqual(Array(12).fill(200));
    expect(server.log().match(/ready at/g)).toHaveLength(1);
    expect(server.log().match(/a worker ended/g)).toHaveLength(1);

    expect(await end(server)).toBe(0);
    expect(await isAnybodyThere(place.url)).toBe(false);

    // Ctrl-C reaches npm, the primary and every worker at once.
    const again = start(true);
    await expect.poll(again.log, { timeout: 30_000 }).toContain(`ready at ${place.url}`);
    again.kill("SIGINT");
    expect(await again.ended).toBe(0);
    expect(await isAnybodyThere(place.url)).toBe(false);
  } finally {
    for (const server of started) server.kill("SIGKILL");
    await Promise.all(started.map(({ ended }) => ended));
    await place.clean();
  }
});

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.trim().split(" ").filter(Boolean).map(Number);
}

/** Over a connection of its own, which any process may get. */
function pageStatus(url: string, cookie: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, headers: { cookie } }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode));
    });
    asked.once("error", reject).end();
  });
}

async function isAnybodyThere(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    () => true,
    () => false,
  );
}
