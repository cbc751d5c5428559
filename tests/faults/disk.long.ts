/** A disk that is really full, where we may make one: a small file system of its own in memory. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { clientToken } from "../support/credentials";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic } from "../support/world";

/** None where mounting is not allowed; the quick test plays the full disk there. */
const disks = [fs.mkdtempSync(path.join(os.tmpdir(), "latchkey-disk-"))].filter((home) => {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=110m", "tmpfs", home], { stdio: "ignore" });
    return true;
  } catch {
    fs.rmdirSync(home);
    return false;
  }
});

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  for (const home of disks) {
    execFileSync("umount", ["-l", home]);
    fs.rmdirSync(home);
  }
});

describe.each(disks)("on %s", (home) => {
  test("filled up while tokens are issued: every token that was answered works when there is room again", async () => {
    server = await startTestServer({ folder: path.join(home, "database") }, { dataDir: home });
    const { url, rt, facts } = server;
    const app = await facts.addApp({ preset: "machine" });
    const ask = () =>
      fetch(`${url}/oauth/token`, {
        method: "POST",
        headers: { authorization: basic(app) },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      });
    const tokens = [await clientToken(url, app)];
    const filler = path.join(home, "filler");
    const { bavail, bsize } = fs.statfsSync(home);
    fs.writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 1_000_000)));
    // A new segment of the log every few hundred tokens, until there is no room for one.
    const statuses = new Set<number>();
    for (let round = 0; round < 40 && !statuses.has(503); round++) {
      for (const response of await Promise.all(Array.from({ length: 50 }, ask))) {
        statuses.add(response.status);
        const { access_token } = await response.json();
        if (response.ok) tokens.push(access_token);
      }
      await rt.db.pool.query("SELECT pg_switch_wal()").catch(() => {});
    }
    expect([...statuses].sort()).toEqual([200, 503]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    fs.rmSync(filler);
    await expect.poll(async () => (await ask()).status, { timeout: 60_000, interval: 500 }).toBe(200);
    for (const token of tokens) {
      const response = await fetch(`${url}/oauth/introspect`, {
        method: "POST",
        headers: { authorization: basic(app) },
        body: new URLSearchParams({ token }),
      });
      expect((await response.json()).active).toBe(true);
    }
  });
});
