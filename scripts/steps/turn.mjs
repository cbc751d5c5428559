// Lets one process at a time install and build in this folder.

import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root, say } from "./run.mjs";

const file = path.join(root, "dist", ".latchkey-turn");
const beat = 1_000;
const patience = 15_000; // a holder that has not touched its file for so long is gone

/** Runs `work` while no other process of this folder does. */
export async function takeTurn(work) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let told = false; !claim(); told = true) {
    if (!told) say("Waiting for another process that is preparing this folder…");
    await sleep(300);
    dropDead();
  }
  const pulse = setInterval(touch, beat);
  const release = () => rmSync(file, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(pulse);
    process.off("exit", release);
    release();
  }
}

/** Creates the file, complete with our process id, unless it exists: a link is made whole or not at all. */
function claim() {
  const mine = `${file}-${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Removes the file of a holder that died; puts it back if it turns out to be somebody else's by now. */
function dropDead() {
  const pid = holder(file);
  if (pid === undefined || isAlive(pid)) return;
  const aside = `${file}-${process.pid}`;
  try {
    renameSync(file, aside);
    if (holder(aside) !== pid) linkSync(aside, file);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  }
  rmSync(aside, { force: true });
}

function touch() {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Somebody removed the folder by hand; what is being written into it is theirs to lose.
  }
}

function holder(name) {
  try {
    return Number(readFileSync(name, "utf8"));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    if (Date.now() - statSync(file).mtimeMs > patience) return false; // its process id may belong to another by now
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM" || error.code === "ENOENT";
  }
}
