// Runs a command of a document as a reader would, in a shell.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * Puts our values in the place of the document's, and runs the rest word for word.
 * @returns what it printed
 */
export async function runDocumented(command: string, values: Record<string, string>): Promise<string> {
  let filled = command;
  for (const [placeholder, value] of Object.entries(values)) {
    if (!command.includes(placeholder)) throw new Error(`The command does not say ${placeholder}`);
    filled = filled.replaceAll(placeholder, value);
  }
  const { stdout } = await execute("bash", ["-c", filled]);
  return stdout;
}
