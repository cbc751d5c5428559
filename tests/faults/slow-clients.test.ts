/** Clients that take their time, on purpose or not: they end with a 408, and hold nothing that others need. */
import net from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic, encode } from "../support/world";
import { type Served, serve } from "./support/served";

// A few seconds each, and more where the machine is busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const QUICK = { headersTimeout: 600, requestTimeout: 1200, connectionsCheckingInterval: 100 };
const form = encode({ grant_type: "client_credentials" });

let ground: TestServer;
let served: Served;
let app: TestApp;
beforeAll(async () => {
  // Two places for machines, and for pages: what held one would show at once.
  ground = await startTestServer();
  served = await serve(ground, { timeouts: QUICK, inFlight: { machine: 2, page: 2 } });
  app = await served.facts.addApp({ preset: "machine" });
});
afterAll(async () => {
  await served?.close();
  await ground?.close();
});

const sockets: net.Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A raw connection, and all that came back on it; `ended` resolves with it. */
function connect(): { socket: net.Socket; ended: Promise<string> } {
  const socket = net.connect(served.port, "127.0.0.1");
  sockets.push(socket);
  let text = "";
  socket.on("data", (data) => {
    text += data.toString("latin1");
  });
  socket.on("error", () => {});
  return { socket, ended: new Promise((resolve) => socket.once("close", () => resolve(text))) };
}

const head = (length = form.length) =>
  `POST /oauth/token HTTP/1.1\r\nHost: here\r\nAuthorization: ${basic(app)}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n`;

const askToken = () =>
  fetch(`${served.url}/oauth/token`, {
    method: "POST",
    headers: { authorization: basic(app), "content-type": "application/x-www-form-urlencoded" },
    body: form,
  });

/** Everybody else is served as if they were not there. */
async function expectOthersServed(): Promise<void> {
  for (let again = 0; again < 5; again++) expect((await askToken()).status).toBe(200);
  const { pool } = served.rt.db;
  expect([pool.waitingCount, pool.totalCount - pool.idleCount]).toEqual([0, 0]);
}

/** Each is told so with a 408, or with a reset where it went on talking; and none is left. */
async function expectCutOff(slow: ReturnType<typeof connect>[]): Promise<void> {
  const told = await Promise.all(slow.map(({ ended }) => ended));
  expect(told.filter((text) => !/^(HTTP\/1\.1 408 |$)/.test(text))).toEqual([]);
  expect(told.filter((text) => text !== "").length).toBeGreaterThan(0);
}

test("slowloris: a header that never ends is cut off with 408, however many there are", async () => {
  const slow = Array.from({ length: 200 }, connect);
  const drip = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write("X-A: b\r\n");
  }, 100);
  for (const { socket } of slow) socket.write("POST /oauth/token HTTP/1.1\r\nHost: here\r\n");
  await expectOthersServed();
  await expectCutOff(slow);
  clearInterval(drip);
});

test("a body that never ends is cut off with 408, and takes no place meanwhile", async () => {
  const slow = Array.from({ length: 200 }, connect);
  for (const { socket } of slow) socket.write(`${head(10_000)}\r\n`);
  const drip = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write("a");
  }, 100);
  await wait(300);
  await expectOthersServed();
  await expectCutOff(slow);
  clearInterval(drip);
  await expectOthersServed();
});

test("uploads that never end are cut off with 408, and take no place of those who look at pages", async () => {
  const slow = Array.from({ length: 50 }, connect);
  for (const { socket } of slow)
    socket.write(
      "POST /settings/api-access/apps/new HTTP/1.1\r\nHost: here\r\nContent-Length: 500000\r\n\r\na",
    );
  await wait(300);
  for (let again = 0; again < 5; again++)
    expect((await fetch(`${served.url}/settings/api-access/apps`)).status).toBe(200);
  await expectOthersServed();
  await expectCutOff(slow);
});

test("a request in pieces of one byte is answered like any other, if it comes in time", async () => {
  const { socket, ended } = connect();
  socket.setNoDelay(true);
  for (const byte of `${head()}Connection: close\r\n\r\n${form}`) {
    socket.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await ended).toMatch(/^HTTP\/1\.1 200 OK/);
});

test("a chunked body of one byte a chunk counts by its bytes: too long is 413", async () => {
  const { socket, ended } = connect();
  socket.write(
    `POST /oauth/token HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n${"1\r\na\r\n".repeat(17_000)}`,
  );
  expect(await ended).toMatch(/^HTTP\/1\.1 413 /);
  await expectOthersServed();
});

test("a connection on which nothing is ever said ends; one that was used waits for its next request", async () => {
  const silent = connect();
  const used = connect();
  used.socket.write("GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n");
  const outcome = await Promise.race([silent.ended, wait(5000).then(() => "still there")]);
  expect(outcome).toMatch(/^(HTTP\/1\.1 408 |$)/);
  await wait(1500);
  used.socket.write("GET /healthz HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
  expect((await used.ended).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
});

test("clients that go away in the middle leave nothing behind, and nothing in the log", async () => {
  const before = served.log.length;
  for (let times = 0; times < 100; times++) {
    const { socket } = connect();
    socket.write(`${head()}\r\n${times % 2 === 0 ? "grant" : form}`, () => socket.resetAndDestroy());
  }
  await wait(500);
  await expectOthersServed();
  expect(served.log.slice(before).filter((line) => JSON.parse(line).level >= 40)).toEqual([]);
});

test("headers of more than 16 kB are answered 431", async () => {
  const { socket, ended } = connect();
  socket.write(`GET /healthz HTTP/1.1\r\nHost: here\r\nX-Long: ${"a".repeat(17 * 1024)}\r\n\r\n`);
  expect(await ended).toMatch(/^HTTP\/1\.1 431 /);
});

test("a client that has said it will say no more is gone, and its connection with it", async () => {
  const { socket, ended } = connect();
  socket.end(`${head()}\r\n${form}`);
  // Node answers such a client if the answer is there at once, and hangs up otherwise.
  expect(await ended).toMatch(/^(HTTP\/1\.1 200 OK|$)/);
  await expectOthersServed();
});
