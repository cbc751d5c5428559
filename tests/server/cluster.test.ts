/** Several processes, one server: how they start, are replaced, are counted and end; with real processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { bundle } from "../../scripts/steps/build.mjs";
import { root } from "../support/databases";

vi.setConfig({ testTimeout: 90_000 }); // starting processes takes as long as a busy machine makes it take

let folder: string;
let file: string;
let port: number;
const started = new Set<ChildProcess>();

beforeAll(async () => {
  folder = mkdtempSync(path.join(root, "node_modules", ".latchkey-cluster-"));
  file = path.join(folder, "fixture.mjs");
  await bundle("tests/server/cluster-fixture.ts", file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  port = (probe.address() as AddressInfo).port;
  await new Promise((resolve) => probe.close(resolve));
});
afterEach(() => {
  for (const child of started) child.kill("SIGKILL");
  started.clear();
});

interface Running {
  child: ChildProcess;
  out(): string;
  err(): string;
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

function start(count: number, env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, NODE_ENV: "test", COUNT: String(count), PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.add(child);
  const written = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    written.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    written.err += text;
  });
  const ended = once(child, "close").then(([code, signal]) => code ?? signal);
  return { child, out: () => written.out, err: () => written.err, ended };
}

async function startReady(count: number): Promise<Running> {
  const running = start(count);
  await vi.waitFor(() => expect(running.out()).toContain("ready\n"), { timeout: 40_000 });
  return running;
}

/** What one request of its own connection is answered; "" when the connection broke. */
function ask(path = "/"): Promise<string> {
  return new Promise((resolve) => {
    const request = http.get({ port, host: "127.0.0.1", path, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      response.on("end", () => resolve(text)).on("error", () => resolve(""));
    });
    request.on("error", () => resolve(""));
    // A connection that was being handed to a worker when it died is answered by nobody.
    request.setTimeout(5000, () => request.destroy());
  });
}

const pids = async (times: number) => new Set(await Promise.all(Array.from({ length: times }, () => ask())));
const count = (text: string, part: string) => text.split(part).length - 1;

test("says once that it is ready, and its workers share the requests", async () => {
  const running = await startReady(3);
  expect((await pids(12)).size).toBe(3);
  expect(count(running.out(), "ready\n")).toBe(1);
});

test("replaces a worker that is killed or ends by itself, and serves meanwhile", async () => {
  const running = await startReady(2);
  for (const [path, how] of [
    ["/kill", { signal: "SIGKILL" }],
    ["/die", { code: 7 }],
  ] as const) {
    const before = await pids(8);
    expect(await ask(path)).toBe("");
    await vi.waitFor(
      async () => {
        const now = await pids(8);
        expect([...now].filter((pid) => before.has(pid))).toHaveLength(1);
        expect([...now].filter((pid) => pid !== "" && !before.has(pid))).toHaveLength(1);
      },
      { timeout: 40_000 },
    );
    const deaths = running.out().match(/^.*a worker ended.*$/gm) ?? [];
    expect(JSON.parse(deaths.at(-1) ?? "")).toMatchObject(how);
  }
  expect(count(running.out(), "ready\n")).toBe(1);
});

test.each([
  ["SIGTERM", "SIGTERM"],
  ["SIGINT, twice at once as a terminal and npm send it", "SIGINT"],
] as const)("at %s lets what is under way finish, and ends with 0", async (_, signal) => {
  const running = await startReady(2);
  const slow = [ask("/slow"), ask("/slow")];
  await new Promise((resolve) => setTimeout(resolve, 150));
  running.child.kill(signal);
  if (signal === "SIGINT") running.child.kill(signal);
  expect(await Promise.all(slow)).toEqual(["slow", "slow"]);
  expect(await running.ended).toBe(0);
  expect(running.err()).toBe("");
});

test("ends with 0 although a worker had only begun to start", async () => {
  const running = await startReady(2);
  await ask("/kill");
  await vi.waitFor(() => expect(running.out()).toContain("a worker ended"), { timeout: 40_000 });
  running.child.kill("SIGTERM");
  expect(await running.ended).toBe(0);
});

test("a second signal later ends it at once", async () => {
  const running = await startReady(2);
  const slow = ask("/slow");
  await new Promise((resolve) => setTimeout(resolve, 50));
  running.child.kill("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 550));
  running.child.kill("SIGTERM");
  expect([await running.ended, await slow]).toEqual([1, ""]);
});

test("no worker outlives a primary that is killed", async () => {
  const running = await startReady(2);
  const before = [...(await pids(8))].map(Number);
  running.child.kill("SIGKILL");
  await running.ended;
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await vi.waitFor(() => expect(before.filter(isAlive)).toEqual([]), { timeout: 40_000 });
});

test("gives up at a start that cannot succeed, with the one line that says why", async () => {
  const told = start(4, { BROKEN: "told" });
  expect(await told.ended).toBe(1);
  expect(told.err()).toBe("The port is in use.\n");
  const silent = start(4, { BROKEN: "silent" });
  expect(await silent.ended).toBe(1);
  expect(silent.err().trim().split("\n")).toEqual(['A worker ended before it served: {"code":3}.']);
});

test("a busy port is one line", async () => {
  const busy = net.createServer().listen(port, "127.0.0.1");
  await once(busy, "listening");
  const running = start(3);
  expect(await running.ended).toBe(1);
  expect(running.err().trim().split("\n")).toHaveLength(1);
  expect(running.err()).toContain(String(port));
  busy.close();
});

test("whichever worker is asked, the figures are those of all", async () => {
  await startReady(2);
  await pids(10);
  const texts = await Promise.all([ask("/metrics"), ask("/metrics")]);
  for (const text of texts) {
    const [, figure] = /^latchkey_requests_total\{endpoint="\/",status="2xx"\} (\d+)$/m.exec(text) ?? [];
    expect(Number(figure)).toBeGreaterThanOrEqual(10);
    expect(text).toContain("latchkey_shed_requests_total 0");
  }
});
