/** The commands of docs/backup.md for PostgreSQL, word for word, where PostgreSQL's tools are installed. */
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createPostgresql, postgresqlServers, root } from "../support/databases";
import { makeFolder } from "./kill-rounds";
import { startLoad } from "./support/load";
import { buildProgram } from "./support/process";
import { expectLive, expectNothingHalfDone, expectWalk } from "./support/promises";

const page = readFileSync(path.join(root, "docs", "backup.md"), "utf8");
const commandOf = (tool: string) => new RegExp(`^${tool} .*$`, "m").exec(page)?.[0];

test("docs/backup.md shows one command to dump and one to restore", () => {
  expect([commandOf("pg_dump"), commandOf("pg_restore")]).toEqual([expect.any(String), expect.any(String)]);
});

const isInstalled = spawnSync("pg_dump", ["--version"]).status === 0;

describe.each(isInstalled ? postgresqlServers : [])("with the server of TEST_DATABASE_URL", (url) => {
  test("a dump under load holds every token that was answered before, and its copy can be lived in", {
    timeout: 180_000,
  }, async () => {
    const [program, place] = [await buildProgram(), await makeFolder()];
    const [source, target] = [await createPostgresql(url), await createPostgresql(url)];
    const secret = { AUTH_SECRET: "only-for-tests-only-for-tests-only-for-tests" };
    const server = await program.start({ ...secret, DATABASE_URL: source.url });
    const app = await server.addApp({ policy: { grants: ["authorization_code", "client_credentials"] } });
    const userId = await server.addUser();
    const connections = { W1: 8, W3: 0, W4: 0 };
    const load = startLoad({ url: server.url, app, connections, codes: [], chains: [] });
    await expectWalk(server, app, userId);
    const before = [...load.record.tokens.W1];

    const env = { ...process.env, DATABASE_URL: source.url, RESTORED_URL: target.url };
    const run = (tool: string) =>
      promisify(execFile)("sh", ["-c", commandOf(tool) ?? ""], { cwd: path.dirname(place.dataDir), env });
    await run("pg_dump");
    await load.stop();
    expect(load.record.refused).toEqual([]);
    await server.kill();
    await run("pg_restore");

    const copy = await program.start({ ...secret, DATABASE_URL: target.url });
    await expectNothingHalfDone(copy);
    expect(before.length).toBeGreaterThan(0);
    await expectLive(copy, app, before);
    await expectWalk(copy, app, userId);
    await copy.kill();
    await Promise.all([source.drop(), target.drop(), place.remove()]);
    program.remove();
  });
});
