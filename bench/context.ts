/** What every mode of the bench is given. */
import type { Options } from "./options";

export interface Context {
  options: Options;
  /** Of this run; removed afterwards. */
  folder: string;
  /** Does this when all is over, the last one first. */
  afterwards(step: () => Promise<unknown>): void;
}

/** Runs a mode to its end. @returns what was wrong with the answers */
export type Mode = (context: Context) => Promise<string[]>;
