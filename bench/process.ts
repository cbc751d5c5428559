/** Processes of the bench's own: started with the probe or without, asked by messages, ended by SIGTERM. */
import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { createServer } from "node:net";
import path from "node:path";

const here = import.meta.dirname;
/** Loaded by `--import` into every server that is measured. */
export const PROBE = path.join(here, "probe.mjs");

/** Starts one of the bench's built files; `probe` says that it is a server to be measured. */
export function startHelper(name: string, args: string[] = [], { probe = false } = {}): ChildProcess {
  return startFile(path.join(here, `${name}.mjs`), args, {
    env: productionEnv(),
    execArgv: probe ? ["--import", PROBE] : [],
  });
}

/** None of the caller's settings. */
export function productionEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, NODE_ENV: "production" };
}

export function startFile(file: string, args: string[], options: ForkOptions): ChildProcess {
  return fork(file, args, { serialization: "advanced", ...options });
}

/** Sends a message; its answer is the next one. */
export function tell<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    next<Answer>(child).then(resolve, reject);
    child.send(message, (error) => error && reject(error));
  });
}

/** The next answer of a child. */
export function next<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null, signal: string | null) =>
      reject(new Error(`${child.spawnargs.at(-1)} ended early, with ${code ?? signal}`));
    child.once("exit", gone);
    child.once("message", (message: { answer: Answer }) => {
      child.off("exit", gone);
      resolve(message.answer);
    });
  });
}

/** Ends a child by SIGTERM; it must end with 0. */
export async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await exit;
  }
  if (child.exitCode !== 0)
    throw new Error(`${child.spawnargs.at(-1)} ended with ${child.exitCode ?? child.signalCode}`);
}

/** Asks ten times a second until it is so. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 100));
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === "object" ? address.port : 0));
    });
  });
}

/** Says one line to whoever waits; what was measured goes to stdout. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
