/** What the log says of requests that were refused for want of the database: little. */
import pino from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noteFailure, noteRefused, outageLines } from "../../lib/server/outage";

const full = Object.assign(new Error("could not extend file"), { code: "53100" });
const availability = { isAway: false, isStrained: true, check: async () => availability.isAway };
const lines: { level: number; msg: string; refused?: number; seconds?: number }[] = [];
const newPlace = () => ({
  db: { availability },
  log: pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line)) }),
});
let place: ReturnType<typeof newPlace>;
beforeEach(() => {
  vi.useFakeTimers();
  lines.length = 0;
  availability.isAway = false;
  place = newPlace();
});
afterEach(() => void vi.useRealTimers());

test("of a database that refuses, one line in ten seconds, with how many were refused", async () => {
  for (let request = 0; request < 50; request++) noteRefused(place, full);
  await vi.advanceTimersByTimeAsync(0);
  expect(lines.map(({ refused }) => refused)).toEqual([50]);
  for (let request = 0; request < 30; request++) noteRefused(place, full);
  await vi.advanceTimersByTimeAsync(10_000);
  noteRefused(place, full);
  await vi.advanceTimersByTimeAsync(0);
  expect(lines.map(({ refused }) => refused)).toEqual([50, 31]);
});

test("of one that turns out to be away, nothing: that has its own line", async () => {
  availability.check = async () => {
    availability.isAway = true;
    return true;
  };
  for (let request = 0; request < 50; request++) noteRefused(place, full);
  await vi.advanceTimersByTimeAsync(20_000);
  noteRefused(place, full);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(lines).toEqual([]);
});

test("going and coming have a line each", () => {
  const { onAway, onBack } = outageLines(place.log);
  onAway?.(full);
  onBack?.(10.04);
  expect(lines.map(({ level, msg, seconds }) => [level, msg, seconds])).toEqual([
    [50, "the database does not answer: requests get 503 meanwhile", undefined],
    [30, "the database answers again", 10],
  ]);
});

test("work beside the requests that fails otherwise has its line each time", () => {
  noteFailure(place, new Error("what?"), "counts could not be written");
  expect(lines.map(({ msg }) => msg)).toEqual(["counts could not be written"]);
});
