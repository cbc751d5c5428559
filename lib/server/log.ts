/** The log: JSON lines on stdout, written apart from the requests they speak of. */
import pino from "pino";

export type Log = pino.Logger;

/** @param level pino's level name */
export function createLog(level: string): Log {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 0 });
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
