/** 100,000 generated requests at every endpoint, on a database in a folder, with an eye on memory. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectSane, fuzz } from "./fuzz-run";
import { createFuzzWorld, type FuzzWorld } from "./fuzz-world";
import { makeFolder } from "./kill-rounds";

const MB = 1024 * 1024;
/** Printed, so that a run that failed can be had again. */
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

let world: FuzzWorld;
let place: Awaited<ReturnType<typeof makeFolder>>;

beforeAll(async () => {
  place = await makeFolder();
  world = await createFuzzWorld(place.dataDir);
});
afterAll(async () => {
  await world?.server.close();
  await place?.remove();
});

/** Bytes in use once everything that nobody holds is gone. */
function memory(): { heap: number; rss: number } {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

/** Ten times 9,000 changed requests and 1,000 connections full of bytes. */
const parts = Array.from({ length: 10 }, (_, at) => ({ SEED: seed + at }));
const after: { heap: number; rss: number }[] = [];

test.each(parts)(
  "10,000 requests from SEED=$SEED: no 500, no hang, nothing of our insides",
  async ({ SEED }) => {
    const tally = await fuzz({ world, requests: 9000, connections: 1000, seed: SEED });
    after.push(memory());
    process.stdout.write(`${JSON.stringify([...tally].sort(([a], [b]) => a - b))}\n`);
    await expectSane(world);
  },
);

test("after all of them the server uses no more memory than after the first", () => {
  // Of the first part caches fill and code is compiled.
  const [first = memory()] = after;
  const last = memory();
  const grown = { heap: (last.heap - first.heap) / MB, rss: (last.rss - first.rss) / MB };
  process.stdout.write(`grown by MB: ${JSON.stringify(grown)}\n`);
  expect(grown.heap).toBeLessThan(48);
  expect(grown.rss).toBeLessThan(160);
});
