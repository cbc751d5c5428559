/** Housekeeping while the server runs: once a minute, one round at a time, and no longer than the server. */
import { limits } from "../../latchkey.config";
import type { Database } from "../db/database";
import { announceEnds } from "../db/expiry";
import { sweep } from "../db/housekeeping";
import { settlePolicies } from "../db/policies";
import { retireSilentSecrets } from "../db/secret-retirement";
import { vacuumWhatGrew } from "../db/vacuum";
import type { Log } from "./log";
import { metrics } from "./metrics";
import { noteFailure } from "./outage";

const EVERY_MS = 60_000;

/** @returns what ends it, within one batch */
export function startHousekeeper(db: Database, log: Log): () => Promise<void> {
  const ending = new AbortController();
  let round: Promise<void> | null = null;

  const sweepAll = async () => {
    await sweep(db, {
      auditDays: limits.auditDays,
      signal: ending.signal,
      onTaken: (table, rows) => metrics.swept.inc({ table }, rows),
    });
    if (!ending.signal.aborted) await vacuumWhatGrew(db);
  };

  /** Whatever stops one job, the others are done all the same, and all are tried again in a minute. */
  const work = async () => {
    const note = (message: string) => (error: unknown) => noteFailure({ db, log }, error, message);
    await sweepAll().catch(note("expired rows could not be removed"));
    await settlePolicies(db).catch(note("policies could not be settled"));
    await announceEnds(db, ending.signal).catch(note("what ends soon could not be told"));
    await retireSilentSecrets(db).catch(note("silent secrets could not be retired"));
    round = null;
  };

  const timer = setInterval(() => {
    round ??= work();
  }, EVERY_MS).unref();

  return async () => {
    clearInterval(timer);
    ending.abort();
    await round;
  };
}
