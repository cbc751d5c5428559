/** What the log says of a database that is away or full: a line when it goes and one when it is back, few in between. */
import type { Availability, AvailabilityListener } from "../db/availability";
import { isUnavailable } from "../db/unavailable";
import type { Log } from "./log";

/** Requests refused by a database that is there (full, overloaded, locked) are told of once in this time, in ms. */
const PAUSE_MS = 10_000;

/** The two lines of an outage. */
export function outageLines(log: Log): AvailabilityListener {
  return {
    onAway: (error) => log.error({ err: error }, "the database does not answer: requests get 503 meanwhile"),
    onBack: (seconds) => log.info({ seconds: Math.round(seconds * 10) / 10 }, "the database answers again"),
  };
}

/** A part of the runtime. */
interface Place {
  db: { availability: Availability };
  log: Log;
}

interface Told {
  /** Requests since the last line. */
  refused: number;
  isPausing: boolean;
}

const told = new WeakMap<Log, Told>();

/** Notes a request that was refused for want of the database; while that is away, nothing more is said. */
export function noteRefused({ db, log }: Place, error: unknown): void {
  if (db.availability.isAway) return;
  const state = told.get(log) ?? { refused: 0, isPausing: false };
  told.set(log, state);
  state.refused += 1;
  if (state.isPausing) return;
  state.isPausing = true;
  void db.availability.check().then((isAway) => {
    if (!isAway)
      log.warn(
        { err: error, refused: state.refused },
        "requests were refused: the database could not do them",
      );
    state.refused = 0;
    if (isAway) state.isPausing = false;
    else
      setTimeout(() => {
        state.isPausing = false;
      }, PAUSE_MS).unref();
  });
}

/** Logs what went wrong beside the requests, unless it is for want of the database, of which the log knows already. */
export function noteFailure({ db, log }: Place, error: unknown, message: string): void {
  if (isUnavailable(error)) noteRefused({ db, log }, error);
  else log.warn({ err: error }, message);
}
