/** Why a start failed: one clear line for what the operator can mend, a stack only for what is ours. */
import { MigrationFailed, MigrationMismatch } from "../db/migrate";
import { isUnavailable } from "../db/unavailable";
import { EnvError } from "./env";
import { DataDirTaken } from "./lock";

/** @returns the line for stderr */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof EnvError) return `Wrong setting: ${error.message}`;
  if ([DataDirTaken, MigrationFailed, MigrationMismatch].some((kind) => error instanceof kind))
    return error.message;
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `The port is in use: ${error.message}. Choose another with PORT.`;
  if (code === "EACCES") return `Not allowed: ${error.message}`;
  if (code === "ECONNREFUSED") return "The database of DATABASE_URL does not answer.";
  if (isUnavailable(error)) return `The database does not answer: ${error.message}`;
  return error.stack ?? error.message;
}
