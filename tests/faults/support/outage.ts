/** An outage of PostgreSQL under load: what everybody is told while it lasts, and after it. */
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { createPostgresql } from "../../support/databases";
import type { TestApp } from "../../support/facts";
import { startProxy, type TcpProxy } from "../../support/proxy";
import { startTestServer, type TestServer } from "../../support/runtime";
import { basic } from "../../support/world";
import { startAskers, type Told } from "./askers";

/** A server on a PostgreSQL that can be taken away from it. */
export interface Ground extends TestServer {
  proxy: TcpProxy;
  app: TestApp;
  /** The database itself, past the proxy. */
  direct: string;
  /** Asks for a token. */
  ask(): Promise<Response>;
  /** What the log says at `info` and above, since the ground was made. */
  said(): string[];
}

export async function startGround(postgresql: string): Promise<Ground> {
  const place = await createPostgresql(postgresql);
  const there = new URL(place.url);
  const proxy = await startProxy({ host: there.hostname, port: Number(there.port || 5432) });
  there.hostname = "127.0.0.1";
  there.port = String(proxy.port);
  const server = await startTestServer({ url: there.href });
  const app = await server.facts.addApp({ preset: "machine" });
  const close = async () => {
    proxy.resume();
    proxy.delay(0);
    await proxy.start();
    await server.close();
    await proxy.stop();
    await place.drop();
  };
  const ask = () =>
    fetch(`${server.url}/oauth/token`, {
      method: "POST",
      headers: { authorization: basic(app) },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
  const said = () =>
    server.log
      .map((line): { level: number; msg: string } => JSON.parse(line))
      .filter(({ level }) => level >= 30)
      .map(({ msg }) => msg);
  return { ...server, proxy, app, direct: place.url, ask, said, close };
}

/** Takes the database away from sixteen askers for so long. @returns what they were told, and when it came back */
export async function outage(
  { ask, proxy }: Ground,
  seconds: number,
  {
    away,
    back,
    meanwhile,
  }: { away(): void | Promise<void>; back(): void | Promise<void>; meanwhile(): Promise<void> },
): Promise<{ told: Told[]; lag: number; wentAt: number; backAt: number }> {
  const askers = startAskers(16, ask);
  await wait(500);
  expect(proxy.connections).toBeGreaterThan(0);
  const wentAt = performance.now();
  await away();
  await Promise.all([wait(seconds * 1000), wait(1500).then(meanwhile)]);
  const backAt = performance.now();
  await back();
  while (performance.now() < backAt + 3500 + 3 * askers.lag) await wait(50);
  await askers.stop();
  return { told: askers.told, lag: askers.lag, wentAt, backAt };
}

/** Everybody was answered in time and honestly, and everything is as before two seconds after the database is. */
export async function expectHonest(
  { url, app }: Ground,
  { told, lag, wentAt, backAt }: Awaited<ReturnType<typeof outage>>,
): Promise<void> {
  const refused = told.filter(({ status }) => status !== 200);
  expect(refused.length).toBeGreaterThan(0);
  for (const { status, error, retryAfter, ms } of refused) {
    expect({ status, error, retryAfter }).toEqual({
      ...{ status: 503, error: "temporarily_unavailable", retryAfter: "2" },
    });
    expect(ms - 3 * lag).toBeLessThan(2000);
  }
  const during = told.filter(({ at }) => at > wentAt + 50 && at < backAt - 50);
  expect(during.filter(({ status }) => status === 200)).toEqual([]);
  const after = told.filter(({ at }) => at > backAt + 2000 + 3 * lag);
  expect(after.length).toBeGreaterThan(16);
  expect(after.filter(({ status }) => status !== 200)).toEqual([]);
  const tokens = told.flatMap(({ accessToken }) => accessToken ?? []);
  for (const token of [...tokens.slice(0, 20), ...tokens.slice(-20)]) {
    const response = await fetch(`${url}/oauth/introspect`, {
      method: "POST",
      headers: { authorization: basic(app) },
      body: new URLSearchParams({ token }),
    });
    expect((await response.json()).active).toBe(true);
  }
}
