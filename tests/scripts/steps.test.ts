// What decides whether `npm start` installs or builds, tried on a copy of the scripts in an empty project.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let project: string;

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), "latchkey-steps-"));
  cpSync("scripts", path.join(project, "scripts"), { recursive: true });
  const lock = {
    packages: {
      "": {},
      "node_modules/served": { version: "1.0.0" },
      "node_modules/tested": { version: "2.0.0", dev: true },
      "node_modules/other-system": { version: "3.0.0", optional: true },
    },
  };
  write("package-lock.json", JSON.stringify(lock));
  write("tsconfig.json", "{}");
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(name: string, text: string) {
  const file = path.join(project, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Evaluates an expression with a step's functions, in a process of the project. */
async function evaluate(step: string, expression: string) {
  const code = `import * as step from "./scripts/steps/${step}.mjs"; console.log(JSON.stringify(await ${expression}));`;
  const args = ["--input-type=module", "--eval", code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project });
  return JSON.parse(stdout);
}

describe("hashSources", () => {
  const hash = () => evaluate("sources", "step.hashSources()");

  it("changes with what is built", async () => {
    const seen = new Set([await hash()]);
    for (const name of [
      "app/.well-known/x/route.ts",
      "lib/a.ts",
      "server.ts",
      "next.config.js",
      "prisma/a.sql",
    ]) {
      write(name, "1");
      seen.add(await hash());
      write(name, "2");
      seen.add(await hash());
    }
    expect(seen.size).toBe(11);
  });

  it("stays with what is not built", async () => {
    const before = await hash();
    const names = [
      "lib/db/generated/client.ts",
      "app/.page.tsx.swp",
      "tests/a.ts",
      "README.md",
      "next-env.d.ts",
    ];
    for (const name of [...names, "vitest.config.ts", "playwright.config.ts", "data/x"]) write(name, "1");
    expect(await hash()).toBe(before);
  });
});

describe("isInstalled", () => {
  const installed = (dev: boolean) => evaluate("install", `step.isInstalled({ dev: ${dev} })`);
  const record = (...packages: [string, string][]) => {
    const entries = packages.map(([name, version]) => [`node_modules/${name}`, { version }]);
    write("node_modules/.package-lock.json", JSON.stringify({ packages: Object.fromEntries(entries) }));
  };

  it("is false without node_modules", async () => {
    expect(await installed(false)).toBe(false);
  });

  it("accepts what somebody installed by hand, if it is all there", async () => {
    record(["served", "1.0.0"]);
    expect(await installed(true)).toBe(false);
    expect(await installed(false)).toBe(true);
    record(["served", "1.0.0"], ["tested", "2.0.0"]);
    expect(await installed(true)).toBe(true);
  });

  it("is false with another version, and after the lock file changed", async () => {
    record(["served", "1.0.1"]);
    expect(await installed(false)).toBe(false);
    record(["served", "1.0.0"]);
    expect(await installed(false)).toBe(true);
    const changed = readFileSync(path.join(project, "package-lock.json"), "utf8").replace("1.0.0", "1.1.0");
    write("package-lock.json", changed);
    expect(await installed(false)).toBe(false);
  });
});

describe("takeTurn", () => {
  // Notes when it begins and ends; two at once would mix their lines.
  const turn = `
    import { appendFileSync } from "node:fs";
    import { takeTurn } from "./scripts/steps/turn.mjs";
    await takeTurn(async () => {
      appendFileSync("notes", "begin ");
      await new Promise((resolve) => setTimeout(resolve, 100));
      appendFileSync("notes", "end ");
    });
  `;
  const run = () =>
    promisify(execFile)(process.execPath, ["--input-type=module", "--eval", turn], { cwd: project });
  const notes = () => readFileSync(path.join(project, "notes"), "utf8");

  it("lets one process at a time through", async () => {
    await Promise.all([run(), run(), run(), run()]);
    expect(notes()).toBe("begin end ".repeat(4));
  });

  it("does not wait for a process that was killed", async () => {
    const hung = turn.replace("setTimeout(resolve, 100)", "setTimeout(resolve, 60_000)");
    const child = spawn(process.execPath, ["--input-type=module", "--eval", hung], { cwd: project });
    await expect.poll(() => notes(), { timeout: 10_000 }).toBe("begin ");
    child.kill("SIGKILL");
    await once(child, "exit");
    await Promise.all([run(), run()]);
    expect(notes()).toBe("begin begin end begin end ");
  });

  it("does not wait for a process id that somebody else has by now", async () => {
    write("dist/.latchkey-turn", String(process.pid));
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path.join(project, "dist/.latchkey-turn"), longAgo, longAgo);
    await run();
    expect(notes()).toBe("begin end ");
  });
});
