/** `kill -9` of a server at its first start and under load, a few times; kill.long.ts does it twenty times. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { killFirstStart, killRounds, places } from "./kill-rounds";
import { buildProgram, type Program } from "./support/process";

let program: Program;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program?.remove());

describe.each(places)("with $name", ({ make }) => {
  test("killed while it makes its tables, then in the middle of W1, W3 and W4: what was answered is done, nothing by halves, and the next start needs no help", {
    timeout: 300_000,
  }, async () => {
    const place = await make();
    try {
      await killFirstStart(program, place);
      expect(await killRounds(program, place, 2, 4)).toBeGreaterThan(20);
    } finally {
      await place.remove();
    }
  });
});
