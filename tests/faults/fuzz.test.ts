/** Some 1,500 generated requests at every endpoint; fuzz.long.ts sends 100,000. */

import http from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endpoints, findEndpoint } from "../../lib/server/endpoints";
import { expectQuietLog, expectSane, fuzz } from "./fuzz-run";
import { encoded, problemOf, send, sendBytes } from "./fuzz-send";
import { valid } from "./fuzz-valid";
import { createFuzzWorld, type FuzzWorld } from "./fuzz-world";
import { craftedBytes } from "./raw-bytes";

let world: FuzzWorld;

beforeAll(async () => {
  world = await createFuzzWorld();
});
afterAll(() => world?.server.close());

test("the fuzz starts from a request that is answered well at every endpoint", {
  timeout: 120_000,
}, async () => {
  const agent = new http.Agent();
  const reached = new Set<string>();
  for (const { make } of valid) {
    await world.renew();
    const draft = make(world.supplies);
    const { statuses, text } = await send(new URL(world.server.url), agent, encoded(draft, []));
    expect([draft.path, statuses[0], text]).toEqual([
      draft.path,
      expect.any(Number),
      expect.not.stringMatching(/invalid_client|invalid_token|insufficient_scope/),
    ]);
    reached.add(findEndpoint(draft.path)?.entry.path ?? draft.path);
  }
  expect(endpoints.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});

test("1,500 changed requests and connections full of bytes: no 500, no hang, nothing of our insides", {
  timeout: 300_000,
}, async () => {
  const tally = await fuzz({ world, requests: 1200, connections: 304, seed: 4 });
  // It reached the code behind the checks as well as the checks.
  for (const status of [200, 201, 303, 400, 401, 404, 405]) expect([...tally.keys()]).toContain(status);
  await expectSane(world);
});

test("messages that parsers were wrong about are answered or hung up on", { timeout: 30_000 }, async () => {
  const url = new URL(world.server.url);
  const came = await Promise.all(craftedBytes.map((bytes) => sendBytes(url, bytes)));
  expect(came.map(problemOf).filter((problem) => problem !== null)).toEqual([]);
  expectQuietLog(world);
  await expectSane(world);
});
