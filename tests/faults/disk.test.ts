/** The disk of the embedded database is full: writes are refused, nothing that was answered is lost, and it recovers. */
import fs from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { clientToken } from "../support/credentials";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic } from "../support/world";

// A few seconds each, and more where the machine is busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const gone = "the database does not answer: requests get 503 meanwhile";
const back = "the database answers again";

let home: string;
let server: TestServer;
let app: TestApp;
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), "latchkey-disk-"));
  server = await startTestServer({ folder: path.join(home, "database") }, { dataDir: home });
  app = await server.facts.addApp({ preset: "machine" });
});
afterEach(() => void vi.restoreAllMocks());
afterAll(async () => {
  await server?.close();
  await rm(home, { recursive: true, force: true });
});

/** PGlite writes through `node:fs`; what the kernel says of a full disk is said here. */
function fillDisk(): void {
  const full = () => {
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", errno: -28 });
  };
  vi.spyOn(fs, "writeSync").mockImplementation(full);
  const statfs = fs.statfsSync(home);
  vi.spyOn(fs, "statfsSync").mockReturnValue({ ...statfs, bavail: 0 });
}

const ask = () =>
  fetch(`${server.url}/oauth/token`, {
    method: "POST",
    headers: { authorization: basic(app) },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });

async function isLive(token: string): Promise<boolean> {
  const response = await fetch(`${server.url}/oauth/introspect`, {
    method: "POST",
    headers: { authorization: basic(app) },
    body: new URLSearchParams({ token }),
  });
  return (await response.json()).active;
}

const said = () =>
  server.log
    .map((line): { level: number; msg: string } => JSON.parse(line))
    .filter(({ level }) => level >= 30)
    .map(({ msg }) => msg);

test("when only a table cannot grow, what needs no room goes on, and one line tells of the others", async () => {
  const token = await clientToken(server.url, app);
  await server.rt.db.pool.query("CREATE TABLE filler (text text)");
  fillDisk();
  const grow = () =>
    server.rt.db.pool.query("INSERT INTO filler SELECT repeat('x', 1900) FROM generate_series(1, 40)");
  for (let again = 0; again < 3; again++) await expect(grow()).rejects.toMatchObject({ code: "53100" });
  expect(await isLive(token)).toBe(true);
  vi.restoreAllMocks();
  await grow();
  expect(said()).toEqual([]);
});

test("when its log cannot grow the engine breaks: 503 until there is room, then everything answered is there", async () => {
  const tokens = [await clientToken(server.url, app), await clientToken(server.url, app)];
  // The next write needs a new segment of the log.
  await server.rt.db.pool.query("SELECT pg_switch_wal()");
  fillDisk();
  const statuses: number[] = [];
  for (let again = 0; again < 20; again++) {
    const from = performance.now();
    const response = await ask();
    statuses.push(response.status);
    expect(response.headers.get("retry-after")).toBe("2");
    expect((await response.json()).error).toBe("temporarily_unavailable");
    expect(performance.now() - from).toBeLessThan(2000);
  }
  expect(new Set(statuses)).toEqual(new Set([503]));
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  await wait(1500);
  expect(said()).toEqual([gone]);
  vi.restoreAllMocks();
  await expect.poll(async () => (await ask()).status, { timeout: 10_000 }).toBe(200);
  expect(said()).toEqual([gone, back]);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  for (const token of [...tokens, await clientToken(server.url, app)]) expect(await isLive(token)).toBe(true);
});
