/** Pages, as a browser is answered while the database is there, away, or refusing. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createLanes } from "../../lib/server/lanes";
import { servePage } from "../../lib/server/pages";

const availability = { isAway: false, isStrained: false, check: async () => false };
const lanes = createLanes({ machine: 0, person: 0, page: 1 });
let handle: (req: http.IncomingMessage, res: http.ServerResponse) => Promise<void>;
let url: string;
const server = http.createServer((req, res) => {
  servePage({ db: { availability } }, req, res, (...call) => handle(...call), lanes);
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(availability, { isAway: false, isStrained: false });
  handle = async (_, res) => {
    res.statusCode = 500;
    res.end("Something went wrong");
  };
});
const seen = async (path = "/settings/api-access/apps") => {
  const response = await fetch(url + path);
  return [response.status, response.headers.get("retry-after"), await response.text()];
};

test("a page that fails for its own reasons is a 500", async () => {
  expect(await seen()).toEqual([500, null, "Something went wrong"]);
});

test("one that fails for want of the database is a 503, and says when to come back", async () => {
  availability.isStrained = true;
  expect(await seen()).toEqual([503, "2", "Something went wrong"]);
});

test("what a page says of itself is left as it is", async () => {
  availability.isStrained = true;
  handle = async (_, res) => {
    res.writeHead(404, { "content-type": "text/plain" });
    res.end("Not here");
  };
  expect(await seen()).toEqual([404, null, "Not here"]);
});

test("while the database is away nothing is tried, and scripts still come", async () => {
  Object.assign(availability, { isAway: true, isStrained: true });
  const [status, retryAfter, text] = await seen();
  expect([status, retryAfter]).toEqual([503, "2"]);
  expect(text).toContain("Back in a moment");
  handle = async (_, res) => void res.end("script");
  expect(await seen("/_next/static/a.js")).toEqual([200, null, "script"]);
});

test("a page more than there is room for is turned away, and the place is free again after the one before", async () => {
  let finish = () => {};
  handle = async (_, res) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    res.end("made");
  };
  const first = seen();
  await expect.poll(() => lanes.page.isFull).toBe(true);
  expect((await seen())[0]).toBe(503);
  finish();
  expect(await first).toEqual([200, null, "made"]);
  await expect.poll(() => lanes.page.isFull).toBe(false);
});
