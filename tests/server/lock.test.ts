// Two processes must never hold one data folder; a dead one must never block it.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lockDataDir } from "@/lib/server/lock";

// Says "locked" or why not, then obeys one word a line: release, end.
const program = `
  import { createInterface } from "node:readline";
  import { lockDataDir } from "${path.resolve("lib/server/lock.ts")}";
  let lock;
  try {
    lock = lockDataDir(process.argv[2]);
    console.log("locked");
  } catch (error) {
    console.log(error.message);
    process.exit(1);
  }
  setInterval(() => {}, 1000);
  createInterface({ input: process.stdin }).on("line", (word) => {
    if (word === "end") process.exit(0);
    lock.release();
    console.log("released");
  });
`;

const bench = mkdtempSync(path.join(tmpdir(), "latchkey-lock-"));
const script = path.join(bench, "holder.mjs");
const children = new Set<ChildProcess>();
let dir: string;

beforeAll(async () => {
  const stdin = { contents: program, resolveDir: process.cwd() };
  await build({ stdin, outfile: script, bundle: true, platform: "node", format: "esm" });
});

beforeEach(() => {
  dir = path.join(mkdtempSync(path.join(bench, "case-")), "data");
});

afterEach(async () => {
  for (const child of children) {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  children.clear();
});

afterAll(() => rmSync(bench, { recursive: true, force: true }));

/** Starts a process that tries to lock `dir`; answers what it said. */
async function start(command = process.execPath, args: string[] = []) {
  const child = spawn(command, [...args, script, dir], { stdio: ["pipe", "pipe", "inherit"] });
  children.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  const tell = async (word: string) => {
    child.stdin.write(`${word}\n`);
    return next();
  };
  return { child, pid: child.pid ?? 0, said: await next(), tell };
}

async function kill(child: ChildProcess) {
  child.kill("SIGKILL");
  await once(child, "exit");
}

describe("lockDataDir", () => {
  it("creates a missing folder for its owner only", () => {
    const lock = lockDataDir(dir);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    lock.release();
  });

  it("refuses a second process and names the first", async () => {
    const first = await start();
    expect(first.said).toBe("locked");
    expect((await start()).said).toContain(`in use by process ${first.pid}.`);
    expect(() => lockDataDir(dir)).toThrow(`in use by process ${first.pid}.`);
  });

  it("refuses the same process a second time", () => {
    const lock = lockDataDir(dir);
    expect(() => lockDataDir(dir)).toThrow(`in use by process ${process.pid}.`);
    lock.release();
    lockDataDir(dir).release();
  });

  it("is free again after release, and after the end of the process", async () => {
    const first = await start();
    expect(await first.tell("release")).toBe("released");
    const second = await start();
    expect(second.said).toBe("locked");
    second.child.stdin?.write("end\n");
    await once(second.child, "exit");
    expect((await start()).said).toBe("locked");
  });

  it("does not free what another took over when it is released late or twice", async () => {
    const first = await start();
    await first.tell("release");
    const second = await start();
    await first.tell("release");
    expect((await start()).said).toContain(`in use by process ${second.pid}.`);
  });

  it("is free after kill -9, twenty times over, and leaves one claim behind", async () => {
    for (let round = 0; round < 20; round++) {
      const holder = await start();
      expect(holder.said).toBe("locked");
      await kill(holder.child);
    }
    expect(readdirSync(path.join(dir, "lock"))).toEqual(["20"]);
  });

  it("is free when the holder was killed and its parent has not noticed", async () => {
    const parent = `
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, process.argv.slice(1), { stdio: ["pipe", "inherit", "inherit"] });
      child.stdout;
      setTimeout(() => { process.kill(child.pid, "SIGKILL"); while (true); }, 1000);
    `;
    expect((await start(process.execPath, ["-e", parent])).said).toBe("locked");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await start()).said).toBe("locked");
  });

  it("lets one of eight win that start at once on a new folder", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => start()));
    expect(all.filter(({ said }) => said === "locked")).toHaveLength(1);
  });

  it("lets one of eight win that start at once after a kill -9, five times over", async () => {
    for (let round = 0; round < 5; round++) {
      const all = await Promise.all(Array.from({ length: 8 }, () => start()));
      const winners = all.filter(({ said }) => said === "locked");
      expect(winners).toHaveLength(1);
      for (const { child } of winners) await kill(child);
    }
  });

  describe.runIf(process.platform === "linux")("when the process id was used again", () => {
    /** The claim of a process that had our id, as a container has after a restart: both are 1. */
    async function changeClaim(change: (holder: Record<string, unknown>) => void) {
      const first = await start();
      await kill(first.child);
      const file = path.join(dir, "lock", "1");
      const holder = JSON.parse(readFileSync(file, "utf8"));
      change(holder);
      writeFileSync(file, JSON.stringify(holder));
    }

    it("is free if the holder had our own id", async () => {
      await changeClaim((holder) => Object.assign(holder, { pid: process.pid }));
      lockDataDir(dir).release();
    });

    it("is free if another process has it now", async () => {
      await changeClaim((holder) => Object.assign(holder, { pid: process.ppid }));
      lockDataDir(dir).release();
    });

    it("is free if nobody renews a claim from before a reboot, or one that cannot be read", async () => {
      await changeClaim((holder) => Object.assign(holder, { pid: process.ppid, realm: "another boot" }));
      lockDataDir(dir, 1500).release();
      writeFileSync(path.join(dir, "lock", "9"), "{");
      lockDataDir(dir, 1500).release();
    });

    it("is not free while a process of another container renews it", async () => {
      const first = await start();
      const file = path.join(dir, "lock", "1");
      const holder = JSON.parse(readFileSync(file, "utf8"));
      writeFileSync(file, JSON.stringify({ ...holder, realm: "another container" }));
      expect((await start()).said).toContain(`in use by process ${first.pid}.`);
    });
  });
});
