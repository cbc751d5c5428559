// Runs the programs the steps are made of, and takes them along when we are told to stop.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project, wherever the script was started from. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A step that did not succeed; `output` is what the program printed. */
export class StepFailed extends Error {
  constructor(message, output = "") {
    super(message);
    this.output = output;
  }
}

const running = new Set();
const stops = ["SIGINT", "SIGTERM", "SIGHUP"];

// Without this a SIGTERM sent to us alone would leave an orphaned build behind.
function stop(signal) {
  for (const child of running) child.kill(signal);
  process.exit(128 + constants.signals[signal]);
}

/** Says one short line. On stderr, because stdout belongs to the server's log. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a program in the project's folder and answers its exit code and output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, show?: boolean, shell?: boolean }} [options] `show` lets it print directly instead of collecting
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { env = {}, show = false, shell = false } = {}) {
  return new Promise((resolve) => {
    const stdio = ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"];
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio, shell });
    if (running.size === 0) for (const signal of stops) process.on(signal, stop);
    running.add(child);
    let output = "";
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    const done = (code, more = "") => {
      running.delete(child);
      // The handlers go with the last child: what we start afterwards (the server) has its own.
      if (running.size === 0) for (const signal of stops) process.off(signal, stop);
      resolve({ code, output: output + more });
    };
    child.on("error", (error) => done(127, `${error.message}\n`));
    child.on("close", (code) => done(code ?? 1));
  });
}

/** Runs a program that has to succeed. */
export async function must(what, command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new StepFailed(`${what} failed (exit code ${code}).`, output);
}

/** The arguments for Node.js that run a command of an installed package, on every operating system. */
export function bin(name, command = name) {
  const folder = path.join(root, "node_modules", name);
  const declared = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")).bin;
  return path.join(folder, typeof declared === "string" ? declared : declared[command]);
}

/** Runs the main function of a script; a failed step is told in its own words, without a stack trace. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    if (error.output) say(error.output.trimEnd());
    say(error.message);
    process.exit(1);
  }
}
