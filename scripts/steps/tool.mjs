// Runs a command of ours that shares code with the server.

import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./build.mjs";
import { readyToRun } from "./ready.mjs";
import { main, root, StepFailed, say } from "./run.mjs";

/**
 * Calls one function of a file of the project with the command's arguments, and says the line it answers. An error of
 * the name "Refused" is told in its own words.
 * @param {string} file
 * @param {string} name takes the arguments, the environment and the folder the user called from; answers a line
 */
export async function runTool(file, name) {
  await main(async () => {
    const calledFrom = process.env.INIT_CWD ?? process.cwd(); // npm changes into the project's folder
    process.chdir(root); // DATA_DIR and .env are relative to the project
    await readyToRun({ dev: false });
    if (existsSync(".env")) process.loadEnvFile(".env");
    const tool = await load(file);
    try {
      say(await tool[name](process.argv.slice(2), process.env, calledFrom));
    } catch (error) {
      throw error instanceof Error && error.name === "Refused" ? new StepFailed(error.message) : error;
    }
  });
}

/** Bundled under a name of this process's own: two commands may run at once. */
async function load(file) {
  const outfile = path.join(root, "dist", `.tool-${process.pid}.mjs`);
  try {
    await bundle(file, outfile);
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
    rmSync(`${outfile}.map`, { force: true });
  }
}
