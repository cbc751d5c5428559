/** Runs the fuzz against a server and looks at every answer. */
import http from "node:http";
import fc from "fast-check";
import { expect } from "vitest";
import { basic, codeFor, encode, exchangeFields } from "../support/world";
import { type Plan, plan } from "./fuzz-mutations";
import { type Came, encoded, problemOf, rawBytes, send, sendBytes } from "./fuzz-send";
import type { FuzzWorld } from "./fuzz-world";
import { bytes } from "./raw-bytes";

/** Requests that are under way at once. */
const AT_ONCE = 16;
/** After so many batches the world gets new supplies. */
const RENEW_EVERY = 20;

interface Options {
  world: FuzzWorld;
  /** Requests of which each was valid before it was changed. */
  requests: number;
  /** Connections that carry bytes. */
  connections: number;
  seed: number;
}

/** What was answered, by status. */
export type Tally = Map<number, number>;

/** @throws with the seed, and with the request that was answered wrongly */
export async function fuzz({ world, requests, connections, seed }: Options): Promise<Tally> {
  const tally: Tally = new Map();
  const agent = new http.Agent({ keepAlive: true });
  const url = new URL(world.server.url);
  let batches = 0;

  async function look(what: string, answer: Promise<Came>): Promise<void> {
    const came = await answer.catch((error) => {
      throw new Error(`${error} for ${what}`);
    });
    const problem = problemOf(came);
    if (problem !== null) throw new Error(`${problem}\nfor ${what}`);
    for (const status of came.statuses) tally.set(status, (tally.get(status) ?? 0) + 1);
  }
  async function eachOf<One>(batch: readonly One[], one: (item: One) => Promise<void>) {
    if (batches++ % RENEW_EVERY === 0) await world.renew();
    const ends = await Promise.allSettled(batch.map(one));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    expectQuietLog(world);
  }
  const batchOf = <One>(arbitrary: fc.Arbitrary<One>) =>
    fc.array(arbitrary, { minLength: AT_ONCE, maxLength: AT_ONCE, size: "max" });
  const runs = (count: number) => ({ numRuns: Math.ceil(count / AT_ONCE), seed });

  const asked = fc.asyncProperty(batchOf(plan), (batch) =>
    eachOf(batch, ({ make, splices }: Plan) => {
      const sent = encoded(make(world.supplies), splices);
      return look(printable(rawBytes(sent)), send(url, agent, sent));
    }),
  );
  await fc.assert(asked, runs(requests));
  const written = fc.asyncProperty(batchOf(bytes), (batch) =>
    eachOf(batch, (make) => {
      const made = make(world.supplies);
      return look(printable(made), sendBytes(url, made));
    }),
  );
  await fc.assert(written, runs(connections));
  agent.destroy();
  return tally;
}

/** Nothing broke inside: no line of the log is an error. */
export function expectQuietLog({ server }: FuzzWorld): void {
  expect(server.errors.splice(0)).toEqual([]);
}

const printable = (sent: Uint8Array): string =>
  JSON.stringify(Buffer.from(sent).toString("latin1").slice(0, 2000));

/** After all of it, a client of today gets its code, its token and its API. */
export async function expectSane({ server, supplies }: FuzzWorld): Promise<void> {
  const { rt, url, facts } = server;
  const app = await facts.addApp();
  const code = await codeFor(rt, app, await facts.addUser());
  const response = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", authorization: basic(app) },
    body: encode(exchangeFields(code)),
  });
  const { access_token } = await response.json();
  const headers = { authorization: `Bearer ${access_token}` };
  expect([response.status, (await fetch(`${url}/public/v1/me`, { headers })).status]).toEqual([200, 200]);
  // What the fuzz played with is whole as well.
  const issued = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { authorization: basic(supplies.app) },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  expect(issued.status).toBe(200);
}
