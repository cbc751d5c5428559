/** `kill -9` of a server under load, twenty times on each database, at other moments each time it runs. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { killRounds, places } from "./kill-rounds";
import { buildProgram, type Program } from "./support/process";

const ROUNDS = 20;
/** Printed, so that a run that failed can be had again. */
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

let program: Program;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program?.remove());

describe.each(places)("with $name", ({ make }) => {
  test(`killed ${ROUNDS} times (SEED=${seed}), it has done what it answered, and nothing by halves`, async () => {
    const place = await make();
    try {
      const held = await killRounds(program, place, ROUNDS, seed);
      process.stdout.write(`${held} answers held through ${ROUNDS} kills\n`);
      expect(held).toBeGreaterThan(ROUNDS);
    } finally {
      await place.remove();
    }
  });
});
