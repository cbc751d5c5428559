// `npm start` and how it ends, with real processes: what an operator meets.

import { readdir, stat } from "node:fs/promises";
import { createServer, type Server as Listener, request as send } from "node:http";
import type { Page } from "@playwright/test";
import { callApi, requestToken } from "./support/api.ts";
import { attempt, discover, exchange } from "./support/client.ts";
import { type App, createApp } from "./support/portal.ts";
import { end, type Launched, launch, makePlace, type Place, startServer } from "./support/server.ts";
import { test as base, expect, password, people, unique } from "./support/test.ts";
import { decide, enter } from "./support/visitor.ts";

const callback = "http://localhost:4999/callback";

interface Fixtures {
  /** A place for servers of this test alone; those still running at its end are killed. */
  place: Place;
  start: (extra?: Record<string, string>, inTerminal?: boolean) => Launched;
}

const test = base.extend<Fixtures>({
  place: async ({ database }, use) => {
    const place = await makePlace(database);
    await use(place);
    await place.clean();
  },
  start: async ({ place }, use) => {
    const started: Launched[] = [];
    await use((extra, inTerminal) => {
      const server = launch(place, extra, inTerminal);
      started.push(server);
      return server;
    });
    for (const server of started) server.kill("SIGKILL");
    for (const server of started) await server.ended;
  },
});

test("A second npm start builds and fills nothing again, says where it is, and ends cleanly at Ctrl-C", async ({
  place,
  start,
}) => {
  const first = start();
  await first.ready(); // creates the database and fills it
  expect(await end(first)).toBe(0);

  const server = start({}, true);
  await expect.poll(server.log, { timeout: 60_000 }).toContain(`ready at ${place.url}`);
  expect((await fetch(`${place.url}/login`)).status).toBe(200);
  for (const email of Object.values(people)) expect(server.log()).toContain(email);
  expect(server.log()).not.toMatch(/Installing|Building/);

  // Ctrl-C reaches npm and the server, and npm passes it on: that is not a second, impatient one.
  const slow = slowly(`${place.url}/oauth/token`, "application/x-www-form-urlencoded", "grant_type=nothing");
  await slow.begun;
  server.kill("SIGINT");
  await expect.poll(server.log).toContain('"stopping"');
  expect(await slow.finish()).toBe(400);
  expect(await server.ended).toBe(0);
});

test("SIGTERM lets a request in flight finish, ends with 0, and what it wrote is there at the next start", async ({
  browser,
  place,
  start,
}) => {
  const first = start();
  await first.ready();
  const context = await browser.newContext({ baseURL: place.url });
  const { app, token } = await connect(await context.newPage(), place.url);
  await context.close();
  const { workspace } = (await callApi(place.url, token, "GET /public/v1/me")).body;
  const body = JSON.stringify({ name: "Written at the last moment", workspace_id: workspace.id });

  const slow = slowly(`${place.url}/public/v1/projects`, "application/json", body, token);
  await slow.begun;
  first.kill("SIGTERM");
  await expect.poll(first.log).toContain('"stopping"');
  await expect(fetch(`${place.url}/healthz`)).rejects.toThrow(); // nobody new is let in
  expect(await slow.finish()).toBe(201);
  expect(await first.ended).toBe(0);

  const second = start();
  await second.ready();
  const { projects } = (await callApi(place.url, token, "GET /public/v1/projects")).body;
  expect(projects).toContainEqual(expect.objectContaining({ name: "Written at the last moment" }));
  const form = { grant_type: "authorization_code", code: "any", redirect_uri: callback };
  expect((await requestToken(place.url, app, form)).body.error).toBe("invalid_grant");
  expect(await end(second)).toBe(0);
});

test("A second start on the same data folder names the process that holds it, and a killed one does not block", {
  tag: "@once",
}, async ({ place, start }) => {
  const first = start();
  await first.ready();
  const other = await makePlace("embedded");
  const second = start({ PORT: other.env.PORT ?? "", ISSUER_URL: other.url });
  expect(await second.ended).toBe(1);
  const [line, ...more] = linesOf(second);
  expect(line).toContain(place.dataDir);
  expect(line).toContain(`process ${first.pid}`);
  expect(more).toEqual([]);
  expect((await fetch(`${place.url}/readyz`)).status).toBe(200);

  first.kill("SIGKILL");
  expect(await first.ended).toBe("SIGKILL");
  const third = start();
  await third.ready();
  expect(await end(third)).toBe(0);
  await other.clean();
});

test("A busy port is one line and exit code 1", async ({ place, start }) => {
  const busy = await occupy(Number(place.env.PORT));
  const server = start();
  expect(await server.ended).toBe(1);
  const lines = linesOf(server);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(place.env.PORT);
  await new Promise((resolve) => busy.close(resolve));
});

for (const [what, extra, named] of [
  ["an issuer with a path", { ISSUER_URL: "http://localhost:3000/auth" }, "ISSUER_URL"],
  ["plain http on a public host", { ISSUER_URL: "http://id.example.com" }, "ISSUER_URL"],
  ["a port that is no number", { PORT: "three thousand" }, "PORT"],
  ["another kind of database", { DATABASE_URL: "mysql://root:hunter2@localhost/x" }, "DATABASE_URL"],
  ["a short secret", { AUTH_SECRET: "hunter2" }, "AUTH_SECRET"],
  ["the demo on a public host", { ISSUER_URL: "https://id.example.com", DEMO: "1" }, "DEMO"],
] as const) {
  test(`A wrong setting stops the start with one line that names it: ${what}`, { tag: "@once" }, async ({
    place,
    start,
  }) => {
    const server = start(extra);
    expect(await server.ended).toBe(1);
    const lines = linesOf(server);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(named);
    expect(lines[0]).not.toContain("hunter2");
    expect(await readdir(place.dataDir)).toEqual([]); // nothing was begun
  });
}

test("The data folder's secret is made once, for its owner only", { tag: "@once" }, async ({
  place,
  start,
}) => {
  const server = start({ AUTH_SECRET: "" });
  await server.ready();
  const file = `${place.dataDir}/auth-secret`;
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const before = await stat(file);
  expect(await end(server)).toBe(0);
  const again = start({ AUTH_SECRET: "" });
  await again.ready();
  expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);
});

test("The log, at its most talkative, holds no password, secret, code or token", async ({
  browser,
  database,
}) => {
  const server = await startServer(database, { LOG_LEVEL: "trace" });
  const context = await browser.newContext({ baseURL: server.url });
  const { app, token, code } = await connect(await context.newPage(), server.url);
  const [cookie] = await context.cookies();
  const wrong = "cs_thisSecretWasNeverOurs";
  const form = { grant_type: "authorization_code", code, redirect_uri: callback };
  await requestToken(server.url, { ...app, client_secret: wrong }, form);
  await requestToken(server.url, app, form); // the second use of the code
  await callApi(server.url, token, "GET /public/v1/projects");
  await callApi(server.url, `${token}x`, "GET /public/v1/projects?access_token=inTheQuery");
  await fetch(`${server.url}/oauth/token?client_secret=inTheQuery`, { method: "POST", body: "{" });
  await context.close();
  await server.stop();
  // The demo's password is printed for everybody; nobody else's may be.
  const log = server.log().replace(/Demo sign-ins.*\n/, "");
  expect(log).toContain('"level":20'); // it was talkative
  const secrets = [app.client_secret, wrong, token, code, password, cookie?.value ?? "", "inTheQuery"];
  for (const secret of secrets) {
    expect(secret).not.toBe("");
    expect(log).not.toContain(secret);
  }
});

/** Makes an app and allows it. @returns what the client then holds */
async function connect(page: Page, issuer: string): Promise<{ app: App; code: string; token: string }> {
  const { cookie } = await enter(issuer, people.owner);
  const [name = "", value = ""] = cookie.split("=");
  await page.context().addCookies([{ name, value, url: issuer }]);
  const app = await createApp(page, unique("Ledger"), { uris: callback });
  const as = await discover(issuer);
  const made = await attempt(as, app, callback, { scope: "read write" });
  const answer = await decide(await enter(issuer, people.member), made.url);
  const { access_token } = await exchange(as, app, made, answer);
  return { app, code: answer.searchParams.get("code") ?? "", token: access_token };
}

/** A POST of which half is sent until `finish()`, which gives the status of the answer. */
function slowly(url: string, type: string, body: string, token?: string) {
  const half = Math.floor(body.length / 2);
  const headers = { "content-type": type, "content-length": body.length, expect: "100-continue" };
  const authorization = token ? { authorization: `Bearer ${token}` } : {};
  const request = send(url, { method: "POST", agent: false, headers: { ...headers, ...authorization } });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    request.once("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once("error", reject);
  });
  // The server says "100 Continue" when it has begun to serve this request: no need to guess.
  const begun = new Promise<void>((resolve) => {
    request.once("continue", () => request.write(body.slice(0, half), () => resolve()));
  });
  request.flushHeaders();
  const finish = () => {
    request.end(body.slice(half));
    return answered;
  };
  return { begun, finish };
}

/** The lines it wrote. */
function linesOf(server: Launched): string[] {
  return server
    .log()
    .split("\n")
    .filter((line) => line.trim() !== "");
}

function occupy(port: number): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.once("error", reject);
    listener.listen(port, "127.0.0.1", () => resolve(listener));
  });
}
