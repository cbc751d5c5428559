/** `npm run backup` and `npm run restore`, as commands, while a server serves. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkRoom } from "../../lib/db/backup";
import { backup } from "../../lib/server/backup";
import { pack, unpack } from "../../lib/server/backup-archive";
import { contents } from "../../lib/server/backup-folder";
import { restore } from "../../lib/server/backup-restore";
import { root } from "../support/databases";
import type { TestApp } from "../support/facts";
import { makeFolder } from "./kill-rounds";
import { startLoad } from "./support/load";
import { buildProgram, type Program, type ServerProcess } from "./support/process";
import { expectLive, expectNothingHalfDone, expectWalk } from "./support/promises";

let program: Program;
let place: Awaited<ReturnType<typeof makeFolder>>;
let elsewhere: Awaited<ReturnType<typeof makeFolder>>;
let server: ServerProcess;
let app: TestApp;
let userId: string;
let file: string;

beforeAll(async () => {
  program = await buildProgram();
  place = await makeFolder();
  server = await program.start(place.env);
  app = await server.addApp({ policy: { grants: ["authorization_code", "client_credentials"] } });
  userId = await server.addUser();
}, 300_000);
afterAll(async () => {
  await server?.kill();
  await place?.remove();
  program?.remove();
});
beforeEach(async () => {
  elsewhere = await makeFolder();
  file = path.join(path.dirname(elsewhere.dataDir), "backup.tar.gz");
});
afterEach(() => elsewhere.remove());

interface Ended {
  code: number;
  said: string;
}

/** Runs one of the commands on a data folder. */
function command(name: "backup" | "restore", dataDir: string, ...args: string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? "", NODE_ENV: "test" as const, DATA_DIR: dataDir };
  return new Promise((resolve) => {
    const options = { cwd: root, env };
    execFile(process.execPath, [`scripts/${name}.mjs`, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

const done = { code: 0, said: expect.stringMatching(/^(Saved|Restored) \d+ rows of \d+ tables to /m) };
const mode = (name: string) => (statSync(name).mode & 0o777).toString(8);
const codesAndTokens = async () => {
  const load = startLoad({
    url: server.url,
    app,
    connections: { W1: 0, W3: 0, W4: 2 },
    codes: await server.codes(2, app, userId),
    chains: [],
  });
  await load.done;
  return load.record.tokens.W4;
};

test("a backup under load holds every token that was answered before it began, and its copy can be lived in", {
  timeout: 300_000,
}, async () => {
  const fromCodes = await codesAndTokens();
  const load = startLoad({
    url: server.url,
    app,
    connections: { W1: 4, W3: 0, W4: 0 },
    codes: [],
    chains: [],
  });
  while (load.record.tokens.W1.length < 100) await sleep(5);
  const before = [...load.record.tokens.W1];
  let ended = false;
  const saved = command("backup", place.dataDir, file).finally(() => {
    ended = true;
  });
  // Until the copy is there and is being packed.
  while (!ended && readdirSync(path.dirname(file)).length === 0) await sleep(5);
  const meanwhile = load.record.tokens.W1.length - before.length;
  await load.stop();
  expect(await saved).toMatchObject(done);
  expect(load.record.refused).toEqual([]);
  expect(meanwhile, "it went on serving").toBeGreaterThan(0);
  expect(mode(file)).toBe("600");
  expect(readdirSync(path.dirname(file))).toEqual(["backup.tar.gz"]);
  expect(readdirSync(path.join(place.dataDir, "backup"))).toEqual([]);
  await expectLive(server, app, load.record.tokens.W1);

  expect(await command("restore", elsewhere.dataDir, file)).toMatchObject(done);
  const secretOf = ({ dataDir }: typeof place) => readFileSync(path.join(dataDir, "auth-secret"), "utf8");
  expect(secretOf(elsewhere)).toBe(secretOf(place));
  expect(mode(path.join(elsewhere.dataDir, "auth-secret"))).toBe("600");
  const copy = await program.start(elsewhere.env);
  await expectNothingHalfDone(copy);
  await expectLive(copy, app, [...fromCodes, ...before]);
  await expectWalk(copy, app, userId);
  await copy.kill();

  // A page that the disk spoilt: each has a checksum, and a restore reads them all.
  const [spoilt = "", again = ""] = ["spoilt", "again"].map((name) => path.join(path.dirname(file), name));
  await mkdir(spoilt);
  await unpack(file, spoilt);
  const [{ place: page } = {}] = await server.query("SELECT pg_relation_filepath('tokens') AS place");
  const pages = await open(path.join(spoilt, "database", String(page)), "r+");
  await pages.write("spoilt", 4000);
  await pages.close();
  await pack(contents(spoilt), `${file}.spoilt`);
  await expect(restore([`${file}.spoilt`], { DATA_DIR: again }, "/")).rejects.toThrow("does not open: ");
  expect(contents(again)).toEqual([]);
});

test("without a server, also after one was killed, the folder itself is copied", {
  timeout: 300_000,
}, async () => {
  const tokens = await codesAndTokens();
  await server.kill();
  expect(await command("backup", place.dataDir, file)).toMatchObject(done);
  const env = { DATA_DIR: place.dataDir };
  await expect(backup([file], env, "/")).rejects.toThrow(`${file} exists already; choose another name.`);
  await expect(backup(["a.tar.gz"], env, place.dataDir)).rejects.toThrow("is in the data folder itself");
  server = await program.start(place.env);
  const inUse = `is in use by process ${server.pid}`;
  await expect(restore([file, "--replace"], env, "/")).rejects.toThrow(inUse);
  await expectLive(server, app, tokens);
  await server.kill();

  await expect(restore([file], env, "/")).rejects.toThrow("is not empty");
  expect(await command("restore", place.dataDir, file, "--replace")).toMatchObject(done);
  const [aside = ""] = readdirSync(place.dataDir).filter((name) => name.startsWith("replaced-"));
  expect(readdirSync(path.join(place.dataDir, aside)).sort()).toEqual(["auth-secret", "database"]);
  server = await program.start(place.env);
  await expectLive(server, app, tokens);
  await expectWalk(server, app, userId);
});

describe("a restore changes nothing", () => {
  const restored = (name: string) => restore([name], { DATA_DIR: elsewhere.dataDir }, "/").catch(String);
  const untouched = () => expect(contents(elsewhere.dataDir)).toEqual([]);

  test("by what is no backup, or is damaged", async () => {
    const entry = { name: "database", place: path.join(root, "prisma") };
    await mkdir(path.dirname(file), { recursive: true });
    await pack([entry], file);
    const whole = readFileSync(file);
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(whole.length >> 1) ^ 0xff, whole.length >> 1);
    const damaged = {
      empty: Buffer.alloc(0),
      noise: Buffer.from("not a backup"),
      cut: whole.subarray(0, whole.length >> 1),
      cutShort: whole.subarray(0, -5),
      flipped,
    };
    for (const [name, bytes] of Object.entries(damaged)) {
      writeFileSync(`${file}.${name}`, bytes);
      expect([name, await restored(`${file}.${name}`)]).toEqual([
        name,
        expect.stringMatching(/^Refused: \S+ is no backup, or it is damaged: /),
      ]);
      untouched();
    }
    expect(await restored(file)).toBe(`Refused: ${file} is no backup: it holds no database.`);
    untouched();
  });

  test.each(["../evil", "database/../../evil", "/etc/evil", "C:\\evil"])(
    "by a backup that names the place %s",
    async (name) => {
      await pack([{ name, place: path.join(root, "package.json") }], file);
      expect(await restored(file)).toMatch(/it names a place outside the data folder/);
      untouched();
    },
  );
});

test("there is nothing to save where there is no embedded database", async () => {
  const env = { DATA_DIR: elsewhere.dataDir };
  await expect(backup([file], env, "/")).rejects.toThrow("There is no embedded database in");
  await expect(backup([file], { ...env, DATABASE_URL: "postgresql://x" }, "/")).rejects.toThrow(
    "docs/backup.md",
  );
  await expect(backup([], env, "/")).rejects.toThrow("npm run backup -- file.tar.gz");
  await expect(restore([file], env, "/")).rejects.toThrow("There is no file");
  await expect(restore([file, "--force"], env, "/")).rejects.toThrow("There is no option --force");
});

test("a copy is refused that would take the last of the disk", async () => {
  const disk = (megabytes: number) => async () => ({ bavail: megabytes, bsize: 1024 * 1024 });
  const folder = path.join(root, "prisma");
  await expect(checkRoom(folder, folder, disk(100))).rejects.toThrow(
    /^a copy takes 129 MB of disk, and 100 MB are free$/,
  );
  await expect(checkRoom(folder, folder, disk(200))).resolves.toBeUndefined();
});
