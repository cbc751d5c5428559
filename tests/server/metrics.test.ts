/** GET /metrics: what it tells, and whom. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BACKLOG_LIMIT, findUnsent } from "../../lib/db/backlog";
import { answer } from "../../lib/server/answer";
import { findEndpoint } from "../../lib/server/endpoints";
import { metrics } from "../../lib/server/metrics";
import { startTestServer, type TestServer } from "../support/runtime";

const TOKEN = "a-token-for-whoever-watches";
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ folder: null }, { metricsToken: TOKEN });
});
afterAll(() => server?.close());

/** The figures by name and labels, as they are told. */
async function figures(): Promise<Map<string, number>> {
  const response = await fetch(`${server.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(" ");
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

describe("it tells", () => {
  test("answers by endpoint and class of status", async () => {
    const names = ['endpoint="/healthz",status="2xx"', 'endpoint="/oauth/token",status="4xx"'];
    const read = (all: Map<string, number>) =>
      names.map((name) => all.get(`latchkey_requests_total{${name}}`) ?? 0);
    const before = read(await figures());
    await fetch(`${server.url}/healthz`);
    for (const method of ["POST", "GET"]) await fetch(`${server.url}/oauth/token`, { method });
    await fetch(`${server.url}/there/is/no/such/endpoint`); // strangers must not be able to add names
    const after = await figures();
    expect(read(after)).toEqual([(before[0] ?? 0) + 1, (before[1] ?? 0) + 2]);
    expect([...after.keys()].filter((name) => name.includes("no/such"))).toEqual([]);
  });

  test("requests that were turned away", async () => {
    metrics.shed.inc();
    expect((await figures()).get("latchkey_shed_requests_total")).toBe(1);
  });

  test("the connections, the event loop, the process", async () => {
    const all = await figures();
    expect(all.get('latchkey_database_connections{state="idle"}')).toBeGreaterThanOrEqual(0);
    expect(all.get("latchkey_database_waiting")).toBe(0);
    expect(all.get("process_resident_memory_bytes")).toBeGreaterThan(1e7);
    expect([...all.keys()]).toEqual(expect.arrayContaining(["nodejs_eventloop_lag_p99_seconds"]));
  });

  test("what is due to leave, and for how long", async () => {
    const all = await figures();
    expect(all.get('latchkey_housekeeping_due_rows{table="tokens"}')).toBeLessThan(BACKLOG_LIMIT);
    expect(all.get('latchkey_housekeeping_due_seconds{table="sessions"}')).toBe(0);
  });

  test("what waits to be sent, and for how long", async () => {
    const userId = await server.facts.addUser();
    const at = server.clock.now();
    await server.rt.db.prisma.notice.create({ data: { id: "n1", userId, kind: "expiry", details: {}, at } });
    server.clock.forward(90);
    const { db } = server.rt;
    expect(await findUnsent(db)).toEqual([
      { table: "webhook_deliveries", rows: 0, seconds: 0 },
      { table: "notices", rows: 1, seconds: 90 },
    ]);
    expect((await figures()).get('latchkey_unsent_rows{table="webhook_deliveries"}')).toBe(0);
  });
});

/** Asks as somebody else than a caller on this machine. */
async function statusFor(address: string, headers: Record<string, string>): Promise<number> {
  const found = findEndpoint("/metrics");
  if (!found) throw new Error("there is no /metrics");
  const call = { method: "GET", path: "/metrics", query: "", readBody: async () => new Uint8Array() };
  const response = await answer(server.rt, found, { ...call, address, headers });
  expect(response.status === 200).toBe(String(response.body).includes("latchkey_"));
  return response.status;
}

const here = { host: "localhost:3000" };

describe("it tells only", () => {
  test.each([
    ["127.0.0.1", here],
    ["::1", { host: "[::1]:3000" }],
    ["::ffff:127.0.0.1", { host: "127.0.0.1:3000" }],
    ["203.0.113.7", { host: "id.example.com", authorization: `Bearer ${TOKEN}` }],
    ["127.0.0.1", { ...here, "x-forwarded-for": "203.0.113.7", authorization: `bearer ${TOKEN}` }],
  ] as const)("%s with %j", async (address, headers) => {
    expect(await statusFor(address, headers)).toBe(200);
  });

  test.each([
    ["another address", "203.0.113.7", here],
    ["what a route handler knows of an address", "", here],
    ["a caller behind a proxy of this machine", "127.0.0.1", { ...here, "x-forwarded-for": "203.0.113.7" }],
    ["a caller behind another kind of proxy", "127.0.0.1", { ...here, forwarded: "for=203.0.113.7" }],
    ["a name that was made to point here", "127.0.0.1", { host: "rebound.example:3000" }],
    ["a wrong token", "203.0.113.7", { ...here, authorization: `Bearer ${TOKEN}x` }],
    ["the token in another scheme", "203.0.113.7", { ...here, authorization: `Basic ${TOKEN}` }],
  ] as const)("and not %s", async (_, address, headers) => {
    expect(await statusFor(address, headers)).toBe(404);
  });
});
