/** PostgreSQL goes away for ten seconds, in both ways it can, time after time. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { postgresqlServers } from "../support/databases";
import { expectHonest, type Ground, outage, startGround } from "./support/outage";

describe.each(postgresqlServers)("on PostgreSQL", (postgresql) => {
  let ground: Ground;
  beforeEach(async () => {
    ground = await startGround(postgresql);
  });
  afterEach(() => ground?.close());

  const meanwhile = async () => {
    expect((await fetch(`${ground.url}/readyz`)).status).toBe(503);
  };

  test("it stops for ten seconds, three times", async () => {
    const { proxy } = ground;
    const ways = { away: () => proxy.stop(), back: () => proxy.start(), meanwhile };
    for (let times = 0; times < 3; times++) await expectHonest(ground, await outage(ground, 10, ways));
    expect(ground.said()).toHaveLength(6);
  });

  test("it falls silent for ten seconds, three times", async () => {
    const { proxy } = ground;
    const ways = { away: () => proxy.hang(), back: () => proxy.resume(), meanwhile };
    for (let times = 0; times < 3; times++) await expectHonest(ground, await outage(ground, 10, ways));
    expect(ground.said()).toHaveLength(6);
  });
});
